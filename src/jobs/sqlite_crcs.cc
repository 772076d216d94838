// CRCs in SQLite: a cache, looked up for all objects of an archive at once. Steps of some thousand
// rows are transactions of their own, so that others write in between.
#include "base/error.h"
#include "base/limits.h"
#include "jobs/sqlite_database.h"
#include "jobs/sqlite_store.h"

#include <algorithm>
#include <chrono>

namespace jobs {
namespace {

constexpr std::size_t step_rows = base::limits::expiry_crcs;

// Uses are noted by day: most lookups then write nothing.
std::int64_t day_of(base::UnixSeconds time) {
  return std::chrono::floor<std::chrono::days>(std::chrono::seconds(time)).count();
}

void check_id(std::string_view object_id) {
  base::check(object_id.size() == object_id_bytes, "the id of an object has 16 bytes");
}

// In the order of the index: neighbours share pages.
std::vector<std::string_view> sorted_ids(std::span<std::string const> object_ids) {
  std::vector<std::string_view> ids(object_ids.begin(), object_ids.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

struct Found {
  std::vector<CrcRow> rows;
  std::vector<std::string_view> to_note;  // ids whose last use was noted long ago
};

void find_one(SqliteConnection& connection, std::string_view object_id, std::int64_t noted_before,
              Found& found) {
  SqliteQuery query(connection,
                    "SELECT prefix_bytes, crc, used_day FROM crcs WHERE object_id = ?"
                    " ORDER BY prefix_bytes");
  query.blob(object_id);
  bool note = false;
  while (query.next()) {
    found.rows.push_back({.object_id = std::string(object_id),
                          .prefix_bytes = query.read_number<std::uint64_t>(),
                          .crc = query.read_number<std::uint32_t>()});
    note |= query.read_number() <= noted_before;
  }
  if (note) found.to_note.push_back(object_id);
}

}  // namespace

void SqliteStore::remember_crcs(std::span<CrcRow const> rows, base::UnixSeconds now) {
  while (!rows.empty()) {
    std::span<CrcRow const> const step = rows.first(std::min(rows.size(), step_rows));
    rows = rows.subspan(step.size());
    database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
      for (CrcRow const& row : step) {
        check_id(row.object_id);
        SqliteQuery(connection,
                    "INSERT OR REPLACE INTO crcs (object_id, prefix_bytes, crc, used_day)"
                    " VALUES (?, ?, ?, ?)")
            .blob(row.object_id)
            .number(row.prefix_bytes)
            .number(row.crc)
            .number(day_of(now))
            .run();
      }
    });
  }
}

std::vector<CrcRow> SqliteStore::find_crcs(std::span<std::string const> object_ids,
                                           base::UnixSeconds now) {
  std::vector<std::string_view> const ids = sorted_ids(object_ids);
  std::chrono::days const patience(
      std::chrono::duration_cast<std::chrono::days>(base::limits::crc_use_noted_after));
  Found found = database_->read([&](SqliteConnection& connection) {
    Found out;
    for (std::string_view id : ids) {
      check_id(id);
      find_one(connection, id, day_of(now) - patience.count(), out);
    }
    return out;
  });
  std::span<std::string_view const> to_note(found.to_note);
  while (!to_note.empty()) {
    std::span<std::string_view const> const step =
        to_note.first(std::min(to_note.size(), step_rows));
    to_note = to_note.subspan(step.size());
    database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
      for (std::string_view id : step) {
        SqliteQuery(connection, "UPDATE crcs SET used_day = ? WHERE object_id = ?")
            .number(day_of(now))
            .blob(id)
            .run();
      }
    });
  }
  return std::move(found.rows);
}

bool SqliteStore::forget_unused_crcs(base::UnixSeconds now) {
  base::UnixSeconds const kept = std::chrono::seconds(base::limits::crc_retention).count();
  return database_->write(WriteMode::bulk_delete, [&](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "DELETE FROM crcs WHERE (object_id, prefix_bytes) IN"
                       " (SELECT object_id, prefix_bytes FROM crcs WHERE used_day < ? LIMIT ?)")
               .number(day_of(now - kept))
               .number(step_rows)
               .run() == step_rows;
  });
}

}  // namespace jobs
