// All that is sealed in SQLite, and the master keys that it may need.
#pragma once

#include "store/sealed_store.h"
#include "store/sqlite/database.h"

namespace store {

class SqliteSealed final : public SealedStore {
 public:
  explicit SqliteSealed(SqliteDatabase& database) : database_(database) {}

  std::vector<std::string> master_keys() override;
  void add_master_key(std::string_view fingerprint) override;
  void forget_master_key(std::string_view fingerprint) override;
  std::uint64_t count_hashed_by(std::string_view fingerprint) override;
  std::vector<SealedRow> sealed_rows(SealedKind kind, std::string_view after) override;
  bool replace_sealed(SealedRow const& read, std::string_view sealed) override;
  void add_retired_key(std::string_view fingerprint, std::string_view sealed,
                       base::UnixSeconds now) override;
  void forget_retired_keys(base::UnixSeconds before) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace store
