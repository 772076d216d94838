// Accounts: how they are found, change and end.
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, accounts_are_found_by_id_and_name) {
  accounts::Account const first = add_account("first");
  accounts::Account const second = add_account("zweiter — №2");
  for (int round = 0; round < 2; ++round, reopen()) {
    Accounts& accounts = store().accounts;
    for (accounts::Account const& account : {first, second}) {
      EXPECT_EQ(await(accounts.find(AccountKey::id, account.id)), account);
      EXPECT_EQ(await(accounts.find(AccountKey::name, account.name)), account);
    }
    EXPECT_EQ(ids_of(await(accounts.list())).size(), 2U);
    EXPECT_EQ(await(accounts.find(AccountKey::id, "nobody")), std::nullopt);
    EXPECT_EQ(await(accounts.find(AccountKey::name, "First")), std::nullopt);
  }
}

TEST_P(StoreConformance, an_accounts_id_and_name_are_its_own) {
  EXPECT_FALSE(await(store().accounts.is_any()));
  accounts::Account const first = add_account("first");
  EXPECT_TRUE(await(store().accounts.is_any()));
  accounts::Account const fresh{.id = "id", .name = "name"};
  for (auto taken : {&accounts::Account::id, &accounts::Account::name}) {
    accounts::Account other = fresh;
    other.*taken = first.*taken;
    EXPECT_EQ(fault_of([&] { await(store().accounts.insert(other)); }), base::Fault::conflict);
  }
  EXPECT_EQ(await(store().accounts.list()), std::vector{first});
}

TEST_P(StoreConformance, an_account_comes_with_its_first_key_or_not_at_all) {
  accounts::Account const account = add_account("a");
  accounts::UserKey const key = add_key(account);
  accounts::Account other{.id = "other", .name = "other"};
  accounts::UserKey taken = key;
  taken.account_id = other.id;
  EXPECT_EQ(fault_of([&] { await(store().accounts.insert(other, taken)); }), base::Fault::conflict);
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, other.id)), std::nullopt);
  taken.user_key = "its own";
  await(store().accounts.insert(other, taken));
  EXPECT_EQ(found(taken), taken);
}

TEST_P(StoreConformance, passwords_and_roles_change_and_last) {
  accounts::Account account = add_account("a");
  accounts::Account const bystander = add_account("bystander");
  account.password_hash = "another";
  account.is_admin = true;
  EXPECT_TRUE(await(store().accounts.set_password(account.id, account.password_hash)));
  EXPECT_TRUE(await(store().accounts.set_admin(account.id, true)));
  reopen();
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, account.id)), account);
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, bystander.id)), bystander);
  EXPECT_FALSE(await(store().accounts.set_password("nobody", "x")));
  EXPECT_FALSE(await(store().accounts.set_admin("nobody", true)));
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::deleted)));
  EXPECT_FALSE(await(store().accounts.set_password(account.id, "x")));
}

TEST_P(StoreConformance, an_enabled_account_has_its_password_and_another_generation) {
  accounts::Account const account = add_account("a");
  EXPECT_FALSE(await(store().accounts.set_standing(account.id, Standing::active)))
      << "it is not disabled";
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  EXPECT_FALSE(await(store().accounts.set_standing(account.id, Standing::disabled))) << "again";
  EXPECT_TRUE(await(store().accounts.find(AccountKey::id, account.id))->disabled);
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::active)));
  accounts::Account const now = *await(store().accounts.find(AccountKey::id, account.id));
  EXPECT_FALSE(now.disabled);
  EXPECT_EQ(now.password_hash, account.password_hash);
  EXPECT_NE(now.generation, account.generation) << "the webhooks' secret of before does not count";
}

TEST_P(StoreConformance, an_unknown_account_has_no_standing) {
  for (Standing standing : {Standing::active, Standing::disabled, Standing::deleted})
    EXPECT_FALSE(await(store().accounts.set_standing("nobody", standing)));
}

TEST_P(StoreConformance, accounts_that_ended_are_told_from_others) {
  accounts::Account const live = add_account("live");
  accounts::Account const disabled = add_account("disabled");
  accounts::Account const deleted = add_account("deleted");
  await(store().accounts.set_standing(disabled.id, Standing::disabled));
  await(store().accounts.set_standing(deleted.id, Standing::deleted));
  Ids const ids{live.id, disabled.id, "nobody", deleted.id};
  EXPECT_EQ(await(store().accounts.ended(ids)), (Ids{disabled.id, "nobody", deleted.id}));
  EXPECT_EQ(await(store().accounts.ended({})), Ids{});
}

