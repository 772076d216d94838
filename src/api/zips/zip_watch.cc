#include "api/zips/zip_watch.h"

#include "api/zips/reply.h"
#include "base/limits.h"

#include <algorithm>
#include <exception>

#include <boost/json.hpp>

namespace api {

namespace limits = base::limits;

namespace {

// An even id, later than all before, also than those of earlier processes.
std::uint64_t next_event_id(std::uint64_t last) {
  auto const since = std::chrono::system_clock::now().time_since_epoch();
  auto const now = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return std::max(static_cast<std::uint64_t>(now), last + 1) / 2 * 2 + 2;
}

}  // namespace

std::uint64_t end_event_id(store::Job const& job) {
  return static_cast<std::uint64_t>(job.ended_at) * 1000 + 999;
}

ZipWatch::ZipWatch(Service const& service, store::Job job)
    : service_(service),
      id_(job.id),
      live_(service.live.open(job.id)),
      job_(std::move(job)),
      read_at_(Clock::now()) {
  show();
}

net::task<ZipView> ZipWatch::look() {
  if (begin_look()) {
    std::optional<store::Job> job;
    std::exception_ptr failure;
    try {
      job = co_await service_.store.jobs.find(id_);
    } catch (...) {
      failure = std::current_exception();
    }
    std::scoped_lock const lock(mutex_);
    looking_ = false;
    if (failure) std::rethrow_exception(failure);
    take(std::move(job));
  }
  std::scoped_lock const lock(mutex_);
  co_return view_;
}

bool ZipWatch::has_ended() const {
  std::scoped_lock const lock(mutex_);
  return store::has_ended(job_.state);
}

// True if the store is to be asked, by this caller.
bool ZipWatch::begin_look() {
  std::scoped_lock const lock(mutex_);
  if (looking_ || view_.gone) return false;
  bool const due = is_store_due();
  if (!due && Clock::now() - shown_at_ >= limits::event_interval) show();
  looking_ = due;
  return due;
}

bool ZipWatch::is_store_due() const {
  bool const told = live_->ended.is_set() && !store::has_ended(job_.state);
  return told || Clock::now() - read_at_ >= limits::event_store_interval;
}

void ZipWatch::take(std::optional<store::Job> job) {
  read_at_ = Clock::now();
  if (!job) {
    view_.gone = true;
    return;
  }
  bool const other_state = job->state != job_.state;
  job_ = *std::move(job);
  if (other_state || Clock::now() - shown_at_ >= limits::event_interval) show();
}

void ZipWatch::show() {
  shown_at_ = Clock::now();
  std::string json = boost::json::serialize(zip_reply(service_, job_));
  if (view_.json && *view_.json == json) return;
  view_.json = std::make_shared<std::string const>(std::move(json));
  view_.state = job_.state;
  view_.id = store::has_ended(job_.state) ? end_event_id(job_) : next_event_id(view_.id);
}

std::shared_ptr<ZipWatch> ZipWatches::open(Service const& service, store::Job const& job) {
  std::scoped_lock const lock(mutex_);
  std::erase_if(watches_, [](auto const& one) { return one.second.expired(); });
  std::weak_ptr<ZipWatch>& known = watches_[job.id];
  std::shared_ptr<ZipWatch> watch = known.lock();
  // Watchers of an end may not have left yet, while the job runs anew.
  bool const is_old = watch && watch->has_ended() && !store::has_ended(job.state);
  if (!watch || is_old) known = watch = std::make_shared<ZipWatch>(service, job);
  return watch;
}

}  // namespace api
