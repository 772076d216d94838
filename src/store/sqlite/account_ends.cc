// The end of the work of accounts that are disabled or deleted, or whose keys were rotated, in
// SQLite. Such an account is marked `ending` until its links and jobs have ended.
//
// A deleted account is a disabled one that is found no more. Its row stays as long as a job of it
// has something to clean in a bucket, or a zip to delete from it: these rows point to it.
#include "base/limits.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/owned_rows.h"
#include "store/sqlite/upkeep.h"

namespace store {
namespace {

constexpr std::size_t owners_at_once = base::limits::expiry_owners;

std::vector<std::string> ids_of(SqliteConnection& connection, char const* sql,
                                std::string_view account_id) {
  return SqliteQuery(connection, sql).text(account_id).number(owners_at_once).read_texts();
}

// Returns the number of erased links.
std::size_t erase_links(SqliteConnection& connection, std::string_view account_id,
                        base::UnixSeconds now) {
  char const* const sql = is_ended(connection, account_id)
                              ? "SELECT id FROM links WHERE account_id = ? AND erased = 0 LIMIT ?"
                              : "SELECT id FROM links_and_keys WHERE account_id = ? AND erased = 0"
                                " AND signed_by_old_keys LIMIT ?";
  std::vector<std::string> const ids = ids_of(connection, sql, account_id);
  for (std::string const& id : ids) {
    erase_link(connection, id);
    make_messages_due(connection, id, now);
  }
  return ids.size();
}

// The runner of a running job hears of it by its next write, and cleans up.
std::size_t fail_jobs(SqliteConnection& connection, std::string_view account_id,
                      base::UnixSeconds now) {
  if (!is_ended(connection, account_id)) return 0;
  std::vector<std::string> const ids = ids_of(
      connection,
      "SELECT id FROM jobs WHERE account_id = ? AND state IN ('queued', 'running', 'waiting')"
      " LIMIT ?",
      account_id);
  for (std::string const& id : ids)
    end_early(connection, id, {JobState::failed, "the account has been disabled"}, now);
  return ids.size();
}

// Ends some work of one account; true if another step is due.
bool end_step(SqliteConnection& connection, base::UnixSeconds now) {
  std::vector<std::string> const accounts =
      SqliteQuery(connection, "SELECT id FROM accounts WHERE ending LIMIT 1").read_texts();
  if (accounts.empty()) return false;
  std::string const& account = accounts.front();
  std::size_t const links = erase_links(connection, account, now);
  std::size_t const jobs = fail_jobs(connection, account, now);
  if (links == owners_at_once || jobs == owners_at_once) return true;
  SqliteQuery(connection, "UPDATE accounts SET ending = 0 WHERE id = ?").text(account).run();
  return SqliteQuery(connection, "SELECT 1 FROM accounts WHERE ending LIMIT 1").next();
}

// Jobs of deleted accounts that have ended and left nothing to do.
std::vector<std::string> jobs_to_forget(SqliteConnection& connection) {
  return SqliteQuery(connection,
                     "SELECT id FROM jobs WHERE account_id IN"
                     " (SELECT id FROM accounts WHERE deleted)"
                     " AND settled_at <> 0 AND NOT cleaning LIMIT ?")
      .number(owners_at_once)
      .read_texts();
}

std::vector<std::string> links_to_forget(SqliteConnection& connection) {
  return SqliteQuery(connection,
                     "SELECT id FROM links WHERE erased = 1 AND account_id IN"
                     " (SELECT id FROM accounts WHERE deleted) LIMIT ?")
      .number(owners_at_once)
      .read_texts();
}

void forget(SqliteConnection& connection, char const* sql, std::vector<std::string> const& ids) {
  for (std::string const& id : ids) {
    delete_owned_rows(connection, id);
    mark_selection_dropped(connection, id);
    SqliteQuery(connection, sql).text(id).run();
  }
}

void delete_empty_accounts(SqliteConnection& connection) {
  std::vector<std::string> const ids =
      SqliteQuery(connection,
                  "SELECT id FROM accounts WHERE deleted"
                  " AND NOT EXISTS (SELECT 1 FROM jobs WHERE account_id = accounts.id)"
                  " AND NOT EXISTS (SELECT 1 FROM links WHERE account_id = accounts.id)")
          .read_texts();
  for (std::string const& id : ids) {
    for (char const* statement :
         {"DELETE FROM usage WHERE account_id = ?", "DELETE FROM job_counts WHERE account_id = ?",
          "DELETE FROM accounts WHERE id = ?"})
      SqliteQuery(connection, statement).text(id).run();
  }
}

}  // namespace

bool end_work_of_accounts(SqliteDatabase& database, base::UnixSeconds now) {
  auto const is_any = [](SqliteConnection& connection) {
    return SqliteQuery(connection, "SELECT 1 FROM accounts WHERE ending LIMIT 1").next();
  };
  if (!database.read(is_any)) return false;
  bool const more = database.write(WriteMode::durable, [now](SqliteConnection& connection) {
    return end_step(connection, now);
  });
  database.note_erasure();
  return more;
}

bool delete_left_accounts(SqliteDatabase& database) {
  auto const is_any = [](SqliteConnection& connection) {
    return SqliteQuery(connection, "SELECT 1 FROM accounts WHERE deleted LIMIT 1").next();
  };
  if (!database.read(is_any)) return false;
  return database.write(WriteMode::durable, [](SqliteConnection& connection) {
    std::vector<std::string> const jobs = jobs_to_forget(connection);
    forget(connection, "DELETE FROM jobs WHERE id = ?", jobs);
    std::vector<std::string> const links = links_to_forget(connection);
    forget(connection, "DELETE FROM links WHERE id = ?", links);
    delete_empty_accounts(connection);
    return jobs.size() == owners_at_once || links.size() == owners_at_once;
  });
}

}  // namespace store
