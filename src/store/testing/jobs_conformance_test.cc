// Jobs, as clients see them: how they come, are found, counted, cancelled and run anew. Their
// runners are in job_runs_conformance_test.cc.
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, a_new_job_is_queued_and_kept_as_it_was_given) {
  Job const job = add_job();
  Job large = new_job();
  large.request = std::string(5'000'000, 'r');
  large.sealed_credentials.clear();
  large.api_version = 1;
  large.target_bucket = "bucket";
  large.target_key = every_byte() + ".zip";
  large.expiry.after_hours = 8760;
  large.expiry.uses_kept_credentials = true;
  EXPECT_EQ(create(large), large.id);
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(found(job), job);
    EXPECT_TRUE(found(large) == large);
    EXPECT_EQ(await(store().jobs.find_whole("nobody")), std::nullopt);
    EXPECT_EQ(await(store().jobs.find_whole("")), std::nullopt);
  }
}

TEST_P(StoreConformance, the_state_of_a_job_comes_without_request_and_credentials) {
  Job job = add_job();
  job.request.clear();
  job.sealed_credentials.clear();
  EXPECT_EQ(await(store().jobs.find(job.id)), job);
  EXPECT_EQ(await(store().jobs.find("nobody")), std::nullopt);
}

TEST_P(StoreConformance, a_job_needs_an_id_of_its_own_and_an_account) {
  Job const job = add_job();
  Job same_id = new_job();
  same_id.id = job.id;
  EXPECT_EQ(fault_of([&] { create(same_id); }), base::Fault::conflict);
  EXPECT_EQ(found(job), job);
  Job orphan = new_job();
  orphan.account_id = "nobody";
  EXPECT_EQ(fault_of([&] { create(orphan); }), base::Fault::conflict);
  EXPECT_EQ(found(orphan), std::nullopt);
}

TEST_P(StoreConformance, jobs_are_counted_by_state) {
  finish(add_running_job());
  fail(add_running_job());
  end(add_running_job(), {.state = JobState::waiting, .due_at = start_time + 1});
  add_running_job();
  await(store().jobs.cancel(add_job().id, start_time));
  add_job();
  Job others = new_job();
  others.account_id = add_account("other").id;
  create(others);

  JobCounts expected;
  expected[JobState::queued] = 1;
  EXPECT_EQ(await(store().jobs.count(others.account_id)), expected);
  for (JobState state : all_job_states) expected[state] = 1;
  EXPECT_EQ(await(store().jobs.count(owner())), expected);
  expected[JobState::queued] = 2;
  EXPECT_EQ(await(store().jobs.count(std::nullopt)), expected);
  EXPECT_EQ(await(store().jobs.count("nobody")), JobCounts());
}

// ---- cancel

TEST_P(StoreConformance, a_queued_job_that_is_cancelled_has_ended_and_keeps_no_secret) {
  Job job = add_job();
  EXPECT_TRUE(await(store().jobs.cancel(job.id, start_time + 9)));
  job.state = JobState::cancelled;
  job.error = "cancelled";
  job.ended_at = start_time + 9;
  job.sealed_credentials.clear();
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(found(job), job);
    EXPECT_EQ(to_clean(start_time + 10), Ids{});
    EXPECT_EQ(claim(start_time + 10), std::nullopt);
  }
  EXPECT_FALSE(await(store().jobs.cancel(job.id, start_time + 10)));
  EXPECT_FALSE(await(store().jobs.cancel("nobody", start_time + 10)));
  EXPECT_EQ(found(job), job);
}

TEST_P(StoreConformance, a_waiting_job_that_is_cancelled_keeps_no_secret_if_it_has_no_plan) {
  Job const job = add_running_job();
  end(job, {.state = JobState::waiting, .error = "no answer", .due_at = start_time + 60});
  EXPECT_TRUE(await(store().jobs.cancel(job.id, start_time + 9)));
  Job const cancelled = *found(job);
  EXPECT_EQ(cancelled.state, JobState::cancelled);
  EXPECT_EQ(cancelled.error, "cancelled");
  EXPECT_FALSE(cancelled.cleaning);
  EXPECT_EQ(cancelled.sealed_credentials, "");
  EXPECT_EQ(to_clean(start_time + 60), Ids{});
  EXPECT_EQ(claim(start_time + 60), std::nullopt);
}

TEST_P(StoreConformance, a_job_that_has_ended_is_not_cancelled) {
  Job const done = add_running_job();
  finish(done);
  Job const failed = add_running_job();
  fail(failed);
  for (Job const& job : {done, failed}) {
    std::optional<Job> const before = found(job);
    EXPECT_FALSE(await(store().jobs.cancel(job.id, start_time + 1)));
    EXPECT_EQ(found(job), before);
  }
}

