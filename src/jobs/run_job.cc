#include "jobs/run_job.h"

#include "archive/deliver/assemble.h"
#include "archive/plan/freeze.h"
#include "archive/select/own_zips.h"
#include "archive/select/select.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/cleaning.h"
#include "jobs/result.h"
#include "net/deadline.h"
#include "s3/messages/faults.h"
#include "store/known_crcs.h"
#include "store/plans.h"
#include "store/sealed_credentials.h"
#include "zip/format.h"

#include <algorithm>
#include <chrono>
#include <new>

#include <fmt/format.h>

namespace jobs {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

store::Done done_of(store::LiveZip const& live) {
  return {live.progress.entries_done, live.progress.bytes_done};
}

// Runs until the job is not ours any more.
net::task<void> keep_progress_going(store::Jobs& jobs, store::Hold hold,
                                    std::shared_ptr<store::LiveZip> live) {
  for (bool is_held = true; is_held;) {
    co_await net::sleep(limits::keep_interval);
    store::JobNews const news{.done = done_of(*live)};
    try {
      is_held = co_await jobs.save(hold, news);
    } catch (Error const& error) {
      // The next save comes in a moment.
      if (error.fault() != Fault::unavailable) throw;
    }
  }
  live->cancelled.set();
}

// Runs until it is cancelled. A job that waits for memory does not stand still.
net::task<void> leave_seat_while_still(std::shared_ptr<store::LiveZip const> live,
                                       std::shared_ptr<Seats::Seat> seat,
                                       base::Budget const& parts) {
  using Clock = std::chrono::steady_clock;
  archive::Progress before = live->progress.now();
  for (Clock::time_point moved_at = Clock::now();;) {
    co_await net::sleep(limits::job_looked_at_each);
    archive::Progress const now = live->progress.now();
    if (now != before || parts.is_waited_for()) {
      before = now;
      moved_at = Clock::now();
      seat->take_again();
    } else if (Clock::now() - moved_at >= limits::job_stands_still_after) {
      seat->leave();
    }
  }
}

class JobRun {
 public:
  JobRun(Tools const& tools, net::Executor const& loop, store::Job job, Seats::Seat seat)
      : tools_(tools),
        loop_(loop),
        job_(std::move(job)),
        hold_(job_.hold()),
        live_(tools.live.open(job_.id)),
        seat_(std::make_shared<Seats::Seat>(std::move(seat))),
        stop_(std::make_shared<archive::Stop>(loop)) {}

  net::task<void> run();

 private:
  using Urls = std::vector<std::string>;

  net::task<void> try_once();
  net::task<void> wait_for_loss();
  bool may_try_again() const;
  net::task<void> wait_for_another_attempt();
  net::task<void> fail();
  net::task<void> leave();
  net::task<void> clean_up_here();

  net::task<Urls> attempt();
  void decode_request();
  net::task<void> open(std::chrono::milliseconds patience);
  net::task<void> open_to_tidy();
  bool is_planned() const;
  net::task<void> make_plans();
  net::task<void> make_archive(std::size_t index);
  net::task<void> assemble();
  s3::ObjectName target(std::size_t index) const;
  net::task<Urls> result_urls();
  net::task<std::string> abort_upload();
  std::string finished_archives() const;

  void check_held(bool is_held);
  net::task<void> keep(store::JobNews news);
  net::task<void> keep_upload();
  net::task<bool> let_go(store::RunEnd end);

