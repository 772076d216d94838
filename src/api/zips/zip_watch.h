// The view of a zip for its watchers, looked up once for all of them: the progress of a job that
// runs in this process is known at once, all else is in the store.
#pragma once

#include "api/service.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace api {

// A zip at a moment.
struct ZipView {
  std::uint64_t id = 0;  // of its event; another one if anything else differs
  store::JobState state = store::JobState::queued;
  std::shared_ptr<std::string const> json;  // the object of GET /api/zips/{id}
  bool gone = false;                        // removed from the store
};

// The id of an end, the same in any later process; odd, as no other event's is.
std::uint64_t end_event_id(store::Job const& job);

// One zip that is watched; it lives as long as it has watchers. Thread-safe.
class ZipWatch {
 public:
  // `job` is the zip at this moment.
  ZipWatch(Service const& service, store::Job job);

  // The present zip, no older than limits::event_interval; older while another watcher looks.
  net::task<ZipView> look();
  bool has_ended() const;
  // Set when this process has ended the job.
  net::Latch& ended() const { return live_->ended; }

 private:
  using Clock = std::chrono::steady_clock;

  bool begin_look();
  bool is_store_due() const;
  void take(std::optional<store::Job> job);
  void show();

  Service const& service_;
  std::string const id_;
  std::shared_ptr<store::LiveZip> const live_;
  mutable std::mutex mutex_;  // of all that follows
  store::Job job_;
  ZipView view_;
  Clock::time_point read_at_;
  Clock::time_point shown_at_;
  bool looking_ = false;
};

class ZipWatches {
 public:
  // The watch that others hold, or a new one.
  std::shared_ptr<ZipWatch> open(Service const& service, store::Job const& job);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<ZipWatch>> watches_;
};

}  // namespace api
