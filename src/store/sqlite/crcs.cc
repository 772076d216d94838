#include "store/sqlite/crcs.h"

#include "base/error.h"
#include "base/limits.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>

namespace store {
namespace {

constexpr std::size_t step_rows = base::limits::expiry_crcs;

// Uses are noted by day: most lookups then write nothing.
std::int64_t day_of(base::UnixSeconds time) {
  return std::chrono::floor<std::chrono::days>(std::chrono::seconds(time)).count();
}

void check_id(std::string_view object_id) {
  base::check(object_id.size() == object_id_bytes, "the id of an object has 16 bytes");
}

// The ids in the order of the table, each once: neighbours share pages.
std::vector<std::string_view> sorted_ids(std::span<std::string const> object_ids) {
  std::vector<std::string_view> ids(object_ids.begin(), object_ids.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

struct FoundRows {
  std::vector<CrcRow> rows;
  std::vector<std::string_view> to_note;  // ids whose last use was noted long ago
};

void find_one(SqliteConnection& connection, std::string_view object_id, std::int64_t noted_before,
              FoundRows& found) {
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

void remember_one(SqliteConnection& connection, CrcRow const& row, std::int64_t today) {
  check_id(row.object_id);
  SqliteQuery(connection,
              "INSERT INTO crcs (object_id, prefix_bytes, crc, used_day) VALUES (?, ?, ?, ?)"
              " ON CONFLICT DO UPDATE SET crc = excluded.crc, used_day = excluded.used_day"
              " WHERE crc <> excluded.crc OR used_day <> excluded.used_day")
      .blob(row.object_id)
      .number(row.prefix_bytes)
      .number(row.crc)
      .number(today)
      .run();
}

void note_use(SqliteConnection& connection, std::string_view object_id, std::int64_t today) {
  SqliteQuery(connection, "UPDATE crcs SET used_day = ? WHERE object_id = ?")
      .number(today)
      .blob(object_id)
      .run();
}

// The object behind which the walk through all goes on, empty for the beginning; nullopt if today's
// walk is over. A walk that took longer than its day is finished first.
std::optional<std::string> start_of_sweep(SqliteConnection& connection, std::int64_t today) {
  SqliteQuery query(connection, "SELECT day, last_object_id FROM crc_sweep");
  query.next();
  std::int64_t const day = query.read_number();
  std::string last = query.read_text();
  if (day == today && last.empty()) return std::nullopt;
  return last;
}

// The last object of the step that begins behind `start`; empty if no more than a step is left.
std::string last_of_sweep(SqliteConnection& connection, std::string_view start) {
  SqliteQuery query(connection,
                    "SELECT object_id FROM crcs WHERE object_id > ?"
                    " ORDER BY object_id LIMIT 1 OFFSET ?");
  query.blob(start).number(step_rows - 1);
  return query.next() ? query.read_text() : std::string();
}

template <class T, class F>
void for_steps(std::vector<T> const& all, F call) {
  for (std::span<T const> rest(all); !rest.empty();) {
    std::span<T const> const step = rest.first(std::min(rest.size(), step_rows));
    rest = rest.subspan(step.size());
    call(step);
  }
}

void remember_all(SqliteDatabase& database, std::vector<CrcRow> rows, std::int64_t today) {
  std::stable_sort(rows.begin(), rows.end(), [](CrcRow const& one, CrcRow const& other) {
    return one.object_id < other.object_id;
  });
  for_steps(rows, [&](std::span<CrcRow const> step) {
    database.write(WriteMode::relaxed, [&](SqliteConnection& connection) {
      for (CrcRow const& row : step) remember_one(connection, row, today);
    });
  });
}

std::vector<CrcRow> find_all(SqliteDatabase& database, std::vector<std::string> const& object_ids,
                             std::int64_t today) {
  std::vector<std::string_view> const ids = sorted_ids(object_ids);
  std::chrono::days const patience(
      std::chrono::duration_cast<std::chrono::days>(base::limits::crc_use_noted_after));
  FoundRows found = database.read([&](SqliteConnection& connection) {
    FoundRows out;
    for (std::string_view id : ids) {
      check_id(id);
      find_one(connection, id, today - patience.count(), out);
    }
    return out;
  });
  for_steps(found.to_note, [&](std::span<std::string_view const> step) {
    database.write(WriteMode::relaxed, [&](SqliteConnection& connection) {
      for (std::string_view id : step) note_use(connection, id, today);
    });
  });
  return std::move(found.rows);
}

}  // namespace

net::task<void> SqliteCrcs::remember(std::vector<CrcRow> rows, base::UnixSeconds now) {
  return work([rows = std::move(rows), now](SqliteDatabase& database) mutable {
    remember_all(database, std::move(rows), day_of(now));
  });
}

net::task<std::vector<CrcRow>> SqliteCrcs::find(std::vector<std::string> object_ids,
                                                base::UnixSeconds now) {
  return work([ids = std::move(object_ids), now](SqliteDatabase& database) {
    return find_all(database, ids, day_of(now));
  });
}

bool forget_unused_crcs(SqliteDatabase& database, base::UnixSeconds now) {
  std::int64_t const today = day_of(now);
  return database.write(WriteMode::bulk_delete, [&](SqliteConnection& connection) {
    std::optional<std::string> const start = start_of_sweep(connection, today);
    if (!start) return false;
    std::string const last = last_of_sweep(connection, *start);
    SqliteQuery(connection,
                "DELETE FROM crcs WHERE object_id > ? AND object_id <= ? AND used_day < ?")
        .blob(*start)
        .blob(last.empty() ? std::string(object_id_bytes, '\xFF') : last)
        .number(day_of(now - std::chrono::seconds(base::limits::crc_retention).count()))
        .run();
    SqliteQuery(connection, "UPDATE crc_sweep SET day = ?, last_object_id = ?")
        .number(today)
        .blob(last)
        .run();
    return !last.empty();
  });
}

}  // namespace store
