// Runners and their jobs: how they take them up, write to them, and let them go. Each write is done
// for the runner whose job it is, and for no other.
#include "store/testing/conformance.h"

namespace store {

// ---- claim

TEST_P(StoreConformance, jobs_are_claimed_the_oldest_first) {
  Job const third = add_job(start_time + 2);
  Job const first = add_job(start_time);
  Job const second = add_job(start_time);  // as old, but after it
  for (Job expected : {first, second, third}) {
    expected.state = JobState::running;
    expected.session = session_;
    expected.attempt = 1;
    expected.started_at = start_time + 10;
    EXPECT_EQ(claim(start_time + 10), expected);
    EXPECT_EQ(found(expected), expected);
  }
  EXPECT_EQ(claim(), std::nullopt);
}

TEST_P(StoreConformance, a_job_whose_attempt_failed_waits_until_it_is_due) {
  Job job = add_running_job();
  save(job, {.upload = some_upload(), .done = Done{1, 2}});
  RunEnd const pause{.state = JobState::waiting,
                     .error = "no answer",
                     .done = {3, 4},
                     .upload = {.archive = 1},
                     .due_at = start_time + 60};
  EXPECT_TRUE(end(job, pause, start_time + 5));
  reopen();
  job.state = JobState::waiting;
  job.session.clear();
  job.failures = 1;
  job.error = "no answer";
  job.due_at = start_time + 60;
  job.upload = {.archive = 1};
  job.done = {3, 4};
  EXPECT_EQ(found(job), job);
  EXPECT_EQ(claim(start_time + 59), std::nullopt);

  Job const again = claim(start_time + 60).value_or(Job());
  EXPECT_EQ(again.id, job.id);
  EXPECT_EQ(again.state, JobState::running);
  EXPECT_EQ(again.hold(), (Hold{.id = job.id, .session = session_, .attempt = 2}));
  EXPECT_EQ(again.failures, 1);
  EXPECT_EQ(again.due_at, 0);
  EXPECT_EQ(again.started_at, job.started_at) << "the first time";
  EXPECT_EQ(again.sealed_credentials, job.sealed_credentials);
  end(again, pause);
  EXPECT_EQ(found(job)->failures, 2);
}

TEST_P(StoreConformance, jobs_that_are_due_again_go_before_those_that_are_queued) {
  auto const wait_until = [&](Job const& job, base::UnixSeconds due_at) {
    end(job, {.state = JobState::waiting, .due_at = due_at});
  };
  Job const late = add_running_job();
  Job const early = add_running_job(start_time + 1);
  Job const later = add_running_job();
  wait_until(late, start_time + 20);
  wait_until(early, start_time + 10);
  wait_until(later, start_time + 40);
  Job const queued = add_job(start_time - 10);
  Ids claimed;
  for (int i = 0; i < 3; ++i) claimed.push_back(claim(start_time + 30).value_or(Job()).id);
  EXPECT_EQ(claimed, (Ids{early.id, late.id, queued.id}));
  EXPECT_EQ(claim(start_time + 30), std::nullopt);
  EXPECT_EQ(claim(start_time + 40).value_or(Job()).id, later.id);
}

TEST_P(StoreConformance, of_jobs_that_are_due_at_once_the_oldest_is_claimed_first) {
  Job const young = add_running_job(start_time + 5);
  Job const old = add_running_job(start_time);
  for (Job const& job : {young, old})
    end(job, {.state = JobState::waiting, .due_at = start_time + 10});
  EXPECT_EQ(claim(start_time + 10).value_or(Job()).id, old.id);
  EXPECT_EQ(claim(start_time + 10).value_or(Job()).id, young.id);
}

TEST_P(StoreConformance, jobs_of_a_disabled_account_are_not_claimed_until_it_is_enabled) {
  Job const waiting = add_running_job();
  end(waiting, {.state = JobState::waiting, .due_at = start_time});
  Job const queued = add_job();
  Job others = new_job(start_time + 5);
  others.account_id = add_account("other").id;
  create(others);
  await(store().accounts.set_standing(owner(), Standing::disabled));
  EXPECT_EQ(claim().value_or(Job()).id, others.id);
  EXPECT_EQ(claim(), std::nullopt);
  await(store().accounts.set_standing(owner(), Standing::active));
  EXPECT_EQ(claim().value_or(Job()).id, waiting.id);
  EXPECT_EQ(claim().value_or(Job()).id, queued.id);
}

// ---- whose turn it is

TEST_P(StoreConformance, accounts_take_turns_in_a_ring_and_none_runs_two_before_another_runs_one) {
  std::vector<std::string> accounts{owner(), add_account("second").id, add_account("third").id};
  std::ranges::sort(accounts);
  for (int i = 0; i < 12; ++i) {  // the first account asks for all of its zips first
    Job job = new_job(start_time + i);
    job.account_id = accounts[static_cast<std::size_t>(i) / 4];
    create(job);
  }
  auto const next = [&](std::string const& after) {
    return claim(start_time, {.after = after}).value_or(Job()).account_id;
  };
  EXPECT_EQ(next(accounts[0]), accounts[1]);
  EXPECT_EQ(next(accounts[1]), accounts[2]);
  EXPECT_EQ(next(accounts[0]), accounts[0]) << "the others run one";
  EXPECT_EQ(next(accounts[2]), accounts[0]) << "the ring begins anew";
  EXPECT_EQ(next(accounts[0]), accounts[1]);
  EXPECT_EQ(next(accounts[1]), accounts[2]);
}

TEST_P(StoreConformance, an_account_that_runs_as_many_as_it_may_is_passed_over) {
  Job const first = add_job();
  Job const second = add_job();
  Turn const newcomers{.most_running = 1};
  EXPECT_EQ(claim(start_time, newcomers).value_or(Job()).id, first.id);
  EXPECT_EQ(claim(start_time, newcomers), std::nullopt);
  Job other = new_job(start_time + 9);
  other.account_id = add_account("other").id;
  create(other);
  EXPECT_EQ(claim(start_time, newcomers).value_or(Job()).id, other.id);
  EXPECT_EQ(claim(start_time, {.most_running = 2}).value_or(Job()).id, second.id);
}

TEST_P(StoreConformance, a_job_that_waits_counts_as_one_to_take_up_once_it_is_due) {
  Job const waiting = add_running_job();
  end(waiting, {.state = JobState::waiting, .due_at = start_time + 10});
  Job other = new_job();
  other.account_id = add_account("other").id;
  create(other);
  Job second = new_job();
  second.account_id = other.account_id;
  create(second);
  EXPECT_EQ(claim(start_time + 9).value_or(Job()).id, other.id);
  EXPECT_EQ(claim(start_time + 10).value_or(Job()).id, waiting.id) << "the other one runs a zip";
}

// ---- after a restart

TEST_P(StoreConformance, after_a_restart_running_jobs_are_claimed_again_before_newer_ones) {
  Job const ended = add_running_job();
  fail(ended);
  Job const interrupted = add_running_job();
  Job const queued = add_job(start_time + 1);
  reopen();
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 50)), 1U);
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 50)), 0U);
  Job expected = interrupted;
  expected.state = JobState::waiting;
  expected.session.clear();
  expected.due_at = start_time + 50;
  EXPECT_EQ(found(interrupted), expected);
  EXPECT_EQ(found(ended)->state, JobState::failed);

  expected = interrupted;
  expected.session = "the next session";
  expected.attempt = 2;
  EXPECT_EQ(await(store().jobs.claim("the next session", {}, start_time + 100)), expected)
      << "started_at is the first time";
  EXPECT_EQ(claim(start_time + 100).value_or(Job()).id, queued.id);
  EXPECT_EQ(claim(start_time + 100), std::nullopt);
}

