// Chores in the bucket after the end of jobs: cleaning up, and deleting zips that expire.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {
namespace {

constexpr base::UnixSeconds hour = 3600;

}  // namespace

// ---- cleaning

TEST_P(StoreConformance, a_failed_job_with_finished_archives_is_to_be_cleaned) {
  Job const failed = add_running_job();
  RunEnd const left{.state = JobState::failed, .upload = {.archive = 1}};
  EXPECT_TRUE(end(failed, left, start_time + 9));
  EXPECT_EQ(to_clean(start_time + 8), Ids{});
  EXPECT_EQ(to_clean(start_time + 9), Ids{failed.id});
  EXPECT_TRUE(found(failed)->cleaning);
  EXPECT_EQ(found(failed)->sealed_credentials, failed.sealed_credentials);
}

TEST_P(StoreConformance, a_failed_job_keeps_its_credentials_until_its_upload_is_gone) {
  Job const done = add_running_job();
  end(done, {.state = JobState::done, .upload = some_upload()}, start_time + 8);
  Job const clean = add_running_job();
  save(clean, {.upload = some_upload()});
  fail(clean, start_time + 8);  // its runner has cleaned up
  Job const failed = add_running_job();
  fail_leaving(failed, start_time + 9);
  reopen();
  EXPECT_EQ(to_clean(start_time + 9), Ids{failed.id});
  EXPECT_EQ(found(failed)->sealed_credentials, failed.sealed_credentials);
  EXPECT_EQ(found(failed)->upload, some_upload());
  EXPECT_EQ(found(done)->sealed_credentials, "");
  EXPECT_EQ(found(clean)->sealed_credentials, "");
  EXPECT_TRUE(await(store().jobs.end_chore(cleaning_of(failed), {}, start_time + 10)));
  reopen();
  EXPECT_EQ(to_clean(start_time + 10), Ids{});
  EXPECT_EQ(found(failed)->sealed_credentials, "");
  EXPECT_EQ(found(failed)->state, JobState::failed);
  EXPECT_EQ(found(failed)->upload.upload_id, "");
  EXPECT_FALSE(found(failed)->cleaning);
}

TEST_P(StoreConformance, a_running_job_that_is_cancelled_is_cleaned_by_its_runner_or_handed_over) {
  Job const job = add_running_job();
  save(job, {.upload = some_upload()});
  put_chunk(job.hold(), 0);
  EXPECT_TRUE(await(store().jobs.cancel(job.id, start_time + 9)));
  EXPECT_EQ(get_chunk(job.id, 0), "chunk") << "its report can be asked for";
  Job const cancelled = *found(job);
  EXPECT_EQ(cancelled.state, JobState::cancelled);
  EXPECT_EQ(cancelled.error, "cancelled");
  EXPECT_EQ(cancelled.ended_at, start_time + 9);
  EXPECT_EQ(cancelled.hold(), job.hold()) << "its runner is at it";
  EXPECT_TRUE(cancelled.cleaning);
  EXPECT_EQ(cancelled.sealed_credentials, job.sealed_credentials);
  EXPECT_EQ(to_clean(days_later(1)), Ids{});

  EXPECT_TRUE(await(store().jobs.put_off(cleaning_of(job), "", start_time + 10)));
  reopen();
  EXPECT_EQ(to_clean(start_time + 10), Ids{job.id});
  EXPECT_EQ(found(job)->sealed_credentials, job.sealed_credentials);
  EXPECT_EQ(found(job)->session, "") << "it is nobody's";
  EXPECT_EQ(found(job)->upload, some_upload());
  EXPECT_TRUE(await(store().jobs.end_chore(cleaning_of(job), {}, start_time + 11)));
  EXPECT_EQ(to_clean(start_time + 11), Ids{});
  EXPECT_FALSE(found(job)->cleaning);
  EXPECT_EQ(found(job)->session, "");
  EXPECT_EQ(found(job)->sealed_credentials, "");
  EXPECT_EQ(found(job)->state, JobState::cancelled);
}