TEST_P(StoreConformance, a_deleted_account_is_found_no_more_and_its_name_is_free) {
  accounts::Account const account = add_account("a");
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::deleted)));
  for (Standing standing : {Standing::active, Standing::disabled, Standing::deleted})
    EXPECT_FALSE(await(store().accounts.set_standing(account.id, standing)));
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, account.id)), std::nullopt);
  EXPECT_EQ(await(store().accounts.find(AccountKey::name, "a")), std::nullopt);
  EXPECT_EQ(await(store().accounts.list()), std::vector<accounts::Account>());
  EXPECT_FALSE(await(store().accounts.is_any()));
  accounts::Account again = account;
  again.id = "another id";
  await(store().accounts.insert(again));
  EXPECT_EQ(await(store().accounts.list()), std::vector{again});
}

TEST_P(StoreConformance, a_disabled_account_can_be_deleted) {
  accounts::Account const account = add_account("a");
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::deleted)));
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, account.id)), std::nullopt);
}

TEST_P(StoreConformance, what_a_deleted_account_had_goes_when_nothing_is_left_to_clean) {
  Link const link = add_link();
  Job const running = add_running_job();
  Job const queued = add_job();
  ASSERT_TRUE(await(store().accounts.set_standing(owner(), Standing::deleted)));
  remove_all_expired(start_time);
  EXPECT_EQ(found(queued), std::nullopt);
  EXPECT_EQ(found(link), std::nullopt);
  Job const ended = *found(running);
  EXPECT_EQ(ended.state, JobState::failed);
  EXPECT_FALSE(ended.sealed_credentials.empty()) << "its runner cleans up with them";
  EXPECT_TRUE(await(store().jobs.end_chore(cleaning_of(running), {}, start_time)));
  remove_all_expired(start_time);
  EXPECT_EQ(found(running), std::nullopt);
  EXPECT_EQ(await(store().jobs.count(std::nullopt)), JobCounts());
  // A download ends late.
  await(store().accounts.add_usage(owner(), Counted::streamed_bytes, 1, start_time));
  EXPECT_EQ(await(store().accounts.usage_since(owner(), 0))[Counted::streamed_bytes], 0U);
}

TEST_P(StoreConformance, what_a_deleted_account_had_stays_until_its_zips_have_expired) {
  Job job = new_job();
  job.expiry.after_hours = 1;
  create(job);
  finish(run(job));
  await(store().accounts.set_standing(owner(), Standing::deleted));
  remove_all_expired(start_time);
  ASSERT_TRUE(found(job));
  EXPECT_EQ(found(job)->sealed_credentials, job.sealed_credentials);
  EXPECT_TRUE(await(store().jobs.end_chore(expiry_of(*found(job)), {}, start_time + 3600)));
  remove_all_expired(start_time + 3600);
  EXPECT_EQ(found(job), std::nullopt);
}

// ---- the page where people go if a link of the account fails

TEST_P(StoreConformance, an_account_has_an_error_url_until_it_is_removed) {
  accounts::Account account = add_account("shop");
  accounts::Account const bystander = add_account("bystander");
  account.error_url = "https://shop.example/sorry?lang=en";
  EXPECT_TRUE(await(store().accounts.set_error_url(account.id, account.error_url)));
  reopen();
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, account.id)), account);
  EXPECT_EQ(await(store().accounts.find(AccountKey::name, "shop")), account);
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, bystander.id)), bystander);
  account.error_url.clear();
  EXPECT_TRUE(await(store().accounts.set_error_url(account.id, "")));
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, account.id)), account);
}

TEST_P(StoreConformance, an_error_url_outlives_disabling_and_not_deleting) {
  std::string const url = "https://shop.example/";
  accounts::Account const account = add_account("shop");
  EXPECT_TRUE(await(store().accounts.set_error_url(account.id, url)));
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::active)));
  EXPECT_EQ(await(store().accounts.find(AccountKey::id, account.id))->error_url, url);
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::deleted)));
  EXPECT_FALSE(await(store().accounts.set_error_url(account.id, url)));
  EXPECT_FALSE(await(store().accounts.set_error_url("nobody", url)));
}

}  // namespace store
