// One job, from its claim to its end: select, freeze, assemble one archive after the other, present
// the result.
#include "archive/deliver/assemble.h"
#include "archive/plan/freeze.h"
#include "archive/select/own_zips.h"
#include "archive/select/select.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "jobs/cleaning.h"
#include "jobs/runner.h"
#include "net/deadline.h"
#include "s3/messages/faults.h"
#include "store/known_crcs.h"
#include "store/master_keys.h"
#include "store/plans.h"
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

net::task<void> keep_progress_going(store::Context const& context, std::string id,
                                    std::shared_ptr<store::Live> live) {
  for (;;) {
    co_await net::sleep(limits::keep_interval);
    store::Progress const progress{live->progress.entries_done, live->progress.bytes_done};
    auto const keep = [&] { context.store.set_progress(id, progress); };
    try {
      co_await context.blocking.run(keep);
    } catch (Error const& error) {
      // It comes again in a moment.
      if (error.fault() == Fault::unavailable) continue;
      if (error.fault() != Fault::conflict) throw;
      live->cancelled.set();
      co_return;
    }
  }
}

class JobRun {
 public:
  JobRun(store::Context const& context, store::Loop loop, store::Job job)
      : context_(context),
        loop_(std::move(loop)),
        job_(std::move(job)),
        live_(context.board.open(job_.id)) {}

  net::task<void> run();

 private:
  using Urls = std::vector<std::string>;

  net::task<void> try_often();
  net::task<void> wait_for_cancel();
  net::task<void> clean_up_here();
  net::task<Urls> attempt();
  void open();
  void open_to_tidy();
  void open_with(std::chrono::milliseconds patience);
  bool is_planned() const;
  net::task<void> make_plans();
  net::task<void> make_archive(std::size_t index);
  net::task<void> assemble();
  s3::ObjectName target(std::size_t index) const;
  net::task<Urls> result_urls();
  net::task<void> keep_upload();
  net::task<std::string> abort_upload();
  std::string finished_archives() const;
  net::task<bool> finish(store::JobState state, std::string error, Urls urls);

  store::Context const& context_;
  store::Loop loop_;
  store::Job job_;
  std::shared_ptr<store::Live> live_;
  std::chrono::steady_clock::time_point const begun_ = std::chrono::steady_clock::now();
  archive::Request request_;
  std::shared_ptr<s3::ObjectStore> store_;
  std::shared_ptr<archive::Stop> const stop_ = std::make_shared<archive::Stop>(loop_.executor);
  std::optional<Error> failure_;               // of the last attempt
  Urls urls_;                                  // where it succeeded
  store::Plans plans_;                         // of all archives, where this run has made them
  std::shared_ptr<archive::Plan const> plan_;  // of the archive at hand
};

net::task<void> JobRun::run() {
  base::log_info(fmt::format("job {}: attempt {} begins", job_.id, job_.attempts));
  {
    net::TaskGroup beside(loop_.executor);
    beside.spawn(keep_progress_going(context_, job_.id, live_));
    net::task<void> trying = try_often();
    net::task<void> cancelled = wait_for_cancel();
    co_await net::until(std::move(trying), std::move(cancelled));
  }
  bool ended = false;
  if (!stop_->asked && !failure_) {
    ended = co_await finish(store::JobState::success, "", std::move(urls_));
  } else if (!stop_->asked) {
    std::string const left = co_await abort_upload();
    std::string reason = failure_->what() + left + finished_archives();
    ended = co_await finish(store::JobState::failure, std::move(reason), std::move(urls_));
  }
  // A failure's unfinished upload has been aborted, or is left to clean_up_left_jobs().
  if (!ended || (failure_ && job_.upload.archive > 0)) co_await clean_up_here();
}

// Until an attempt has succeeded, or no other is worth it.
net::task<void> JobRun::try_often() {
  for (int tries = 1;; ++tries) {
    failure_.reset();
    try {
      urls_ = co_await attempt();
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled && !stop_->asked) throw;
      failure_ = error;
    } catch (std::bad_alloc const&) {
      failure_ = Error(Fault::internal, "out of memory");
    }
    if (!failure_ || stop_->asked) co_return;
    base::log_warning(fmt::format("job {}: {}", job_.id, failure_->what()));
    bool const store_has_been_asked_enough = store_ && store_->has_given_up();
    if (!s3::is_trouble(failure_->fault()) || store_has_been_asked_enough ||
        tries == limits::job_attempts)
      co_return;
    co_await net::sleep(limits::job_retry_pause * tries);
  }
}

