// Accounts in SQLite; how they end stands in account_ends.cc.
#include "base/error.h"
#include "store/sqlite/database.h"
#include "store/sqlite/store.h"

#include <fmt/format.h>

namespace store {
namespace {

// The columns of every SELECT here, in this order.
accounts::Account read_account(SqliteQuery& query) {
  return {.id = query.read_text(),
          .name = query.read_text(),
          .user_key = query.read_text(),
          .secret_hash = query.read_text(),
          .key_generation = query.read_number<int>(),
          .disabled = query.read_number() != 0,
          .created_at = query.read_number(),
          .hashed_by = query.read_text(),
          .error_url = query.read_text()};
}

std::optional<accounts::Account> find_one(SqliteDatabase& database, char const* sql,
                                          std::string_view value) {
  return database.read([&](SqliteConnection& connection) {
    SqliteQuery query(connection, sql);
    query.text(value);
    std::optional<accounts::Account> found;
    if (query.next()) found = read_account(query);
    return found;
  });
}

[[noreturn]] void throw_conflict(std::string const& what) {
  throw base::Error(base::Fault::conflict, what);
}

// Who else has the name or the userKey?
void check_unique(SqliteConnection& connection, accounts::Account const& account) {
  SqliteQuery query(connection,
                    "SELECT name FROM accounts WHERE id <> ? AND (name = ? OR user_key = ?)");
  query.text(account.id).text(account.name).text(account.user_key);
  if (!query.next()) return;
  if (query.read_text() == account.name) {
    throw_conflict(fmt::format("name: there is an account \"{}\" already", account.name));
  }
  throw_conflict("the userKey is another account's");
}

bool exists(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(connection, "SELECT 1 FROM accounts WHERE id = ?");
  return query.text(id).next();
}

}  // namespace

void SqliteStore::insert_account(accounts::Account const& account) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    check_unique(connection, account);
    if (exists(connection, account.id)) throw_conflict("the account's id is taken");
    SqliteQuery(connection,
                "INSERT INTO accounts (id, name, user_key, secret_hash, key_generation, disabled,"
                " created_at, hashed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .text(account.id)
        .text(account.name)
        .text(account.user_key)
        .blob(account.secret_hash)
        .number(account.key_generation)
        .number(account.disabled)
        .number(account.created_at)
        .text(account.hashed_by)
        .run();
  });
}

bool SqliteStore::rotate_account(accounts::Account const& account) {
  bool const rotated = database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    bool const changed =
        SqliteQuery(connection,
                    "UPDATE accounts SET secret_hash = ?1, key_generation = ?2, hashed_by = ?4"
                    " WHERE id = ?3 AND key_generation = ?2 - 1 AND NOT disabled")
            .blob(account.secret_hash)
            .number(account.key_generation)
            .text(account.id)
            .text(account.hashed_by)
            .run() > 0;
    if (changed) {
      SqliteQuery(connection,
                  "UPDATE kept_credentials SET sealed_secret = x'' WHERE account_id = ?")
          .text(account.id)
          .run();
    }
    return changed;
  });
  if (rotated) database_->note_erasure();
  return rotated;
}

bool SqliteStore::set_error_url(std::string_view id, std::string_view url) {
  return database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    return SqliteQuery(connection, "UPDATE accounts SET error_url = ? WHERE id = ? AND NOT deleted")
               .text(url)
               .text(id)
               .run() > 0;
  });
}

std::optional<accounts::Account> SqliteStore::find_account(std::string_view id) {
  return find_one(
      *database_,
      "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at, hashed_by,"
      " error_url"
      " FROM accounts WHERE id = ? AND NOT deleted",
      id);
}

std::optional<accounts::Account> SqliteStore::find_account_by_user_key(std::string_view user_key) {
  return find_one(
      *database_,
      "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at, hashed_by,"
      " error_url"
      " FROM accounts WHERE user_key = ? AND NOT deleted",
      user_key);
}

std::optional<accounts::Account> SqliteStore::find_account_by_name(std::string_view name) {
  return find_one(
      *database_,
      "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at, hashed_by,"
      " error_url"
      " FROM accounts WHERE name = ? AND NOT deleted",
      name);
}

std::vector<accounts::Account> SqliteStore::list_accounts() {
  return database_->read([](SqliteConnection& connection) {
    SqliteQuery query(
        connection,
        "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at, hashed_by,"
        " error_url"
        " FROM accounts WHERE NOT deleted ORDER BY created_at, rowid");
    std::vector<accounts::Account> out;
    while (query.next()) out.push_back(read_account(query));
    return out;
  });
}

}  // namespace store
