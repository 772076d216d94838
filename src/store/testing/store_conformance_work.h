// The conformance suite's second half: jobs, streams, what expires, and many threads at once.
#pragma once

#include "store/testing/store_conformance.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace store {

// ---- jobs

TEST_P(StoreConformance, a_new_job_is_pending_and_kept_as_it_was_given) {
  Job const job = add_job();
  Job large = new_job();
  large.request = std::string(5'000'000, 'r');
  large.sealed_credentials.clear();
  large.api_version = 1;
  store_->insert_job(large);
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(store_->find_job(job.id), job);
    EXPECT_TRUE(store_->find_job(large.id) == large);
    EXPECT_EQ(store_->find_job("nobody"), std::nullopt);
    EXPECT_EQ(store_->find_job(""), std::nullopt);
  }
}

TEST_P(StoreConformance, the_state_of_a_job_comes_without_request_and_credentials) {
  Job job = add_job();
  job.request.clear();
  job.sealed_credentials.clear();
  EXPECT_EQ(store_->find_job_state(job.id), job);
  EXPECT_EQ(store_->find_job_state("nobody"), std::nullopt);
}

TEST_P(StoreConformance, a_job_needs_an_id_of_its_own_and_an_account) {
  Job const job = add_job();
  Job same_id = new_job();
  same_id.id = job.id;
  EXPECT_EQ(fault_of([&] { store_->insert_job(same_id); }), base::Fault::conflict);
  EXPECT_EQ(store_->find_job(job.id), job);
  Job orphan = new_job();
  orphan.account_id = "nobody";
  EXPECT_EQ(fault_of([&] { store_->insert_job(orphan); }), base::Fault::conflict);
  EXPECT_EQ(store_->find_job(orphan.id), std::nullopt);
}

TEST_P(StoreConformance, jobs_are_claimed_the_oldest_first) {
  Job const third = add_job(start_time + 2);
  Job const first = add_job(start_time);
  Job const second = add_job(start_time);  // as old, but after it
  for (Job expected : {first, second, third}) {
    std::optional<Job> const claimed = store_->claim_next_job(start_time + 10);
    expected.state = JobState::started;
    expected.started_at = start_time + 10;
    expected.attempts = 1;
    ASSERT_TRUE(claimed);
    EXPECT_EQ(*claimed, expected);
    EXPECT_EQ(store_->find_job(expected.id), expected);
  }
  EXPECT_EQ(store_->claim_next_job(start_time), std::nullopt);
}

TEST_P(StoreConformance, after_a_restart_started_jobs_are_claimed_again_before_newer_ones) {
  Job const ended = add_started_job();
  store_->finish_job(ended.id, JobState::failure, "why", "", start_time);
  Job const interrupted = add_started_job();
  Job const waiting = add_job(start_time + 1);
  reopen();
  EXPECT_EQ(store_->requeue_started_jobs(), 1U);
  EXPECT_EQ(store_->requeue_started_jobs(), 0U);
  EXPECT_EQ(store_->find_job(interrupted.id)->state, JobState::retry);
  EXPECT_EQ(store_->find_job(ended.id)->state, JobState::failure);

  Job expected = interrupted;
  expected.attempts = 2;
  EXPECT_EQ(store_->claim_next_job(start_time + 100), expected);  // started_at is the first time
  EXPECT_EQ(store_->claim_next_job(start_time + 100)->id, waiting.id);
  EXPECT_EQ(store_->claim_next_job(start_time + 100), std::nullopt);
}