// What is under way may be broken off when this ends.
net::task<void> JobRun::wait_for_cancel() {
  std::vector<net::Latch*> const cancelled{&live_->cancelled};
  for (bool told = false; !told;) told = co_await net::wait_any(cancelled, std::chrono::hours(1));
  stop_->asked = true;
  // A call that must not be broken off ends by itself, but is not made again.
  if (store_) store_->limit_patience(std::chrono::milliseconds(0));
  while (stop_->unbroken_calls > 0) co_await stop_->unbroken_ended.wait();
}

// After a failure, or where somebody has cancelled the job.
net::task<void> JobRun::clean_up_here() {
  live_->selected.set();
  live_->ended.set();
  std::optional<Error> trouble;
  try {
    if (is_planned()) {
      open_to_tidy();
      co_await clean_up(store_, request_, job_);
    }
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    trouble = error;
  }
  auto const end = [&] {
    if (trouble) {
      context_.store.hand_over_cleaning(job_.id);
    } else {
      context_.store.end_cleaning(job_.id);
    }
  };
  co_await context_.blocking.run(end);
  if (trouble)
    base::log_warning(
        fmt::format("job {}: something is left of it in the bucket: {}", job_.id, trouble->what()));
}

net::task<JobRun::Urls> JobRun::attempt() {
  live_->progress.entries_done = 0;
  live_->progress.bytes_done = 0;
  open();
  if (!is_planned()) co_await make_plans();
  live_->progress.entries_total = job_.plan.entry_count();
  live_->progress.bytes_total = job_.plan.source_bytes();
  live_->selected.set();
  while (job_.upload.archive < job_.plan.archives.size()) {
    co_await make_archive(job_.upload.archive);
    std::uint64_t const next = job_.upload.archive + 1;
    job_.upload = {};
    job_.upload.archive = next;
    // After the last one the end of the job says it all.
    if (job_.upload.archive < job_.plan.archives.size()) co_await keep_upload();
  }
  co_return co_await result_urls();
}

void JobRun::open() {
  if (!store_) open_with(context_.patience);
}

// What cannot be removed soon is left to clean_up_left_jobs(), so that others have the worker.
void JobRun::open_to_tidy() {
  auto const patience =
      std::min<std::chrono::milliseconds>(context_.patience, limits::tidying_patience);
  open_with(patience);
}

void JobRun::open_with(std::chrono::milliseconds patience) {
  request_ = archive::decode_request(job_.request);
  aws::Credentials credentials =
      store::open_credentials(context_.keys, job_.id, job_.sealed_credentials);
  store_ = store::open_store(context_, loop_, request_, std::move(credentials), "job " + job_.id,
                             patience);
}

bool JobRun::is_planned() const {
  return job_.plan.frozen && job_.plan.layout_version == zip::layout_version;
}

