// How accounts change and end; part of the conformance suite, included by store_test.cc.
#pragma once

#include "store/testing/store_conformance.h"

namespace store {

TEST_P(StoreConformance, keys_are_rotated_on_the_condition_that_they_are_those_of_before) {
  accounts::Account const bystander = add_account("bystander");
  accounts::Account const account = add_account("a");
  accounts::Account first = account;
  first.key_generation += 1;
  first.secret_hash = "first";
  accounts::Account second = first;
  second.secret_hash = "second";
  second.name = "not what this is for";
  EXPECT_TRUE(store_->rotate_account(first));
  EXPECT_FALSE(store_->rotate_account(second)) << "of the same keys";
  EXPECT_EQ(store_->find_account(account.id), first);
  second.key_generation += 1;
  EXPECT_TRUE(store_->rotate_account(second));
  EXPECT_EQ(store_->find_account(account.id)->name, "a");
  EXPECT_EQ(store_->find_account(bystander.id), bystander);
}

TEST_P(StoreConformance, rotating_does_not_undo_disabling) {
  accounts::Account rotating = add_account("a");
  rotating.key_generation += 1;
  EXPECT_TRUE(store_->disable_account(rotating.id));
  EXPECT_FALSE(store_->disable_account(rotating.id)) << "again";
  for (int i = 0; i < 3; ++i, ++rotating.key_generation)
    EXPECT_FALSE(store_->rotate_account(rotating));
  EXPECT_TRUE(store_->find_account(rotating.id)->disabled);
}

TEST_P(StoreConformance, an_enabled_account_has_its_secret_and_another_generation) {
  accounts::Account const account = add_account("a");
  EXPECT_FALSE(store_->enable_account(account.id)) << "it is not disabled";
  EXPECT_TRUE(store_->disable_account(account.id));
  EXPECT_TRUE(store_->enable_account(account.id));
  accounts::Account const now = *store_->find_account(account.id);
  EXPECT_FALSE(now.disabled);
  EXPECT_EQ(now.secret_hash, account.secret_hash);
  EXPECT_NE(now.key_generation, account.key_generation) << "tokens of before do not count";
  EXPECT_FALSE(store_->enable_account("nobody"));
}

TEST_P(StoreConformance, accounts_that_ended_are_told_from_others) {
  accounts::Account const live = add_account("live");
  accounts::Account const disabled = add_account("disabled");
  accounts::Account const deleted = add_account("deleted");
  store_->disable_account(disabled.id);
  store_->delete_account(deleted.id);
  std::vector<std::string> const ids{live.id, disabled.id, "nobody", deleted.id};
  EXPECT_EQ(store_->ended_accounts(ids),
            (std::vector<std::string>{disabled.id, "nobody", deleted.id}));
}

TEST_P(StoreConformance, a_deleted_account_is_found_no_more_and_its_name_is_free) {
  accounts::Account const account = add_account("a");
  EXPECT_TRUE(store_->delete_account(account.id));
  EXPECT_FALSE(store_->delete_account(account.id));
  EXPECT_FALSE(store_->enable_account(account.id));
  EXPECT_EQ(store_->find_account(account.id), std::nullopt);
  EXPECT_EQ(store_->find_account_by_name("a"), std::nullopt);
  EXPECT_EQ(store_->find_account_by_user_key(account.user_key), std::nullopt);
  EXPECT_EQ(store_->list_accounts(), std::vector<accounts::Account>());
  accounts::Account again = account;
  again.id = "another id";
  store_->insert_account(again);
  EXPECT_EQ(store_->list_accounts(), std::vector{again});
}

TEST_P(StoreConformance, what_a_deleted_account_had_goes_when_nothing_is_left_to_clean) {
  Stream const link = add_stream();
  Job const started = add_started_job();
  Job const waiting = add_job();
  std::string const account = started.account_id;
  ASSERT_TRUE(store_->delete_account(account));
  while (store_->remove_expired(start_time)) {
  }
  EXPECT_EQ(store_->find_job(waiting.id), std::nullopt);
  EXPECT_EQ(store_->find_stream(link.id), std::nullopt);
  Job const ended = *store_->find_job(started.id);
  EXPECT_EQ(ended.state, JobState::failure);
  EXPECT_FALSE(ended.sealed_credentials.empty()) << "its runner cleans up with them";
  store_->end_cleaning(started.id);
  while (store_->remove_expired(start_time)) {
  }
  EXPECT_EQ(store_->find_job(started.id), std::nullopt);
  store_->count_usage(account, Counted::streamed_bytes, 1, start_time);  // a download ends late
  EXPECT_EQ(store_->usage_since(account, 0)[Counted::streamed_bytes], 0U);
}

}  // namespace store
