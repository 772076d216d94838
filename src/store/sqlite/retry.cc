// Jobs in SQLite that run anew after they failed or were cancelled: all that their run before left
// beside the row goes, and what tells of their end waits again.
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

namespace store {
namespace {

bool make_pending(SqliteConnection& connection, std::string_view id) {
  return SqliteQuery(connection,
                     "UPDATE jobs SET state = 'PENDING', cancelled = 0, error = '', attempts = 0,"
                     " started_at = 0, ended_at = 0, entries_done = 0, bytes_done = 0,"
                     " upload_archive = 0, upload_bucket = '', upload_key = '', upload_id = '',"
                     " upload_part_bytes = 0, sealed_result = x''"
                     " WHERE id = ? AND state = 'FAILURE' AND cleaning = 0")
             .text(id)
             .run() > 0;
}

void renew_mail(SqliteConnection& connection, std::string_view job_id) {
  SqliteQuery(connection,
              "UPDATE mails SET state = 'PENDING', attempts = 0, error = '' WHERE owner_id = ?")
      .text(job_id)
      .run();
}

void replace_delivery(SqliteConnection& connection, Delivery const& delivery) {
  SqliteQuery(connection, "DELETE FROM deliveries WHERE owner_id = ?")
      .text(delivery.owner_id)
      .run();
  insert_delivery_row(connection, delivery);
}

}  // namespace

// Durable: the client is told so, and goes on asking for it.
bool SqliteStore::retry_job(Retry const& retry, base::UnixSeconds now) {
  return database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    if (!make_pending(connection, retry.job_id)) return false;
    erase_credentials(connection, retry.job_id);
    insert_credentials(connection, retry.job_id, retry.sealed_credentials);
    delete_plan(connection, retry.job_id);
    // Chunks go some at a time; those that the new selection meets go when it is frozen.
    mark_selection_dropped(connection, retry.job_id);
    renew_mail(connection, retry.job_id);
    SqliteQuery(connection, "UPDATE zip_expiries SET uses_kept_credentials = ? WHERE owner_id = ?")
        .number(retry.uses_kept_credentials)
        .text(retry.job_id)
        .run();
    if (retry.delivery) replace_delivery(connection, *retry.delivery);
    std::optional<Job> const job = read_job_state(connection, retry.job_id);
    check_may_work(connection, job->account_id);
    add_usage(connection, job->account_id, Counted::zips, 1, now);
    return true;
  });
}

}  // namespace store
