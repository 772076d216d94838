// Many calls at once, from several threads and nodes.
#include "store/testing/conformance.h"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace store {

TEST_P(StoreConformance, each_job_is_claimed_once_however_many_claim) {
  constexpr std::size_t count = 60;
  std::set<std::string> added;
  for (std::size_t i = 0; i < count; ++i) added.insert(add_job().id);
  std::unique_ptr<OpenStore> const other = other_node();
  std::mutex mutex;
  Ids claimed;
  auto const work = [&](Store const& node) {
    while (std::optional<Job> const job = await(node.jobs.claim(session_, {}, start_time))) {
      std::lock_guard const lock(mutex);
      claimed.push_back(job->id);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back(work, std::cref(store()));
    threads.emplace_back(work, std::cref(other->store()));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), count);
  EXPECT_EQ(std::set(claimed.begin(), claimed.end()), added);
}

TEST_P(StoreConformance, all_calls_may_be_made_at_once) {
  std::vector<Job> jobs;
  for (int i = 0; i < 4; ++i) jobs.push_back(add_running_job());
  std::atomic<int> torn = 0;
  std::vector<std::thread> threads;
  for (Job const& job : jobs) {
    threads.emplace_back([this, job] {
      for (std::uint64_t i = 1; i <= 20; ++i) {
        save(job, {.done = Done{i, i}});
        put_chunk(job.hold(), i);
        await(store().crcs.remember({{object_id(i), i, 1}}, start_time));
        await(store().upkeep.remove_expired(start_time));
      }
      end(job, {.state = JobState::done, .done = {20, 20}});
    });
    threads.emplace_back([this, job, &torn] {
      for (int i = 0; i < 60; ++i) {
        // A job is seen before its end with all it has, or after it with nothing.
        std::optional<Job> const seen = found(job);
        bool const ended = seen->state == JobState::done;
        torn += ended != seen->sealed_credentials.empty();
        torn += seen->done.entries != seen->done.bytes;
        torn += ended && seen->done.entries != 20;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(await(store().jobs.count(std::nullopt))[JobState::done], jobs.size());
}

TEST_P(StoreConformance, of_many_creates_at_once_with_one_key_one_is_done) {
  constexpr int nodes_threads = 4;
  std::unique_ptr<OpenStore> const other = other_node();
  Once const once{"key", "hash"};
  std::vector<Job> jobs;
  for (int i = 0; i < 2 * nodes_threads; ++i) jobs.push_back(new_job());
  Ids got(jobs.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    Store const& node = i % 2 == 0 ? store() : other->store();
    threads.emplace_back([&node, &once, &job = jobs[i], &id = got[i]] {
      id = await(node.jobs.create({.job = job, .once = once}));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), 1U);
  ListQuery const query{.account_id = owner(), .limit = 9};
  EXPECT_EQ(ids_of(await(store().jobs.list(query, std::nullopt))), Ids{got.front()});
}

TEST_P(StoreConformance, of_a_run_that_many_end_at_once_one_is_told_that_it_did) {
  constexpr std::size_t count = 6;
  Job const job = add_running_job();
  std::unique_ptr<OpenStore> const other = other_node();
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    Store const& node = i % 2 == 0 ? store() : other->store();
    threads.emplace_back([&node, &job, &done, cancels = i < 2] {
      RunEnd const end{.state = JobState::done};
      done += cancels ? await(node.jobs.cancel(job.id, start_time))
                      : await(node.jobs.end_run(job.hold(), end, start_time));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 1);
}

}  // namespace store
