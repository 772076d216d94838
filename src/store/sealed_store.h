// The interface of the store for a change of master keys: every row that holds a sealed value,
// whatever it is for, and the master keys that rows may need. The store does not look into sealed
// values.
#pragma once

#include "base/clock.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace store {

// Every sealed column; a new one has its place here, in master_keys.cc and in sqlite/sealed.cc.
enum class SealedKind : std::uint8_t {
  credentials,       // of jobs and links, by their id
  kept_credentials,  // of accounts, by their id; within what KeptCredentials holds
  kept_secret,       // the userSecret beside them
  result,            // of jobs
  webhook_url,       // of deliveries
  retired_key        // by its master key's fingerprint
};
inline constexpr std::array all_sealed{SealedKind::credentials, SealedKind::kept_credentials,
                                       SealedKind::kept_secret, SealedKind::result,
                                       SealedKind::webhook_url, SealedKind::retired_key};

struct SealedRow {
  SealedKind kind = SealedKind::credentials;
  std::string id;
  std::string sealed;
};

class SealedStore {
 public:
  virtual ~SealedStore() = default;

  // ---- the fingerprints of master keys that rows may need
  virtual std::vector<std::string> master_keys() = 0;
  virtual void add_master_key(std::string_view fingerprint) = 0;
  virtual void forget_master_key(std::string_view fingerprint) = 0;
  // Keys of accounts with a secret that is hashed under this master key.
  virtual std::uint64_t count_hashed_by(std::string_view fingerprint) = 0;

  // Rows of a kind behind `after` in the order of their ids, up to limits::sealed_rows_at_once.
  virtual std::vector<SealedRow> sealed_rows(SealedKind kind, std::string_view after) = 0;
  // Replaces the value, which is erased, if the row still holds what was read; else false.
  virtual bool replace_sealed(SealedRow const& read, std::string_view sealed) = 0;

  // Adds the part that checks the secrets and links of a master key that seals no more. If the key
  // has one already, that stays.
  virtual void add_retired_key(std::string_view fingerprint, std::string_view sealed,
                               base::UnixSeconds now) = 0;
  // Forgets the keys that were retired before and by which no userSecret is hashed any more.
  virtual void forget_retired_keys(base::UnixSeconds before) = 0;
};

}  // namespace store
