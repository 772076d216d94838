// The store as a whole: its settings, its health, and the end of old records.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, a_setting_holds_the_last_value) {
  EXPECT_EQ(await(store().upkeep.get_setting("fingerprint")), std::nullopt);
  await(store().upkeep.set_setting("fingerprint", "1"));
  await(store().upkeep.set_setting("other", ""));
  await(store().upkeep.set_setting("fingerprint", "2"));
  reopen();
  EXPECT_EQ(await(store().upkeep.get_setting("fingerprint")), "2");
  EXPECT_EQ(await(store().upkeep.get_setting("other")), "");
}

TEST_P(StoreConformance, a_store_that_works_is_usable) {
  await(store().upkeep.check_usable());
}

TEST_P(StoreConformance, a_job_is_removed_seven_days_after_its_end) {
  Job const ended = add_running_job();
  save(ended, {.plan = some_plan(1)});
  put_chunk(ended.hold(), 0);
  finish(ended);
  Job const queued = add_job();
  base::UnixSeconds const last = start_time + seconds(base::limits::job_retention) - 1;
  EXPECT_FALSE(await(store().upkeep.remove_expired(last)));
  EXPECT_EQ(found(ended)->sealed_result, "result");
  EXPECT_EQ(get_chunk(ended.id, 0), "chunk");
  EXPECT_FALSE(await(store().upkeep.remove_expired(last + 1)));
  EXPECT_EQ(found(ended), std::nullopt);
  remove_all_expired(last + 1);
  EXPECT_EQ(get_chunk(ended.id, 0), std::nullopt) << "goes with the job";
  remove_all_expired(days_later(1000));
  EXPECT_TRUE(found(queued));
}

TEST_P(StoreConformance, jobs_that_failed_or_were_cancelled_are_removed_as_well) {
  Job failed = new_job();
  failed.expiry.after_hours = 1000;  // a zip that it did not make does not expire
  create(failed);
  fail(run(failed));
  Job const left = add_running_job();
  fail_leaving(left);  // it could not be cleaned all that time
  Job const cancelled = add_job();
  await(store().jobs.cancel(cancelled.id, start_time));
  base::UnixSeconds const last = start_time + seconds(base::limits::job_retention) - 1;
  remove_all_expired(last);
  for (Job const& job : {failed, left, cancelled}) EXPECT_TRUE(found(job));
  remove_all_expired(last + 1);
  for (Job const& job : {failed, left, cancelled}) EXPECT_EQ(found(job), std::nullopt);
  EXPECT_EQ(to_clean(last + 1), Ids{});
}

TEST_P(StoreConformance, a_job_that_runs_anew_is_kept_from_its_new_end_on) {
  Job const job = add_running_job();
  fail(job);
  base::UnixSeconds const kept = seconds(base::limits::job_retention);
  await(store().jobs.retry({.job_id = job.id, .sealed_credentials = "new"}, start_time + 1));
  remove_all_expired(start_time + kept);
  ASSERT_TRUE(found(job));
  finish(run(job), start_time + 100);
  remove_all_expired(start_time + 99 + kept);
  EXPECT_TRUE(found(job));
  remove_all_expired(start_time + 100 + kept);
  EXPECT_EQ(found(job), std::nullopt);
}

TEST_P(StoreConformance, jobs_that_are_removed_are_not_counted_any_more) {
  fail(add_running_job());
  add_job();
  remove_all_expired(start_time + seconds(base::limits::job_retention));
  JobCounts expected;
  expected[JobState::queued] = 1;
  EXPECT_EQ(await(store().jobs.count(owner())), expected);
  EXPECT_EQ(await(store().jobs.count(std::nullopt)), expected);
}

TEST_P(StoreConformance, an_expired_link_loses_its_secrets_at_once_and_its_row_after_seven_days) {
  base::UnixSeconds const expires = start_time + 3600;
  Link link = add_link(expires);
  Link const other = add_link(expires + 1);
  put_chunk(link.hold(), 0);
  freeze(link, some_plan(1));
  remove_all_expired(expires - 1);
  EXPECT_FALSE(found(link)->sealed_credentials.empty());
  EXPECT_EQ(get_chunk(link.id, 0), "chunk");

  remove_all_expired(expires);
  link.state = LinkState::ready;
  link.plan = some_plan(1);
  link.sealed_credentials.clear();
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(get_chunk(link.id, 0), std::nullopt);
  EXPECT_EQ(found(other), other);

  base::UnixSeconds const kept = seconds(base::limits::expired_link_retention);
  remove_all_expired(expires + kept - 1);
  EXPECT_TRUE(found(link));
  remove_all_expired(expires + kept);
  EXPECT_EQ(found(link), std::nullopt);
  EXPECT_TRUE(found(other));
}

