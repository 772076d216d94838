#include "jobs/expiring.h"

#include "archive/request.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/cleaning.h"
#include "store/erasing_clock.h"
#include "store/kept_credentials.h"
#include "store/sealed_credentials.h"

#include <fmt/format.h>

namespace jobs {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

net::task<aws::Credentials> credentials_to_delete(Tools const& tools, store::Job const& job) {
  if (!job.expiry.uses_kept_credentials)
    co_return store::open_credentials(tools.keys, job.id, job.sealed_credentials);
  std::optional<store::UnsealedCredentials> kept =
      co_await store::find_kept(tools.store.user_keys, tools.keys, job.account_id);
  if (!kept) throw Error(Fault::gone, "the account keeps no credentials any more");
  co_return std::move(kept->credentials);
}

// Deletes all archives; names those in whose place another object stands by now, and stays.
net::task<std::string> delete_archives(Tools const& tools, store::Job const& job) {
  archive::Request const request = archive::decode_request(job.request);
  aws::Credentials credentials = co_await credentials_to_delete(tools, job);
  s3::WantedStore wanted = archive::wanted_store(request, std::move(credentials), "job " + job.id,
                                                 limits::tidying_patience);
  auto const store = co_await tools.object_stores.open(std::move(wanted));
  std::string left;
  for (std::size_t i = 0; i < job.plan.archives.size(); ++i) {
    s3::ObjectName const zip{request.bucket, archive::archive_key(request.target_key, i)};
    bool const removed = co_await remove_zip(store, zip, job.id, true);
    if (!removed)
      left += fmt::format("{}{} is another object by now and was left alone",
                          left.empty() ? "" : "; ", s3::shown(zip.bucket, zip.key));
  }
  co_return left;
}

net::task<void> note_failure(Tools const& tools, store::Chore chore, std::string reason) {
  int const failures = chore.failures + 1;
  bool const last = failures >= limits::zip_deletion_attempts;
  base::UnixSeconds const now = base::unix_now();
  base::log_warning(fmt::format("job {}: its zip has expired and is not deleted{}: {}",
                                chore.job_id, last ? ", and is not tried again" : " yet", reason));
  if (last) {
    store::ChoreEnd given_up{.deleted = false, .note = std::move(reason)};
    co_await tools.store.jobs.end_chore(std::move(chore), std::move(given_up), now);
  } else {
    co_await tools.store.jobs.put_off(std::move(chore), reason,
                                      now + pause_after_failures(failures));
  }
}

net::task<void> delete_zip(Tools const& tools, store::Chore chore) {
  std::string const id = chore.job_id;
  std::optional<store::Job> const job = co_await tools.store.jobs.find_whole(id);
  if (!job) co_return;
  std::optional<std::string> left;
  std::string failure;
  try {
    left = co_await delete_archives(tools, *job);
  } catch (Error const& error) {
    failure = error.what();
  }
  if (!left) co_return co_await note_failure(tools, std::move(chore), std::move(failure));
  store::ChoreEnd deleted{.deleted = true, .note = *left};
  co_await tools.store.jobs.end_chore(std::move(chore), std::move(deleted), base::unix_now());
  base::log_info(fmt::format("job {}: its zip has expired and is deleted{}{}", id,
                             left->empty() ? "" : "; ", *left));
}

// A row that cannot even be read must not hold up those behind it.
net::task<void> try_to_delete(Tools const& tools, store::Chore chore) {
  std::string failure;
  try {
    co_await delete_zip(tools, chore);
  } catch (Error const& error) {
    if (error.fault() == Fault::unavailable) throw;  // it is the store: the others fail alike
    failure = error.what();
  }
  if (!failure.empty()) co_await note_failure(tools, std::move(chore), std::move(failure));
}

}  // namespace

net::task<void> delete_expired_zips(Tools const& tools) {
  base::UnixSeconds const time =
      co_await store::time_to_erase_by(tools.store.upkeep, base::unix_now());
  std::vector<store::Chore> const due =
      co_await tools.store.jobs.due_chores(store::ChoreKind::expire, time);
  for (store::Chore const& chore : due) co_await try_to_delete(tools, chore);
}

}  // namespace jobs