TEST_P(StoreConformance, the_runner_of_a_cancelled_job_ends_its_cleaning) {
  Job const job = add_running_job();
  save(job, {.upload = some_upload()});
  await(store().jobs.cancel(job.id, start_time));
  EXPECT_TRUE(await(store().jobs.end_chore(cleaning_of(job), {}, start_time + 1)));
  EXPECT_FALSE(found(job)->cleaning);
  EXPECT_EQ(found(job)->sealed_credentials, "");
  EXPECT_EQ(found(job)->session, "");
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 2)), 0U);
  EXPECT_EQ(to_clean(start_time + 2), Ids{});
}

TEST_P(StoreConformance, after_a_restart_the_job_of_a_runner_that_is_gone_is_cleaned_by_anybody) {
  Job const waiting = add_running_job(start_time - 1);
  save(waiting, {.plan = some_plan(1)});
  Job const running = add_running_job();
  await(store().jobs.cancel(running.id, start_time + 1));
  EXPECT_EQ(to_clean(start_time + 1), Ids{});
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 2)), 1U);
  EXPECT_EQ(to_clean(start_time + 2), Ids{running.id});
  EXPECT_EQ(found(running)->session, "");
  // A job that waits for its second start may have begun to write in its first.
  await(store().jobs.cancel(waiting.id, start_time + 3));
  EXPECT_TRUE(found(waiting)->cleaning);
  EXPECT_EQ(found(waiting)->due_at, 0);
  EXPECT_EQ(to_clean(start_time + 3), (Ids{running.id, waiting.id}));
  EXPECT_EQ(found(waiting)->sealed_credentials, waiting.sealed_credentials);
}

TEST_P(StoreConformance, what_a_session_was_to_clean_is_anybodys_and_no_others) {
  Job const job = add_running_job();
  await(store().jobs.cancel(job.id, start_time));
  EXPECT_EQ(await(store().jobs.requeue("another session", start_time)), 0U);
  EXPECT_EQ(to_clean(), Ids{});
  EXPECT_EQ(found(job)->hold(), job.hold());
  EXPECT_EQ(await(store().jobs.requeue(session_, start_time)), 0U) << "none is to run again";
  EXPECT_EQ(to_clean(), Ids{job.id});
}

TEST_P(StoreConformance, a_cleaning_that_failed_is_due_again_later_and_counted) {
  Job const job = add_running_job();
  fail_leaving(job);
  Chore chore = cleaning_of(job);
  EXPECT_EQ(due(ChoreKind::clean), std::vector{chore});
  EXPECT_TRUE(await(store().jobs.put_off(chore, "no answer", start_time + 60)));
  EXPECT_EQ(due(ChoreKind::clean, start_time + 59), std::vector<Chore>{});
  chore.failures = 1;
  reopen();
  EXPECT_EQ(due(ChoreKind::clean, start_time + 60), std::vector{chore});
  EXPECT_TRUE(await(store().jobs.put_off(chore, "no answer", start_time + 90)));
  chore.failures = 2;
  EXPECT_EQ(due(ChoreKind::clean, start_time + 90), std::vector{chore});
  EXPECT_EQ(await(store().jobs.requeue(std::nullopt, start_time + 61)), 0U);
  EXPECT_EQ(to_clean(start_time + 89), Ids{}) << "a restart does not hasten it";
  EXPECT_EQ(found(job)->failures, 0) << "these are of its runs";
}

TEST_P(StoreConformance, chores_are_done_the_first_due_first) {
  Job const late = add_running_job();
  Job const early = add_running_job();
  Job const put_off = add_running_job();
  fail_leaving(put_off, start_time);
  fail_leaving(late, start_time + 20);
  fail_leaving(early, start_time + 10);
  await(store().jobs.put_off(cleaning_of(put_off), "no answer", start_time + 30));
  EXPECT_EQ(to_clean(start_time + 30), (Ids{early.id, late.id, put_off.id}));
}

