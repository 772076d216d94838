#include "jobs/cleaning.h"

#include "archive/select/own_zips.h"
#include "base/backoff.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/sealed_credentials.h"

#include <fmt/format.h>

namespace jobs {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

enum class ZipFound { nothing, of_job, of_others, hidden };

net::task<ZipFound> find_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                             std::string job_id) {
  s3::Headed found;
  try {
    found = co_await store->head_object(std::move(zip));
  } catch (Error const& error) {
    if (error.fault() != Fault::forbidden) throw;
    co_return ZipFound::hidden;
  }
  if (!found.object) co_return ZipFound::nothing;
  auto const mark = found.object->metadata.find(std::string(archive::job_metadata));
  bool const is_ours = mark != found.object->metadata.end() && mark->second == job_id;
  co_return is_ours ? ZipFound::of_job : ZipFound::of_others;
}

// Aborts an upload whose id did not reach the store, as the process was killed. The job's id in the
// key tells that only this job writes there.
net::task<void> abort_lost_uploads(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName target,
                                   std::string job_id) {
  if (target.key.find(job_id) == std::string::npos) co_return;
  try {
    co_await store->abort_other_uploads(std::move(target), "");
  } catch (Error const& error) {
    // The credentials may lack the right to list uploads.
    if (error.fault() != Fault::forbidden) throw;
  }
}

net::task<void> try_to_clean_up(Tools const& tools, store::Chore const& chore) {
  std::string trouble;
  try {
    co_await clean_up_left_job(tools, chore);
  } catch (Error const& error) {
    trouble = error.what();
  }
  if (trouble.empty()) co_return;
  base::log_warning(
      fmt::format("job {}: something is left of it in the bucket: {}", chore.job_id, trouble));
  base::UnixSeconds const due_at = base::unix_now() + pause_after_failures(chore.failures + 1);
  co_await tools.store.jobs.put_off(chore, std::move(trouble), due_at);
}

}  // namespace

net::task<bool> remove_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                           std::string job_id, bool was_finished) {
  ZipFound const found = co_await find_zip(store, zip, job_id);
  if (found == ZipFound::hidden && was_finished)
    throw Error(Fault::forbidden, fmt::format("whose {} is cannot be seen, so it cannot be removed",
                                              s3::shown(zip.bucket, zip.key)));
  if (found != ZipFound::of_job) co_return found != ZipFound::of_others;
  co_await store->delete_object(zip);
  base::log_info(
      fmt::format("job {}: {} has been removed", job_id, s3::shown(zip.bucket, zip.key)));
  co_return true;
}

net::task<void> clean_up(std::shared_ptr<s3::ObjectStore> store, archive::Request const& request,
                         store::Job const& job) {
  if (!job.upload.upload_id.empty()) {
    s3::ObjectName target{job.upload.bucket, job.upload.key};
    co_await store->abort_upload(std::move(target), job.upload.upload_id);
  }
  for (std::uint64_t i = 0; i < job.plan.archives.size() && i <= job.upload.archive; ++i) {
    bool const was_finished = i < job.upload.archive;
    s3::ObjectName zip{request.bucket, archive::archive_key(request.target_key, i)};
    if (!was_finished && job.upload.upload_id.empty())
      co_await abort_lost_uploads(store, zip, job.id);
    co_await remove_zip(store, std::move(zip), job.id, was_finished);
  }
}

base::UnixSeconds pause_after_failures(int failures) {
  constexpr base::Backoff pauses{.first = limits::left_upload_first_pause,
                                 .longest = limits::left_upload_longest_pause};
  return std::chrono::ceil<std::chrono::seconds>(pauses.pause_after(failures)).count();
}

net::task<void> clean_up_left_job(Tools const& tools, store::Chore chore) {
  std::optional<store::Job> const job = co_await tools.store.jobs.find_whole(chore.job_id);
  // The job may be gone by now, or may run anew: then all in the bucket is the new run's.
  if (!job || !job->cleaning || job->attempt != chore.attempt) co_return;
  archive::Request const request = archive::decode_request(job->request);
  aws::Credentials credentials =
      store::open_credentials(tools.keys, job->id, job->sealed_credentials);
  s3::WantedStore wanted = archive::wanted_store(request, std::move(credentials), "job " + job->id,
                                                 limits::tidying_patience);
  auto const store = co_await tools.object_stores.open(std::move(wanted));
  co_await clean_up(store, request, *job);
  store::ChoreEnd const clean;
  co_await tools.store.jobs.end_chore(std::move(chore), clean, base::unix_now());
  base::log_info(fmt::format("job {}: nothing is left of it in the bucket", job->id));
}

net::task<void> clean_up_left_jobs(Tools const& tools) {
  std::vector<store::Chore> const due =
      co_await tools.store.jobs.due_chores(store::ChoreKind::clean, base::unix_now());
  for (store::Chore const& chore : due) co_await try_to_clean_up(tools, chore);
}

}  // namespace jobs
