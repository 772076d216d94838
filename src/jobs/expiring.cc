#include "jobs/expiring.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/cleaning.h"
#include "net/every.h"
#include "s3/messages/faults.h"
#include "store/erasing_clock.h"
#include "store/kept_credentials.h"

#include <algorithm>

#include <fmt/format.h>

namespace jobs {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

net::task<aws::Credentials> credentials_to_delete(store::Context const& context,
                                                  store::Job const& job) {
  if (!job.expiry.uses_kept_credentials)
    co_return store::open_credentials(context.keys, job.id, job.sealed_credentials);
  std::optional<store::Kept> kept = co_await store::find_kept(context, job.account_id);
  if (!kept) throw Error(Fault::gone, "the account keeps no credentials any more");
  co_return std::move(kept->credentials);
}

// All archives; names those that are another's by now, and stay.
net::task<std::string> delete_archives(store::Context const& context, store::Loop loop,
                                       store::Job const& job) {
  archive::Request const request = archive::decode_request(job.request);
  aws::Credentials credentials = co_await credentials_to_delete(context, job);
  auto const store = store::open_store(context, loop, request, std::move(credentials),
                                       "job " + job.id, limits::tidying_patience);
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

std::chrono::seconds pause_after(int attempts) {
  std::chrono::seconds pause = limits::left_upload_first_pause;
  for (int i = 1; i < attempts && pause < limits::left_upload_longest_pause; ++i) pause *= 2;
  return std::min<std::chrono::seconds>(pause, limits::left_upload_longest_pause);
}

net::task<void> note_failure(store::Context const& context, store::Job const& job,
                             std::string reason) {
  int const attempts = job.expiry.attempts + 1;
  bool const last = attempts >= limits::zip_deletion_attempts;
  base::UnixSeconds const now = base::unix_now();
  auto const note = [&] {
    context.store.note_deletion_failure(job.id, reason, now + pause_after(attempts).count());
    if (last) context.store.end_expiry(job.id, false, reason, now);
  };
  co_await context.blocking.run(note);
  base::log_warning(fmt::format("job {}: its zip has expired and is not deleted{}: {}", job.id,
                                last ? ", and is not tried again" : " yet", reason));
}

net::task<void> delete_zip(store::Context const& context, store::Loop loop, std::string job_id) {
  auto const find = [&] { return context.store.find_job(job_id); };
  std::optional<store::Job> const job = co_await context.blocking.get(find);
  if (!job) co_return;
  std::optional<std::string> left;
  std::string failure;
  try {
    left = co_await delete_archives(context, loop, *job);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    failure = error.what();
  }
  if (!left) {
    co_await note_failure(context, *job, std::move(failure));
    co_return;
  }
  auto const end = [&] { context.store.end_expiry(job_id, true, *left, base::unix_now()); };
  co_await context.blocking.run(end);
  base::log_info(fmt::format("job {}: its zip has expired and is deleted{}{}", job_id,
                             left->empty() ? "" : "; ", *left));
}

net::task<void> look(store::Context const& context, store::Loop loop) {
  auto const find = [&] {
    return context.store.zips_to_delete(store::time_to_erase_by(context.store, base::unix_now()));
  };
  std::vector<std::string> const ids = co_await context.blocking.get(find);
  for (std::string const& id : ids) co_await delete_zip(context, loop, id);
}

}  // namespace

net::task<void> delete_expired_zips(store::Context const& context, store::Loop loop) {
  auto const work = [&] { return look(context, loop); };
  co_await net::every(limits::zip_expiry_look_interval, "deleting expired zips", work);
}

}  // namespace jobs
