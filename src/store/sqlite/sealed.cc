#include "store/sqlite/sealed.h"

#include "base/limits.h"
#include "store/sqlite/owned_rows.h"

namespace store {
namespace {

// The statements that read a kind, by (id, count), and replace it, by (sealed, id, sealed before).
struct Column {
  char const* read;
  char const* replace;
  bool is_padded;
};

Column column_of(SealedKind kind) {
  switch (kind) {
    case SealedKind::credentials:
      return {"SELECT owner_id, padded FROM credentials WHERE owner_id > ? ORDER BY 1 LIMIT ?",
              "UPDATE credentials SET padded = ? WHERE owner_id = ? AND padded = ?", true};
    case SealedKind::kept_credentials:
      return {
          "SELECT account_id, padded FROM kept_credentials WHERE account_id > ?"
          " ORDER BY 1 LIMIT ?",
          "UPDATE kept_credentials SET padded = ? WHERE account_id = ? AND padded = ?", true};
    case SealedKind::kept_secret:
      return {
          "SELECT account_id, sealed_secret FROM kept_credentials WHERE account_id > ?"
          " AND sealed_secret <> x'' ORDER BY 1 LIMIT ?",
          "UPDATE kept_credentials SET sealed_secret = ? WHERE account_id = ?"
          " AND sealed_secret = ?",
          false};
    case SealedKind::result:
      return {
          "SELECT id, sealed_result FROM jobs WHERE id > ? AND sealed_result <> x''"
          " ORDER BY 1 LIMIT ?",
          "UPDATE jobs SET sealed_result = ? WHERE id = ? AND sealed_result = ?", false};
    case SealedKind::webhook_url:
      return {"SELECT id, sealed_url FROM deliveries WHERE id > ? ORDER BY 1 LIMIT ?",
              "UPDATE deliveries SET sealed_url = ? WHERE id = ? AND sealed_url = ?", false};
    case SealedKind::retired_key:
      break;
  }
  return {"SELECT fingerprint, sealed FROM retired_keys WHERE fingerprint > ? ORDER BY 1 LIMIT ?",
          "UPDATE retired_keys SET sealed = ? WHERE fingerprint = ? AND sealed = ?", false};
}

std::string stored(Column const& column, std::string_view sealed) {
  return column.is_padded ? padded(sealed) : std::string(sealed);
}

}  // namespace

std::vector<std::string> SqliteSealed::master_keys() {
  return database_.read([](SqliteConnection& connection) {
    return SqliteQuery(connection, "SELECT fingerprint FROM master_keys ORDER BY rowid")
        .read_texts();
  });
}

// Durable: the key stands here before anything is sealed with it.
void SqliteSealed::add_master_key(std::string_view fingerprint) {
  database_.write(WriteMode::durable, [fingerprint](SqliteConnection& connection) {
    SqliteQuery(connection, "INSERT OR IGNORE INTO master_keys (fingerprint) VALUES (?)")
        .text(fingerprint)
        .run();
  });
}

void SqliteSealed::forget_master_key(std::string_view fingerprint) {
  database_.write(WriteMode::durable, [fingerprint](SqliteConnection& connection) {
    SqliteQuery(connection, "DELETE FROM master_keys WHERE fingerprint = ?")
        .text(fingerprint)
        .run();
  });
}

std::uint64_t SqliteSealed::count_hashed_by(std::string_view fingerprint) {
  return database_.read([fingerprint](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT count(*) FROM user_keys WHERE hashed_by = ?1"
                      " OR former_hashed_by = ?1");
    query.text(fingerprint).next();
    return query.read_number<std::uint64_t>();
  });
}

std::vector<SealedRow> SqliteSealed::sealed_rows(SealedKind kind, std::string_view after) {
  return database_.read([kind, after](SqliteConnection& connection) {
    Column const column = column_of(kind);
    SqliteQuery query(connection, column.read);
    query.text(after).number(base::limits::sealed_rows_at_once);
    std::vector<SealedRow> rows;
    while (query.next()) {
      SealedRow row{.kind = kind, .id = query.read_text(), .sealed = query.read_text()};
      if (column.is_padded) row.sealed = without_padding(std::move(row.sealed));
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

bool SqliteSealed::replace_sealed(SealedRow const& read, std::string_view sealed) {
  bool const replaced = database_.write(WriteMode::durable, [&](SqliteConnection& connection) {
    Column const column = column_of(read.kind);
    return SqliteQuery(connection, column.replace)
               .blob(stored(column, sealed))
               .text(read.id)
               .blob(stored(column, read.sealed))
               .run() > 0;
  });
  if (replaced) database_.note_erasure();
  return replaced;
}

void SqliteSealed::add_retired_key(std::string_view fingerprint, std::string_view sealed,
                                   base::UnixSeconds now) {
  database_.write(WriteMode::durable, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "INSERT OR IGNORE INTO retired_keys (fingerprint, retired_at, sealed)"
                " VALUES (?, ?, ?)")
        .text(fingerprint)
        .number(now)
        .blob(sealed)
        .run();
  });
}

void SqliteSealed::forget_retired_keys(base::UnixSeconds before) {
  database_.write(WriteMode::durable, [before](SqliteConnection& connection) {
    SqliteQuery(connection,
                "DELETE FROM retired_keys WHERE retired_at < ? AND fingerprint NOT IN"
                " (SELECT hashed_by FROM user_keys UNION SELECT former_hashed_by FROM user_keys)")
        .number(before)
        .run();
  });
}

}  // namespace store
