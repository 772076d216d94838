#include "store/sqlite/outbox.h"

#include "base/error.h"
#include "base/limits.h"
#include "store/sqlite/owned_rows.h"

#include <fmt/format.h>

namespace store {
namespace {

MessageState parse_state(std::string_view text) {
  for (MessageState const state : all_message_states) {
    if (name(state) == text) return state;
  }
  throw base::Error(base::Fault::corrupt, fmt::format("a stored message has the state {}", text));
}

// Reads the columns that every query of mails selects, in their order.
Mail read_mail(SqliteQuery& query) {
  Mail mail;
  mail.id = query.read_text();
  mail.owner_id = query.read_text();
  mail.account_id = query.read_text();
  mail.api_version = query.read_number<int>();
  mail.address = query.read_text();
  mail.link_base = query.read_text();
  mail.state = parse_state(query.read_text());
  mail.round = query.read_number<int>();
  mail.attempts = query.read_number<int>();
  mail.error = query.read_text();
  mail.created_at = query.read_number();
  mail.due_at = query.read_number();
  return mail;
}

// The same for deliveries.
Delivery read_delivery(SqliteQuery& query) {
  Delivery delivery;
  delivery.id = query.read_text();
  delivery.owner_id = query.read_text();
  delivery.account_id = query.read_text();
  delivery.host = query.read_text();
  delivery.sealed_url = query.read_text();
  delivery.link_base = query.read_text();
  delivery.state = parse_state(query.read_text());
  delivery.attempts = query.read_number<int>();
  delivery.last_status = query.read_number<int>();
  delivery.error = query.read_text();
  delivery.created_at = query.read_number();
  delivery.due_at = query.read_number();
  return delivery;
}

void insert_mail(SqliteConnection& connection, Mail const& mail) {
  SqliteQuery(connection,
              "INSERT INTO mails (id, owner_id, account_id, api_version, address, link_base,"
              " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(mail.id)
      .text(mail.owner_id)
      .text(mail.account_id)
      .number(mail.api_version)
      .text(mail.address)
      .text(mail.link_base)
      .number(mail.created_at)
      .run();
}

void insert_delivery(SqliteConnection& connection, Delivery const& delivery) {
  SqliteQuery(connection,
              "INSERT INTO deliveries (id, owner_id, account_id, host, sealed_url, link_base,"
              " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(delivery.id)
      .text(delivery.owner_id)
      .text(delivery.account_id)
      .text(delivery.host)
      .blob(delivery.sealed_url)
      .text(delivery.link_base)
      .number(delivery.created_at)
      .run();
}

// Hosts are walked by the index, each for its first deliveries: the cost grows with the hosts that
// have waiting deliveries, not with these. Then come the first ones of each account.
constexpr char select_due_deliveries[] = R"sql(
WITH RECURSIVE hosts(host) AS (
  SELECT min(host) FROM deliveries WHERE due_at <> 0
  UNION ALL
  SELECT (SELECT min(host) FROM deliveries WHERE due_at <> 0 AND deliveries.host > hosts.host)
    FROM hosts WHERE hosts.host IS NOT NULL
),
first_of_host(place) AS (
  SELECT deliveries.rowid FROM hosts JOIN deliveries ON deliveries.rowid IN
    (SELECT rowid FROM deliveries AS its WHERE its.host = hosts.host AND its.due_at <> 0
       AND its.due_at <= ?1 ORDER BY its.due_at, its.rowid LIMIT ?2)
),
first_of_account AS (
  SELECT deliveries.rowid AS place, *, row_number() OVER
    (PARTITION BY account_id ORDER BY due_at, deliveries.rowid) AS of_account
  FROM first_of_host JOIN deliveries ON deliveries.rowid = first_of_host.place
)
SELECT id, owner_id, account_id, host, sealed_url, link_base, state, attempts, last_status, error,
  created_at, due_at
FROM first_of_account WHERE of_account <= ?3 ORDER BY due_at, place LIMIT ?4
)sql";

// Durable: a delivery that was made, or given up, is not sent again.
bool end_row(SqliteConnection& connection, std::string_view id, Attempt const& attempt) {
  bool const sent = attempt.error.empty();
  return SqliteQuery(connection,
                     "UPDATE deliveries SET state = ?, attempts = attempts + 1, last_status = ?,"
                     " error = ?, due_at = 0 WHERE id = ? AND state IN ('waiting', 'retrying')")
             .text(name(sent ? MessageState::sent : MessageState::failed))
             .number(attempt.status)
             .text(attempt.error)
             .text(id)
             .run() > 0;
}

}  // namespace

void insert_messages(SqliteConnection& connection, std::optional<Mail> const& mail,
                     std::optional<Delivery> const& delivery) {
  if (mail) insert_mail(connection, *mail);
  if (delivery) insert_delivery(connection, *delivery);
}

void make_messages_due(SqliteConnection& connection, std::string_view owner_id,
                       base::UnixSeconds now) {
  for (char const* statement : {"UPDATE mails SET due_at = ? WHERE owner_id = ?"
                                " AND due_at = 0 AND state IN ('waiting', 'retrying')",
                                "UPDATE deliveries SET due_at = ? WHERE owner_id = ?"
                                " AND due_at = 0 AND state IN ('waiting', 'retrying')"})
    SqliteQuery(connection, statement).number(now).text(owner_id).run();
}

void renew_messages(SqliteConnection& connection, std::string_view owner_id,
                    std::optional<Delivery> const& delivery) {
  SqliteQuery(connection,
              "UPDATE mails SET state = 'waiting', round = round + 1, attempts = 0, error = '',"
              " due_at = 0 WHERE owner_id = ?")
      .text(owner_id)
      .run();
  if (!delivery) return;
  SqliteQuery(connection, "DELETE FROM deliveries WHERE owner_id = ?").text(owner_id).run();
  insert_delivery(connection, *delivery);
}

net::task<std::optional<Mail>> SqliteOutbox::find_mail(std::string id) {
  return read([id = std::move(id)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, owner_id, account_id, api_version, address, link_base, state,"
                      " round, attempts, error, created_at, due_at FROM mails WHERE id = ?");
    std::optional<Mail> mail;
    if (query.text(id).next()) mail = read_mail(query);
    return mail;
  });
}

net::task<std::vector<Mail>> SqliteOutbox::due_mails(base::UnixSeconds now) {
  return read([now](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, owner_id, account_id, api_version, address, link_base, state,"
                      " round, attempts, error, created_at, due_at FROM mails"
                      " WHERE due_at <> 0 AND due_at <= ? ORDER BY due_at, rowid LIMIT ?");
    query.number(now).number(base::limits::mails_at_once);
    std::vector<Mail> due;
    while (query.next()) due.push_back(read_mail(query));
    return due;
  });
}