TEST_P(StoreConformance, a_bounded_number_of_chores_is_due_at_a_time) {
  std::size_t const count = base::limits::chores_at_once + 1;
  for (std::size_t i = 0; i < count; ++i)
    await(store().jobs.cancel(add_running_job().id, start_time));
  await(store().jobs.requeue(std::nullopt, start_time));
  EXPECT_EQ(due(ChoreKind::clean).size(), base::limits::chores_at_once);
}

// ---- chores that are no more

namespace {

// Whether any call could change the chore.
bool can_change(Store const& store, Chore const& chore) {
  bool done = await(store.jobs.put_off(chore, "no answer", start_time + 77));
  done |= await(store.jobs.end_chore(chore, {.deleted = true, .note = "note"}, start_time + 77));
  return done;
}

}  // namespace

TEST_P(StoreConformance, a_chore_of_an_earlier_run_changes_nothing) {
  Job const first = add_running_job();
  fail_leaving(first);
  await(store().jobs.end_chore(cleaning_of(first), {}, start_time));
  await(store().jobs.retry({.job_id = first.id, .sealed_credentials = "new"}, start_time));
  Job const second = run(first);
  fail_leaving(second);
  std::optional<Job> const before = found(first);
  EXPECT_FALSE(can_change(store(), cleaning_of(first)));
  EXPECT_EQ(found(first), before);
  EXPECT_EQ(due(ChoreKind::clean), std::vector{cleaning_of(second)});
  EXPECT_TRUE(can_change(store(), cleaning_of(second)));
}

TEST_P(StoreConformance, the_failures_of_a_cleaning_are_those_of_this_run) {
  for (bool cancelled : {false, true}) {
    Job const first = add_running_job();
    fail_leaving(first);
    await(store().jobs.put_off(cleaning_of(first), "no answer", start_time));
    await(store().jobs.end_chore(cleaning_of(first), {}, start_time));
    await(store().jobs.retry({.job_id = first.id, .sealed_credentials = "new"}, start_time));
    Job const second = run(first);
    cancelled ? await(store().jobs.cancel(first.id, start_time)) : fail_leaving(second);
    await(store().jobs.requeue(std::nullopt, start_time));
    EXPECT_EQ(due(ChoreKind::clean), std::vector{cleaning_of(second)}) << "none has failed";
    await(store().jobs.end_chore(cleaning_of(second), {}, start_time));
  }
}

TEST_P(StoreConformance, where_nothing_is_to_be_done_no_chore_changes_anything) {
  Job const waiting = add_running_job();
  end(waiting, {.state = JobState::waiting, .upload = some_upload(), .due_at = start_time + 60});
  Job const done = add_running_job();
  finish(done);
  Job const failed = add_running_job();
  fail(failed);
  Job const cleaned = add_running_job();
  fail_leaving(cleaned);
  await(store().jobs.end_chore(cleaning_of(cleaned), {}, start_time));
  Job expiring = new_job();
  expiring.expiry.after_hours = 1;
  create(expiring);
  Job const running = run(expiring);
  for (Job const& job : {waiting, done, failed, cleaned, running, new_job()}) {
    std::optional<Job> const before = found(job);
    EXPECT_FALSE(can_change(store(), cleaning_of(job)));
    EXPECT_FALSE(can_change(store(), expiry_of(job)));
    EXPECT_EQ(found(job), before);
  }
}

TEST_P(StoreConformance, a_chore_of_the_other_kind_changes_nothing) {
  Job expiring = new_job();
  expiring.expiry.after_hours = 1;
  create(expiring);
  Job const failed = run(expiring);
  fail_leaving(failed);
  std::optional<Job> const before = found(failed);
  EXPECT_FALSE(can_change(store(), expiry_of(failed)));
  EXPECT_EQ(found(failed), before);
  EXPECT_EQ(to_delete(days_later(1)), Ids{});
}

