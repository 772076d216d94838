// The conformance suite about jobs that are cancelled or run anew, and the cleaning of what ended
// jobs left.
#pragma once

#include "store/testing/store_conformance.h"

namespace store {

TEST_P(StoreConformance, a_failed_job_with_finished_archives_is_to_be_cleaned) {
  Job const failed = add_started_job();
  store_->set_upload(failed.id, {1, "", "", "", 0});
  store_->finish_job(failed.id, JobState::failure, "a source has changed", "", start_time);
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{failed.id});
  EXPECT_TRUE(store_->find_job_state(failed.id)->cleaning);
  EXPECT_EQ(store_->find_job(failed.id)->sealed_credentials, failed.sealed_credentials);
}

TEST_P(StoreConformance, a_waiting_job_that_is_cancelled_has_ended_and_keeps_no_secret) {
  Job job = add_job();
  EXPECT_TRUE(store_->cancel_job(job.id, start_time + 9));
  job.state = JobState::cancelled;
  job.error = "cancelled";
  job.ended_at = start_time + 9;
  job.sealed_credentials.clear();
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(store_->find_job(job.id), job);
    EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{});
    EXPECT_EQ(store_->claim_next_job(start_time + 10), std::nullopt);
  }
  EXPECT_FALSE(store_->cancel_job(job.id, start_time + 10));
  EXPECT_FALSE(store_->cancel_job("nobody", start_time + 10));
  EXPECT_FALSE(store_->finish_job(job.id, JobState::success, "", "x", start_time + 10));
  EXPECT_EQ(store_->find_job(job.id), job);
}

TEST_P(StoreConformance, a_started_job_that_is_cancelled_is_cleaned_by_its_runner_or_handed_over) {
  Job job = add_started_job();
  job.upload = {0, "bucket", "to.zip", "upload-1", 8 << 20};
  store_->set_upload(job.id, job.upload);
  store_->put_selection_chunk(job.id, 0, "chunk");
  EXPECT_TRUE(store_->cancel_job(job.id, start_time + 9));
  EXPECT_EQ(store_->get_selection_chunk(job.id, 0), "chunk") << "its report can be asked for";
  EXPECT_EQ(fault_of([&] { store_->set_progress(job.id, {1, 1}); }), base::Fault::conflict);
  EXPECT_EQ(fault_of([&] { store_->set_upload(job.id, {}); }), base::Fault::conflict);
  EXPECT_FALSE(store_->finish_job(job.id, JobState::success, "", "x", start_time + 9));

  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{});
  EXPECT_TRUE(store_->find_job_state(job.id)->cleaning);
  EXPECT_EQ(store_->find_job(job.id)->sealed_credentials, job.sealed_credentials);
  store_->hand_over_cleaning(job.id);
  reopen();
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{job.id});
  EXPECT_EQ(store_->find_job(job.id)->sealed_credentials, job.sealed_credentials);
  EXPECT_EQ(store_->find_job(job.id)->upload, job.upload);
  store_->end_cleaning(job.id);
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{});
  EXPECT_FALSE(store_->find_job(job.id)->cleaning);
  EXPECT_EQ(store_->find_job(job.id)->sealed_credentials, "");
  EXPECT_EQ(store_->find_job(job.id)->state, JobState::cancelled);
}

TEST_P(StoreConformance, after_a_restart_the_job_of_a_runner_that_is_gone_is_cleaned_by_anybody) {
  Job const waiting = add_job(start_time - 1);
  store_->claim_next_job(start_time);
  store_->freeze_job(waiting.id, some_plan(1));
  Job const running = add_started_job();
  store_->cancel_job(running.id, start_time + 1);
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{});
  EXPECT_EQ(store_->requeue_started_jobs(), 1U);
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{running.id});
  // One that waits for its second start may have begun to write in its first.
  store_->cancel_job(waiting.id, start_time + 2);
  EXPECT_EQ(store_->jobs_to_clean(), (std::vector{running.id, waiting.id}));
  EXPECT_EQ(store_->find_job(waiting.id)->sealed_credentials, waiting.sealed_credentials);
}

TEST_P(StoreConformance, a_job_that_failed_or_was_cancelled_runs_anew_as_if_it_were_new) {
  Job const asked = add_job();
  for (bool cancelled : {false, true}) {
    store_->claim_next_job(start_time + 1);
    store_->put_selection_chunk(asked.id, 0, "chunk");
    store_->freeze_job(asked.id, some_plan(1));
    store_->set_upload(asked.id, {0, "bucket", "to.zip", "upload-1", 8 << 20});
    store_->set_progress(asked.id, {1, 2});
    if (cancelled) {
      store_->cancel_job(asked.id, start_time + 2);
    } else {
      store_->finish_job(asked.id, JobState::failure, "no such key", "x", start_time + 2);
    }
    EXPECT_FALSE(store_->retry_job({asked.id, "new", false, {}}, start_time + 3))
        << "it is to be cleaned";
    store_->end_cleaning(asked.id);
    EXPECT_TRUE(store_->retry_job({asked.id, "new", false, {}}, start_time + 3));
    EXPECT_FALSE(store_->retry_job({asked.id, "newer", false, {}}, start_time + 3))
        << "it is pending";
    reopen();
    Job pending = asked;
    pending.sealed_credentials = "new";
    EXPECT_EQ(store_->find_job(asked.id), pending);
  }
  EXPECT_EQ(store_->usage_since(owner(), start_time)[Counted::zips], 3U);
  std::optional<Job> const claimed = store_->claim_next_job(start_time + 9);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->id, asked.id);
  EXPECT_EQ(claimed->attempts, 1);
  EXPECT_EQ(claimed->started_at, start_time + 9);
  EXPECT_FALSE(store_->retry_job({asked.id, "new", false, {}}, start_time + 9)) << "it runs";
  store_->finish_job(asked.id, JobState::success, "", "x", start_time + 10);
  EXPECT_FALSE(store_->retry_job({asked.id, "new", false, {}}, start_time + 10))
      << "it has succeeded";
  EXPECT_FALSE(store_->retry_job({"nobody", "new", false, {}}, start_time + 10));
}