TEST_P(StoreConformance, plan_upload_and_progress_of_a_job_are_kept_and_replaced) {
  Job const bystander = add_job();
  Job job = add_job();
  PlanFacts plan = some_plan(35);
  plan.frozen = false;  // being there says it
  store_->freeze_job(job.id, plan);
  job.plan = some_plan(35);
  job.upload = {3, "bucket", "path/to.zip", std::string(500, 'u'), 16ULL << 20};
  store_->set_upload(job.id, job.upload);
  job.progress = {69'999, UINT64_MAX};
  store_->set_progress(job.id, job.progress);
  reopen();
  EXPECT_EQ(store_->find_job(job.id), job);

  job.plan = some_plan(2);
  job.plan.layout_version = 4;
  store_->freeze_job(job.id, job.plan);
  job.upload = {};
  store_->set_upload(job.id, job.upload);
  EXPECT_EQ(store_->find_job(job.id), job);
  EXPECT_EQ(store_->find_job(bystander.id), bystander);
}

TEST_P(StoreConformance, a_finished_job_keeps_its_result_and_selection_but_no_credentials) {
  Job job = add_started_job();
  store_->freeze_job(job.id, some_plan(1));
  store_->put_selection_chunk(job.id, 0, "chunk");
  EXPECT_TRUE(store_->finish_job(job.id, JobState::success, "", every_byte(), start_time + 9));
  job.state = JobState::success;
  job.plan = some_plan(1);
  job.sealed_result = every_byte();
  job.ended_at = start_time + 9;
  job.sealed_credentials.clear();
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(store_->find_job(job.id), job);
    EXPECT_EQ(store_->get_selection_chunk(job.id, 0), "chunk");
  }
  while (store_->remove_expired(start_time + 9 + seconds(base::limits::job_retention))) {
  }
  EXPECT_EQ(store_->find_job(job.id), std::nullopt);
  EXPECT_EQ(store_->get_selection_chunk(job.id, 0), std::nullopt) << "goes with the job";
}

TEST_P(StoreConformance, a_failed_job_keeps_its_credentials_until_its_upload_is_gone) {
  Job const done = add_started_job();
  store_->set_upload(done.id, {0, "bucket", "done.zip", "upload-0", 8 << 20});
  store_->finish_job(done.id, JobState::success, "", "result", start_time + 8);
  Job const clean = add_started_job();
  store_->finish_job(clean.id, JobState::failure, "no such key", "", start_time + 8);
  Job failed = add_started_job();
  failed.upload = {0, "bucket", "to.zip", "upload-1", 8 << 20};
  store_->set_upload(failed.id, failed.upload);
  store_->finish_job(failed.id, JobState::failure, "the store is away", "", start_time + 9);
  reopen();
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{failed.id});
  EXPECT_EQ(store_->find_job(failed.id)->sealed_credentials, failed.sealed_credentials);
  EXPECT_EQ(store_->find_job(failed.id)->upload, failed.upload);
  EXPECT_EQ(store_->find_job(done.id)->sealed_credentials, "");
  EXPECT_EQ(store_->find_job(clean.id)->sealed_credentials, "");
  store_->end_cleaning(failed.id);
  reopen();
  EXPECT_EQ(store_->jobs_to_clean(), std::vector<std::string>{});
  EXPECT_EQ(store_->find_job(failed.id)->sealed_credentials, "");
  EXPECT_EQ(store_->find_job(failed.id)->state, JobState::failure);
}

TEST_P(StoreConformance, what_has_ended_changes_no_more) {
  Job const started = add_started_job();
  EXPECT_TRUE(store_->finish_job(started.id, JobState::failure, "no such key: a", "", start_time));
  std::optional<Job> const ended = store_->find_job(started.id);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->state, JobState::failure);
  EXPECT_EQ(ended->error, "no such key: a");
  EXPECT_FALSE(store_->finish_job(started.id, JobState::success, "", "x", start_time + 1));
  for (std::string const& id : {started.id, std::string("nobody")}) {
    EXPECT_EQ(fault_of([&] { store_->freeze_job(id, some_plan(1)); }), base::Fault::conflict);
    EXPECT_EQ(fault_of([&] { store_->set_upload(id, {}); }), base::Fault::conflict);
    EXPECT_EQ(fault_of([&] { store_->set_progress(id, {1, 1}); }), base::Fault::conflict);
  }
  EXPECT_EQ(store_->requeue_started_jobs(), 0U);
  EXPECT_EQ(store_->claim_next_job(start_time), std::nullopt);
  EXPECT_EQ(store_->find_job(started.id), ended);
  EXPECT_FALSE(store_->finish_job("nobody", JobState::success, "", "", start_time));
}

TEST_P(StoreConformance, jobs_are_counted_by_state) {
  std::string const first = add_started_job().id;
  store_->finish_job(first, JobState::success, "", "", start_time);
  add_started_job();
  store_->requeue_started_jobs();
  add_job();
  add_job();
  EXPECT_EQ(store_->count_jobs(JobState::pending), 2U);
  EXPECT_EQ(store_->count_jobs(JobState::started), 0U);
  EXPECT_EQ(store_->count_jobs(JobState::retry), 1U);
  EXPECT_EQ(store_->count_jobs(JobState::success), 1U);
  EXPECT_EQ(store_->count_jobs(JobState::failure), 0U);
}

