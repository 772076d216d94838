#include "store/sqlite/accounts.h"

#include "base/error.h"
#include "store/sqlite/account_rows.h"
#include "store/sqlite/owned_rows.h"

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

char const* select_by(AccountKey key) {
  switch (key) {
    case AccountKey::id:
      return "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at,"
             " hashed_by, error_url FROM accounts WHERE id = ? AND NOT deleted";
    case AccountKey::user_key:
      return "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at,"
             " hashed_by, error_url FROM accounts WHERE user_key = ? AND NOT deleted";
    case AccountKey::name:
      break;
  }
  return "SELECT id, name, user_key, secret_hash, key_generation, disabled, created_at,"
         " hashed_by, error_url FROM accounts WHERE name = ? AND NOT deleted";
}

[[noreturn]] void throw_conflict(std::string const& what) {
  throw base::Error(base::Fault::conflict, what);
}

// Error{conflict} if the name or the userKey is another account's.
void check_unique(SqliteConnection& connection, accounts::Account const& account) {
  SqliteQuery query(connection,
                    "SELECT name FROM accounts WHERE id <> ? AND (name = ? OR user_key = ?)");
  query.text(account.id).text(account.name).text(account.user_key);
  if (!query.next()) return;
  if (query.read_text() == account.name)
    throw_conflict(fmt::format("name: there is an account \"{}\" already", account.name));
  throw_conflict("the userKey is another account's");
}

bool exists(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(connection, "SELECT 1 FROM accounts WHERE id = ?");
  return query.text(id).next();
}

void insert_account(SqliteConnection& connection, accounts::Account const& account) {
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
}

// Links that the old keys have signed are to be ended.
bool rotate_account(SqliteConnection& connection, accounts::Account const& account) {
  bool const rotated = SqliteQuery(connection,
                                   "UPDATE accounts SET secret_hash = ?1, key_generation = ?2,"
                                   " hashed_by = ?4, ending = 1"
                                   " WHERE id = ?3 AND key_generation = ?2 - 1 AND NOT disabled")
                           .blob(account.secret_hash)
                           .number(account.key_generation)
                           .text(account.id)
                           .text(account.hashed_by)
                           .run() > 0;
  if (!rotated) return false;
  SqliteQuery(connection, "UPDATE kept_credentials SET sealed_secret = x'' WHERE account_id = ?")
      .text(account.id)
      .run();
  return true;
}

bool erase_kept_row(SqliteConnection& connection, std::string_view account_id) {
  return SqliteQuery(connection, "DELETE FROM kept_credentials WHERE account_id = ?")
             .text(account_id)
             .run() > 0;
}

char const* standing_statement(Standing standing) {
  switch (standing) {
    case Standing::active:
      return "UPDATE accounts SET disabled = 0 WHERE id = ? AND disabled AND NOT deleted";
    case Standing::disabled:
      return "UPDATE accounts SET disabled = 1, ending = 1, key_generation = key_generation + 1"
             " WHERE id = ? AND NOT disabled";
    case Standing::deleted:
      break;
  }
  // No name and no userKey has a space at its beginning.
  return "UPDATE accounts SET deleted = 1, disabled = 1, ending = 1, secret_hash = x'',"
         " error_url = '', key_generation = key_generation + 1, name = ' ' || id,"
         " user_key = ' ' || id WHERE id = ? AND NOT deleted";
}

void check_may_keep(SqliteConnection& connection, KeptCredentials const& kept) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM accounts WHERE id = ? AND key_generation = ? AND NOT disabled");
  if (query.text(kept.account_id).number(kept.key_generation).next()) return;
  throw_conflict("the account has been disabled, or its keys have been rotated meanwhile");
}

