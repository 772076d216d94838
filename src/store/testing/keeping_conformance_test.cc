// The credentials that accounts keep here, and their usage.
#include "base/limits.h"
#include "base/service_limits.h"
#include "store/testing/conformance.h"

namespace store {
namespace {

KeptCredentials kept_by(accounts::UserKey const& key) {
  return {.account_id = key.account_id,
          .user_key = key.user_key,
          .key_generation = key.generation,
          .sealed_credentials = "credentials of " + key.account_id,
          .sealed_secret = "secret of " + key.account_id,
          .kept_at = start_time};
}

}  // namespace

TEST_P(StoreConformance, kept_credentials_are_found_replaced_and_erased) {
  accounts::Account const account = add_account("keeper");
  accounts::UserKey const key = add_key(account);
  accounts::UserKey const other = add_key(add_account("other"), "other");
  EXPECT_EQ(await(store().user_keys.find_kept(account.id)), std::nullopt);
  EXPECT_FALSE(await(store().user_keys.erase_kept(account.id)));
  KeptCredentials kept = kept_by(key);
  await(store().user_keys.keep(kept));
  await(store().user_keys.keep(kept_by(other)));
  kept.sealed_credentials = every_byte();
  kept.kept_at = start_time + 1;
  await(store().user_keys.keep(kept));
  reopen();
  EXPECT_EQ(await(store().user_keys.find_kept(account.id)), kept);
  EXPECT_TRUE(await(store().user_keys.erase_kept(account.id)));
  EXPECT_EQ(await(store().user_keys.find_kept(account.id)), std::nullopt);
  EXPECT_EQ(await(store().user_keys.find_kept(other.account_id)), kept_by(other));
}

TEST_P(StoreConformance, credentials_are_kept_without_a_key_too) {
  KeptCredentials kept{.account_id = owner(), .sealed_credentials = "credentials"};
  await(store().user_keys.keep(kept));
  EXPECT_EQ(await(store().user_keys.find_kept(owner())), kept);
}

TEST_P(StoreConformance, only_a_live_accounts_present_secret_is_kept) {
  accounts::Account const account = add_account("keeper");
  accounts::UserKey key = add_key(account);
  KeptCredentials stale = kept_by(key);
  stale.key_generation = 0;
  KeptCredentials nobodys = kept_by(key);
  nobodys.account_id = "nobody";
  KeptCredentials others = kept_by(key);
  others.account_id = owner();
  KeptCredentials unknown = kept_by(key);
  unknown.user_key = "unknown";
  for (KeptCredentials const& wrong : {stale, nobodys, others, unknown})
    EXPECT_EQ(fault_of([&] { await(store().user_keys.keep(wrong)); }), base::Fault::conflict);
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  KeptCredentials const of_now = kept_by(*found(key));
  EXPECT_EQ(fault_of([&] { await(store().user_keys.keep(of_now)); }), base::Fault::conflict);
  EXPECT_EQ(await(store().user_keys.find_kept(account.id)), std::nullopt);
}

TEST_P(StoreConformance, a_secret_that_ends_is_erased_and_disabling_erases_everything) {
  accounts::Account const account = add_account("keeper");
  accounts::UserKey key = add_key(account);
  accounts::UserKey another = add_key(account, "another");
  KeptCredentials kept = kept_by(key);
  KeptCredentials without_secret = kept;
  without_secret.user_key.clear();
  without_secret.key_generation = 0;
  without_secret.sealed_secret.clear();
  auto const now = [&] { return await(store().user_keys.find_kept(account.id)); };
  await(store().user_keys.keep(kept));
  EXPECT_TRUE(rotate(another));
  EXPECT_EQ(now(), kept);
  EXPECT_TRUE(rotate(key));
  EXPECT_EQ(now(), without_secret);

  kept = kept_by(key);
  await(store().user_keys.keep(kept));
  EXPECT_TRUE(rotate(key, start_time + 60));
  EXPECT_EQ(now(), kept) << "the former secret still works";
  remove_all_expired(start_time + 60);
  EXPECT_EQ(now(), without_secret);

  await(store().user_keys.keep(kept_by(key)));
  EXPECT_TRUE(await(store().user_keys.revoke(key.user_key)));
  EXPECT_EQ(now(), without_secret);
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::disabled)));
  EXPECT_EQ(now(), std::nullopt);
}

TEST_P(StoreConformance, deleting_an_account_erases_what_it_keeps) {
  accounts::Account const account = add_account("keeper");
  await(store().user_keys.keep(kept_by(add_key(account))));
  EXPECT_TRUE(await(store().accounts.set_standing(account.id, Standing::deleted)));
  EXPECT_EQ(await(store().user_keys.find_kept(account.id)), std::nullopt);
}

// ---- usage

TEST_P(StoreConformance, usage_is_counted_by_the_hour_and_account) {
  constexpr base::UnixSeconds hour = 3600;
  accounts::Account const other = add_account("other");
  auto const add = [&](std::string const& id, std::uint64_t bytes, base::UnixSeconds now) {
    await(store().accounts.add_usage(id, Counted::streamed_bytes, bytes, now));
  };
  auto const since = [&](std::string const& id, base::UnixSeconds time) {
    return await(store().accounts.usage_since(id, time));
  };
  add(owner(), 1ULL << 40, start_time);
  add(owner(), 5, start_time + 1);
  add(owner(), 7, start_time + hour);
  add(other.id, 100, start_time);
  add("nobody", 100, start_time);
  reopen();
  EXPECT_EQ(since(owner(), start_time)[Counted::streamed_bytes], (1ULL << 40) + 12);
  EXPECT_EQ(since(owner(), start_time + hour)[Counted::streamed_bytes], 7U);
  EXPECT_EQ(since(other.id, start_time)[Counted::streamed_bytes], 100U);
  EXPECT_EQ(since("nobody", 0), Usage());

  remove_all_expired(start_time + seconds(base::limits::usage_retention) + hour);
  EXPECT_EQ(since(owner(), 0)[Counted::streamed_bytes], 7U);
  EXPECT_EQ(since(other.id, 0), Usage());
}

