// The credentials that accounts keep here, in SQLite.
#include "base/error.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

namespace store {
namespace {

void check_account(SqliteConnection& connection, KeptCredentials const& kept) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM accounts WHERE id = ? AND key_generation = ? AND NOT disabled");
  if (query.text(kept.account_id).number(kept.key_generation).next()) return;
  throw base::Error(base::Fault::conflict,
                    "the account has been disabled, or its keys have been rotated meanwhile");
}

}  // namespace

// Durable: who gave them away does not expect to be asked again.
void SqliteStore::keep_credentials(KeptCredentials const& kept) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    check_account(connection, kept);
    SqliteQuery(connection,
                "INSERT OR REPLACE INTO kept_credentials (account_id, key_generation, kept_at,"
                " padded, sealed_secret) VALUES (?, ?, ?, ?, ?)")
        .text(kept.account_id)
        .number(kept.key_generation)
        .number(kept.kept_at)
        .blob(padded(kept.sealed_credentials))
        .blob(kept.sealed_secret)
        .run();
  });
  database_->note_erasure();
}

std::optional<KeptCredentials> SqliteStore::find_kept_credentials(std::string_view account_id) {
  return database_->read([account_id](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT account_id, key_generation, kept_at, padded, sealed_secret"
                      " FROM kept_credentials WHERE account_id = ?");
    query.text(account_id);
    std::optional<KeptCredentials> found;
    if (!query.next()) return found;
    found.emplace();
    found->account_id = query.read_text();
    found->key_generation = query.read_number<int>();
    found->kept_at = query.read_number();
    found->sealed_credentials = without_padding(query.read_text());
    found->sealed_secret = query.read_text();
    return found;
  });
}

// Durable: what was to be erased does not come back.
bool SqliteStore::erase_kept_credentials(std::string_view account_id) {
  bool const erased = database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    return SqliteQuery(connection, "DELETE FROM kept_credentials WHERE account_id = ?")
               .text(account_id)
               .run() > 0;
  });
  if (erased) database_->note_erasure();
  return erased;
}

}  // namespace store