// ---- streams

TEST_P(StoreConformance, a_new_stream_is_listing_and_kept_as_it_was_given) {
  Stream const stream = add_stream();
  Stream same_id = new_stream();
  same_id.id = stream.id;
  EXPECT_EQ(fault_of([&] { store_->insert_stream(same_id); }), base::Fault::conflict);
  for (int round = 0; round < 2; ++round, reopen()) {
    EXPECT_EQ(store_->find_stream(stream.id), stream);
    EXPECT_EQ(store_->find_stream("nobody"), std::nullopt);
  }
}

TEST_P(StoreConformance, a_frozen_stream_is_ready_and_frozen_once) {
  Stream stream = add_stream();
  store_->put_selection_chunk(stream.id, 0, "chunk");
  store_->freeze_stream(stream.id, some_plan(1));
  stream.state = StreamState::ready;
  stream.plan = some_plan(1);
  reopen();
  EXPECT_EQ(store_->find_stream(stream.id), stream);
  EXPECT_EQ(store_->get_selection_chunk(stream.id, 0), "chunk");

  EXPECT_EQ(fault_of([&] { store_->freeze_stream(stream.id, some_plan(2)); }),
            base::Fault::conflict);
  EXPECT_EQ(fault_of([&] { store_->fail_stream(stream.id, base::Fault::gone, ""); }),
            base::Fault::conflict);
  EXPECT_EQ(fault_of([&] { store_->freeze_stream("nobody", some_plan(1)); }),
            base::Fault::conflict);
  EXPECT_EQ(store_->find_stream(stream.id), stream);
}

TEST_P(StoreConformance, a_failed_stream_says_why_and_has_no_credentials) {
  for (base::Fault fault : {base::Fault::bad_input, base::Fault::not_found, base::Fault::changed,
                            base::Fault::internal}) {
    Stream stream = add_stream();
    store_->put_selection_chunk(stream.id, 0, "chunk");
    store_->fail_stream(stream.id, fault, "bucket/key: it is not there");
    stream.state = StreamState::failed;
    stream.fault = fault;
    stream.error = "bucket/key: it is not there";
    stream.sealed_credentials.clear();
    EXPECT_EQ(store_->find_stream(stream.id), stream);
    EXPECT_EQ(store_->get_selection_chunk(stream.id, 0), std::nullopt);
    EXPECT_EQ(fault_of([&] { store_->freeze_stream(stream.id, some_plan(1)); }),
              base::Fault::conflict);
  }
}

TEST_P(StoreConformance, a_revoked_stream_has_no_credentials_and_is_not_listed_further) {
  Stream listing = add_stream();
  Stream ready = add_stream();
  store_->put_selection_chunk(ready.id, 0, "chunk");
  store_->freeze_stream(ready.id, some_plan(1));
  EXPECT_TRUE(store_->revoke_stream(listing.id));
  EXPECT_TRUE(store_->revoke_stream(ready.id));
  EXPECT_TRUE(store_->revoke_stream(ready.id));
  EXPECT_FALSE(store_->revoke_stream("nobody"));
  ready.state = StreamState::ready;
  ready.plan = some_plan(1);
  for (Stream* stream : {&listing, &ready}) {
    stream->revoked = true;
    stream->sealed_credentials.clear();
    EXPECT_EQ(store_->find_stream(stream->id), *stream);
  }
  EXPECT_EQ(store_->get_selection_chunk(ready.id, 0), std::nullopt);
  EXPECT_TRUE(store_->listing_streams().empty());
  EXPECT_EQ(fault_of([&] { store_->freeze_stream(listing.id, some_plan(1)); }),
            base::Fault::conflict);
}

TEST_P(StoreConformance, streams_that_were_listing_are_known_after_a_restart) {
  std::string const first = add_stream().id;
  std::string const ready = add_stream().id;
  std::string const failed = add_stream().id;
  std::string const last = add_stream().id;
  store_->freeze_stream(ready, some_plan(0));
  store_->fail_stream(failed, base::Fault::forbidden, "");
  reopen();
  EXPECT_EQ(store_->listing_streams(), (std::vector{first, last}));
}