TEST_P(StoreConformance, usage_of_days_long_ago_stays_by_the_day) {
  constexpr base::UnixSeconds hour = 3600;
  constexpr base::UnixSeconds day = 24 * hour;
  base::UnixSeconds const first = start_time / day * day;
  accounts::Account const other = add_account("other");
  auto const add = [&](std::string const& id, Counted what, base::UnixSeconds now) {
    await(store().accounts.add_usage(id, what, 1, now));
  };
  for (base::UnixSeconds const at : {first, first + hour, first + 2 * hour, first + day + hour}) {
    add(owner(), Counted::zips, at);
    add(owner(), Counted::streams, at);
    add(other.id, Counted::zips, at + hour);
  }
  auto const by_day = [&](std::string const& id) {
    return await(store().accounts.usage_by_day(id, 0));
  };
  std::vector<DayUsage> const of_owner = by_day(owner());
  std::vector<DayUsage> const of_other = by_day(other.id);
  ASSERT_EQ(of_owner.size(), 2U);
  EXPECT_EQ(of_owner[0].usage[Counted::zips], 3U);
  base::UnixSeconds const old = first + seconds(base::limits::usage_by_the_hour) + 2 * day;
  for (base::UnixSeconds now = old - day; now <= old + day; now += day) {
    remove_all_expired(now);
    EXPECT_EQ(by_day(owner()), of_owner);
    EXPECT_EQ(by_day(other.id), of_other);
  }
  reopen();
  EXPECT_EQ(by_day(owner()), of_owner);
}

TEST_P(StoreConformance, usage_is_told_by_the_day) {
  constexpr base::UnixSeconds hour = 3600;
  constexpr base::UnixSeconds day = 24 * hour;
  base::UnixSeconds const first = start_time / day * day;
  accounts::Account const other = add_account("other");
  auto const add = [&](Counted what, std::uint64_t amount, base::UnixSeconds now) {
    await(store().accounts.add_usage(owner(), what, amount, now));
  };
  auto const since = [&](std::string const& id, base::UnixSeconds time) {
    return await(store().accounts.usage_by_day(id, time));
  };
  add(Counted::zips, 1, first);
  add(Counted::zips, 2, first + 23 * hour + 3599);
  add(Counted::streamed_bytes, 1ULL << 40, first + hour);
  add(Counted::zips, 4, first + 3 * day);
  await(store().accounts.add_usage(other.id, Counted::zips, 9, first + day));
  reopen();
  std::vector<DayUsage> expected(2);
  expected[0].day = first;
  expected[0].usage[Counted::zips] = 3;
  expected[0].usage[Counted::streamed_bytes] = 1ULL << 40;
  expected[1].day = first + 3 * day;
  expected[1].usage[Counted::zips] = 4;
  EXPECT_EQ(since(owner(), first), expected);
  EXPECT_EQ(since(owner(), 0), expected);
  expected.erase(expected.begin());
  EXPECT_EQ(since(owner(), first + day), expected);
  EXPECT_EQ(since(owner(), first + 4 * day), std::vector<DayUsage>());
  EXPECT_EQ(since("nobody", 0), std::vector<DayUsage>());
}

TEST_P(StoreConformance, jobs_and_links_are_counted_as_usage) {
  PlanFacts plan = some_plan(1);
  plan.archives = {{.entry_count = 1, .source_bytes = 2, .archive_bytes = 300, .etag = "e"},
                   {.entry_count = 1, .source_bytes = 2, .archive_bytes = 40, .etag = "f"}};
  Job const succeeding = add_running_job();
  save(succeeding, {.plan = plan});
  EXPECT_TRUE(finish(succeeding));
  Job const failing = add_running_job();
  EXPECT_TRUE(fail(failing));
  EXPECT_FALSE(fail(failing));
  Job const cancelling = add_job();
  EXPECT_TRUE(await(store().jobs.cancel(cancelling.id, start_time)));
  EXPECT_FALSE(await(store().jobs.cancel(cancelling.id, start_time)));
  end(add_running_job(), {.state = JobState::waiting, .due_at = start_time});
  add_link();

  Usage expected;
  expected[Counted::zips] = 4;
  expected[Counted::zips_succeeded] = 1;
  expected[Counted::zips_failed] = 1;
  expected[Counted::zips_cancelled] = 1;
  expected[Counted::streams] = 1;
  expected[Counted::zipped_bytes] = 340;
  EXPECT_EQ(await(store().accounts.usage_since(owner(), start_time)), expected);
}

TEST_P(StoreConformance, jobs_of_a_disabled_account_count_as_failed) {
  add_job();
  await(store().accounts.set_standing(owner(), Standing::disabled));
  remove_all_expired(start_time);
  Usage const usage = await(store().accounts.usage_since(owner(), start_time));
  EXPECT_EQ(usage[Counted::zips_failed], 1U);
  EXPECT_EQ(usage[Counted::zips_cancelled], 0U);
}

}  // namespace store
