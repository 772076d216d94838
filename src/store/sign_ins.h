// Sessions and codes as the store keeps them.
#pragma once

#include "accounts/account.h"
#include "accounts/sign_in.h"
#include "base/clock.h"
#include "net/task.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

struct SessionOfAccount {
  accounts::Session session;
  accounts::Account account;
};

class SignIns {
 public:
  virtual ~SignIns() = default;

  // Error{conflict} if the account is not active.
  virtual net::task<void> begin_session(accounts::Session session) = 0;
  // nullopt if it has ended: by its time, or with its account.
  virtual net::task<std::optional<SessionOfAccount>> find_session(std::string token_hash,
                                                                  base::UnixSeconds now) = 0;
  virtual net::task<void> note_session(std::string id, std::string address,
                                       base::UnixSeconds now) = 0;
  // Those that have not ended, the last seen first.
  virtual net::task<std::vector<accounts::Session>> list_sessions(std::string account_id,
                                                                  base::UnixSeconds now) = 0;
  // False if the account has no such session.
  virtual net::task<bool> end_session(std::string account_id, std::string id) = 0;
  // Ends all of the account but the one with this id; empty: all.
  virtual net::task<void> end_sessions(std::string account_id, std::string except_id) = 0;

  // A code of kind set_up replaces those before.
  virtual net::task<void> add_code(accounts::Code code) = 0;
  // The code, which does not count any more; nullopt if it has been taken or has expired.
  virtual net::task<std::optional<accounts::Code>> take_code(accounts::CodeKind kind,
                                                             std::string token_hash,
                                                             base::UnixSeconds now) = 0;
  // Takes the code and inserts the account that it allows, both or neither: with the code's name
  // and password if it has them. nullopt if there is no such code; for set_up, also if there is an
  // account. Error{conflict} if the account's name is another's.
  virtual net::task<std::optional<accounts::Account>> redeem(accounts::CodeKind kind,
                                                             std::string token_hash,
                                                             accounts::Account account,
                                                             base::UnixSeconds now) = 0;
};

}  // namespace store
