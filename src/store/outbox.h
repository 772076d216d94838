// Mails and deliveries that are on their way (see accounts.h for what holds for every call). They
// come into the store with their job or link (Jobs::create(), Links::create()), and are due from
// its end on.
#pragma once

#include "net/task.h"
#include "store/records/message.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

class Outbox {
 public:
  virtual ~Outbox() = default;

  virtual net::task<std::optional<Mail>> find_mail(std::string id) = 0;
  // The mails that are due, the first due first; limits::mails_at_once at most.
  virtual net::task<std::vector<Mail>> due_mails(base::UnixSeconds now) = 0;
  // These two change a mail that has not ended and is still of this round; false if it is not.
  // An attempt has failed: the mail is to be tried again.
  virtual net::task<bool> put_off_mail(Mail mail, std::string error, base::UnixSeconds due_at) = 0;
  // The mail was sent, or given up for this reason.
  virtual net::task<bool> end_mail(Mail mail, MessageState state, std::string error) = 0;

  virtual net::task<std::optional<Delivery>> find_delivery(std::string owner_id) = 0;
  // The first due deliveries of each host and account, up to limits::webhooks_…_at_once.
  virtual net::task<std::vector<Delivery>> due_deliveries(base::UnixSeconds now) = 0;
  // These two change a delivery that has not ended, and count the attempt; false if it has ended.
  virtual net::task<bool> put_off_delivery(std::string id, Attempt attempt,
                                           base::UnixSeconds due_at) = 0;
  // The delivery was made, or given up.
  virtual net::task<bool> end_delivery(std::string id, Attempt attempt) = 0;
};

}  // namespace store
