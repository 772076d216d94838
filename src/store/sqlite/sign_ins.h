// Sessions and codes in SQLite.
#pragma once

#include "store/sign_ins.h"
#include "store/sqlite/part.h"

namespace store {

class SqliteSignIns final : public SignIns, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<void> begin_session(accounts::Session session) override;
  net::task<std::optional<SessionOfAccount>> find_session(std::string token_hash,
                                                          base::UnixSeconds now) override;
  net::task<void> note_session(std::string id, std::string address, base::UnixSeconds now) override;
  net::task<std::vector<accounts::Session>> list_sessions(std::string account_id,
                                                          base::UnixSeconds now) override;
  net::task<bool> end_session(std::string account_id, std::string id) override;
  net::task<void> end_sessions(std::string account_id, std::string except_id) override;

  net::task<void> add_code(accounts::Code code) override;
  net::task<std::optional<accounts::Code>> take_code(accounts::CodeKind kind,
                                                     std::string token_hash,
                                                     base::UnixSeconds now) override;
  net::task<std::optional<accounts::Account>> redeem(accounts::CodeKind kind,
                                                     std::string token_hash,
                                                     accounts::Account account,
                                                     base::UnixSeconds now) override;
};

// Deletes sessions and codes whose time is over.
void forget_sign_ins(SqliteDatabase& database, base::UnixSeconds now);

}  // namespace store
