// What accounts did, in SQLite.
#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

#include <chrono>

namespace store {
namespace {

constexpr std::int64_t seconds_an_hour = 3600;

std::int64_t hour_of(base::UnixSeconds time) {
  return time / seconds_an_hour;
}

}  // namespace

void add_usage(SqliteConnection& connection, std::string_view account_id, Counted what,
               std::uint64_t amount, base::UnixSeconds now) {
  SqliteQuery(connection,
              "INSERT INTO usage (account_id, hour, counted, amount)"
              " SELECT id, ?2, ?3, ?4 FROM accounts WHERE id = ?1"
              " ON CONFLICT (account_id, hour, counted) DO UPDATE"
              " SET amount = amount + excluded.amount")
      .text(account_id)
      .number(hour_of(now))
      .text(name(what))
      .number(amount)
      .run();
}

// Relaxed: nothing but a figure is lost.
void SqliteStore::count_usage(std::string_view account_id, Counted what, std::uint64_t amount,
                              base::UnixSeconds now) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    add_usage(connection, account_id, what, amount, now);
  });
}

Usage SqliteStore::usage_since(std::string_view account_id, base::UnixSeconds since) {
  return database_->read([&](SqliteConnection& connection) {
    Usage usage;
    for (std::size_t i = 0; i < counted_kinds; ++i) {
      SqliteQuery query(connection,
                        "SELECT coalesce(sum(amount), 0) FROM usage"
                        " WHERE account_id = ? AND hour >= ? AND counted = ?");
      query.text(account_id).number(hour_of(since)).text(name(static_cast<Counted>(i))).next();
      usage.amounts.at(i) = query.read_number<std::uint64_t>();
    }
    return usage;
  });
}

std::uint64_t SqliteStore::count_jobs_of(std::string_view account_id, JobState state) {
  return database_->read([&](SqliteConnection& connection) {
    SqliteQuery query(
        connection,
        "SELECT count(*) FROM jobs WHERE state = ? AND cancelled = ? AND account_id = ?");
    query.text(name(state)).number(state == JobState::cancelled).text(account_id).next();
    return query.read_number<std::uint64_t>();
  });
}

void SqliteStore::forget_old_usage(base::UnixSeconds now) {
  base::UnixSeconds const end = now - std::chrono::seconds(base::limits::usage_retention).count();
  auto const is_any = [&](SqliteConnection& connection) {
    SqliteQuery query(connection, "SELECT 1 FROM usage WHERE hour < ? LIMIT 1");
    return query.number(hour_of(end)).next();
  };
  if (!database_->read(is_any)) return;
  database_->write(WriteMode::bulk_delete, [&](SqliteConnection& connection) {
    SqliteQuery(connection, "DELETE FROM usage WHERE hour < ?").number(hour_of(end)).run();
  });
}

}  // namespace store