TEST_P(StoreConformance, of_a_job_that_runs_anew_the_mail_waits_for_the_new_end) {
  Job const job = add_started_job();
  Mail const mail = new_mail(job.id, owner());
  store_->insert_mail(mail);
  store_->finish_job(job.id, JobState::failure, "no such key", "", start_time);
  store_->finish_mail(mail.id, JobState::failure, "no such key");
  store_->retry_job({job.id, "new", false, {}}, start_time);
  EXPECT_EQ(store_->find_mail(mail.id), mail);
  // Who was at it when the job ended before is too late.
  store_->finish_mail(mail.id, JobState::failure, "no such key");
  store_->note_mail_failure(mail.id, "no such key");
  EXPECT_EQ(store_->find_mail(mail.id), mail);
  EXPECT_TRUE(store_->mails_to_send().empty());
  store_->claim_next_job(start_time);
  store_->finish_job(job.id, JobState::success, "", "x", start_time);
  EXPECT_EQ(store_->mails_to_send(), std::vector<std::string>{mail.id});
}

TEST_P(StoreConformance, a_zip_that_expires_keeps_its_jobs_credentials_until_it_is_deleted) {
  constexpr base::UnixSeconds hour = 3600;
  Job job = new_job();
  job.expiry.after_hours = 1000;
  store_->insert_job(job);
  EXPECT_EQ(store_->find_job(job.id), job);
  store_->claim_next_job(start_time);
  store_->finish_job(job.id, JobState::success, "", "x", start_time);
  base::UnixSeconds const end = start_time + 1000 * hour;
  EXPECT_EQ(store_->find_job(job.id)->expiry.expires_at, end);
  EXPECT_TRUE(store_->zips_to_delete(end - 1).empty());
  EXPECT_EQ(store_->zips_to_delete(end), std::vector{job.id});

  store_->note_deletion_failure(job.id, "no answer", end + 60);
  reopen();
  EXPECT_TRUE(store_->zips_to_delete(end + 59).empty());
  EXPECT_EQ(store_->zips_to_delete(end + 60), std::vector{job.id});
  EXPECT_EQ(store_->find_job(job.id)->expiry.note, "no answer");
  EXPECT_EQ(store_->find_job(job.id)->expiry.attempts, 1);
  EXPECT_EQ(store_->find_job(job.id)->sealed_credentials, job.sealed_credentials);
  // Its row stays, however long the job's end is past.
  store_->remove_expired(end + 60);
  EXPECT_TRUE(store_->find_job(job.id));

  store_->end_expiry(job.id, true, "", end + 60);
  EXPECT_TRUE(store_->zips_to_delete(end + hour).empty());
  EXPECT_EQ(store_->find_job(job.id)->sealed_credentials, "");
  EXPECT_TRUE(store_->find_job(job.id)->expiry.deleted);
  base::UnixSeconds const kept = seconds(base::limits::job_retention);
  store_->remove_expired(end + 59 + kept);
  EXPECT_TRUE(store_->find_job(job.id));
  store_->remove_expired(end + 60 + kept);
  EXPECT_FALSE(store_->find_job(job.id));
}

TEST_P(StoreConformance, a_job_that_does_not_succeed_or_uses_kept_credentials_keeps_none) {
  for (JobState state : {JobState::success, JobState::failure}) {
    Job job = new_job();
    job.expiry.after_hours = 1;
    job.expiry.uses_kept_credentials = state == JobState::success;
    store_->insert_job(job);
    store_->finish_job(job.id, state, "", "x", start_time);
    EXPECT_EQ(store_->find_job(job.id)->sealed_credentials, "");
    EXPECT_EQ(store_->find_job(job.id)->expiry.uses_kept_credentials, state == JobState::success);
    EXPECT_EQ(store_->find_job(job.id)->expiry.expires_at != 0, state == JobState::success);
  }
}

TEST_P(StoreConformance, cancelled_jobs_are_counted_and_listed_by_themselves) {
  Job const failed = add_started_job();
  store_->finish_job(failed.id, JobState::failure, "no such key", "", start_time);
  Job const cancelled = add_job();
  store_->cancel_job(cancelled.id, start_time);
  ListQuery all;
  all.account_id = owner();
  all.limit = 10;
  for (auto const& [state, id] :
       {std::pair(JobState::failure, failed.id), std::pair(JobState::cancelled, cancelled.id)}) {
    EXPECT_EQ(store_->count_jobs(state), 1U);
    EXPECT_EQ(store_->count_jobs_of(owner(), state), 1U);
    std::vector<Job> const listed = store_->list_jobs(all, state);
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].id, id);
    EXPECT_EQ(listed[0].state, state);
  }
  EXPECT_EQ(store_->list_jobs(all, std::nullopt).size(), 2U);
}

}  // namespace store