net::task<bool> SqliteOutbox::put_off_mail(Mail mail, std::string error, base::UnixSeconds due_at) {
  return write(WriteMode::relaxed, [mail = std::move(mail), error = std::move(error),
                                    due_at](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "UPDATE mails SET state = 'retrying', attempts = attempts + 1, error = ?,"
                       " due_at = ? WHERE id = ? AND round = ? AND due_at <> 0")
               .text(error)
               .number(due_at)
               .text(mail.id)
               .number(mail.round)
               .run() > 0;
  });
}

// Durable: a mail that went out is not sent again.
net::task<bool> SqliteOutbox::end_mail(Mail mail, MessageState state, std::string error) {
  base::check(has_ended(state), "a mail ends as sent or failed");
  return write(WriteMode::durable, [mail = std::move(mail), state,
                                    error = std::move(error)](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "UPDATE mails SET state = ?, error = ?, due_at = 0"
                       " WHERE id = ? AND round = ? AND due_at <> 0")
               .text(name(state))
               .text(error)
               .text(mail.id)
               .number(mail.round)
               .run() > 0;
  });
}

net::task<std::optional<Delivery>> SqliteOutbox::find_delivery(std::string owner_id) {
  return read([owner_id = std::move(owner_id)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, owner_id, account_id, host, sealed_url, link_base, state,"
                      " attempts, last_status, error, created_at, due_at"
                      " FROM deliveries WHERE owner_id = ?");
    std::optional<Delivery> found;
    if (query.text(owner_id).next()) found = read_delivery(query);
    return found;
  });
}

// Deliveries under way stay among the first of their host and account, so that no more are begun.
net::task<std::vector<Delivery>> SqliteOutbox::due_deliveries(base::UnixSeconds now) {
  return read([now](SqliteConnection& connection) {
    SqliteQuery query(connection, select_due_deliveries);
    query.number(now)
        .number(base::limits::webhooks_of_host_at_once)
        .number(base::limits::webhooks_of_account_at_once)
        .number(base::limits::webhooks_at_once);
    std::vector<Delivery> due;
    while (query.next()) due.push_back(read_delivery(query));
    return due;
  });
}

net::task<bool> SqliteOutbox::put_off_delivery(std::string id, Attempt attempt,
                                               base::UnixSeconds due_at) {
  return write(WriteMode::relaxed, [id = std::move(id), attempt = std::move(attempt),
                                    due_at](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "UPDATE deliveries SET state = 'retrying', attempts = attempts + 1,"
                       " last_status = ?, error = ?, due_at = ?"
                       " WHERE id = ? AND state IN ('waiting', 'retrying')")
               .number(attempt.status)
               .text(attempt.error)
               .number(due_at)
               .text(id)
               .run() > 0;
  });
}

net::task<bool> SqliteOutbox::end_delivery(std::string id, Attempt attempt) {
  return write(WriteMode::durable,
               [id = std::move(id), attempt = std::move(attempt)](SqliteConnection& connection) {
                 return end_row(connection, id, attempt);
               });
}

}  // namespace store