net::task<void> JobRun::make_plans() {
  if (!job_.upload.upload_id.empty()) {
    // Of another layout: its parts are of no use to this one's bytes.
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
  plans_ = co_await context_.blocking.get(name_and_place);
  job_.plan = co_await store::save_plans(context_, job_.id, plans_, std::move(left_out));
  auto const freeze = [this] { context_.store.freeze_job(job_.id, job_.plan); };
  co_await context_.blocking.run(freeze);
}

net::task<void> JobRun::make_archive(std::size_t index) {
  if (plans_.empty()) {
    plan_ = co_await store::load_plan(context_, job_.id, job_.plan, index);
  } else {
    plan_ = plans_[index];
  }
  co_await store::recall_crcs(context_, store_->endpoint_url(), plan_);
  std::uint64_t entries_before = 0;
  std::uint64_t bytes_before = 0;
  for (std::size_t i = 0; i < index; ++i) {
    entries_before += job_.plan.archives[i].entry_count;
    bytes_before += job_.plan.archives[i].source_bytes;
  }
  live_->progress.entries_done = entries_before;
  live_->progress.bytes_done = bytes_before;
  co_await assemble();
  if (!plans_.empty()) plans_[index].reset();
}

s3::ObjectName JobRun::target(std::size_t index) const {
  return {request_.bucket, archive::archive_key(request_.target_key, index)};
}

net::task<void> JobRun::assemble() {
  s3::ObjectName const target = this->target(job_.upload.archive);
  if (job_.upload.part_bytes == 0) {
    job_.upload.bucket = target.bucket;
    job_.upload.key = target.key;
    job_.upload.part_bytes = archive::choose_part_bytes(plan_->layout().size());
  }
  store::CrcKeeper crcs(loop_.executor, context_, store_->endpoint_url(), plan_);
  auto const keep_crcs = [&crcs] { return crcs.keep_up(); };
  auto const keep_new_upload = [this](std::string upload_id) {
    job_.upload.upload_id = std::move(upload_id);
    return keep_upload();
  };
  archive::Assembly assembly{.plan = plan_,
                             .store = store_,
                             .blocks = &context_.blocks,
                             .parts = &context_.parts,
                             .progress = &live_->progress,
                             .target = target,
                             .job_id = job_.id,
                             .sources = archive::sources_digest(request_),
                             .attributes = request_.target_attributes,
                             .upload_id = job_.upload.upload_id,
                             .part_bytes = job_.upload.part_bytes,
                             .begun_before = job_.attempts > 1,
                             .keep_upload = keep_new_upload,
                             .keep_crcs = keep_crcs,
                             .stop = stop_};
  co_await archive::assemble(std::move(assembly));
  co_await crcs.keep_rest();
}

net::task<void> JobRun::keep_upload() {
  auto const keep = [this] { context_.store.set_upload(job_.id, job_.upload); };
  co_await context_.blocking.run(keep);
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

// After a failure nothing may be left in the bucket. Says so where that did not work; then
// clean_up_left_jobs() goes on trying.
net::task<std::string> JobRun::abort_upload() {
  if (job_.upload.upload_id.empty() || !store_) co_return "";
  std::string trouble;
  try {
    s3::ObjectName target{job_.upload.bucket, job_.upload.key};
    open_to_tidy();
    co_await store_->abort_upload(std::move(target), job_.upload.upload_id);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    trouble = fmt::format("; its unfinished upload to {} could not be removed yet: {}",
                          s3::shown(job_.upload.bucket, job_.upload.key), error.what());
  }
  if (trouble.empty()) {
    job_.upload.upload_id.clear();
    co_await keep_upload();
  }
  co_return trouble;
}

// Of a job that failed: they are removed when it has ended, as an attempt after a restart would
// count on them.
std::string JobRun::finished_archives() const {
  if (job_.upload.archive == 0) return "";
  return fmt::format("; {} of {} zips were finished and are removed", job_.upload.archive,
                     job_.plan.archives.size());
}

// False where it has ended already: somebody has cancelled it.
net::task<bool> JobRun::finish(store::JobState state, std::string error, Urls urls) {
  std::string const sealed = urls.empty() ? "" : seal_result(context_.keys, job_.id, urls);
  store::Progress progress{live_->progress.entries_done, live_->progress.bytes_done};
  // A job that went on after a restart did not read everything again.
  if (state == store::JobState::success) {
    progress.entries_done = job_.plan.entry_count();
    progress.bytes_done = job_.plan.source_bytes();
  }
  bool ended = false;
  auto const finish = [&] {
    context_.store.set_progress(job_.id, progress);
    ended = context_.store.finish_job(job_.id, state, error, sealed, base::unix_now());
  };
  // What the job came to must not be lost because the store is locked or full for a moment.
  for (int tries = 1;; ++tries) {
    std::optional<Error> failure;
    try {
      co_await context_.blocking.run(finish);
    } catch (Error const& store_error) {
      if (store_error.fault() == Fault::conflict) co_return false;
      if (store_error.fault() != Fault::unavailable || tries == limits::job_end_attempts) throw;
      failure = store_error;
    }
    if (!failure) break;
    base::log_error(fmt::format("job {}: {}", job_.id, failure->what()));
    co_await net::sleep(limits::job_retry_pause);
  }
  if (!ended) co_return false;
  context_.board.note_end(state, std::chrono::steady_clock::now() - begun_);
  live_->selected.set();
  live_->ended.set();
  base::log_info(fmt::format("job {}: {}", job_.id, store::name(state)));
  co_return true;
}

}  // namespace

net::task<void> run_job(store::Context const& context, store::Loop loop, store::Job job) {
  JobRun run(context, std::move(loop), std::move(job));
  co_await run.run();
}

net::task<bool> cancel_job(store::Context const& context, std::string id) {
  bool done = false;
  auto const cancel = [&] { done = context.store.cancel_job(id, base::unix_now()); };
  co_await context.blocking.run(cancel);
  if (!done) co_return false;
  base::log_info(fmt::format("job {}: cancelled", id));
  std::shared_ptr<store::Live> const live = context.board.open(id);
  live->cancelled.set();
  live->selected.set();
  live->ended.set();
  co_return true;
}

std::string seal_result(accounts::Keys const& keys, std::string_view job_id,
                        std::vector<std::string> const& urls) {
  std::string lines;
  for (std::string const& url : urls) lines.append(lines.empty() ? "" : "\n").append(url);
  return keys.seal(lines, store::result_context(job_id));
}

std::vector<std::string> open_result(accounts::Keys const& keys, store::Job const& job) {
  base::Secret const lines = keys.open(job.sealed_result, store::result_context(job.id));
  std::vector<std::string> urls;
  for (std::string_view const url : base::split(lines.reveal(), '\n')) urls.emplace_back(url);
  return urls;
}

}  // namespace jobs
