#include "store/sqlite/user_keys.h"

#include "base/error.h"
#include "base/service_limits.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/owned_rows.h"

#include <fmt/format.h>

namespace store {
namespace {

// The first columns of the view keys_and_accounts.
accounts::UserKey read_key(SqliteQuery& query) {
  return {.user_key = query.read_text(),
          .account_id = query.read_text(),
          .name = query.read_text(),
          .secret_hash = query.read_text(),
          .hashed_by = query.read_text(),
          .secret_end = query.read_text(),
          .generation = query.read_number<int>(),
          .former_hash = query.read_text(),
          .former_hashed_by = query.read_text(),
          .former_until = query.read_number(),
          .created_at = query.read_number(),
          .used_at = query.read_number(),
          .used_from = query.read_text()};
}

[[noreturn]] void throw_conflict(std::string const& what) {
  throw base::Error(base::Fault::conflict, what);
}

void check_has_room(SqliteConnection& connection, std::string_view account_id) {
  SqliteQuery query(connection, "SELECT count(*) FROM user_keys WHERE account_id = ?");
  query.text(account_id).next();
  if (query.read_number<std::size_t>() >= base::limits::max_user_keys)
    throw_conflict(
        fmt::format("the account has {} keys; that is the limit", base::limits::max_user_keys));
}

void erase_kept_secret(SqliteConnection& connection, std::string_view user_key) {
  SqliteQuery(connection,
              "UPDATE kept_credentials SET sealed_secret = x'', user_key = '', key_generation = 0"
              " WHERE user_key = ?")
      .text(user_key)
      .run();
}

// A secret of the key ends: links that it has signed are to be ended, and what the account signs.
void end_secret(SqliteConnection& connection, std::string_view user_key) {
  erase_kept_secret(connection, user_key);
  SqliteQuery(connection,
              "UPDATE accounts SET ending = 1, generation = generation + 1 WHERE id ="
              " (SELECT account_id FROM user_keys WHERE user_key = ?)")
      .text(user_key)
      .run();
}

bool rotate_key(SqliteConnection& connection, accounts::UserKey const& key) {
  bool const rotated =
      SqliteQuery(connection,
                  "UPDATE user_keys SET secret_hash = ?1, hashed_by = ?2, secret_end = ?3,"
                  " generation = ?4, former_hash = ?5, former_hashed_by = ?6, former_until = ?7"
                  " WHERE user_key = ?8 AND generation = ?4 - 1 AND account_id IN"
                  " (SELECT id FROM accounts WHERE NOT disabled)")
          .blob(key.secret_hash)
          .text(key.hashed_by)
          .text(key.secret_end)
          .number(key.generation)
          .blob(key.former_hash)
          .text(key.former_hashed_by)
          .number(key.former_until)
          .text(key.user_key)
          .run() > 0;
  if (rotated && key.former_until == 0) end_secret(connection, key.user_key);
  return rotated;
}

bool revoke_key(SqliteConnection& connection, std::string_view user_key) {
  end_secret(connection, user_key);
  return SqliteQuery(connection, "DELETE FROM user_keys WHERE user_key = ?").text(user_key).run() >
         0;
}

void check_may_keep(SqliteConnection& connection, KeptCredentials const& kept) {
  if (is_ended(connection, kept.account_id)) throw_conflict("the account has been disabled");
  if (kept.user_key.empty()) return;
  SqliteQuery query(connection,
                    "SELECT 1 FROM user_keys WHERE user_key = ? AND account_id = ?"
                    " AND generation = ?");
  if (query.text(kept.user_key).text(kept.account_id).number(kept.key_generation).next()) return;
  throw_conflict("the key has been revoked, or its secret has been renewed meanwhile");
}

// Sets the keys free of secrets whose time is over, and erases what is kept of these.
void end_some_former_secrets(SqliteConnection& connection, base::UnixSeconds now) {
  std::vector<std::string> const keys =
      SqliteQuery(connection,
                  "SELECT user_key FROM user_keys WHERE former_until <> 0 AND former_until <= ?"
                  " LIMIT ?")
          .number(now)
          .number(base::limits::expiry_owners)
          .read_texts();
  for (std::string const& key : keys) {
    SqliteQuery(connection,
                "UPDATE user_keys SET former_hash = x'', former_hashed_by = '', former_until = 0"
                " WHERE user_key = ?")
        .text(key)
        .run();
    SqliteQuery(connection,
                "UPDATE accounts SET ending = 1 WHERE id ="
                " (SELECT account_id FROM user_keys WHERE user_key = ?)")
        .text(key)
        .run();
    SqliteQuery(connection,
                "UPDATE kept_credentials SET sealed_secret = x'', user_key = '',"
                " key_generation = 0 WHERE user_key = ?1 AND key_generation <>"
                " (SELECT generation FROM user_keys WHERE user_key = ?1)")
        .text(key)
        .run();
  }
}

}  // namespace

void insert_key(SqliteConnection& connection, accounts::UserKey const& key) {
  SqliteQuery known(connection, "SELECT 1 FROM user_keys WHERE user_key = ?");
  if (known.text(key.user_key).next()) throw_conflict("the userKey is another key's");
  SqliteQuery(connection,
              "INSERT INTO user_keys (user_key, account_id, name, secret_hash, hashed_by,"
              " secret_end, generation, former_hash, former_hashed_by, former_until, created_at,"
              " used_at, used_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .text(key.user_key)
      .text(key.account_id)
      .text(key.name)
      .blob(key.secret_hash)
      .text(key.hashed_by)
      .text(key.secret_end)
      .number(key.generation)
      .blob(key.former_hash)
      .text(key.former_hashed_by)
      .number(key.former_until)
      .number(key.created_at)
      .number(key.used_at)
      .text(key.used_from)
      .run();
}

bool erase_kept_row(SqliteConnection& connection, std::string_view account_id) {
  return SqliteQuery(connection, "DELETE FROM kept_credentials WHERE account_id = ?")
             .text(account_id)
             .run() > 0;
}

void end_former_secrets(SqliteDatabase& database, base::UnixSeconds now) {
  auto const is_any = [now](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT 1 FROM user_keys WHERE former_until <> 0 AND former_until <= ?");
    return query.number(now).next();
  };
  if (!database.read(is_any)) return;
  database.write(WriteMode::durable,
                 [now](SqliteConnection& connection) { end_some_former_secrets(connection, now); });
  database.note_erasure();
}

net::task<void> SqliteUserKeys::insert(accounts::UserKey key) {
  return write(WriteMode::durable, [key = std::move(key)](SqliteConnection& connection) {
    if (is_ended(connection, key.account_id)) throw_conflict("the account has been disabled");
    check_has_room(connection, key.account_id);
    insert_key(connection, key);
  });
}

net::task<std::optional<KeyOfAccount>> SqliteUserKeys::find(std::string user_key) {
  return read([user_key = std::move(user_key)](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT * FROM keys_and_accounts WHERE user_key = ?");
    std::optional<KeyOfAccount> found;
    if (!query.text(user_key).next()) return found;
    accounts::UserKey key = read_key(query);
    found = KeyOfAccount{std::move(key), read_account(query)};
    return found;
  });
}

net::task<std::vector<accounts::UserKey>> SqliteUserKeys::list(std::string account_id) {
  return read([account_id = std::move(account_id)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT * FROM keys_and_accounts WHERE account_id = ?"
                      " ORDER BY key_created_at, user_key");
    query.text(account_id);
    std::vector<accounts::UserKey> all;
    while (query.next()) all.push_back(read_key(query));
    return all;
  });
}

net::task<bool> SqliteUserKeys::rename(std::string user_key, std::string name) {
  return write(WriteMode::durable, [user_key = std::move(user_key),
                                    name = std::move(name)](SqliteConnection& connection) {
    return SqliteQuery(connection, "UPDATE user_keys SET name = ? WHERE user_key = ?")
               .text(name)
               .text(user_key)
               .run() > 0;
  });
}

// Durable: a secret that has ended does not work again.
net::task<bool> SqliteUserKeys::rotate(accounts::UserKey key) {
  return work([key = std::move(key)](SqliteDatabase& database) {
    auto const rotate = [&](SqliteConnection& connection) { return rotate_key(connection, key); };
    bool const rotated = database.write(WriteMode::durable, rotate);
    if (rotated) database.note_erasure();
    return rotated;
  });
}

net::task<bool> SqliteUserKeys::revoke(std::string user_key) {
  return work([user_key = std::move(user_key)](SqliteDatabase& database) {
    auto const revoke = [&](SqliteConnection& connection) {
      return revoke_key(connection, user_key);
    };
    bool const revoked = database.write(WriteMode::durable, revoke);
    if (revoked) database.note_erasure();
    return revoked;
  });
}

// Relaxed: people are told a little too early a time.
net::task<void> SqliteUserKeys::note_use(std::string user_key, std::string address,
                                         base::UnixSeconds now) {
  return write(WriteMode::relaxed, [user_key = std::move(user_key), address = std::move(address),
                                    now](SqliteConnection& connection) {
    SqliteQuery(connection, "UPDATE user_keys SET used_at = ?, used_from = ? WHERE user_key = ?")
        .number(now)
        .text(address)
        .text(user_key)
        .run();
  });
}

// Durable: a client that has given credentials does not expect to be asked again.
net::task<void> SqliteUserKeys::keep(KeptCredentials kept) {
  return work([kept = std::move(kept)](SqliteDatabase& database) {
    database.write(WriteMode::durable, [&](SqliteConnection& connection) {
      check_may_keep(connection, kept);
      SqliteQuery(connection,
                  "INSERT OR REPLACE INTO kept_credentials (account_id, user_key, key_generation,"
                  " kept_at, padded, sealed_secret) VALUES (?, ?, ?, ?, ?, ?)")
          .text(kept.account_id)
          .text(kept.user_key)
          .number(kept.key_generation)
          .number(kept.kept_at)
          .blob(padded(kept.sealed_credentials))
          .blob(kept.sealed_secret)
          .run();
    });
    database.note_erasure();
  });
}

net::task<std::optional<KeptCredentials>> SqliteUserKeys::find_kept(std::string account_id) {
  return read([account_id = std::move(account_id)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT account_id, user_key, key_generation, padded, sealed_secret, kept_at"
                      " FROM kept_credentials WHERE account_id = ?");
    std::optional<KeptCredentials> found;
    if (!query.text(account_id).next()) return found;
    found = KeptCredentials{.account_id = query.read_text(),
                            .user_key = query.read_text(),
                            .key_generation = query.read_number<int>(),
                            .sealed_credentials = without_padding(query.read_text()),
                            .sealed_secret = query.read_text(),
                            .kept_at = query.read_number()};
    return found;
  });
}

// Durable: erased credentials do not come back.
net::task<bool> SqliteUserKeys::erase_kept(std::string account_id) {
  return work([account_id = std::move(account_id)](SqliteDatabase& database) {
    auto const erase = [&](SqliteConnection& connection) {
      return erase_kept_row(connection, account_id);
    };
    bool const erased = database.write(WriteMode::durable, erase);
    if (erased) database.note_erasure();
    return erased;
  });
}

}  // namespace store
