// CRCs in SQLite: a cache, looked up for all objects of an archive at once; 100,000 of ten folders
// take some 0.08 s of one core, and 0.1 s to be remembered. Steps of some thousand rows are
// transactions of their own, so that other writes come in between.
#pragma once

#include "store/crcs.h"
#include "store/sqlite/part.h"

namespace store {

class SqliteCrcs final : public Crcs, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<void> remember(std::vector<CrcRow> rows, base::UnixSeconds now) override;
  net::task<std::vector<CrcRow>> find(std::vector<std::string> object_ids,
                                      base::UnixSeconds now) override;
};

// A step of the daily walk that deletes CRCs which are not used any more: 0.01 s for 100,000. True
// if more is left of today's.
bool forget_unused_crcs(SqliteDatabase& database, base::UnixSeconds now);

}  // namespace store
