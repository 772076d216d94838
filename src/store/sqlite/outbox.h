// Mails and deliveries in SQLite.
#pragma once

#include "store/outbox.h"
#include "store/sqlite/part.h"

namespace store {

class SqliteOutbox final : public Outbox, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<std::optional<Mail>> find_mail(std::string id) override;
  net::task<std::vector<Mail>> due_mails(base::UnixSeconds now) override;
  net::task<bool> put_off_mail(Mail mail, std::string error, base::UnixSeconds due_at) override;
  net::task<bool> end_mail(Mail mail, MessageState state, std::string error) override;

  net::task<std::optional<Delivery>> find_delivery(std::string owner_id) override;
  net::task<std::vector<Delivery>> due_deliveries(base::UnixSeconds now) override;
  net::task<bool> put_off_delivery(std::string id, Attempt attempt,
                                   base::UnixSeconds due_at) override;
  net::task<bool> end_delivery(std::string id, Attempt attempt) override;
};

}  // namespace store
