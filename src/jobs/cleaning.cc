#include "jobs/cleaning.h"

#include "archive/select/own_zips.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/every.h"
#include "s3/messages/faults.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

namespace jobs {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

using Clock = std::chrono::steady_clock;

// When a job is tried next.
struct Pause {
  Clock::time_point until;
  std::chrono::seconds length = limits::left_upload_first_pause;
};

enum class Found { nothing, of_job, of_others, hidden };

net::task<Found> find_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                          std::string job_id) {
  s3::Headed found;
  try {
    found = co_await store->head_object(std::move(zip));
  } catch (Error const& error) {
    if (error.fault() != Fault::forbidden) throw;
    co_return Found::hidden;
  }
  if (!found.object) co_return Found::nothing;
  auto const mark = found.object->metadata.find(std::string(archive::job_metadata));
  bool const is_ours = mark != found.object->metadata.end() && mark->second == job_id;
  co_return is_ours ? Found::of_job : Found::of_others;
}

// Of an upload whose id did not reach the job store, as the process was killed. It is known by a
// key that only this job writes to.
net::task<void> abort_lost_uploads(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName target,
                                   std::string job_id) {
  if (target.key.find(job_id) == std::string::npos) co_return;
  try {
    co_await store->abort_other_uploads(std::move(target), "");
  } catch (Error const& error) {
    // Not everybody may list uploads.
    if (error.fault() != Fault::forbidden) throw;
  }
}

net::task<void> clean_up_left_job(store::Context const& context, store::Loop loop,
                                  std::string job_id) {
  auto const find = [&] { return context.store.find_job(job_id); };
  std::optional<store::Job> const job = co_await context.blocking.get(find);
  if (!job) co_return;  // its time was over in the meantime
  archive::Request const request = archive::decode_request(job->request);
  aws::Credentials credentials =
      store::open_credentials(context.keys, job_id, job->sealed_credentials);
  auto const store = store::open_store(context, loop, request, std::move(credentials),
                                       "job " + job_id, limits::tidying_patience);
  co_await clean_up(store, request, *job);
  auto const end = [&] { context.store.end_cleaning(job_id); };
  co_await context.blocking.run(end);
  base::log_info(fmt::format("job {}: nothing is left of it in the bucket", job_id));
}

net::task<void> look(store::Context const& context, store::Loop loop,
                     std::map<std::string, Pause>& pauses) {
  auto const find = [&] { return context.store.jobs_to_clean(); };
  std::vector<std::string> const ids = co_await context.blocking.get(find);
  std::erase_if(pauses,
                [&](auto const& one) { return std::ranges::find(ids, one.first) == ids.end(); });
  for (std::string const& id : ids) {
    Pause& pause = pauses[id];
    if (Clock::now() < pause.until) continue;
    try {
      co_await clean_up_left_job(context, loop, id);
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled) throw;
      base::log_warning(
          fmt::format("job {}: something is left of it in the bucket: {}", id, error.what()));
    }
    pause.until = Clock::now() + pause.length;
    pause.length =
        std::min<std::chrono::seconds>(2 * pause.length, limits::left_upload_longest_pause);
  }
}

}  // namespace

net::task<bool> remove_zip(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName zip,
                           std::string job_id, bool was_finished) {
  Found const found = co_await find_zip(store, zip, job_id);
  if (found == Found::hidden && was_finished)
    throw Error(Fault::forbidden, fmt::format("whose {} is cannot be seen, so it cannot be removed",
                                              s3::shown(zip.bucket, zip.key)));
  if (found != Found::of_job) co_return found != Found::of_others;
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

net::task<void> clean_up_left_jobs(store::Context const& context, store::Loop loop) {
  std::map<std::string, Pause> pauses;
  auto const work = [&] { return look(context, loop, pauses); };
  co_await net::every(limits::left_upload_first_pause, "cleaning up", work);
}

}  // namespace jobs