TEST_P(StoreConformance, what_a_session_left_running_is_due_again_and_no_others) {
  Job const left = add_running_job();
  Job const others = add_job();
  std::optional<Job> const running = await(store().jobs.claim("another session", {}, start_time));
  ASSERT_EQ(running.value_or(Job()).id, others.id);
  EXPECT_EQ(await(store().jobs.requeue(session_, start_time + 5)), 1U);
  EXPECT_EQ(found(left)->state, JobState::waiting);
  EXPECT_EQ(found(left)->due_at, start_time + 5);
  EXPECT_EQ(found(others), running);
  EXPECT_EQ(await(store().jobs.requeue("a third", start_time + 5)), 0U);
  EXPECT_EQ(found(others), running);
}

TEST_P(StoreConformance, a_restart_does_not_hasten_what_waits) {
  Job const job = add_running_job();
  end(job, {.state = JobState::waiting, .error = "no answer", .due_at = start_time + 60});
  std::optional<Job> const before = found(job);
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 1)), 0U);
  EXPECT_EQ(found(job), before);
}

// ---- save

TEST_P(StoreConformance, plan_upload_and_progress_of_a_job_are_kept_and_replaced) {
  Job const bystander = add_running_job();
  Job job = add_running_job();
  PlanFacts plan = some_plan(35);
  plan.frozen = false;  // being there says it
  EXPECT_TRUE(save(job, {.plan = plan}));
  job.plan = some_plan(35);
  job.upload = {3, "bucket", "path/to.zip", std::string(500, 'u'), 16ULL << 20};
  EXPECT_TRUE(save(job, {.upload = job.upload}));
  job.done = {69'999, UINT64_MAX};
  EXPECT_TRUE(save(job, {.done = job.done}));
  reopen();
  EXPECT_EQ(found(job), job);

  job.plan = some_plan(2);
  job.plan.layout_version = 4;
  job.upload = {};
  job.done = {1, 2};
  EXPECT_TRUE(save(job, {.plan = job.plan, .upload = job.upload, .done = job.done}));
  EXPECT_EQ(found(job), job);
  EXPECT_TRUE(save(job, {})) << "the job is still its own";
  EXPECT_EQ(found(job), job);
  EXPECT_EQ(found(bystander), bystander);
}

// ---- ends

TEST_P(StoreConformance, a_finished_job_keeps_its_result_and_selection_but_no_credentials) {
  Job job = add_running_job();
  save(job, {.plan = some_plan(1)});
  put_chunk(job.hold(), 0);
  RunEnd const run_end{.state = JobState::done, .sealed_result = every_byte(), .done = {70'001, 5}};
  EXPECT_TRUE(end(job, run_end, start_time + 9));
  job.state = JobState::done;
  job.session.clear();
  job.plan = some_plan(1);
  job.sealed_result = every_byte();
  job.done = {70'001, 5};
  job.ended_at = start_time + 9;
  job.sealed_credentials.clear();
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(found(job), job);
    EXPECT_EQ(get_chunk(job.id, 0), "chunk");
  }
}

TEST_P(StoreConformance, a_failed_job_says_why_and_keeps_its_selection_but_no_credentials) {
  Job job = add_running_job();
  save(job, {.plan = some_plan(1)});
  put_chunk(job.hold(), 0);
  RunEnd const run_end{.state = JobState::failed, .error = "no such key: a", .done = {1, 2}};
  EXPECT_TRUE(end(job, run_end, start_time + 9));
  job.state = JobState::failed;
  job.session.clear();
  job.error = "no such key: a";
  job.plan = some_plan(1);
  job.done = {1, 2};
  job.ended_at = start_time + 9;
  job.sealed_credentials.clear();
  EXPECT_EQ(found(job), job);
  EXPECT_EQ(get_chunk(job.id, 0), "chunk") << "its report can be asked for";
}

TEST_P(StoreConformance, a_job_that_waited_and_is_done_keeps_no_error) {
  Job const first = add_running_job();
  end(first, {.state = JobState::waiting, .error = "no answer", .due_at = start_time});
  finish(run(first));
  EXPECT_EQ(found(first)->error, "");
  EXPECT_EQ(found(first)->due_at, 0);
  EXPECT_EQ(found(first)->failures, 1);
}

// ---- writes of a runner whose job it is not

namespace {

// Whether any of a runner's writes was done.
bool can_write(Store const& store, Hold const& hold) {
  JobNews const news[] = {{},
                          {.plan = PlanFacts{.frozen = true}},
                          {.upload = Upload{.archive = 7}},
                          {.done = Done{7, 7}}};
  bool done = false;
  for (JobNews const& some : news) done |= await(store.jobs.save(hold, some));
  done |= await(store.selections.put(hold, 77, "chunk"));
  for (JobState state : {JobState::waiting, JobState::done, JobState::failed}) {
    RunEnd const end{.state = state, .error = "error", .upload = {.archive = 7}, .due_at = 1};
    done |= await(store.jobs.end_run(hold, end, start_time + 77));
  }
  return done;
}

}  // namespace

TEST_P(StoreConformance, a_runner_of_another_session_or_attempt_writes_nothing) {
  Job const job = add_running_job();
  save(job, {.plan = some_plan(100)});
  put_chunk(job.hold(), 77, "its own");
  std::optional<Job> const before = found(job);
  Hold const wrong[] = {{.id = job.id, .session = "another session", .attempt = 1},
                        {.id = job.id, .session = "", .attempt = 1},
                        {.id = job.id, .session = session_, .attempt = 0},
                        {.id = job.id, .session = session_, .attempt = 2},
                        {.id = "nobody", .session = session_, .attempt = 1}};
  for (Hold const& hold : wrong) EXPECT_FALSE(can_write(store(), hold));
  EXPECT_EQ(found(job), before);
  EXPECT_EQ(get_chunk(job.id, 77), "its own");
  EXPECT_EQ(get_chunk("nobody", 77), std::nullopt);
  EXPECT_TRUE(can_write(store(), job.hold()));
}

TEST_P(StoreConformance, a_runner_that_was_cut_off_writes_nothing_even_as_another_runs_the_job) {
  Job const first = add_running_job();
  await(store().jobs.requeue(std::nullopt, start_time));
  std::optional<Job> const waiting = found(first);
  EXPECT_FALSE(can_write(store(), first.hold()));
  EXPECT_FALSE(can_write(store(), waiting->hold()));
  EXPECT_EQ(found(first), waiting);

  Job const second = run(first);  // by the same session
  EXPECT_FALSE(can_write(store(), first.hold()));
  EXPECT_EQ(found(first), second);
  EXPECT_EQ(get_chunk(first.id, 77), std::nullopt);
  EXPECT_TRUE(can_write(store(), second.hold()));
}

TEST_P(StoreConformance, a_runner_that_let_its_job_go_writes_nothing) {
  Job const waiting = add_running_job();
  end(waiting, {.state = JobState::waiting, .due_at = start_time + 60});
  Job const done = add_running_job();
  finish(done);
  Job const failed = add_running_job();
  fail(failed);
  for (Job const& job : {waiting, done, failed}) {
    std::optional<Job> const before = found(job);
    EXPECT_FALSE(can_write(store(), job.hold()));
    EXPECT_EQ(found(job), before);
    EXPECT_EQ(get_chunk(job.id, 77), std::nullopt);
  }
}

TEST_P(StoreConformance, a_runner_hears_by_its_next_write_that_its_job_was_cancelled) {
  Job const job = add_running_job();
  await(store().jobs.cancel(job.id, start_time + 1));
  std::optional<Job> const before = found(job);
  EXPECT_FALSE(can_write(store(), job.hold()));
  EXPECT_EQ(found(job), before);
  EXPECT_EQ(get_chunk(job.id, 77), std::nullopt);
}

TEST_P(StoreConformance, nobody_writes_to_a_job_that_nobody_has_taken_up) {
  Job const job = add_job();
  EXPECT_FALSE(can_write(store(), job.hold()));
  EXPECT_FALSE(can_write(store(), {.id = job.id, .session = session_, .attempt = 1}));
  EXPECT_EQ(found(job), job);
}

TEST_P(StoreConformance, what_has_ended_changes_no_more) {
  Job const job = add_running_job();
  EXPECT_TRUE(end(job, {.state = JobState::failed, .error = "no such key: a"}));
  std::optional<Job> const ended = found(job);
  EXPECT_FALSE(can_write(store(), job.hold()));
  EXPECT_FALSE(await(store().jobs.cancel(job.id, start_time + 1)));
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 1)), 0U);
  EXPECT_EQ(claim(start_time + 1), std::nullopt);
  EXPECT_EQ(found(job), ended);
}

}  // namespace store
