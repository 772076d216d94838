#include "api/zips/account_zips.h"

#include "api/zips/reply.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/service_limits.h"

#include <algorithm>
#include <exception>
#include <set>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

// A zip that was created in this time before a look may not have been seen by the one before:
// creation times are whole seconds.
constexpr base::UnixSeconds overlap_s = 2;
// An end stays for watchers that are slow for so long; later they are told to ask anew.
constexpr auto kept_for_slow_watchers = std::chrono::seconds(60);

// Numbers go on behind those of an earlier process.
std::uint64_t milliseconds_now() {
  auto const since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace

AccountZips::AccountZips(Service const& service, std::string account_id)
    : service_(service),
      account_id_(std::move(account_id)),
      last_number_(milliseconds_now()),
      created_from_(base::unix_now() - overlap_s) {}

net::task<void> AccountZips::look() {
  if (!begin_look()) co_return;
  std::exception_ptr failure;
  std::vector<store::Job> found;
  std::vector<store::Job> gone;
  base::UnixSeconds const now = base::unix_now();
  try {
    found = co_await read();
    gone = co_await read_gone(found);
  } catch (...) {
    failure = std::current_exception();
  }
  std::scoped_lock const lock(mutex_);
  looking_ = false;
  if (failure) {
    // Ends may have been missed: all watchers are told to ask anew.
    forgotten_ = next_number();
    std::rethrow_exception(failure);
  }
  created_from_ = now - overlap_s;
  for (store::Job const& job : gone) take(job, job.cleaning);
  for (store::Job const& job : found) take(job, !store::has_ended(job.state) || job.cleaning);
  forget_old();
  has_looked_ = true;
}

ZipNews AccountZips::news(std::uint64_t after) const {
  std::scoped_lock const lock(mutex_);
  ZipNews news{.last = last_number_, .missed = after < forgotten_};
  for (auto const& [id, seen] : zips_)
    if (seen.number > after) news.changes.push_back({seen.number, seen.json});
  std::ranges::sort(news.changes, {}, &ZipNews::Change::number);
  return news;
}

std::uint64_t AccountZips::last() const {
  std::scoped_lock const lock(mutex_);
  return last_number_;
}

// True if the store is to be asked, by this caller.
bool AccountZips::begin_look() {
  std::scoped_lock const lock(mutex_);
  bool const due = !has_looked_ || Clock::now() - looked_at_ >= limits::account_event_interval;
  if (looking_ || !due) return false;
  looking_ = true;
  looked_at_ = Clock::now();
  return true;
}

// Each list has an index that serves it.
net::task<std::vector<store::Job>> AccountZips::read() const {
  store::ListQuery query{.account_id = account_id_, .limit = limits::largest_list_page};
  std::vector<store::Job> found;
  for (store::JobState const state :
       {store::JobState::running, store::JobState::waiting, store::JobState::queued}) {
    std::vector<store::Job> const some = co_await service_.store.jobs.list(query, state);
    found.insert(found.end(), some.begin(), some.end());
  }
  query.created_from = created_from_;
  std::vector<store::Job> const recent = co_await service_.store.jobs.list(query, std::nullopt);
  found.insert(found.end(), recent.begin(), recent.end());
  co_return found;
}

// Zips that have left the lists: they have ended, and may still be cleaned up; or there are more
// queued ones than a list has, of which the oldest are heard of again when they run.
net::task<std::vector<store::Job>> AccountZips::read_gone(std::vector<store::Job> const& found) {
  std::set<std::string> gone;
  {
    std::scoped_lock const lock(mutex_);
    for (auto& [id, seen] : zips_)
      if (std::exchange(seen.tracked, false)) gone.insert(id);
  }
  for (store::Job const& job : found) gone.erase(job.id);
  std::vector<store::Job> read;
  for (std::string const& id : gone) {
    std::optional<store::Job> job = co_await service_.store.jobs.find(id);
    if (job) read.push_back(*std::move(job));
  }
  co_return read;
}

// A zip may come twice in a look, as the lists were read one after the other: the later one counts.
void AccountZips::take(store::Job const& job, bool tracked) {
  std::string json = boost::json::serialize(zip_reply(service_, job));
  Seen& seen = zips_[job.id];
  seen.tracked = tracked;
  if (seen.json && *seen.json == json) return;
  seen.json = std::make_shared<std::string const>(std::move(json));
  seen.changed_at = Clock::now();
  if (has_looked_) seen.number = next_number();
}

void AccountZips::forget_old() {
  auto const is_old = [this](auto const& one) {
    Seen const& seen = one.second;
    bool const old = !seen.tracked && Clock::now() - seen.changed_at > kept_for_slow_watchers;
    if (old) forgotten_ = std::max(forgotten_, seen.number);
    return old;
  };
  std::erase_if(zips_, is_old);
}

std::uint64_t AccountZips::next_number() {
  last_number_ = std::max(milliseconds_now(), last_number_ + 1);
  return last_number_;
}

std::unique_ptr<WatchedAccounts::Seat> WatchedAccounts::open(Service const& service,
                                                             std::string const& account_id) {
  std::scoped_lock const lock(mutex_);
  Watched& watched = accounts_[account_id];
  if (watched.watchers >= limits::account_event_streams)
    throw base::Error(base::Fault::throttled,
                      fmt::format("the account has {} streams of events open, which is the most",
                                  limits::account_event_streams));
  if (!watched.zips) watched.zips = std::make_shared<AccountZips>(service, account_id);
  ++watched.watchers;
  return std::make_unique<Seat>(*this, account_id, watched.zips);
}

void WatchedAccounts::leave(std::string const& account_id) {
  std::scoped_lock const lock(mutex_);
  auto const watched = accounts_.find(account_id);
  if (--watched->second.watchers == 0) accounts_.erase(watched);
}

}  // namespace api
