// Mails in SQLite.
#include "base/error.h"
#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

namespace store {

// Durable: the client is told the id, and goes on asking for it.
void SqliteStore::insert_mail(Mail const& mail) {
  base::check(mail.state == JobState::pending, "a new mail is pending");
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "INSERT INTO mails (id, owner_id, account_id, api_version, address, link_base,"
                " state, created_at) VALUES (?, ?, ?, ?, ?, ?, 'PENDING', ?)")
        .text(mail.id)
        .text(mail.owner_id)
        .text(mail.account_id)
        .number(mail.api_version)
        .text(mail.address)
        .text(mail.link_base)
        .number(mail.created_at)
        .run();
  });
}

std::optional<Mail> SqliteStore::find_mail(std::string_view id) {
  return database_->read([id](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, owner_id, account_id, api_version, address, link_base, state,"
                      " attempts, error, created_at FROM mails WHERE id = ?");
    query.text(id);
    if (!query.next()) return std::optional<Mail>();
    Mail mail;
    mail.id = query.read_text();
    mail.owner_id = query.read_text();
    mail.account_id = query.read_text();
    mail.api_version = query.read_number<int>();
    mail.address = query.read_text();
    mail.link_base = query.read_text();
    mail.state = parse_job_state(query.read_text());
    mail.attempts = query.read_number<int>();
    mail.error = query.read_text();
    mail.created_at = query.read_number();
    return std::optional(std::move(mail));
  });
}

std::vector<std::string> SqliteStore::mails_to_send() {
  return database_->read([](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id FROM mails WHERE state IN ('PENDING', 'RETRY') AND"
                      " (EXISTS (SELECT 1 FROM jobs WHERE jobs.id = owner_id"
                      "          AND jobs.state IN ('SUCCESS', 'FAILURE')) OR"
                      "  EXISTS (SELECT 1 FROM streams WHERE streams.id = owner_id"
                      "          AND (streams.state <> 'LISTING' OR erased = 1)))"
                      " ORDER BY created_at, rowid LIMIT ?");
    return query.number(base::limits::mails_at_once).read_texts();
  });
}

void SqliteStore::note_mail_failure(std::string_view id, std::string_view error) {
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "UPDATE mails SET state = 'RETRY', attempts = attempts + 1, error = ?"
                " WHERE id = ? AND state IN ('PENDING', 'RETRY') AND NOT EXISTS (SELECT 1 FROM jobs"
                " WHERE jobs.id = owner_id AND jobs.state NOT IN ('SUCCESS', 'FAILURE'))")
        .text(error)
        .text(id)
        .run();
  });
}

// Durable: a mail that went out is not sent again.
void SqliteStore::finish_mail(std::string_view id, JobState state, std::string_view error) {
  base::check(has_ended(state), "a mail ends as success or failure");
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "UPDATE mails SET state = ?, error = ?"
                " WHERE id = ? AND state IN ('PENDING', 'RETRY') AND NOT EXISTS (SELECT 1 FROM jobs"
                " WHERE jobs.id = owner_id AND jobs.state NOT IN ('SUCCESS', 'FAILURE'))")
        .text(name(state))
        .text(error)
        .text(id)
        .run();
  });
}

}  // namespace store
