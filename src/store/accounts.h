// Accounts as the store keeps them, with what they keep here and what they did.
//
// Of all six interfaces (accounts.h, jobs.h, links.h, selections.h, crcs.h, outbox.h): each verb is
// one transaction. What a call has stored is there after kill -9; what a client was told of (a job,
// a link, an upload id, an end) is there after a power cut, too. Records are given to whoever knows
// their id: callers compare account ids. Any call may throw Error{unavailable} (locked, disk full,
// no answer) or Error{corrupt}, which name the database. All may be called from any loop.
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

// AWS credentials that an account keeps here, for requests that bring none; and its userSecret, by
// which links that its applications sign are checked.
struct KeptCredentials {
  std::string account_id;
  int key_generation = 0;          // the account's when they came
  std::string sealed_credentials;  // opaque
  std::string sealed_secret;       // opaque; empty where the account's keys were rotated since
  base::UnixSeconds kept_at = 0;
  bool operator==(KeptCredentials const&) const = default;
};

enum class AccountKey { id, user_key, name };

enum class Standing {
  active,
  disabled,  // its tokens never count again, its kept credentials are erased, nobody takes up its
             // jobs. remove_expired() ends its links and its work; what has ended stays so
  deleted,   // that, and it is unknown from now on, and its name is free. remove_expired() deletes
             // its records as soon as nothing of them is left to do in a bucket
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  // Error{conflict} where the id, the name or the userKey is another's.
  virtual net::task<void> insert(accounts::Account account) = 0;
  // Its new secret_hash, hashed_by and key_generation, where the one before is still in use and the
  // account is active; else false. The userSecret among the kept credentials is erased.
  virtual net::task<bool> rotate(accounts::Account account) = 0;
  // False, and nothing changes, where it stands so already, is deleted or unknown.
  virtual net::task<bool> set_standing(std::string id, Standing standing) = 0;
  // Empty: none. False for an unknown account.
  virtual net::task<bool> set_error_url(std::string id, std::string url) = 0;
  virtual net::task<std::optional<accounts::Account>> find(AccountKey by, std::string value) = 0;
  virtual net::task<std::vector<accounts::Account>> list() = 0;  // the oldest first
  // Which of these are disabled, deleted or unknown.
  virtual net::task<std::vector<std::string>> ended(std::vector<std::string> ids) = 0;

  // In place of those before. Error{conflict} unless the account has this key generation and is
  // active.
  virtual net::task<void> keep(KeptCredentials kept) = 0;
  virtual net::task<std::optional<KeptCredentials>> find_kept(std::string account_id) = 0;
  virtual net::task<bool> erase_kept(std::string account_id) = 0;  // false: there were none

  // Jobs and links, and the bytes of zips in buckets, are counted by the calls that begin and end
  // them. Nothing is counted of an account that is gone.
  virtual net::task<void> add_usage(std::string account_id, Counted what, std::uint64_t amount,
                                    base::UnixSeconds now) = 0;
  // From the hour on that `since` lies in; kept for limits::usage_retention.
  virtual net::task<Usage> usage_since(std::string account_id, base::UnixSeconds since) = 0;
};

}  // namespace store
