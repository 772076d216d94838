#include "store/sqlite/sign_ins.h"

#include "base/error.h"
#include "base/service_limits.h"
#include "store/sqlite/accounts.h"

#include <chrono>

namespace store {
namespace {

// The time at which sessions must have been seen that have not ended.
base::UnixSeconds seen_after(base::UnixSeconds now) {
  return now - std::chrono::seconds(base::limits::session_life).count();
}

// The first columns of the view sessions_and_accounts.
accounts::Session read_session(SqliteQuery& query) {
  return {.id = query.read_text(),
          .token_hash = query.read_text(),
          .account_id = query.read_text(),
          .created_at = query.read_number(),
          .seen_at = query.read_number(),
          .browser = query.read_text(),
          .address = query.read_text()};
}

void insert_session(SqliteConnection& connection, accounts::Session const& session) {
  if (is_ended(connection, session.account_id))
    throw base::Error(base::Fault::conflict, "the account has been disabled");
  SqliteQuery(connection,
              "INSERT INTO sessions (id, token_hash, account_id, created_at, seen_at, browser,"
              " address) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(session.id)
      .blob(session.token_hash)
      .text(session.account_id)
      .number(session.created_at)
      .number(session.seen_at)
      .text(session.browser)
      .text(session.address)
      .run();
  // Sessions that were seen longest ago end where there are too many.
  SqliteQuery(connection,
              "DELETE FROM sessions WHERE account_id = ?1 AND id NOT IN (SELECT id FROM sessions"
              " WHERE account_id = ?1 ORDER BY seen_at DESC, id LIMIT ?2)")
      .text(session.account_id)
      .number(base::limits::max_sessions)
      .run();
}

void insert_code(SqliteConnection& connection, accounts::Code const& code) {
  if (code.kind == accounts::CodeKind::set_up)
    SqliteQuery(connection, "DELETE FROM codes WHERE kind = ?").text(name(code.kind)).run();
  SqliteQuery(connection,
              "INSERT INTO codes (token_hash, kind, account_id, name, password_hash, expires_at)"
              " VALUES (?, ?, ?, ?, ?, ?)")
      .blob(code.token_hash)
      .text(name(code.kind))
      .text(code.account_id)
      .text(code.name)
      .text(code.password_hash)
      .number(code.expires_at)
      .run();
}

std::optional<accounts::Code> take(SqliteConnection& connection, accounts::CodeKind kind,
                                   std::string_view token_hash, base::UnixSeconds now) {
  std::optional<accounts::Code> taken;
  {
    SqliteQuery query(connection,
                      "SELECT account_id, name, password_hash, expires_at FROM codes"
                      " WHERE token_hash = ? AND kind = ? AND expires_at > ?");
    if (!query.blob(token_hash).text(name(kind)).number(now).next()) return taken;
    taken = accounts::Code{.token_hash = std::string(token_hash),
                           .kind = kind,
                           .account_id = query.read_text(),
                           .name = query.read_text(),
                           .password_hash = query.read_text(),
                           .expires_at = query.read_number()};
  }
  SqliteQuery(connection, "DELETE FROM codes WHERE token_hash = ?").blob(token_hash).run();
  return taken;
}

std::optional<accounts::Account> redeem_code(SqliteConnection& connection, accounts::CodeKind kind,
                                             std::string_view token_hash, accounts::Account account,
                                             base::UnixSeconds now) {
  if (kind == accounts::CodeKind::set_up && is_any_account(connection)) return std::nullopt;
  std::optional<accounts::Code> const code = take(connection, kind, token_hash, now);
  if (!code) return std::nullopt;
  if (!code->name.empty()) {
    account.name = code->name;
    account.password_hash = code->password_hash;
  }
  insert_account(connection, account);
  return account;
}

}  // namespace

void forget_sign_ins(SqliteDatabase& database, base::UnixSeconds now) {
  auto const is_any = [now](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT 1 WHERE EXISTS (SELECT 1 FROM codes WHERE expires_at <= ?)"
                      " OR EXISTS (SELECT 1 FROM sessions WHERE seen_at <= ?)");
    return query.number(now).number(seen_after(now)).next();
  };
  if (!database.read(is_any)) return;
  database.write(WriteMode::bulk_delete, [now](SqliteConnection& connection) {
    SqliteQuery(connection, "DELETE FROM codes WHERE expires_at <= ?").number(now).run();
    SqliteQuery(connection, "DELETE FROM sessions WHERE seen_at <= ?")
        .number(seen_after(now))
        .run();
  });
}

// Durable, as people are told that they are signed in.
net::task<void> SqliteSignIns::begin_session(accounts::Session session) {
  return write(WriteMode::durable, [session = std::move(session)](SqliteConnection& connection) {
    insert_session(connection, session);
  });
}

net::task<std::optional<SessionOfAccount>> SqliteSignIns::find_session(std::string token_hash,
                                                                       base::UnixSeconds now) {
  return read([token_hash = std::move(token_hash), now](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT * FROM sessions_and_accounts WHERE token_hash = ? AND seen_at > ?");
    std::optional<SessionOfAccount> found;
    if (!query.blob(token_hash).number(seen_after(now)).next()) return found;
    accounts::Session session = read_session(query);
    found = SessionOfAccount{std::move(session), read_account(query)};
    return found;
  });
}

// Relaxed: a session may end a little early.
net::task<void> SqliteSignIns::note_session(std::string id, std::string address,
                                            base::UnixSeconds now) {
  return write(WriteMode::relaxed, [id = std::move(id), address = std::move(address),
                                    now](SqliteConnection& connection) {
    SqliteQuery(connection, "UPDATE sessions SET seen_at = ?, address = ? WHERE id = ?")
        .number(now)
        .text(address)
        .text(id)
        .run();
  });
}

net::task<std::vector<accounts::Session>> SqliteSignIns::list_sessions(std::string account_id,
                                                                       base::UnixSeconds now) {
  return read([account_id = std::move(account_id), now](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT * FROM sessions_and_accounts WHERE account_id = ? AND seen_at > ?"
                      " ORDER BY seen_at DESC, session_id");
    query.text(account_id).number(seen_after(now));
    std::vector<accounts::Session> all;
    while (query.next()) all.push_back(read_session(query));
    return all;
  });
}

