#include "store/sqlite/accounts.h"

#include "base/error.h"
#include "store/sqlite/user_keys.h"

#include <fmt/format.h>

namespace store {
namespace {

char const* select_by(AccountKey key) {
  switch (key) {
    case AccountKey::id:
      return "SELECT * FROM live_accounts WHERE id = ?";
    case AccountKey::name:
      break;
  }
  return "SELECT * FROM live_accounts WHERE name = ?";
}

[[noreturn]] void throw_conflict(std::string const& what) {
  throw base::Error(base::Fault::conflict, what);
}

bool exists(SqliteConnection& connection, char const* sql, std::string_view value) {
  return SqliteQuery(connection, sql).text(value).next();
}

char const* standing_statement(Standing standing) {
  switch (standing) {
    case Standing::active:
      return "UPDATE accounts SET disabled = 0 WHERE id = ? AND disabled AND NOT deleted";
    case Standing::disabled:
      return "UPDATE accounts SET disabled = 1, ending = 1, generation = generation + 1"
             " WHERE id = ? AND NOT disabled";
    case Standing::deleted:
      break;
  }
  // No name has a space at its beginning.
  return "UPDATE accounts SET deleted = 1, disabled = 1, ending = 1, password_hash = '',"
         " error_url = '', is_admin = 0, generation = generation + 1, name = ' ' || id"
         " WHERE id = ? AND NOT deleted";
}

// The statements that end, for an account that is disabled or deleted, what lets callers in.
std::vector<char const*> ending_statements(Standing standing) {
  if (standing == Standing::active) return {};
  std::vector<char const*> statements{
      "DELETE FROM kept_credentials WHERE account_id = ?",
      "DELETE FROM sessions WHERE account_id = ?", "DELETE FROM codes WHERE account_id = ?",
      "UPDATE user_keys SET generation = generation + 1, former_hash = x'',"
      " former_hashed_by = '', former_until = 0 WHERE account_id = ?"};
  if (standing == Standing::deleted)
    statements.push_back("DELETE FROM user_keys WHERE account_id = ?");
  return statements;
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

accounts::Account read_account(SqliteQuery& query) {
  return {.id = query.read_text(),
          .name = query.read_text(),
          .generation = query.read_number<int>(),
          .is_admin = query.read_number() != 0,
          .password_hash = query.read_text(),
          .disabled = query.read_number() != 0,
          .created_at = query.read_number(),
          .error_url = query.read_text()};
}

void insert_account(SqliteConnection& connection, accounts::Account const& account) {
  if (exists(connection, "SELECT 1 FROM accounts WHERE name = ?", account.name))
    throw_conflict(fmt::format("name: there is an account \"{}\" already", account.name));
  if (exists(connection, "SELECT 1 FROM accounts WHERE id = ?", account.id))
    throw_conflict("the account's id is taken");
  SqliteQuery(connection,
              "INSERT INTO accounts (id, name, generation, is_admin, password_hash, disabled,"
              " created_at, error_url) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .text(account.id)
      .text(account.name)
      .number(account.generation)
      .number(account.is_admin)
      .text(account.password_hash)
      .number(account.disabled)
      .number(account.created_at)
      .text(account.error_url)
      .run();
}

bool is_any_account(SqliteConnection& connection) {
  return SqliteQuery(connection, "SELECT 1 FROM accounts WHERE NOT deleted LIMIT 1").next();
}

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

net::task<void> SqliteAccounts::insert(accounts::Account account,
                                       std::optional<accounts::UserKey> key) {
  return write(WriteMode::durable,
               [account = std::move(account), key = std::move(key)](SqliteConnection& connection) {
                 insert_account(connection, account);
                 if (key) insert_key(connection, *key);
               });
}

// Durable: a caller that was told so does not see the account work again.
net::task<bool> SqliteAccounts::set_standing(std::string id, Standing standing) {
  return work([id = std::move(id), standing](SqliteDatabase& database) {
    bool const ends = standing != Standing::active;
    auto const set = [&](SqliteConnection& connection) {
      bool const done = SqliteQuery(connection, standing_statement(standing)).text(id).run() > 0;
      if (!done) return false;
      for (char const* const statement : ending_statements(standing))
        SqliteQuery(connection, statement).text(id).run();
      return true;
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

// Durable: the password before does not count again.
net::task<bool> SqliteAccounts::set_password(std::string id, std::string password_hash) {
  return write(WriteMode::durable, [id = std::move(id), password_hash = std::move(password_hash)](
                                       SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "UPDATE accounts SET password_hash = ?"
                       " WHERE id = ? AND NOT deleted")
               .text(password_hash)
               .text(id)
               .run() > 0;
  });
}

net::task<bool> SqliteAccounts::set_admin(std::string id, bool is_admin) {
  return write(WriteMode::durable, [id = std::move(id), is_admin](SqliteConnection& connection) {
    return SqliteQuery(connection, "UPDATE accounts SET is_admin = ? WHERE id = ? AND NOT deleted")
               .number(is_admin)
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
    SqliteQuery query(connection, "SELECT * FROM live_accounts ORDER BY created_at, id");
    std::vector<accounts::Account> all;
    while (query.next()) all.push_back(read_account(query));
    return all;
  });
}

net::task<bool> SqliteAccounts::is_any() {
  return read([](SqliteConnection& connection) { return is_any_account(connection); });
}

net::task<std::vector<std::string>> SqliteAccounts::ended(std::vector<std::string> ids) {
  return read([ids = std::move(ids)](SqliteConnection& connection) {
    std::vector<std::string> ended = ids;
    std::erase_if(ended, [&](std::string const& id) { return !is_ended(connection, id); });
    return ended;
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
