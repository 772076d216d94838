// All zips of an account as its watchers see them: looked up once a second for all of these, and
// not at all while there are none. A look reads the zips that have not ended, those that were
// created since the look before, and those that have gone from among them; it costs the same
// however many zips the account has had.
#pragma once

#include "api/service.h"
#include "base/service_limits.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace api {

// News for a watcher.
struct ZipNews {
  std::uint64_t last = 0;  // the number of the last change; the watcher asks for those behind it
  bool missed = false;     // changes that are no longer known here
  struct Change {
    std::uint64_t number = 0;
    std::shared_ptr<std::string const> json;  // the object of GET /api/zips/{id}
  };
  std::vector<Change> changes = {};  // of each zip the last one
};

// Thread-safe.
class AccountZips {
 public:
  AccountZips(Service const& service, std::string account_id);

  // The zips as they are, no older than limits::account_event_interval; older while another watcher
  // looks. Then news() has what has changed.
  net::task<void> look();
  ZipNews news(std::uint64_t after) const;
  // The number of the last change.
  std::uint64_t last() const;

 private:
  using Clock = std::chrono::steady_clock;

  struct Seen {
    std::uint64_t number = 0;  // of the change; 0: it was so when the watch began
    std::shared_ptr<std::string const> json;
    Clock::time_point changed_at;
    bool tracked = false;  // it may change by itself
  };

  bool begin_look();
  net::task<std::vector<store::Job>> read() const;
  net::task<std::vector<store::Job>> read_gone(std::vector<store::Job> const& found);
  void take(store::Job const& job, bool tracked);
  void forget_old();
  std::uint64_t next_number();

  Service const& service_;
  std::string const account_id_;
  mutable std::mutex mutex_;  // of all that follows
  std::map<std::string, Seen> zips_;
  std::uint64_t last_number_ = 0;
  std::uint64_t forgotten_ = 0;  // the number of the last change that is not known any more
  Clock::time_point looked_at_;
  base::UnixSeconds created_from_;
  bool has_looked_ = false;
  bool looking_ = false;
};

// The accounts that are watched. Thread-safe.
class WatchedAccounts {
 public:
  // Counts one watcher as long as it lives.
  class Seat {
   public:
    Seat(WatchedAccounts& home, std::string account_id, std::shared_ptr<AccountZips> zips)
        : home_(home), account_id_(std::move(account_id)), zips_(std::move(zips)) {}
    ~Seat() { home_.leave(account_id_); }
    Seat(Seat const&) = delete;
    Seat& operator=(Seat const&) = delete;
    AccountZips& zips() const { return *zips_; }

   private:
    WatchedAccounts& home_;
    std::string const account_id_;
    std::shared_ptr<AccountZips> const zips_;
  };

  // Error{throttled} if the account has limits::account_event_streams watchers.
  std::unique_ptr<Seat> open(Service const& service, std::string const& account_id);

 private:
  struct Watched {
    std::shared_ptr<AccountZips> zips;
    std::size_t watchers = 0;
  };
  void leave(std::string const& account_id);

  std::mutex mutex_;
  std::map<std::string, Watched> accounts_;
};

}  // namespace api