  Tools const& tools_;
  net::Executor const loop_;
  store::Job job_;
  store::Hold const hold_;
  std::shared_ptr<store::LiveZip> const live_;
  std::shared_ptr<Seats::Seat> const seat_;
  std::chrono::steady_clock::time_point const begun_ = std::chrono::steady_clock::now();
  archive::Request request_;
  std::shared_ptr<s3::ObjectStore> store_;
  std::shared_ptr<archive::Stop> const stop_;
  std::optional<Error> failure_;
  Urls urls_;                 // if it succeeded
  store::Archives archives_;  // all of them, if this run has made their plans
  std::shared_ptr<archive::PlannedArchive> archive_;  // the one at hand
};

net::task<void> JobRun::run() {
  base::log_info(fmt::format("job {}: attempt {} begins", job_.id, job_.attempt));
  {
    net::TaskGroup beside(loop_);
    beside.spawn(keep_progress_going(tools_.store.jobs, hold_, live_));
    beside.spawn(leave_seat_while_still(live_, seat_, tools_.parts));
    net::task<void> trying = try_once();
    net::task<void> lost = wait_for_loss();
    co_await net::until(std::move(trying), std::move(lost));
  }
  if (stop_->asked) {
    co_await leave();
  } else if (failure_ && may_try_again()) {
    co_await wait_for_another_attempt();
  } else if (failure_) {
    co_await fail();
  } else {
    // The plan's totals, as a job that went on after a restart did not read everything again.
    store::RunEnd end{.state = store::JobState::done,
                      .sealed_result = seal_result(tools_.keys, job_.id, urls_),
                      .done = {job_.plan.entry_count(), job_.plan.source_bytes()},
                      .upload = job_.upload};
    bool const was_held = co_await let_go(std::move(end));
    if (!was_held) co_await leave();
  }
}

net::task<void> JobRun::try_once() {
  try {
    urls_ = co_await attempt();
  } catch (base::Cancelled const&) {
    if (!stop_->asked) throw;
  } catch (Error const& error) {
    failure_ = error;
  } catch (std::bad_alloc const&) {
    failure_ = Error(Fault::internal, "out of memory");
  }
  if (failure_ && !stop_->asked)
    base::log_warning(fmt::format("job {}: {}", job_.id, failure_->what()));
}

// When this ends, the attempt may be broken off.
net::task<void> JobRun::wait_for_loss() {
  std::vector<net::Latch*> const cancelled{&live_->cancelled};
  for (bool told = false; !told;) told = co_await net::wait_any(cancelled, std::chrono::hours(1));
  stop_->asked = true;
  // A call that must not be broken off ends by itself, but is not made again.
  if (store_) store_->limit_patience(std::chrono::milliseconds(0));
  while (stop_->unbroken_calls > 0) co_await stop_->unbroken_ended.wait();
}

bool JobRun::may_try_again() const {
  bool const store_has_been_asked_enough = store_ && store_->has_given_up();
  return s3::is_trouble(failure_->fault()) && !store_has_been_asked_enough &&
         job_.failures + 1 < limits::job_attempts;
}

net::task<void> JobRun::wait_for_another_attempt() {
  auto const pause =
      std::chrono::ceil<std::chrono::seconds>(tools_.retry_pause * (job_.failures + 1));
  store::RunEnd end{.state = store::JobState::waiting,
                    .error = failure_->what(),
                    .done = done_of(*live_),
                    .upload = job_.upload,
                    .due_at = base::unix_now() + pause.count()};
  bool const was_held = co_await let_go(std::move(end));
  if (!was_held) co_await leave();
}

// Aborts the unfinished upload, or leaves it to clean_up_left_jobs().
net::task<void> JobRun::fail() {
  std::string const left = co_await abort_upload();
  store::RunEnd end{.state = store::JobState::failed,
                    .error = failure_->what() + left + finished_archives(),
                    .done = done_of(*live_),
                    .upload = job_.upload};
  bool const was_held = co_await let_go(std::move(end));
  if (!was_held) {
    co_await leave();
  } else if (job_.upload.archive > 0) {
    co_await clean_up_here();
  }
}

// The job is not ours any more. If it has ended, by another's will, this runner cleans up behind
// it; if another runner has it, this one touches neither its row nor its bucket.
net::task<void> JobRun::leave() {
  live_->selected.set();
  std::optional<store::Job> const now = co_await tools_.store.jobs.find(job_.id);
  bool const has_ended = !now || store::has_ended(now->state);
  if (has_ended) live_->ended.set();
  if (!now || now->hold() != hold_) co_return;
  if (now->cleaning) co_await clean_up_here();
  if (!has_ended) throw Error(Fault::conflict, "a job of ours was left: it is taken up again");
}

net::task<void> JobRun::clean_up_here() {
  std::optional<Error> trouble;
  try {
    if (is_planned()) {
      co_await open_to_tidy();
      co_await clean_up(store_, request_, job_);
    }
  } catch (Error const& error) {
    trouble = error;
  }
  store::Chore const cleaning{
      .kind = store::ChoreKind::clean, .job_id = job_.id, .attempt = job_.attempt};
  if (trouble) {
    base::log_warning(
        fmt::format("job {}: something is left of it in the bucket: {}", job_.id, trouble->what()));
    co_await tools_.store.jobs.put_off(cleaning, trouble->what(), base::unix_now());
  } else {
    store::ChoreEnd const clean;
    co_await tools_.store.jobs.end_chore(cleaning, clean, base::unix_now());
  }
}

net::task<JobRun::Urls> JobRun::attempt() {
  live_->progress.entries_done = 0;
  live_->progress.bytes_done = 0;
  co_await open(tools_.patience);
  if (!is_planned()) co_await make_plans();
  live_->progress.entries_total = job_.plan.entry_count();
  live_->progress.bytes_total = job_.plan.source_bytes();
  live_->selected.set();
  while (job_.upload.archive < job_.plan.archives.size()) {
    co_await make_archive(job_.upload.archive);
    std::uint64_t const next = job_.upload.archive + 1;
    job_.upload = {};
    job_.upload.archive = next;
    // After the last archive the end of the job says it all.
    if (job_.upload.archive < job_.plan.archives.size()) co_await keep_upload();
  }
  co_return co_await result_urls();
}

// A request of many paths is megabytes: it is kept in one form only.
void JobRun::decode_request() {
  if (job_.request.empty()) return;
  request_ = archive::decode_request(job_.request);
  job_.request = std::string();
}

net::task<void> JobRun::open(std::chrono::milliseconds patience) {
  decode_request();
  aws::Credentials credentials =
      store::open_credentials(tools_.keys, job_.id, job_.sealed_credentials);
  s3::WantedStore wanted =
      archive::wanted_store(request_, std::move(credentials), "job " + job_.id, patience);
  store_ = co_await tools_.object_stores.open(std::move(wanted));
}

// Objects that cannot be removed soon are left to clean_up_left_jobs(), so that other jobs get the
// worker.
net::task<void> JobRun::open_to_tidy() {
  auto const patience =
      std::min<std::chrono::milliseconds>(tools_.patience, limits::tidying_patience);
  return open(patience);
}

bool JobRun::is_planned() const {
  return job_.plan.frozen && job_.plan.layout_version == zip::layout_version;
}

net::task<void> JobRun::make_plans() {
  if (!job_.upload.upload_id.empty()) {
    // The upload is of another layout: its parts are of no use to this one's bytes.
    s3::ObjectName target{job_.upload.bucket, job_.upload.key};
    co_await store_->abort_upload(std::move(target), job_.upload.upload_id);
  }
  job_.upload = {};
  live_->progress.entries_total = 0;
  live_->progress.bytes_total = 0;
  archive::Selection selection = co_await archive::select(store_, request_, live_->progress);
  archive::LeftOut left_out = selection.left_out;
  auto const name_and_place = [&] {
    return archive::freeze(std::move(selection), request_, archive::Purpose::assemble);
  };
  archives_ = co_await tools_.blocking.get(name_and_place);
  std::optional<store::PlanFacts> facts = co_await store::save_plans(
      tools_.store.selections, tools_.blocking, hold_, archives_, std::move(left_out));
  check_held(facts.has_value());
  job_.plan = *std::move(facts);
  store::JobNews news{.plan = job_.plan};
  co_await keep(std::move(news));
}

net::task<void> JobRun::make_archive(std::size_t index) {
  if (archives_.empty()) {
    archive_ = co_await store::load_plan(tools_.store.selections, tools_.blocking, job_.id,
                                         job_.plan, index);
  } else {
    archive_ = archives_[index];
  }
  co_await store::recall_crcs(tools_.store.crcs, tools_.blocking, store_->endpoint_url(), archive_);
  std::uint64_t entries_before = 0;
  std::uint64_t bytes_before = 0;
  for (std::size_t i = 0; i < index; ++i) {
    entries_before += job_.plan.archives[i].entry_count;
    bytes_before += job_.plan.archives[i].source_bytes;
  }
  live_->progress.entries_done = entries_before;
  live_->progress.bytes_done = bytes_before;
  co_await assemble();
  if (!archives_.empty()) archives_[index].reset();
}

s3::ObjectName JobRun::target(std::size_t index) const {
  return {request_.bucket, archive::archive_key(request_.target_key, index)};
}

net::task<void> JobRun::assemble() {
  s3::ObjectName const target = this->target(job_.upload.archive);
  if (job_.upload.part_bytes == 0) {
    job_.upload.bucket = target.bucket;
    job_.upload.key = target.key;
    job_.upload.part_bytes = archive::choose_part_bytes(archive_->plan.layout().size());
  }
  store::CrcKeeper crcs(loop_, tools_.store.crcs, tools_.blocking, store_->endpoint_url(),
                        archive_);
  auto const keep_crcs = [&crcs] { return crcs.keep_up(); };
  auto const keep_new_upload = [this](std::string upload_id) {
    job_.upload.upload_id = std::move(upload_id);
    return keep_upload();
  };
  archive::Assembly assembly{.archive = archive_,
                             .store = store_,
                             .blocks = &tools_.blocks,
                             .parts = &tools_.parts,
                             .progress = &live_->progress,
                             .target = target,
                             .job_id = job_.id,
                             .account_id = job_.account_id,
                             .sources = archive::sources_digest(request_),
                             .attributes = request_.target_attributes,
                             .upload_id = job_.upload.upload_id,
                             .part_bytes = job_.upload.part_bytes,
                             .begun_before = job_.attempt > 1,
                             .keep_upload = keep_new_upload,
                             .keep_crcs = keep_crcs,
                             .stop = stop_};
  co_await archive::assemble(std::move(assembly));
  co_await crcs.keep_rest();
}

net::task<JobRun::Urls> JobRun::result_urls() {
  Urls urls;
  std::chrono::hours const life(request_.link_hours);
  for (std::size_t i = 0; i < job_.plan.archives.size(); ++i) {
    s3::ObjectName zip = target(i);
    std::string url;
    if (request_.presign) {
      url = co_await store_->presign(std::move(zip), life);
    } else {
      url = co_await store_->url(std::move(zip));
    }
    urls.push_back(std::move(url));
  }
  co_return urls;
}

// A failed job must leave nothing in the bucket. Returns a text that says so if the abort did not
// work; then clean_up_left_jobs() goes on trying.
net::task<std::string> JobRun::abort_upload() {
  if (job_.upload.upload_id.empty() || !store_) co_return "";
  std::string trouble;
  try {
    s3::ObjectName target{job_.upload.bucket, job_.upload.key};
    co_await open_to_tidy();
    co_await store_->abort_upload(std::move(target), job_.upload.upload_id);
  } catch (Error const& error) {
    trouble = fmt::format("; its unfinished upload to {} could not be removed yet: {}",
                          s3::shown(job_.upload.bucket, job_.upload.key), error.what());
  }
  if (trouble.empty()) job_.upload.upload_id.clear();
  co_return trouble;
}

// The text on a failed job's finished archives: they are removed when the job has ended, as an
// attempt after a restart would count on them.
std::string JobRun::finished_archives() const {
  if (job_.upload.archive == 0) return "";
  return fmt::format("; {} of {} zips were finished and are removed", job_.upload.archive,
                     job_.plan.archives.size());
}

// Stops the run if the job is not ours any more.
void JobRun::check_held(bool is_held) {
  if (is_held) return;
  stop_->asked = true;
  throw Error(Fault::conflict, "the job is not this runner's any more");
}

net::task<void> JobRun::keep(store::JobNews news) {
  check_held(co_await tools_.store.jobs.save(hold_, std::move(news)));
}

net::task<void> JobRun::keep_upload() {
  return keep({.upload = job_.upload});
}

// False if the job is not ours any more. Its outcome must not be lost because the store is locked
// or full for a moment.
net::task<bool> JobRun::let_go(store::RunEnd end) {
  bool was_held = false;
  for (int tries = 1;; ++tries) {
    std::optional<Error> failure;
    try {
      was_held = co_await tools_.store.jobs.end_run(hold_, end, base::unix_now());
    } catch (Error const& error) {
      if (error.fault() != Fault::unavailable || tries == limits::job_end_attempts) throw;
      failure = error;
    }
    if (!failure) break;
    base::log_error(fmt::format("job {}: {}", job_.id, failure->what()));
    co_await net::sleep(tools_.retry_pause);
  }
  if (!was_held) co_return false;
  base::log_info(fmt::format("job {}: {}", job_.id, store::name(end.state)));
  if (!store::has_ended(end.state)) co_return true;
  tools_.times.note(end.state == store::JobState::done, std::chrono::steady_clock::now() - begun_);
  live_->selected.set();
  live_->ended.set();
  co_return true;
}

}  // namespace

net::task<void> run_job(Tools const& tools, store::Job job, Seats::Seat seat) {
  net::Executor const loop = co_await net::this_loop();
  JobRun run(tools, loop, std::move(job), std::move(seat));
  co_await run.run();
}

net::task<bool> cancel_job(store::Jobs& jobs, store::LiveZips& live, std::string id) {
  bool const done = co_await jobs.cancel(id, base::unix_now());
  if (!done) co_return false;
  base::log_info(fmt::format("job {}: cancelled", id));
  std::shared_ptr<store::LiveZip> const zip = live.open(id);
  zip->cancelled.set();
  zip->selected.set();
  zip->ended.set();
  co_return true;
}

}  // namespace jobs