// ---- what expires

TEST_P(StoreConformance, a_job_is_removed_seven_days_after_its_end) {
  std::string const ended = add_started_job().id;
  std::string const waiting = add_job().id;
  store_->finish_job(ended, JobState::success, "", "result", start_time);
  base::UnixSeconds const last = start_time + seconds(base::limits::job_retention) - 1;
  EXPECT_FALSE(store_->remove_expired(last));
  EXPECT_EQ(store_->find_job(ended)->sealed_result, "result");
  EXPECT_FALSE(store_->remove_expired(last + 1));
  EXPECT_EQ(store_->find_job(ended), std::nullopt);
  store_->remove_expired(days_later(1000));
  EXPECT_TRUE(store_->find_job(waiting));
}

TEST_P(StoreConformance, an_expired_link_loses_its_secrets_at_once_and_its_row_after_seven_days) {
  base::UnixSeconds const expires = start_time + 3600;
  Stream stream = add_stream(expires);
  Stream const other = add_stream(expires + 1);
  store_->put_selection_chunk(stream.id, 0, "chunk");
  store_->freeze_stream(stream.id, some_plan(1));
  store_->remove_expired(expires - 1);
  EXPECT_FALSE(store_->find_stream(stream.id)->sealed_credentials.empty());
  EXPECT_EQ(store_->get_selection_chunk(stream.id, 0), "chunk");

  store_->remove_expired(expires);
  stream.state = StreamState::ready;
  stream.plan = some_plan(1);
  stream.sealed_credentials.clear();
  EXPECT_EQ(store_->find_stream(stream.id), stream);
  EXPECT_EQ(store_->get_selection_chunk(stream.id, 0), std::nullopt);
  EXPECT_EQ(store_->find_stream(other.id), other);

  base::UnixSeconds const kept = seconds(base::limits::expired_link_retention);
  store_->remove_expired(expires + kept - 1);
  EXPECT_TRUE(store_->find_stream(stream.id));
  store_->remove_expired(expires + kept);
  EXPECT_EQ(store_->find_stream(stream.id), std::nullopt);
  EXPECT_TRUE(store_->find_stream(other.id));
}

TEST_P(StoreConformance, the_work_of_a_disabled_account_ends) {
  Stream const link = add_stream();
  Job const started = add_started_job();
  Job const waiting = add_job();
  store_->remove_expired(start_time);
  EXPECT_EQ(store_->find_stream(link.id), link);
  EXPECT_EQ(store_->find_job(waiting.id), waiting);

  EXPECT_TRUE(store_->disable_account(link.account_id));
  EXPECT_EQ(store_->claim_next_job(start_time), std::nullopt) << "at once";
  EXPECT_FALSE(store_->remove_expired(start_time));
  EXPECT_TRUE(store_->find_stream(link.id)->sealed_credentials.empty());
  for (Job const& job : {started, waiting}) {
    Job const failed = *store_->find_job(job.id);
    EXPECT_EQ(failed.state, JobState::failure);
    EXPECT_EQ(failed.error, "the account has been disabled");
    bool const runs = job.id == started.id;
    EXPECT_EQ(failed.cleaning, runs);
    EXPECT_EQ(failed.sealed_credentials.empty(), !runs) << "its runner cleans up with them";
  }
  EXPECT_EQ(fault_of([&] { store_->set_progress(started.id, {}); }), base::Fault::conflict);
  Retry const again{.job_id = waiting.id, .sealed_credentials = "sealed", .delivery = {}};
  EXPECT_EQ(fault_of([&] { store_->retry_job(again, start_time); }), base::Fault::unauthorized);
}

