#include "api/progress.h"

#include "store/live.h"

namespace api {

archive::Progress progress_of(Service const& service, store::Job const& job) {
  auto const live = service.live.find(job.id);
  // A watcher may have opened the entry of a job that does not run, which says nothing.
  if (live && job.state == store::JobState::running) return live->progress.now();
  return {.entries_done = job.done.entries,
          .entries_total = job.plan.entry_count(),
          .bytes_done = job.done.bytes,
          .bytes_total = job.plan.source_bytes()};
}

}  // namespace api
