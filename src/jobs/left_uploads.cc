#include "jobs/left_uploads.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"
#include "s3/faults.h"

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

// When a job's upload is tried next.
struct Pause {
  Clock::time_point until;
  std::chrono::seconds length = limits::left_upload_first_pause;
};

net::task<void> abort_left_upload(Context const& context, Loop loop, std::string job_id) {
  auto const find = [&] { return context.store.find_job(job_id); };
  std::optional<Job> const job = co_await context.blocking.get(find);
  if (!job) co_return;  // its time was over in the meantime
  archive::Request const request = archive::decode_request(job->request);
  s3::Credentials credentials = open_credentials(context.keys, job_id, job->sealed_credentials);
  auto const store = open_store(context, loop, request, std::move(credentials), "job " + job_id);
  s3::ObjectName target{job->upload.bucket, job->upload.key};
  co_await store->abort_upload(std::move(target), job->upload.upload_id);
  auto const forget = [&] { context.store.forget_upload(job_id); };
  co_await context.blocking.run(forget);
  base::log_info(fmt::format("job {}: its upload to {} has been aborted", job_id,
                             s3::shown(job->upload.bucket, job->upload.key)));
}

net::task<void> look(Context const& context, Loop loop, std::map<std::string, Pause>& pauses) {
  auto const find = [&] { return context.store.jobs_with_left_uploads(); };
  std::vector<std::string> const ids = co_await context.blocking.get(find);
  std::erase_if(pauses,
                [&](auto const& one) { return std::ranges::find(ids, one.first) == ids.end(); });
  for (std::string const& id : ids) {
    Pause& pause = pauses[id];
    if (Clock::now() < pause.until) continue;
    try {
      co_await abort_left_upload(context, loop, id);
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled) throw;
      base::log_warning(fmt::format("job {}: its upload is still there: {}", id, error.what()));
    }
    pause.until = Clock::now() + pause.length;
    pause.length =
        std::min<std::chrono::seconds>(2 * pause.length, limits::left_upload_longest_pause);
  }
}

}  // namespace

net::task<void> abort_left_uploads(Context const& context, Loop loop) {
  std::map<std::string, Pause> pauses;
  for (;;) {
    try {
      co_await look(context, loop, pauses);
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled) throw;
      base::log_error(fmt::format("left uploads: {}", error.what()));
    }
    co_await net::sleep(limits::left_upload_first_pause);
  }
}

}  // namespace jobs
