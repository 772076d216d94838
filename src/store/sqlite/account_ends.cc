// Accounts in SQLite that are disabled or deleted, and what becomes of their work.
//
// A deleted account is a disabled one that is found no more. Its row stays as long as a job of it
// has something to clean in a bucket, or a zip to delete from it: these rows point to it.
#include "base/error.h"
#include "base/limits.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

namespace store {
namespace {

void erase_kept(SqliteConnection& connection, std::string_view account_id) {
  SqliteQuery(connection, "DELETE FROM kept_credentials WHERE account_id = ?")
      .text(account_id)
      .run();
}

bool is_ended(SqliteConnection& connection, std::string_view account_id) {
  SqliteQuery query(connection, "SELECT 1 FROM accounts WHERE id = ? AND NOT disabled");
  return !query.text(account_id).next();
}

// Of a deleted account, up to a bounded number: jobs that have ended and left nothing to do.
std::vector<std::string> jobs_to_forget(SqliteConnection& connection) {
  return SqliteQuery(connection,
                     "SELECT id FROM jobs WHERE account_id IN"
                     " (SELECT id FROM accounts WHERE deleted)"
                     " AND state IN ('SUCCESS', 'FAILURE') AND cleaning = 0"
                     " AND NOT EXISTS (SELECT 1 FROM zip_expiries WHERE owner_id = jobs.id"
                     " AND expires_at <> 0 AND zip_expiries.ended_at = 0) LIMIT ?")
      .number(base::limits::expiry_owners)
      .read_texts();
}

std::vector<std::string> streams_to_forget(SqliteConnection& connection) {
  return SqliteQuery(connection,
                     "SELECT id FROM streams WHERE erased = 1 AND account_id IN"
                     " (SELECT id FROM accounts WHERE deleted) LIMIT ?")
      .number(base::limits::expiry_owners)
      .read_texts();
}

void forget(SqliteConnection& connection, char const* sql, std::vector<std::string> const& ids) {
  for (std::string const& id : ids) {
    delete_parts(connection, id);
    mark_selection_dropped(connection, id);
    SqliteQuery(connection, sql).text(id).run();
  }
}

void delete_empty_accounts(SqliteConnection& connection) {
  std::vector<std::string> const ids =
      SqliteQuery(connection,
                  "SELECT id FROM accounts WHERE deleted"
                  " AND NOT EXISTS (SELECT 1 FROM jobs WHERE account_id = accounts.id)"
                  " AND NOT EXISTS (SELECT 1 FROM streams WHERE account_id = accounts.id)")
          .read_texts();
  for (std::string const& id : ids) {
    SqliteQuery(connection, "DELETE FROM usage WHERE account_id = ?").text(id).run();
    SqliteQuery(connection, "DELETE FROM accounts WHERE id = ?").text(id).run();
  }
}

// False where the statement, which names the account, finds it ended already. Durable: whoever was
// told so does not see the account work again.
bool end_account(SqliteDatabase& database, std::string_view id, char const* statement) {
  bool const done = database.write(WriteMode::durable, [&](SqliteConnection& connection) {
    bool const changed = SqliteQuery(connection, statement).text(id).run() > 0;
    if (changed) erase_kept(connection, id);
    return changed;
  });
  if (done) database.note_erasure();
  return done;
}

}  // namespace

void check_may_work(SqliteConnection& connection, std::string_view account_id) {
  SqliteQuery query(connection, "SELECT 1 FROM accounts WHERE id = ? AND disabled");
  if (query.text(account_id).next())
    throw base::Error(base::Fault::unauthorized, "the account is disabled");
}

bool SqliteStore::disable_account(std::string_view id) {
  return end_account(*database_, id,
                     "UPDATE accounts SET disabled = 1, key_generation = key_generation + 1"
                     " WHERE id = ? AND NOT disabled");
}

bool SqliteStore::delete_account(std::string_view id) {
  // No name and no userKey has a space at its beginning.
  return end_account(
      *database_, id,
      "UPDATE accounts SET deleted = 1, disabled = 1, secret_hash = x'', error_url = '',"
      " key_generation = key_generation + 1, name = ' ' || id, user_key = ' ' || id"
      " WHERE id = ? AND NOT deleted");
}

bool SqliteStore::enable_account(std::string_view id) {
  return database_->write(WriteMode::durable, [id](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "UPDATE accounts SET disabled = 0 WHERE id = ? AND disabled AND NOT deleted")
               .text(id)
               .run() > 0;
  });
}

std::vector<std::string> SqliteStore::ended_accounts(std::span<std::string const> ids) {
  return database_->read([ids](SqliteConnection& connection) {
    std::vector<std::string> ended;
    for (std::string const& id : ids) {
      if (is_ended(connection, id)) ended.push_back(id);
    }
    return ended;
  });
}

// One that is started is told so by the next word about its progress, and cleans up.
bool SqliteStore::fail_jobs_of_the_disabled(base::UnixSeconds now) {
  auto const find = [](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "SELECT id FROM jobs WHERE state IN ('PENDING', 'STARTED', 'RETRY')"
                       " AND account_id IN (SELECT id FROM accounts WHERE disabled) LIMIT ?")
        .number(base::limits::expiry_owners)
        .read_texts();
  };
  std::vector<std::string> const ids = database_->read(find);
  if (ids.empty()) return false;
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    // Once more, by who it belongs to: an account may have been enabled meanwhile.
    for (std::string const& id : ids) {
      std::optional<Job> const job = read_job_state(connection, id);
      if (job && is_ended(connection, job->account_id))
        end_early(connection, id, {"the account has been disabled", Counted::zips_failed}, now);
    }
  });
  database_->note_erasure();
  return ids.size() == base::limits::expiry_owners;
}

bool SqliteStore::delete_left_accounts() {
  auto const is_any = [](SqliteConnection& connection) {
    return SqliteQuery(connection, "SELECT 1 FROM accounts WHERE deleted LIMIT 1").next();
  };
  if (!database_->read(is_any)) return false;
  return database_->write(WriteMode::durable, [](SqliteConnection& connection) {
    std::vector<std::string> const jobs = jobs_to_forget(connection);
    forget(connection, "DELETE FROM jobs WHERE id = ?", jobs);
    std::vector<std::string> const streams = streams_to_forget(connection);
    forget(connection, "DELETE FROM streams WHERE id = ?", streams);
    delete_empty_accounts(connection);
    std::size_t const most = base::limits::expiry_owners;
    return jobs.size() == most || streams.size() == most;
  });
}

}  // namespace store