Usage read_usage(SqliteConnection& connection, std::string_view account_id,
                 base::UnixSeconds since) {
  Usage usage;
  for (std::size_t i = 0; i < counted_kinds; ++i) {
    SqliteQuery query(connection,
                      "SELECT coalesce(sum(amount), 0) FROM usage"
                      " WHERE account_id = ? AND hour >= ? AND counted = ?");
    query.text(account_id).number(usage_hour(since)).text(name(static_cast<Counted>(i))).next();
    usage.amounts.at(i) = query.read_number<std::uint64_t>();
  }
  return usage;
}

Counted parse_counted(std::string_view text) {
  for (std::size_t i = 0; i < counted_kinds; ++i)
    if (name(static_cast<Counted>(i)) == text) return static_cast<Counted>(i);
  throw base::Error(base::Fault::corrupt, fmt::format("stored usage counts {}", text));
}

std::vector<DayUsage> read_usage_by_day(SqliteConnection& connection, std::string_view account_id,
                                        base::UnixSeconds since) {
  constexpr base::UnixSeconds day_s = 24 * 3600;
  SqliteQuery query(connection,
                    "SELECT hour / 24, counted, sum(amount) FROM usage"
                    " WHERE account_id = ? AND hour >= ? GROUP BY 1, 2 ORDER BY 1");
  query.text(account_id).number(usage_hour(since));
  std::vector<DayUsage> days;
  while (query.next()) {
    base::UnixSeconds const day = query.read_number() * day_s;
    if (days.empty() || days.back().day != day) days.push_back({.day = day, .usage = {}});
    Counted const counted = parse_counted(query.read_text());
    days.back().usage[counted] = query.read_number<std::uint64_t>();
  }
  return days;
}

}  // namespace

void check_may_work(SqliteConnection& connection, std::string_view account_id) {
  SqliteQuery query(connection, "SELECT 1 FROM accounts WHERE id = ? AND disabled");
  if (query.text(account_id).next())
    throw base::Error(base::Fault::unauthorized, "the account is disabled");
}

bool is_ended(SqliteConnection& connection, std::string_view account_id) {
  SqliteQuery query(connection, "SELECT 1 FROM accounts WHERE id = ? AND NOT disabled");
  return !query.text(account_id).next();
}

void add_usage(SqliteConnection& connection, std::string_view account_id, Counted what,
               std::uint64_t amount, base::UnixSeconds now) {
  SqliteQuery(connection,
              "INSERT INTO usage (account_id, hour, counted, amount)"
              " SELECT id, ?2, ?3, ?4 FROM accounts WHERE id = ?1"
              " ON CONFLICT (account_id, hour, counted) DO UPDATE"
              " SET amount = amount + excluded.amount")
      .text(account_id)
      .number(usage_hour(now))
      .text(name(what))
      .number(amount)
      .run();
}

std::int64_t usage_hour(base::UnixSeconds time) {
  constexpr base::UnixSeconds hour = 3600;
  return time / hour;
}

net::task<void> SqliteAccounts::insert(accounts::Account account) {
  return write(WriteMode::durable, [account = std::move(account)](SqliteConnection& connection) {
    insert_account(connection, account);
  });
}

net::task<bool> SqliteAccounts::rotate(accounts::Account account) {
  return work([account = std::move(account)](SqliteDatabase& database) {
    auto const rotate = [&](SqliteConnection& connection) {
      return rotate_account(connection, account);
    };
    bool const rotated = database.write(WriteMode::durable, rotate);
    if (rotated) database.note_erasure();
    return rotated;
  });
}

// Durable: a caller that was told so does not see the account work again.
net::task<bool> SqliteAccounts::set_standing(std::string id, Standing standing) {
  return work([id = std::move(id), standing](SqliteDatabase& database) {
    bool const ends = standing != Standing::active;
    auto const set = [&](SqliteConnection& connection) {
      bool const done = SqliteQuery(connection, standing_statement(standing)).text(id).run() > 0;
      if (done && ends) erase_kept_row(connection, id);
      return done;
    };
    bool const done = database.write(WriteMode::durable, set);
    if (done && ends) database.note_erasure();
    return done;
  });
}

