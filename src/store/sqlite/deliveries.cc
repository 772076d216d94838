// Deliveries of webhooks in SQLite.
#include "base/error.h"
#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

namespace store {
namespace {

// Of the columns that both queries select, in their order.
Delivery read_delivery(SqliteQuery& query) {
  Delivery delivery;
  delivery.id = query.read_text();
  delivery.owner_id = query.read_text();
  delivery.account_id = query.read_text();
  delivery.host = query.read_text();
  delivery.sealed_url = query.read_text();
  delivery.link_base = query.read_text();
  delivery.state = parse_job_state(query.read_text());
  delivery.attempts = query.read_number<int>();
  delivery.last_status = query.read_number<int>();
  delivery.error = query.read_text();
  delivery.created_at = query.read_number();
  delivery.next_attempt_at = query.read_number();
  return delivery;
}

std::vector<Delivery> read_all(SqliteQuery& query) {
  std::vector<Delivery> all;
  while (query.next()) all.push_back(read_delivery(query));
  return all;
}

}  // namespace

void insert_delivery_row(SqliteConnection& connection, Delivery const& delivery) {
  base::check(delivery.state == JobState::pending, "a new delivery is pending");
  SqliteQuery(connection,
              "INSERT INTO deliveries (id, owner_id, account_id, host, sealed_url, link_base,"
              " state, created_at) VALUES (?, ?, ?, ?, ?, ?, 'PENDING', ?)"
              " ON CONFLICT (owner_id) DO NOTHING")
      .text(delivery.id)
      .text(delivery.owner_id)
      .text(delivery.account_id)
      .text(delivery.host)
      .blob(delivery.sealed_url)
      .text(delivery.link_base)
      .number(delivery.created_at)
      .run();
}

// Durable: the client is told of its job, which is to tell of its end.
void SqliteStore::insert_delivery(Delivery const& delivery) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    insert_delivery_row(connection, delivery);
  });
}

std::vector<Delivery> SqliteStore::deliveries_of(std::string_view owner_id) {
  return database_->read([owner_id](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, owner_id, account_id, host, sealed_url, link_base, state,"
                      " attempts, last_status, error, created_at, next_attempt_at"
                      " FROM deliveries WHERE owner_id = ?");
    query.text(owner_id);
    return read_all(query);
  });
}

// What is under way stays among the first of its host and account, so that no more are begun.
std::vector<Delivery> SqliteStore::due_deliveries(base::UnixSeconds now) {
  return database_->read([now](SqliteConnection& connection) {
    // The first of each host, and of these the first of each account.
    SqliteQuery query(
        connection,
        "SELECT id, owner_id, account_id, host, sealed_url, link_base, state, attempts,"
        " last_status, error, created_at, next_attempt_at"
        " FROM (SELECT *, row_number() OVER"
        "   (PARTITION BY account_id ORDER BY next_attempt_at, place) AS of_account"
        "  FROM (SELECT *, rowid AS place, row_number() OVER"
        "    (PARTITION BY host ORDER BY next_attempt_at, rowid) AS of_host"
        "   FROM deliveries WHERE state IN ('PENDING', 'RETRY') AND next_attempt_at <= ? AND"
        "    (EXISTS (SELECT 1 FROM jobs WHERE jobs.id = owner_id"
        "             AND jobs.state IN ('SUCCESS', 'FAILURE')) OR"
        "     EXISTS (SELECT 1 FROM streams WHERE streams.id = owner_id"
        "             AND (streams.state <> 'LISTING' OR erased = 1))))"
        "  WHERE of_host <= ?)"
        " WHERE of_account <= ? ORDER BY next_attempt_at, place LIMIT ?");
    query.number(now)
        .number(base::limits::webhooks_of_host_at_once)
        .number(base::limits::webhooks_of_account_at_once)
        .number(base::limits::webhooks_at_once);
    return read_all(query);
  });
}

void SqliteStore::retry_delivery(std::string_view id, Attempt const& attempt,
                                 base::UnixSeconds next_attempt_at) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "UPDATE deliveries SET state = 'RETRY', attempts = attempts + 1, last_status = ?,"
                " error = ?, next_attempt_at = ? WHERE id = ? AND state IN ('PENDING', 'RETRY')")
        .number(attempt.status)
        .text(attempt.error)
        .number(next_attempt_at)
        .text(id)
        .run();
  });
}

// Durable: what was delivered is not sent again.
void SqliteStore::finish_delivery(std::string_view id, Attempt const& attempt) {
  JobState const state = attempt.error.empty() ? JobState::success : JobState::failure;
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "UPDATE deliveries SET state = ?, attempts = attempts + 1, last_status = ?,"
                " error = ?, next_attempt_at = 0 WHERE id = ? AND state IN ('PENDING', 'RETRY')")
        .text(name(state))
        .number(attempt.status)
        .text(attempt.error)
        .text(id)
        .run();
  });
}

}  // namespace store
