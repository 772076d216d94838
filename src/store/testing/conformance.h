// Tests of what every store does, which run on each implementation: this fixture, and the
// *_conformance_test.cc beside it. conformance_test.cc says which implementations there are.
//
// Tests are synchronous: await() runs a verb to its end.
//
//     EXPECT_EQ(await(store().jobs.find(job.id)), std::nullopt);
#pragma once

#include "base/error.h"
#include "net/runtime.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace store {

class OpenStore {
 public:
  virtual ~OpenStore() = default;
  virtual Store const& store() const = 0;
};

// A place for one store, empty at first and removed at the end.
class StoreHome {
 public:
  virtual ~StoreHome() = default;
  // The store that lives there. May be called again while one is open, as another node would.
  virtual std::unique_ptr<OpenStore> open() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreHome>()> make;
};

inline void PrintTo(StoreKind const& kind, std::ostream* out) {
  *out << kind.name;
}

template <class T>
T await(net::task<T> call) {
  return net::result_of(std::move(call));
}

template <class F>
base::Fault fault_of(F call) {
  try {
    call();
  } catch (base::Error const& error) {
    return error.fault();
  }
  ADD_FAILURE() << "nothing was thrown";
  return base::Fault::internal;
}

template <class Items>
std::vector<std::string> ids_of(Items const& items) {
  std::vector<std::string> ids;
  for (auto const& item : items) ids.push_back(item.id);
  return ids;
}

using Ids = std::vector<std::string>;

constexpr base::UnixSeconds start_time = 1'800'000'000;

constexpr base::UnixSeconds seconds(std::chrono::seconds time) {
  return time.count();
}

constexpr base::UnixSeconds days_later(int days) {
  return start_time + seconds(std::chrono::days(days));
}

// An id like those of archive::object_id(): 16 bytes, scattered.
std::string object_id(std::uint64_t number);

class StoreConformance : public testing::TestWithParam<StoreKind> {
 protected:
  StoreConformance();

  Store const& store() const { return open_->store(); }
  std::unique_ptr<OpenStore> other_node() const { return home_->open(); }
  // Opens the store again, as a program does at its next start.
  void reopen();
  void remove_all_expired(base::UnixSeconds now);

  accounts::Account add_account(std::string const& name);
  static accounts::UserKey new_key(accounts::Account const& account, std::string const& name);
  accounts::UserKey add_key(accounts::Account const& account, std::string const& name = "default");
  // Gives the key its next secret; the one before works until then, 0: not at all.
  bool rotate(accounts::UserKey& key, base::UnixSeconds former_until = 0);
  std::optional<accounts::UserKey> found(accounts::UserKey const& key);
  // The account of the jobs and links below.
  std::string const& owner();

  Job new_job(base::UnixSeconds created_at = start_time);
  std::string create(Job const& job, Once const& once = {});
  Job add_job(base::UnixSeconds created_at = start_time);
  // Claims the next job, by the session of these tests.
  std::optional<Job> claim(base::UnixSeconds now = start_time, Turn const& turn = {});
  Job run(Job const& job);
  Job add_running_job(base::UnixSeconds created_at = start_time);
  bool save(Job const& running, JobNews const& news);
  // Ends a run as done, failed or waiting to go on.
  bool end(Job const& running, RunEnd const& end, base::UnixSeconds now = start_time);
  bool finish(Job const& running, base::UnixSeconds now = start_time);
  bool fail(Job const& running, base::UnixSeconds now = start_time);
  // The run fails, and leaves some_upload().
  bool fail_leaving(Job const& running, base::UnixSeconds now = start_time);
  // The job with request and credentials.
  std::optional<Job> found(Job const& job);

  std::vector<Chore> due(ChoreKind kind, base::UnixSeconds now = start_time);
  Ids to_clean(base::UnixSeconds now = start_time);
  Ids to_delete(base::UnixSeconds now = start_time);
  static Chore cleaning_of(Job const& job);
  static Chore expiry_of(Job const& job);

  Link new_link(base::UnixSeconds expires_at = start_time + 3600);
  std::string create(Link const& link, Once const& once = {});
  Link add_link(base::UnixSeconds expires_at = start_time + 3600);
  bool freeze(Link const& listing, PlanFacts const& plan);
  bool fail(Link const& listing, base::Fault fault = base::Fault::not_found);
  std::optional<Link> found(Link const& link);

  bool put_chunk(Hold const& hold, std::uint64_t index, std::string const& chunk = "chunk");
  std::optional<std::string> get_chunk(std::string const& owner_id, std::uint64_t index);

  static Mail new_mail(std::string const& owner_id, std::string const& account_id);
  static Delivery new_delivery(std::string const& owner_id, std::string const& account_id);
  Ids due_mails(base::UnixSeconds now = start_time);
  Ids due_deliveries(base::UnixSeconds now = start_time);

  static PlanFacts some_plan(std::uint64_t chunk_count);
  static Upload some_upload();
  static std::string every_byte();

  std::string const session_ = "session";

 private:
  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<OpenStore> open_;
  std::string owner_;
};

}  // namespace store