TEST_P(StoreConformance, the_work_of_a_disabled_account_ends) {
  Link const link = add_link();
  Job const running = add_running_job();
  Job const waiting = add_running_job();
  end(waiting, {.state = JobState::waiting, .due_at = start_time});
  Job const queued = add_job();
  remove_all_expired(start_time);
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(found(queued), queued);

  EXPECT_TRUE(await(store().accounts.set_standing(owner(), Standing::disabled)));
  EXPECT_EQ(claim(), std::nullopt) << "at once";
  EXPECT_FALSE(await(store().upkeep.remove_expired(start_time + 1)));
  EXPECT_TRUE(found(link)->sealed_credentials.empty());
  for (Job const& job : {running, waiting, queued}) {
    Job const failed = *found(job);
    EXPECT_EQ(failed.state, JobState::failed);
    EXPECT_EQ(failed.error, "the account has been disabled");
    EXPECT_EQ(failed.ended_at, start_time + 1);
    bool const runs = job.id == running.id;
    EXPECT_EQ(failed.cleaning, runs);
    EXPECT_EQ(failed.sealed_credentials.empty(), !runs) << "its runner cleans up with them";
  }
  EXPECT_FALSE(save(running, {.done = Done{1, 1}}));
  EXPECT_EQ(to_clean(start_time + 1), Ids{});
  EXPECT_EQ(found(running)->hold(), running.hold());
  Retry const again{.job_id = queued.id, .sealed_credentials = "sealed"};
  std::optional<Job> const before = found(queued);
  EXPECT_EQ(fault_of([&] { await(store().jobs.retry(again, start_time)); }),
            base::Fault::unauthorized);
  EXPECT_EQ(found(queued), before);
}

TEST_P(StoreConformance, what_a_disabled_accounts_ready_links_hold_goes) {
  Link const ready = add_link();
  put_chunk(ready.hold(), 0);
  freeze(ready, some_plan(1));
  await(store().accounts.set_standing(owner(), Standing::disabled));
  remove_all_expired(start_time);
  EXPECT_EQ(found(ready)->sealed_credentials, "");
  EXPECT_EQ(found(ready)->state, LinkState::ready);
  EXPECT_EQ(get_chunk(ready.id, 0), std::nullopt);
}

TEST_P(StoreConformance, an_account_that_is_enabled_before_its_work_has_ended_goes_on) {
  accounts::Account const account = *await(store().accounts.find(AccountKey::id, owner()));
  accounts::UserKey const key = add_key(account);
  Link signed_one = new_link();
  signed_one.signing_key = key.user_key;
  signed_one.signing_generation = key.generation;
  create(signed_one);
  Link const link = add_link();
  Job const queued = add_job();
  await(store().accounts.set_standing(owner(), Standing::disabled));
  await(store().accounts.set_standing(owner(), Standing::active));
  remove_all_expired(start_time);
  EXPECT_EQ(found(link), link);
  EXPECT_EQ(found(queued), queued);
  EXPECT_TRUE(found(signed_one)->revoked) << "its keys were others";
  EXPECT_EQ(found(signed_one)->sealed_credentials, "");
}

TEST_P(StoreConformance, removing_goes_on_in_bounded_steps) {
  std::size_t const count = base::limits::expiry_owners + 1;
  std::vector<Link> links;
  for (std::size_t i = 0; i < count; ++i) links.push_back(add_link(start_time));
  EXPECT_TRUE(await(store().upkeep.remove_expired(start_time)));
  EXPECT_FALSE(await(store().upkeep.remove_expired(start_time)));
  for (Link const& link : links) EXPECT_TRUE(found(link)->sealed_credentials.empty());
}

TEST_P(StoreConformance, the_work_of_several_disabled_accounts_ends) {
  std::vector<Job> jobs;
  for (int i = 0; i < 3; ++i) {
    jobs.push_back(new_job());
    jobs.back().account_id = add_account("account " + std::to_string(i)).id;
    create(jobs.back());
    await(store().accounts.set_standing(jobs.back().account_id, Standing::disabled));
  }
  remove_all_expired(start_time);
  for (Job const& job : jobs) EXPECT_EQ(found(job)->state, JobState::failed);
}

// A listing may fail before its account ends, and be begun anew after that.
TEST_P(StoreConformance, a_link_that_lists_anew_behind_the_end_of_its_account_ends) {
  Link const link = add_link();
  put_chunk(link.hold(), 0);
  fail(link);
  await(store().accounts.set_standing(owner(), Standing::disabled));
  remove_all_expired(start_time);
  std::optional<Hold> const anew = await(store().links.relist(link.id, session_, start_time));
  if (anew) put_chunk(*anew, 0);
  remove_all_expired(start_time);
  if (anew) EXPECT_FALSE(put_chunk(*anew, 1));
  EXPECT_EQ(get_chunk(link.id, 0), std::nullopt);
}

// The signature was checked before the secret was renewed.
TEST_P(StoreConformance, a_link_that_comes_or_lists_anew_behind_its_keys_ends) {
  accounts::Account const account = add_account("signer");
  accounts::UserKey key = add_key(account);
  Link failed = new_link();
  failed.account_id = account.id;
  failed.signing_key = key.user_key;
  failed.signing_generation = key.generation;
  create(failed);
  fail(failed);
  EXPECT_TRUE(rotate(key));
  remove_all_expired(start_time);
  Link late = new_link();
  late.account_id = account.id;
  late.signing_key = failed.signing_key;
  late.signing_generation = failed.signing_generation;
  create(late);
  std::optional<Hold> const anew = await(store().links.relist(failed.id, session_, start_time));
  remove_all_expired(start_time);
  EXPECT_EQ(found(late)->sealed_credentials, "");
  EXPECT_FALSE(put_chunk(late.hold(), 0));
  if (anew) EXPECT_FALSE(put_chunk(*anew, 0));
}

}  // namespace store
