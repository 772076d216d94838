// Keys of accounts: how they are found, change and end.
#include "base/service_limits.h"
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, a_key_is_found_with_its_account) {
  accounts::Account const account = add_account("a");
  accounts::UserKey const first = add_key(account, "first");
  accounts::UserKey second = new_key(account, "second");
  second.created_at += 1;
  await(store().user_keys.insert(second));
  accounts::UserKey const other = add_key(add_account("other"), "other's");
  reopen();
  auto const found = await(store().user_keys.find(first.user_key));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key, first);
  EXPECT_EQ(found->account, account);
  EXPECT_FALSE(await(store().user_keys.find("nobody")));
  EXPECT_EQ(await(store().user_keys.list(account.id)), (std::vector{first, second}));
  EXPECT_EQ(await(store().user_keys.list("nobody")), std::vector<accounts::UserKey>());
  EXPECT_EQ(fault_of([&] { await(store().user_keys.insert(other)); }), base::Fault::conflict);
}

TEST_P(StoreConformance, an_account_has_a_bounded_number_of_keys) {
  accounts::Account const account = add_account("a");
  for (std::size_t i = 0; i < base::limits::max_user_keys; ++i) add_key(account, std::to_string(i));
  auto const one_more = [&] { add_key(account, "one more"); };
  EXPECT_EQ(fault_of(one_more), base::Fault::conflict);
  EXPECT_TRUE(await(store().user_keys.revoke("key of 0")));
  one_more();
}

TEST_P(StoreConformance, a_secret_is_renewed_on_the_condition_that_it_is_that_of_before) {
  accounts::Account const account = add_account("a");
  accounts::UserKey const bystander = add_key(account, "bystander");
  accounts::UserKey key = add_key(account);
  accounts::UserKey late = key;
  EXPECT_TRUE(rotate(key, start_time + 60));
  EXPECT_FALSE(rotate(late)) << "of the same secret";
  reopen();
  EXPECT_EQ(found(key), key);
  EXPECT_EQ(found(bystander), bystander);
  EXPECT_TRUE(rotate(key));
  EXPECT_EQ(found(key), key);
}

TEST_P(StoreConformance, renewing_does_not_undo_disabling) {
  accounts::Account const account = add_account("a");
  accounts::UserKey key = add_key(account);
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(rotate(key));
  EXPECT_EQ(fault_of([&] { add_key(account, "another"); }), base::Fault::conflict);
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::active)));
  EXPECT_NE(found(key)->generation, 1) << "tokens of before do not count";
  EXPECT_EQ(found(key)->secret_hash, every_byte()) << "its secret does";
}

TEST_P(StoreConformance, disabling_ends_a_former_secret_and_deleting_the_keys) {
  accounts::Account const account = add_account("a");
  accounts::UserKey key = add_key(account);
  EXPECT_TRUE(rotate(key, start_time + 60));
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  EXPECT_EQ(found(key)->former_until, 0);
  EXPECT_EQ(found(key)->former_hash, "");
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::deleted)));
  EXPECT_EQ(found(key), std::nullopt);
  EXPECT_EQ(await(store().user_keys.list(account.id)), std::vector<accounts::UserKey>());
}

TEST_P(StoreConformance, a_former_secret_is_forgotten_when_its_time_is_over) {
  accounts::UserKey key = add_key(add_account("a"));
  EXPECT_TRUE(rotate(key, start_time + 60));
  remove_all_expired(start_time + 59);
  EXPECT_EQ(found(key), key);
  remove_all_expired(start_time + 60);
  key.former_hash.clear();
  key.former_hashed_by.clear();
  key.former_until = 0;
  EXPECT_EQ(found(key), key);
}

TEST_P(StoreConformance, a_secret_that_ends_at_once_raises_the_accounts_generation) {
  accounts::Account const account = add_account("a");
  accounts::UserKey key = add_key(account);
  auto const generation = [&] {
    return await(store().accounts.find(AccountKey::id, account.id))->generation;
  };
  EXPECT_TRUE(rotate(key, start_time + 60));
  EXPECT_EQ(generation(), 1) << "both secrets work";
  EXPECT_TRUE(rotate(key));
  EXPECT_EQ(generation(), 2);
  EXPECT_TRUE(await(store().user_keys.revoke(key.user_key)));
  EXPECT_EQ(generation(), 3);
}

TEST_P(StoreConformance, a_key_is_renamed_used_and_revoked) {
  accounts::Account const account = add_account("a");
  accounts::UserKey key = add_key(account);
  accounts::UserKey const bystander = add_key(account, "bystander");
  key.name = "Åse's laptop";
  key.used_at = start_time + 5;
  key.used_from = "192.0.2.7";
  EXPECT_TRUE(await(store().user_keys.rename(key.user_key, key.name)));
  await(store().user_keys.note_use(key.user_key, key.used_from, key.used_at));
  reopen();
  EXPECT_EQ(found(key), key);
  EXPECT_TRUE(await(store().user_keys.revoke(key.user_key)));
  EXPECT_FALSE(await(store().user_keys.revoke(key.user_key)));
  EXPECT_FALSE(await(store().user_keys.rename(key.user_key, "x")));
  await(store().user_keys.note_use(key.user_key, "", start_time));
  EXPECT_EQ(found(key), std::nullopt);
  EXPECT_EQ(await(store().user_keys.list(account.id)), std::vector{bystander});
}

}  // namespace store