// Durable: a session that was ended does not come back.
net::task<bool> SqliteSignIns::end_session(std::string account_id, std::string id) {
  return write(WriteMode::durable, [account_id = std::move(account_id),
                                    id = std::move(id)](SqliteConnection& connection) {
    return SqliteQuery(connection, "DELETE FROM sessions WHERE account_id = ? AND id = ?")
               .text(account_id)
               .text(id)
               .run() > 0;
  });
}

net::task<void> SqliteSignIns::end_sessions(std::string account_id, std::string except_id) {
  return write(WriteMode::durable,
               [account_id = std::move(account_id),
                except_id = std::move(except_id)](SqliteConnection& connection) {
                 SqliteQuery(connection, "DELETE FROM sessions WHERE account_id = ? AND id <> ?")
                     .text(account_id)
                     .text(except_id)
                     .run();
               });
}

net::task<void> SqliteSignIns::add_code(accounts::Code code) {
  return write(WriteMode::durable, [code = std::move(code)](SqliteConnection& connection) {
    insert_code(connection, code);
  });
}

// Durable: a code that was taken does not count again.
net::task<std::optional<accounts::Code>> SqliteSignIns::take_code(accounts::CodeKind kind,
                                                                  std::string token_hash,
                                                                  base::UnixSeconds now) {
  return write(WriteMode::durable,
               [kind, token_hash = std::move(token_hash), now](SqliteConnection& connection) {
                 return take(connection, kind, token_hash, now);
               });
}

net::task<std::optional<accounts::Account>> SqliteSignIns::redeem(accounts::CodeKind kind,
                                                                  std::string token_hash,
                                                                  accounts::Account account,
                                                                  base::UnixSeconds now) {
  return write(WriteMode::durable,
               [kind, token_hash = std::move(token_hash), account = std::move(account),
                now](SqliteConnection& connection) {
                 return redeem_code(connection, kind, token_hash, account, now);
               });
}

}  // namespace store