// ---- zips that expire

TEST_P(StoreConformance, a_zip_that_expires_keeps_its_jobs_credentials_until_it_is_deleted) {
  Job job = new_job();
  job.expiry.after_hours = 1000;
  create(job);
  Job const running = run(job);
  Chore const chore = expiry_of(running);
  finish(running);
  base::UnixSeconds const end = start_time + 1000 * hour;
  EXPECT_EQ(found(job)->expiry.expires_at, end);
  EXPECT_EQ(due(ChoreKind::expire, end - 1), std::vector<Chore>{});
  EXPECT_EQ(due(ChoreKind::expire, end), std::vector{chore});

  EXPECT_TRUE(await(store().jobs.put_off(chore, "no answer", end + 60)));
  reopen();
  EXPECT_EQ(to_delete(end + 59), Ids{});
  Chore again = chore;
  again.failures = 1;
  EXPECT_EQ(due(ChoreKind::expire, end + 60), std::vector{again});
  EXPECT_EQ(found(job)->expiry.note, "no answer");
  EXPECT_EQ(found(job)->expiry.failures, 1);
  EXPECT_EQ(found(job)->sealed_credentials, job.sealed_credentials);
  remove_all_expired(end + 60);
  EXPECT_TRUE(found(job)) << "however long the job's end is past";

  EXPECT_TRUE(await(store().jobs.end_chore(again, {}, end + 60)));
  EXPECT_FALSE(can_change(store(), again));
  EXPECT_EQ(to_delete(end + hour), Ids{});
  EXPECT_EQ(found(job)->sealed_credentials, "");
  EXPECT_EQ(found(job)->expiry, (Expiry{.after_hours = 1000,
                                        .uses_kept_credentials = false,
                                        .expires_at = end,
                                        .failures = 1,
                                        .ended_at = end + 60,
                                        .deleted = true,
                                        .note = ""}));
  base::UnixSeconds const kept = seconds(base::limits::job_retention);
  remove_all_expired(end + 59 + kept);
  EXPECT_TRUE(found(job));
  remove_all_expired(end + 60 + kept);
  EXPECT_FALSE(found(job));
}

TEST_P(StoreConformance, a_zip_whose_deletion_is_given_up_says_so) {
  Job job = new_job();
  job.expiry.after_hours = 1;
  create(job);
  Job const running = run(job);
  finish(running);
  ChoreEnd const given_up{.deleted = false, .note = "the bucket is not ours any more"};
  EXPECT_TRUE(await(store().jobs.end_chore(expiry_of(running), given_up, start_time + 2 * hour)));
  Expiry const expiry = found(job)->expiry;
  EXPECT_FALSE(expiry.deleted);
  EXPECT_EQ(expiry.ended_at, start_time + 2 * hour);
  EXPECT_EQ(expiry.note, given_up.note);
  EXPECT_EQ(found(job)->sealed_credentials, "");
  EXPECT_EQ(found(job)->state, JobState::done);
  EXPECT_EQ(to_delete(days_later(1)), Ids{});
}

TEST_P(StoreConformance, a_job_that_does_not_succeed_or_uses_kept_credentials_keeps_none) {
  for (bool done : {false, true}) {
    Job job = new_job();
    job.expiry.after_hours = 1;
    job.expiry.uses_kept_credentials = done;
    create(job);
    done ? finish(run(job)) : fail(run(job));
    EXPECT_EQ(found(job)->sealed_credentials, "");
    EXPECT_EQ(found(job)->expiry.uses_kept_credentials, done);
    EXPECT_EQ(found(job)->expiry.expires_at, done ? start_time + hour : 0);
    EXPECT_EQ(to_delete(start_time + hour), done ? Ids{job.id} : Ids{});
  }
}

}  // namespace store