net::task<bool> SqliteAccounts::set_error_url(std::string id, std::string url) {
  return write(WriteMode::durable, [id = std::move(id),
                                    url = std::move(url)](SqliteConnection& connection) {
    return SqliteQuery(connection, "UPDATE accounts SET error_url = ? WHERE id = ? AND NOT deleted")
               .text(url)
               .text(id)
               .run() > 0;
  });
}

net::task<std::optional<accounts::Account>> SqliteAccounts::find(AccountKey by, std::string value) {
  return read([by, value = std::move(value)](SqliteConnection& connection) {
    SqliteQuery query(connection, select_by(by));
    std::optional<accounts::Account> found;
    if (query.text(value).next()) found = read_account(query);
    return found;
  });
}

net::task<std::vector<accounts::Account>> SqliteAccounts::list() {
  return read([](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, name, user_key, secret_hash, key_generation, disabled,"
                      " created_at, hashed_by, error_url FROM accounts WHERE NOT deleted"
                      " ORDER BY created_at, rowid");
    std::vector<accounts::Account> all;
    while (query.next()) all.push_back(read_account(query));
    return all;
  });
}

net::task<std::vector<std::string>> SqliteAccounts::ended(std::vector<std::string> ids) {
  return read([ids = std::move(ids)](SqliteConnection& connection) {
    std::vector<std::string> ended = ids;
    std::erase_if(ended, [&](std::string const& id) { return !is_ended(connection, id); });
    return ended;
  });
}

// Durable: a client that has given credentials does not expect to be asked again.
net::task<void> SqliteAccounts::keep(KeptCredentials kept) {
  return work([kept = std::move(kept)](SqliteDatabase& database) {
    database.write(WriteMode::durable, [&](SqliteConnection& connection) {
      check_may_keep(connection, kept);
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
    database.note_erasure();
  });
}

net::task<std::optional<KeptCredentials>> SqliteAccounts::find_kept(std::string account_id) {
  return read([account_id = std::move(account_id)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT account_id, key_generation, padded, sealed_secret, kept_at"
                      " FROM kept_credentials WHERE account_id = ?");
    std::optional<KeptCredentials> found;
    if (!query.text(account_id).next()) return found;
    found = KeptCredentials{.account_id = query.read_text(),
                            .key_generation = query.read_number<int>(),
                            .sealed_credentials = without_padding(query.read_text()),
                            .sealed_secret = query.read_text(),
                            .kept_at = query.read_number()};
    return found;
  });
}

// Durable: erased credentials do not come back.
net::task<bool> SqliteAccounts::erase_kept(std::string account_id) {
  return work([account_id = std::move(account_id)](SqliteDatabase& database) {
    auto const erase = [&](SqliteConnection& connection) {
      return erase_kept_row(connection, account_id);
    };
    bool const erased = database.write(WriteMode::durable, erase);
    if (erased) database.note_erasure();
    return erased;
  });
}

// Relaxed: nothing but a figure is lost.
net::task<void> SqliteAccounts::add_usage(std::string account_id, Counted what,
                                          std::uint64_t amount, base::UnixSeconds now) {
  return write(WriteMode::relaxed, [account_id = std::move(account_id), what, amount,
                                    now](SqliteConnection& connection) {
    store::add_usage(connection, account_id, what, amount, now);
  });
}

net::task<Usage> SqliteAccounts::usage_since(std::string account_id, base::UnixSeconds since) {
  return read([account_id = std::move(account_id), since](SqliteConnection& connection) {
    return read_usage(connection, account_id, since);
  });
}

net::task<std::vector<DayUsage>> SqliteAccounts::usage_by_day(std::string account_id,
                                                              base::UnixSeconds since) {
  return read([account_id = std::move(account_id), since](SqliteConnection& connection) {
    return read_usage_by_day(connection, account_id, since);
  });
}

}  // namespace store
