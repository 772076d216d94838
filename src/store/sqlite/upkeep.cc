#include "store/sqlite/upkeep.h"

#include "base/limits.h"
#include "base/service_limits.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/crcs.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/owned_rows.h"
#include "store/sqlite/sign_ins.h"
#include "store/sqlite/user_keys.h"

#include <chrono>

namespace store {
namespace {

constexpr std::size_t owners_at_once = base::limits::expiry_owners;

// Up to `owners_at_once` ids whose time, the query's one parameter, is not after `time`.
std::vector<std::string> due_owners(SqliteConnection& connection, char const* sql,
                                    base::UnixSeconds time) {
  return SqliteQuery(connection, sql).number(time).number(owners_at_once).read_texts();
}

base::UnixSeconds ago(base::UnixSeconds now, std::chrono::seconds time) {
  return now - time.count();
}

bool erase_expired_links(SqliteDatabase& database, base::UnixSeconds now) {
  std::size_t const count = database.write(WriteMode::durable, [now](SqliteConnection& connection) {
    std::vector<std::string> const ids =
        due_owners(connection,
                   "SELECT id FROM links WHERE erased = 0 AND expires_at <= ?"
                   " ORDER BY expires_at LIMIT ?",
                   now);
    for (std::string const& id : ids) {
      erase_link(connection, id);
      make_messages_due(connection, id, now);
    }
    return ids.size();
  });
  if (count > 0) database.note_erasure();
  return count == owners_at_once;
}

// The owners' credentials are gone already; nothing else that is left of them is secret.
bool delete_old_owners(SqliteDatabase& database, base::UnixSeconds now) {
  return database.write(WriteMode::bulk_delete, [now](SqliteConnection& connection) {
    std::vector<std::string> const jobs = due_owners(
        connection, "SELECT id FROM jobs WHERE settled_at <> 0 AND settled_at <= ? LIMIT ?",
        ago(now, base::limits::job_retention));
    for (std::string const& id : jobs) {
      delete_owned_rows(connection, id);
      mark_selection_dropped(connection, id);
      SqliteQuery(connection, "DELETE FROM jobs WHERE id = ?").text(id).run();
    }
    std::vector<std::string> const links =
        due_owners(connection, "SELECT id FROM links WHERE erased = 1 AND expires_at <= ? LIMIT ?",
                   ago(now, base::limits::expired_link_retention));
    for (std::string const& id : links) {
      delete_owned_rows(connection, id);
      SqliteQuery(connection, "DELETE FROM links WHERE id = ?").text(id).run();
    }
    return jobs.size() == owners_at_once || links.size() == owners_at_once;
  });
}

// The number of chunks that went; nullopt if no selection is dropped.
std::optional<std::size_t> drop_step(SqliteConnection& connection) {
  std::string owner;
  {
    SqliteQuery query(connection, "SELECT owner_id FROM dropped_selections LIMIT 1");
    if (!query.next()) return std::nullopt;
    owner = query.read_text();
  }
  return drop_some_chunks(connection, owner);
}

bool drop_left_chunks(SqliteDatabase& database) {
  for (std::size_t dropped = 0; dropped < base::limits::expiry_chunks;) {
    std::optional<std::size_t> const step = database.write(WriteMode::bulk_delete, drop_step);
    if (!step) return false;
    dropped += *step;
  }
  return true;
}

// The hours of a day that is long ago become one row, at its first hour. Looks two days back only,
// as it is called every minute: what a program that stood still for longer finds stays as it is.
void join_hours_of_old_days(SqliteDatabase& database, base::UnixSeconds now) {
  constexpr std::int64_t day = 24;
  std::int64_t const end = usage_hour(ago(now, base::limits::usage_by_the_hour)) / day * day;
  auto const is_any = [=](SqliteConnection& connection) {
    SqliteQuery query(
        connection, "SELECT 1 FROM usage WHERE hour >= ? AND hour < ? AND hour % 24 <> 0 LIMIT 1");
    return query.number(end - 2 * day).number(end).next();
  };
  if (!database.read(is_any)) return;
  database.write(WriteMode::bulk_delete, [=](SqliteConnection& connection) {
    SqliteQuery(connection,
                "INSERT INTO usage (account_id, hour, counted, amount)"
                " SELECT account_id, hour - hour % 24 AS day, counted, sum(amount) FROM usage"
                " WHERE hour >= ? AND hour < ? AND hour % 24 <> 0 GROUP BY account_id, day, counted"
                " ON CONFLICT DO UPDATE SET amount = amount + excluded.amount")
        .number(end - 2 * day)
        .number(end)
        .run();
    SqliteQuery(connection, "DELETE FROM usage WHERE hour >= ? AND hour < ? AND hour % 24 <> 0")
        .number(end - 2 * day)
        .number(end)
        .run();
  });
}

void forget_old_usage(SqliteDatabase& database, base::UnixSeconds now) {
  std::int64_t const end = usage_hour(ago(now, base::limits::usage_retention));
  auto const is_any = [end](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT 1 FROM usage WHERE hour < ? LIMIT 1");
    return query.number(end).next();
  };
  if (!database.read(is_any)) return;
  database.write(WriteMode::bulk_delete, [end](SqliteConnection& connection) {
    SqliteQuery(connection, "DELETE FROM usage WHERE hour < ?").number(end).run();
  });
}

}  // namespace

net::task<std::optional<std::string>> SqliteUpkeep::get_setting(std::string name) {
  return read([name = std::move(name)](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT value FROM settings WHERE name = ?");
    std::optional<std::string> value;
    if (query.text(name).next()) value = query.read_text();
    return value;
  });
}

net::task<void> SqliteUpkeep::set_setting(std::string name, std::string value) {
  return write(WriteMode::durable, [name = std::move(name),
                                    value = std::move(value)](SqliteConnection& connection) {
    SqliteQuery(connection, "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")
        .text(name)
        .text(value)
        .run();
  });
}

// The value is as large as a new job may be: on a full disk a few pages would still find their
// place in the log, and a job's would not.
net::task<void> SqliteUpkeep::check_usable() {
  return write(WriteMode::relaxed, [](SqliteConnection& connection) {
    SqliteQuery(connection,
                "INSERT OR REPLACE INTO settings (name, value) VALUES ('ready_check', ?)")
        .text(std::string(base::limits::ready_check_bytes, '-'))
        .run();
  });
}

net::task<bool> SqliteUpkeep::remove_expired(base::UnixSeconds now) {
  return work([now](SqliteDatabase& database) {
    end_former_secrets(database, now);
    forget_sign_ins(database, now);
    bool more = erase_expired_links(database, now);
    more |= end_work_of_accounts(database, now);
    more |= delete_old_owners(database, now);
    more |= delete_left_accounts(database);
    more |= drop_left_chunks(database);
    more |= forget_unused_crcs(database, now);
    join_hours_of_old_days(database, now);
    forget_old_usage(database, now);
    database.purge_log();
    return more;
  });
}

}  // namespace store
