// Accounts as the store keeps them, with the credentials that they keep here and their usage.
//
// All six interfaces (accounts.h, jobs.h, links.h, selections.h, crcs.h, outbox.h) have this in
// common: each verb is one transaction. A record that a call has stored is there after kill -9; one
// that a client was told of (a job, a link, an upload id, an end) is there after a power cut, too.
// A caller that knows a record's id gets the record: callers compare account ids. Any call may
// throw Error{unavailable} (locked, disk full, no answer) or Error{corrupt}, which name the
// database. All may be called from any loop.
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
  std::string sealed_secret;       // opaque; empty if the account's keys were rotated since
  base::UnixSeconds kept_at = 0;
  bool operator==(KeptCredentials const&) const = default;
};

enum class AccountKey { id, user_key, name };

enum class Standing {
  active,
  disabled,  // its tokens never count again, its kept credentials are erased, its jobs are not
             // taken up. remove_expired() ends its links and its work; ended work stays so
  deleted,   // disabled, and unknown from now on; its name is free. remove_expired() deletes its
             // records as soon as they leave nothing to do in a bucket
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  // Error{conflict} if the id, the name or the userKey is another account's.
  virtual net::task<void> insert(accounts::Account account) = 0;
  // Stores the new secret_hash, hashed_by and key_generation if the generation before is still in
  // use and the account is active; else false. The userSecret among the kept credentials is erased.
  virtual net::task<bool> rotate(accounts::Account account) = 0;
  // False, and nothing changes, if the account stands so already, is deleted or unknown.
  virtual net::task<bool> set_standing(std::string id, Standing standing) = 0;
  // An empty URL: none. False for an unknown account.
  virtual net::task<bool> set_error_url(std::string id, std::string url) = 0;
  virtual net::task<std::optional<accounts::Account>> find(AccountKey by, std::string value) = 0;
  virtual net::task<std::vector<accounts::Account>> list() = 0;  // the oldest first
  // Those of `ids` that are disabled, deleted or unknown.
  virtual net::task<std::vector<std::string>> ended(std::vector<std::string> ids) = 0;

  // Replaces the credentials kept before. Error{conflict} unless the account has this key
  // generation and is active.
  virtual net::task<void> keep(KeptCredentials kept) = 0;
  virtual net::task<std::optional<KeptCredentials>> find_kept(std::string account_id) = 0;
  virtual net::task<bool> erase_kept(std::string account_id) = 0;  // false: there were none

  // Jobs and links, and the bytes of zips in buckets, are counted by the calls that begin and end
  // them. Nothing is counted for an account that is gone.
  virtual net::task<void> add_usage(std::string account_id, Counted what, std::uint64_t amount,
                                    base::UnixSeconds now) = 0;
  // The usage from the hour of `since` on; it is kept for limits::usage_retention.
  virtual net::task<Usage> usage_since(std::string account_id, base::UnixSeconds since) = 0;
  // The same by days of UTC, the oldest first; days without usage are not there.
  virtual net::task<std::vector<DayUsage>> usage_by_day(std::string account_id,
                                                        base::UnixSeconds since) = 0;
};

}  // namespace store
