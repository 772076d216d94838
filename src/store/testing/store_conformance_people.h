// The other part of store_conformance.h: what accounts keep at the server and what they did, and
// streams that work with what their account keeps.
#pragma once

#include "store/testing/store_conformance.h"

namespace store {

inline KeptCredentials kept_by(accounts::Account const& account) {
  return {.account_id = account.id,
          .key_generation = account.key_generation,
          .sealed_credentials = "credentials of " + account.id,
          .sealed_secret = "secret of " + account.id,
          .kept_at = start_time};
}

TEST_P(StoreConformance, kept_credentials_are_found_replaced_and_erased) {
  accounts::Account const account = add_account("keeper");
  accounts::Account const other = add_account("other");
  EXPECT_EQ(store_->find_kept_credentials(account.id), std::nullopt);
  EXPECT_FALSE(store_->erase_kept_credentials(account.id));
  KeptCredentials kept = kept_by(account);
  store_->keep_credentials(kept);
  store_->keep_credentials(kept_by(other));
  kept.sealed_credentials = every_byte();
  kept.kept_at = start_time + 1;
  store_->keep_credentials(kept);
  reopen();
  EXPECT_EQ(store_->find_kept_credentials(account.id), kept);
  EXPECT_TRUE(store_->erase_kept_credentials(account.id));
  EXPECT_EQ(store_->find_kept_credentials(account.id), std::nullopt);
  EXPECT_EQ(store_->find_kept_credentials(other.id), kept_by(other));
}

TEST_P(StoreConformance, only_a_live_accounts_present_keys_may_keep_credentials) {
  accounts::Account const account = add_account("keeper");
  KeptCredentials stale = kept_by(account);
  stale.key_generation = 0;
  KeptCredentials nobodys = kept_by(account);
  nobodys.account_id = "nobody";
  for (KeptCredentials const& wrong : {stale, nobodys})
    EXPECT_EQ(fault_of([&] { store_->keep_credentials(wrong); }), base::Fault::conflict);
  EXPECT_TRUE(store_->disable_account(account.id));
  KeptCredentials of_now = kept_by(account);
  of_now.key_generation = store_->find_account(account.id)->key_generation;
  EXPECT_EQ(fault_of([&] { store_->keep_credentials(of_now); }), base::Fault::conflict);
  EXPECT_EQ(store_->find_kept_credentials(account.id), std::nullopt);
}

TEST_P(StoreConformance, rotating_keys_erases_the_kept_secret_and_disabling_everything) {
  accounts::Account account = add_account("keeper");
  KeptCredentials kept = kept_by(account);
  store_->keep_credentials(kept);
  account.key_generation += 1;
  EXPECT_TRUE(store_->rotate_account(account));
  kept.sealed_secret.clear();
  EXPECT_EQ(store_->find_kept_credentials(account.id), kept);

  EXPECT_TRUE(store_->disable_account(account.id));
  EXPECT_EQ(store_->find_kept_credentials(account.id), std::nullopt);
}

TEST_P(StoreConformance, a_stream_of_a_signed_link_ends_with_the_keys_that_signed) {
  accounts::Account account = add_account("signer");
  Stream link = new_stream();
  link.account_id = account.id;
  link.signing_generation = account.key_generation;
  Stream called = new_stream();
  called.account_id = account.id;
  for (Stream const& stream : {link, called}) {
    store_->insert_stream(stream);
    store_->put_selection_chunk(stream.id, 0, "keys of a bucket");
    EXPECT_EQ(store_->find_stream(stream.id), stream);
  }
  account.key_generation += 1;
  EXPECT_TRUE(store_->rotate_account(account));
  EXPECT_TRUE(store_->find_stream(link.id)->revoked);
  EXPECT_FALSE(store_->find_stream(called.id)->revoked);
  for (Stream const& listed : store_->list_streams({.account_id = account.id, .limit = 9}))
    EXPECT_EQ(listed.revoked, listed.id == link.id);
  while (store_->remove_expired(start_time)) {
  }
  EXPECT_EQ(store_->get_selection_chunk(link.id, 0), std::nullopt);
  EXPECT_TRUE(store_->get_selection_chunk(called.id, 0));
}

TEST_P(StoreConformance, a_stream_knows_that_it_uses_what_the_account_keeps) {
  Stream stream = new_stream();
  stream.sealed_credentials.clear();
  stream.uses_kept_credentials = true;
  store_->insert_stream(stream);
  reopen();
  EXPECT_EQ(store_->find_stream(stream.id), stream);
}

TEST_P(StoreConformance, a_failed_stream_lists_anew_unless_it_was_revoked) {
  Stream stream = add_stream();
  EXPECT_FALSE(store_->relist_stream(stream.id, start_time));
  store_->put_selection_chunk(stream.id, 0, "chunk");
  store_->fail_stream(stream.id, base::Fault::not_found, "nothing is there");
  EXPECT_TRUE(store_->relist_stream(stream.id, start_time + 60));
  stream.created_at = start_time + 60;
  stream.sealed_credentials.clear();
  EXPECT_EQ(store_->find_stream(stream.id), stream);
  EXPECT_EQ(store_->listing_streams(), std::vector{stream.id});
  store_->put_selection_chunk(stream.id, 0, "chunk");
  store_->freeze_stream(stream.id, some_plan(1));
  EXPECT_EQ(store_->get_selection_chunk(stream.id, 0), "chunk");
  EXPECT_FALSE(store_->relist_stream(stream.id, start_time + 120));

  Stream const revoked = add_stream();
  store_->fail_stream(revoked.id, base::Fault::not_found, "nothing is there");
  store_->revoke_stream(revoked.id);
  EXPECT_FALSE(store_->relist_stream(revoked.id, start_time));
  EXPECT_FALSE(store_->relist_stream("nobody", start_time));
}

TEST_P(StoreConformance, usage_is_counted_by_the_hour_and_account) {
  constexpr base::UnixSeconds hour = 3600;
  accounts::Account const other = add_account("other");
  store_->count_usage(owner(), Counted::streamed_bytes, 1ULL << 40, start_time);
  store_->count_usage(owner(), Counted::streamed_bytes, 5, start_time + 1);
  store_->count_usage(owner(), Counted::streamed_bytes, 7, start_time + hour);
  store_->count_usage(other.id, Counted::streamed_bytes, 100, start_time);
  reopen();
  EXPECT_EQ(store_->usage_since(owner(), start_time)[Counted::streamed_bytes], (1ULL << 40) + 12);
  EXPECT_EQ(store_->usage_since(owner(), start_time + hour)[Counted::streamed_bytes], 7U);
  EXPECT_EQ(store_->usage_since(other.id, start_time)[Counted::streamed_bytes], 100U);
  EXPECT_EQ(store_->usage_since("nobody", 0), Usage());

  base::UnixSeconds const end = start_time + seconds(base::limits::usage_retention) + hour;
  store_->remove_expired(end);
  EXPECT_EQ(store_->usage_since(owner(), 0)[Counted::streamed_bytes], 7U);
  EXPECT_EQ(store_->usage_since(other.id, 0), Usage());
}

TEST_P(StoreConformance, jobs_and_streams_are_counted_as_usage) {
  Job const succeeding = add_started_job();
  add_job();
  Job const failing = add_job();
  add_stream();
  PlanFacts plan = some_plan(1);
  plan.archives = {{.entry_count = 1, .source_bytes = 2, .archive_bytes = 300, .etag = "e"},
                   {.entry_count = 1, .source_bytes = 2, .archive_bytes = 40, .etag = "f"}};
  store_->freeze_job(succeeding.id, plan);
  store_->finish_job(succeeding.id, JobState::success, "", "", start_time + 9);
  store_->finish_job(failing.id, JobState::failure, "error", "", start_time + 9);
  Job const cancelling = add_job();
  store_->cancel_job(cancelling.id, start_time + 9);
  EXPECT_FALSE(store_->cancel_job(cancelling.id, start_time + 9));
  EXPECT_FALSE(store_->finish_job(failing.id, JobState::failure, "again", "", start_time + 9));

  Usage const usage = store_->usage_since(owner(), start_time);
  EXPECT_EQ(usage[Counted::zips], 4U);
  EXPECT_EQ(usage[Counted::zips_succeeded], 1U);
  EXPECT_EQ(usage[Counted::zips_failed], 1U);
  EXPECT_EQ(usage[Counted::zips_cancelled], 1U);
  EXPECT_EQ(usage[Counted::streams], 1U);
  EXPECT_EQ(usage[Counted::zipped_bytes], 340U);
  EXPECT_EQ(usage[Counted::streamed_bytes], 0U);
  EXPECT_EQ(store_->count_jobs_of(owner(), JobState::pending), 1U);
  EXPECT_EQ(store_->count_jobs_of(owner(), JobState::success), 1U);
  EXPECT_EQ(store_->count_jobs_of("nobody", JobState::pending), 0U);
}

}  // namespace store
