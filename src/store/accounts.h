// Accounts as the store keeps them, and their usage.
//
// All eight interfaces (accounts.h, user_keys.h, sign_ins.h, jobs.h, links.h, selections.h, crcs.h,
// outbox.h) have this in common: each verb is one transaction. A record that a call has stored is
// there after kill -9; one that a client was told of (a job, a link, an upload id, an end) is there
// after a power cut, too. A caller that knows a record's id gets the record: callers compare
// account ids. Any call may throw Error{unavailable} (locked, disk full, no answer) or
// Error{corrupt}, which name the database. All may be called from any loop.
#pragma once

#include "accounts/account.h"
#include "base/clock.h"
#include "net/task.h"
#include "store/records/usage.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace store {

enum class AccountKey { id, name };

enum class Standing {
  active,
  disabled,  // its tokens and sessions never count again, its kept credentials are erased, its jobs
             // are not taken up. remove_expired() ends its links and its work; ended work stays so
  deleted,   // disabled, and unknown from now on; its keys are gone, its name is free.
             // remove_expired() deletes its records as soon as they leave nothing to do in a bucket
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  // Inserts the account, and its first key if it has one. Error{conflict} if the id or name is
  // another account's, or the userKey another key's.
  virtual net::task<void> insert(accounts::Account account,
                                 std::optional<accounts::UserKey> key = std::nullopt) = 0;
  // False, and nothing changes, if the account stands so already, is deleted or unknown.
  virtual net::task<bool> set_standing(std::string id, Standing standing) = 0;
  // An empty URL: none. False for an unknown account.
  virtual net::task<bool> set_error_url(std::string id, std::string url) = 0;
  // False for an unknown account, in both.
  virtual net::task<bool> set_password(std::string id, std::string password_hash) = 0;
  virtual net::task<bool> set_admin(std::string id, bool is_admin) = 0;
  virtual net::task<std::optional<accounts::Account>> find(AccountKey by, std::string value) = 0;
  virtual net::task<std::vector<accounts::Account>> list() = 0;  // the oldest first
  virtual net::task<bool> is_any() = 0;                          // whether there is an account
  // Those of `ids` that are disabled, deleted or unknown.
  virtual net::task<std::vector<std::string>> ended(std::vector<std::string> ids) = 0;

  // Jobs and links, and the bytes of zips in buckets, are counted by the calls that begin and end
  // them. Nothing is counted for an account that is gone.
  virtual net::task<void> add_usage(std::string account_id, Counted what, std::uint64_t amount,
                                    base::UnixSeconds now) = 0;
  // The usage from the hour of `since` on, or of its day if that is longer ago than
  // limits::usage_by_the_hour; it is kept for limits::usage_retention.
  virtual net::task<Usage> usage_since(std::string account_id, base::UnixSeconds since) = 0;
  // The same by days of UTC, the oldest first; days without usage are not there.
  virtual net::task<std::vector<DayUsage>> usage_by_day(std::string account_id,
                                                        base::UnixSeconds since) = 0;
};

}  // namespace store