TEST_P(StoreConformance, a_mail_waits_for_the_end_of_its_job_and_is_sent_once) {
  Job const job = add_started_job();
  Mail mail = new_mail(job.id, job.account_id);
  store_->insert_mail(mail);
  EXPECT_EQ(store_->find_mail(mail.id), mail);
  EXPECT_EQ(store_->find_mail("unknown"), std::nullopt);
  EXPECT_TRUE(store_->mails_to_send().empty());
  store_->finish_job(job.id, JobState::success, "", "sealed", start_time + 5);
  EXPECT_EQ(store_->mails_to_send(), std::vector{mail.id});

  store_->note_mail_failure(mail.id, "no answer");
  store_->note_mail_failure(mail.id, "still none");
  reopen();
  mail.state = JobState::retry;
  mail.attempts = 2;
  mail.error = "still none";
  EXPECT_EQ(store_->find_mail(mail.id), mail);
  EXPECT_EQ(store_->mails_to_send(), std::vector{mail.id});

  store_->finish_mail(mail.id, JobState::success, "");
  store_->finish_mail(mail.id, JobState::failure, "too late");
  store_->note_mail_failure(mail.id, "too late");
  mail.state = JobState::success;
  mail.error = "";
  EXPECT_EQ(store_->find_mail(mail.id), mail);
  EXPECT_TRUE(store_->mails_to_send().empty());

  store_->remove_expired(start_time + 5 + seconds(base::limits::job_retention));
  EXPECT_EQ(store_->find_mail(mail.id), std::nullopt) << "it goes with its job";
}

TEST_P(StoreConformance, a_mail_of_a_stream_waits_for_its_listing) {
  Stream const ready = add_stream();
  Stream const failed = add_stream();
  std::vector<std::string> ids;
  for (Stream const& stream : {ready, failed}) {
    Mail const mail = new_mail(stream.id, stream.account_id);
    store_->insert_mail(mail);
    ids.push_back(mail.id);
  }
  EXPECT_TRUE(store_->mails_to_send().empty());
  store_->freeze_stream(ready.id, some_plan(1));
  EXPECT_EQ(store_->mails_to_send(), std::vector{ids[0]});
  store_->fail_stream(failed.id, base::Fault::not_found, "nothing");
  EXPECT_EQ(store_->mails_to_send(), ids) << "the oldest first";
}

TEST_P(StoreConformance, removing_goes_on_in_bounded_steps) {
  std::size_t const count = base::limits::expiry_owners + 1;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(add_stream(start_time).id);
  EXPECT_TRUE(store_->remove_expired(start_time));
  EXPECT_FALSE(store_->remove_expired(start_time));
  for (std::string const& id : ids) {
    EXPECT_TRUE(store_->find_stream(id)->sealed_credentials.empty());
  }
}

// ---- many at once

TEST_P(StoreConformance, each_job_is_claimed_once_however_many_claim) {
  constexpr std::size_t count = 60;
  std::set<std::string> added;
  for (std::size_t i = 0; i < count; ++i) added.insert(add_job().id);
  std::unique_ptr<JobStore> const other_node = home_->open();
  std::mutex mutex;
  std::vector<std::string> claimed;
  auto const work = [&](JobStore& store) {
    while (std::optional<Job> const job = store.claim_next_job(start_time)) {
      std::lock_guard const lock(mutex);
      claimed.push_back(job->id);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back(work, std::ref(*store_));
    threads.emplace_back(work, std::ref(*other_node));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), count);
  EXPECT_EQ(std::set(claimed.begin(), claimed.end()), added);
}

TEST_P(StoreConformance, all_calls_may_be_made_at_once) {
  std::vector<Job> jobs;
  for (int i = 0; i < 4; ++i) jobs.push_back(add_job());
  std::atomic<int> torn = 0;
  std::vector<std::thread> threads;
  for (Job const& job : jobs) {
    threads.emplace_back([&, id = job.id] {
      for (std::uint64_t i = 1; i <= 20; ++i) {
        store_->set_progress(id, {i, i});
        store_->put_selection_chunk(id, i, id);
        store_->remember_crcs(std::vector{CrcRow{object_id(i), i, 1}}, start_time);
        store_->remove_expired(start_time);
      }
      store_->finish_job(id, JobState::success, "", "", start_time);
    });
    threads.emplace_back([&, id = job.id] {
      for (int i = 0; i < 60; ++i) {
        // A job is seen before its end with all it has, or after it with nothing.
        std::optional<Job> const seen = store_->find_job(id);
        bool const ended = seen->state == JobState::success;
        torn += ended != seen->sealed_credentials.empty();
        torn += seen->progress.entries_done != seen->progress.bytes_done;
        torn += ended && seen->progress.entries_done != 20;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(store_->count_jobs(JobState::success), jobs.size());
}

}  // namespace store
