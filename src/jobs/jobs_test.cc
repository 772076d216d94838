// Jobs from their claim to their end, over a bucket and a store in memory, with the store failing
// at each of its calls in turn: each job ends where it should, no runner holds it, and nothing of
// it is left, no secret and no upload.
#include "archive/select/own_zips.h"
#include "base/clock.h"
#include "base/error.h"
#include "jobs/cleaning.h"
#include "jobs/expiring.h"
#include "jobs/result.h"
#include "jobs/run_job.h"
#include "jobs/testing/jobs_world.h"
#include "net/deadline.h"
#include "net/runtime.h"
#include "net/task_group.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include <gtest/gtest.h>

namespace jobs {
namespace {

using std::chrono_literals::operator""ms;
using store::FailMode;
using store::JobState;

using Change = std::function<void(store::Job&, archive::Request&)>;

// A request, the trouble in the bucket, and the end that the job must come to.
struct Story {
  char const* name;
  Change change;
  std::function<void(archive::MemoryStore&)> trouble;
  JobState end = JobState::done;
  // True if a plan that is made anew would have the changed objects.
  bool may_be_done_later = false;
};

void split_in_three(store::Job& /*job*/, archive::Request& request) {
  request.max_archive_entries = 1;
}

std::vector<Story> stories() {
  auto const asks_for_what_is_not_there = [](store::Job&, archive::Request& request) {
    request.paths.push_back("bucket/missing");
  };
  auto const refuses_a_part = [](archive::MemoryStore& bucket) { bucket.failing_upload = 0; };
  auto const breaks_a_read = [](archive::MemoryStore& bucket) { bucket.failing_read = 1; };
  auto const changes = [](archive::MemoryStore& bucket) { bucket.changes_after_listing = "in/c"; };
  return {{"a zip", {}, {}, JobState::done},
          {"a zip in three", split_in_three, {}, JobState::done},
          {"a source is missing", asks_for_what_is_not_there, {}, JobState::failed},
          {"a read breaks off", {}, breaks_a_read, JobState::done},
          {"a part is refused once", {}, refuses_a_part, JobState::done},
          {"a source is another one by then", split_in_three, changes, JobState::failed, true}};
}

// A world in which the story is to happen.
struct Telling {
  explicit Telling(Story const& story) {
    if (story.trouble) story.trouble(*world.bucket);
    id = world.add_job(story.change);
  }
  void run(store::Store const& store) { world.run_program(store, id); }
  void run_until(store::Store const& store, std::function<bool()> const& killed) {
    world.run_program(store, id, killed);
  }
  void expect(Story const& story) {
    JobState const state = world.job(id).state;
    bool const done_later = story.may_be_done_later && state == JobState::done;
    EXPECT_TRUE(state == story.end || done_later) << store::name(state) << world.job(id).error;
    world.expect_nothing_left(id);
  }
  JobsWorld world;
  std::string id;
};

// The calls of the store on the way.
std::vector<std::string> calls_of(Story const& story) {
  Telling telling(story);
  store::FailingStore store(telling.world.rows());
  telling.run(store.store());
  telling.expect(story);
  EXPECT_GT(store.calls(), 3U);
  return store.names();
}

TEST(Jobs, end_where_they_should_whichever_call_of_the_store_fails) {
  for (Story const& story : stories()) {
    std::size_t const calls = calls_of(story).size();
    for (FailMode const mode : {FailMode::refuse, FailMode::lose_answer}) {
      for (std::size_t call = 0; call < calls; ++call) {
        Telling telling(story);
        store::FailingStore store(telling.world.rows());
        store.fail_at(call, mode);
        SCOPED_TRACE(testing::Message()
                     << story.name << ", call " << call << ", mode " << static_cast<int>(mode));
        telling.run(store.store());
        telling.expect(story);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

TEST(Jobs, go_on_after_a_kill_at_any_call_of_the_store) {
  for (Story const& story : stories()) {
    std::size_t const calls = calls_of(story).size();
    for (std::size_t call = 0; call < calls; ++call) {
      Telling telling(story);
      store::FailingStore store(telling.world.rows());
      store.fail_at(call, FailMode::hang);
      SCOPED_TRACE(testing::Message() << story.name << ", killed at call " << call);
      telling.run_until(store.store(), [&] { return store.calls() > call; });
      telling.run(telling.world.rows());
      telling.expect(story);
      if (testing::Test::HasFailure()) return;
    }
  }
}

constexpr std::size_t longest_story = 10'000;  // calls

// Writes that are not durable by themselves may be taken back by a power cut.
TEST(Jobs, go_on_after_a_power_cut_has_taken_back_a_relaxed_write) {
  std::set<std::string> const relaxed{"jobs.claim", "jobs.requeue", "jobs.put_off",
                                      "jobs.end_chore", "crcs.remember"};
  for (Story const& story : stories()) {
    std::vector<std::string> const calls = calls_of(story);
    for (std::size_t call = 0; call < calls.size(); ++call) {
      if (!relaxed.contains(calls[call])) continue;
      Telling telling(story);
      store::FailingStore store(telling.world.rows());
      auto const number =
          std::count(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(call), calls[call]);
      store.fail_at(calls[call], static_cast<std::size_t>(number), FailMode::forget);
      SCOPED_TRACE(testing::Message() << story.name << ", forgotten " << calls[call]);
      std::optional<std::size_t> calls_at_cut;
      auto const one_call_later = [&] {
        if (!calls_at_cut && store.has_failed()) calls_at_cut = store.calls();
        return store.calls() > calls_at_cut.value_or(longest_story);
      };
      telling.run_until(store.store(), one_call_later);
      telling.run(telling.world.rows());
      telling.expect(story);
      if (testing::Test::HasFailure()) return;
    }
  }
}

// ---- single stories

net::task<void> cancel_while_it_reads(JobsWorld& world, Tools const& tools, Runner& runner,
                                      std::string id) {
  net::TaskGroup group(co_await net::this_loop());
  group.spawn(world.run_jobs(tools, runner, id));
  while (!world.bucket->hanging) co_await net::sleep(1ms);
  EXPECT_TRUE(co_await cancel_job(tools.store.jobs, world.live, id));
  EXPECT_FALSE(co_await cancel_job(tools.store.jobs, world.live, id)) << "it has ended";
  co_await group.wait_all();
}

TEST(Jobs, that_are_cancelled_while_they_run_stop_and_clean_up) {
  JobsWorld world;
  std::string const id = world.add_job();
  world.bucket->hanging_read = 1;
  world.in_program(world.rows(), [&](Tools const& tools, Runner& runner) {
    return cancel_while_it_reads(world, tools, runner, id);
  });
  EXPECT_EQ(world.job(id).state, JobState::cancelled);
  EXPECT_EQ(world.job(id).error, "cancelled");
  world.expect_nothing_left(id);
}

net::task<void> lose_while_it_reads(JobsWorld& world, Tools const& tools, store::Job& taken) {
  net::TaskGroup group(co_await net::this_loop());
  store::Jobs& jobs = tools.store.jobs;
  std::optional<store::Job> const job =
      co_await jobs.claim("first", store::Turn(), base::unix_now());
  group.spawn(run_job(tools, *job));
  while (!world.bucket->hanging) co_await net::sleep(1ms);
  co_await jobs.requeue(std::nullopt, base::unix_now());
  taken = *co_await jobs.claim("second", store::Turn(), base::unix_now());
  co_await group.wait_all();
}

// This happens only if several nodes share a store: the first was taken for dead.
TEST(Jobs, that_another_runner_has_by_now_are_left_alone) {
  JobsWorld world;
  std::string const id = world.add_job();
  world.bucket->hanging_read = 1;
  store::Job taken;
  world.in_program(world.rows(), [&](Tools const& tools, Runner& /*runner*/) {
    return lose_while_it_reads(world, tools, taken);
  });
  EXPECT_EQ(taken.attempt, 2);
  EXPECT_EQ(world.job(id).state, JobState::running);
  EXPECT_EQ(world.job(id).hold(), taken.hold());
  EXPECT_FALSE(world.job(id).sealed_credentials.empty()) << "the second works with them";
}

TEST(Jobs, that_fail_for_a_passing_reason_wait_and_are_tried_again_so_often) {
  JobsWorld world;
  world.bucket->unanswered_heads = {"bucket/in/a"};
  std::string const id = world.add_job(
      [](store::Job&, archive::Request& request) { request.paths = {"bucket/in/a"}; });
  world.run_program(world.rows(), id);
  store::Job const job = world.job(id);
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(job.attempt, base::limits::job_attempts);
  EXPECT_EQ(job.failures, base::limits::job_attempts - 1);
  world.expect_nothing_left(id);
}

TEST(Jobs, present_the_links_to_their_zips) {
  JobsWorld world;
  std::string const id = world.add_job(split_in_three);
  world.run_program(world.rows(), id);
  std::vector<std::string> const urls = open_result(world.keys, world.job(id));
  ASSERT_EQ(urls.size(), 3U);
  EXPECT_NE(urls[2].find(id + "_2.zip"), std::string::npos) << urls[2];
}

net::task<void> clean_up_late(Tools const& tools, std::string id) {
  store::Jobs& jobs = tools.store.jobs;
  std::vector<store::Chore> const due =
      co_await jobs.due_chores(store::ChoreKind::clean, base::unix_now());
  EXPECT_EQ(due.size(), 1U);
  // Meanwhile the job's own runner has cleaned up, and the job runs anew.
  store::ChoreEnd const clean;
  co_await jobs.end_chore(due.front(), clean, base::unix_now());
  store::Retry retry;
  retry.job_id = id;
  EXPECT_TRUE(co_await jobs.retry(std::move(retry), base::unix_now()));
  std::optional<store::Job> const again =
      co_await jobs.claim("again", store::Turn(), base::unix_now());
  store::JobNews news{.upload = store::Upload{1, "bucket", "zips/all_1.zip", "upload", 1}};
  EXPECT_TRUE(co_await jobs.save(again->hold(), std::move(news)));
  co_await clean_up_left_job(tools, due.front());
}

TEST(Jobs, that_run_anew_are_not_cleaned_by_who_comes_too_late) {
  JobsWorld world;
  std::string const id = world.add_job(split_in_three);
  store::Jobs& jobs = world.rows().jobs;
  store::Job const job = *net::result_of(jobs.claim("session", {}, base::unix_now()));
  std::string const key = "zips/" + id + ".zip";
  world.bucket->put("bucket", key, archive::Content("a zip"))
      .metadata[std::string(archive::job_metadata)] = id;
  store::PlanFacts const plan{.frozen = true, .archives = {{.etag = "e"}, {.etag = "f"}}};
  store::RunEnd const end{.state = JobState::failed, .upload = {.archive = 1}};
  EXPECT_TRUE(net::result_of(jobs.save(job.hold(), {.plan = plan})));
  EXPECT_TRUE(net::result_of(jobs.end_run(job.hold(), end, base::unix_now())));
  world.in_program(world.rows(), [&](Tools const& tools, Runner& /*runner*/) {
    return clean_up_late(tools, id);
  });
  EXPECT_EQ(world.zip_of(id), "a zip") << "it is the new run's";
}

// ---- zips that expire

void expires_in_an_hour(store::Job& job, archive::Request& /*request*/) {
  job.expiry.after_hours = 1;
}

void look_for_expired_zips(JobsWorld& world, store::Store const& store) {
  world.in_program(
      store, [](Tools const& tools, Runner& /*runner*/) { return delete_expired_zips(tools); });
}

// A job whose zip expired a while ago.
std::string expired_zip(JobsWorld& world) {
  base::UnixSeconds const long_ago = base::unix_now() - 7'200;
  std::string const id = world.add_job(expires_in_an_hour);
  store::Jobs& jobs = world.rows().jobs;
  store::Job const job = *net::result_of(jobs.claim("session", {}, long_ago));
  world.bucket->put("bucket", "zips/" + id + ".zip", archive::Content("a zip"))
      .metadata[std::string(archive::job_metadata)] = id;
  store::PlanFacts const plan{.frozen = true, .archives = {{.etag = "e"}}};
  EXPECT_TRUE(net::result_of(jobs.save(job.hold(), {.plan = plan})));
  EXPECT_TRUE(net::result_of(jobs.end_run(job.hold(), {.state = JobState::done}, long_ago)));
  return id;
}

TEST(ExpiredZips, are_deleted_whichever_call_of_the_store_fails) {
  for (FailMode const mode : {FailMode::refuse, FailMode::lose_answer, FailMode::forget}) {
    for (std::size_t call = 0; call < 4; ++call) {
      SCOPED_TRACE(testing::Message() << "call " << call << ", mode " << static_cast<int>(mode));
      JobsWorld world;
      std::string const id = expired_zip(world);
      store::FailingStore store(world.rows());
      store.fail_at(call, mode);
      look_for_expired_zips(world, store.store());
      look_for_expired_zips(world, world.rows());
      EXPECT_EQ(world.zip_of(id), "");
      EXPECT_TRUE(world.job(id).expiry.deleted);
      EXPECT_EQ(world.job(id).sealed_credentials, "");
    }
  }
}

TEST(ExpiredZips, that_cannot_be_deleted_are_tried_again_later) {
  JobsWorld world;
  std::string const id = expired_zip(world);
  world.bucket->unanswered_heads = {"bucket/zips/" + id + ".zip"};
  look_for_expired_zips(world, world.rows());
  store::Job const job = world.job(id);
  EXPECT_EQ(job.expiry.failures, 1);
  EXPECT_FALSE(job.expiry.note.empty());
  EXPECT_FALSE(job.sealed_credentials.empty());
  world.bucket->unanswered_heads = {};
  look_for_expired_zips(world, world.rows());
  EXPECT_NE(world.zip_of(id), "") << "it is not due yet";
}

TEST(ExpiredZips, that_are_another_object_by_now_stay) {
  JobsWorld world;
  std::string const id = expired_zip(world);
  world.bucket->at("bucket", "zips/" + id + ".zip").metadata.clear();
  look_for_expired_zips(world, world.rows());
  EXPECT_EQ(world.zip_of(id), "a zip");
  EXPECT_NE(world.job(id).expiry.note.find("left alone"), std::string::npos);
}

}  // namespace
}  // namespace jobs