TEST_P(StoreConformance, cancelled_jobs_are_counted_and_listed_by_themselves) {
  Job const failed = add_running_job();
  fail(failed);
  Job const cancelled = add_job();
  await(store().jobs.cancel(cancelled.id, start_time));
  ListQuery const all{.account_id = owner(), .limit = 10};
  for (auto const& [state, id] :
       {std::pair(JobState::failed, failed.id), std::pair(JobState::cancelled, cancelled.id)}) {
    EXPECT_EQ(await(store().jobs.count(std::nullopt))[state], 1U);
    EXPECT_EQ(await(store().jobs.count(owner()))[state], 1U);
    std::vector<Job> const listed = await(store().jobs.list(all, state));
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].id, id);
    EXPECT_EQ(listed[0].state, state);
  }
  EXPECT_EQ(await(store().jobs.list(all, std::nullopt)).size(), 2U);
}

// ---- retry

TEST_P(StoreConformance, a_job_that_failed_or_was_cancelled_runs_anew_as_if_it_were_new) {
  Job asked = new_job();
  asked.expiry.after_hours = 5;
  create(asked);
  Retry const retry{.job_id = asked.id, .sealed_credentials = "new"};
  for (bool cancelled : {false, true}) {
    Job const running = run(asked);
    put_chunk(running.hold(), 0);
    save(running, {.plan = some_plan(1), .upload = some_upload(), .done = Done{1, 2}});
    cancelled ? await(store().jobs.cancel(asked.id, start_time + 2)) : fail_leaving(running);
    EXPECT_FALSE(await(store().jobs.retry(retry, start_time + 3))) << "it is to be cleaned";
    EXPECT_TRUE(await(store().jobs.end_chore(cleaning_of(running), {}, start_time + 3)));
    EXPECT_TRUE(await(store().jobs.retry(retry, start_time + 3)));
    EXPECT_FALSE(await(store().jobs.retry(retry, start_time + 3))) << "it is queued";
    reopen();
    Job queued = asked;
    queued.sealed_credentials = "new";
    queued.attempt = running.attempt;  // it tells an earlier runner apart
    EXPECT_EQ(found(asked), queued);
  }
  EXPECT_EQ(await(store().accounts.usage_since(owner(), start_time))[Counted::zips], 3U);
}

TEST_P(StoreConformance, a_job_that_runs_anew_is_counted_on_and_begins_anew) {
  Job const first = add_running_job();
  end(first, {.state = JobState::waiting, .due_at = start_time});
  fail(run(first));
  Retry const retry{.job_id = first.id, .sealed_credentials = "new"};
  EXPECT_TRUE(await(store().jobs.retry(retry, start_time + 3)));
  std::optional<Job> const claimed = claim(start_time + 9);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->id, first.id);
  EXPECT_EQ(claimed->attempt, 3);
  EXPECT_EQ(claimed->failures, 0);
  EXPECT_EQ(claimed->started_at, start_time + 9);
  EXPECT_EQ(claimed->sealed_credentials, "new");
}

TEST_P(StoreConformance, what_has_not_failed_does_not_run_anew) {
  Job const waiting = add_running_job();
  end(waiting, {.state = JobState::waiting, .due_at = start_time + 60});
  Job const done = add_running_job();
  finish(done);
  Job const running = add_running_job();
  for (Job const& job : {waiting, done, running, new_job()}) {
    std::optional<Job> const before = found(job);
    Retry const retry{.job_id = job.id, .sealed_credentials = "new"};
    EXPECT_FALSE(await(store().jobs.retry(retry, start_time + 1)));
    EXPECT_EQ(found(job), before);
  }
  EXPECT_EQ(await(store().accounts.usage_since(owner(), start_time))[Counted::zips], 3U);
}

TEST_P(StoreConformance, nothing_is_left_of_the_selection_of_a_job_that_runs_anew) {
  Job const first = add_running_job();
  for (std::uint64_t i = 0; i < 3; ++i) put_chunk(first.hold(), i, "of before");
  fail(first);
  await(store().jobs.retry({.job_id = first.id, .sealed_credentials = "new"}, start_time));
  Job const second = run(first);
  put_chunk(second.hold(), 0, "anew");
  save(second, {.plan = some_plan(1)});
  remove_all_expired(start_time);
  EXPECT_EQ(get_chunk(first.id, 0), "anew");
  EXPECT_EQ(get_chunk(first.id, 1), std::nullopt);
  EXPECT_EQ(get_chunk(first.id, 2), std::nullopt);
}

TEST_P(StoreConformance, a_job_that_is_to_run_anew_has_no_plan_and_soon_no_selection) {
  Job const first = add_running_job();
  put_chunk(first.hold(), 0);
  save(first, {.plan = some_plan(1)});
  fail(first);
  await(store().jobs.retry({.job_id = first.id, .sealed_credentials = "new"}, start_time));
  EXPECT_EQ(found(first)->plan, PlanFacts());
  remove_all_expired(start_time);
  EXPECT_EQ(get_chunk(first.id, 0), std::nullopt);
}

TEST_P(StoreConformance, a_retry_says_whose_credentials_delete_the_zip) {
  Job job = new_job();
  job.expiry.after_hours = 1;
  create(job);
  fail(run(job));
  Retry const retry{.job_id = job.id, .sealed_credentials = "new", .uses_kept_credentials = true};
  EXPECT_TRUE(await(store().jobs.retry(retry, start_time)));
  EXPECT_TRUE(found(job)->expiry.uses_kept_credentials);
  EXPECT_EQ(found(job)->expiry.after_hours, 1U);
}

}  // namespace store
