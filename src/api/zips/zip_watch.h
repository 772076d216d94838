// What watchers of one zip are told, looked up once for all of them: how far a job is that runs in
// this process is known at once, all else is in the store.
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
  std::uint64_t id = 0;  // of its event; another one where anything else differs
  store::JobState state = store::JobState::queued;
  std::shared_ptr<std::string const> json;  // the object of GET /api/zips/{id}
  bool gone = false;                        // removed from the store
};

// Of an end, in this process and any later one; odd, as no other event's is.
std::uint64_t end_event_id(store::Job const& job);

// One zip that is watched; there as long as somebody watches. Thread-safe.
class ZipWatch {
 public:
  // As `job` says it at this moment.
  ZipWatch(Service const& service, store::Job job);

  // The zip of now: seen within limits::event_interval, or while another watcher looks, before.
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
  // The one that others hold, or a new one.
  std::shared_ptr<ZipWatch> open(Service const& service, store::Job const& job);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<ZipWatch>> watches_;
};

}  // namespace api
