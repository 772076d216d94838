// Values that are sealed under a master key stay readable where they are needed (results, webhooks,
// kept credentials) when the key changes.
#include "store/master_keys.h"

#include "accounts/account.h"
#include "base/error.h"
#include "jobs/result.h"
#include "net/runtime.h"
#include "notify/webhooks.h"
#include "store/kept_credentials.h"
#include "store/sealed_credentials.h"
#include "store/testing/sqlite_test_home.h"

#include <gtest/gtest.h>

namespace notify {
namespace {

using base::Error;
using base::Fault;

constexpr base::UnixSeconds now = 1'700'000'000;

accounts::Keys keys_of(std::string const& letters) {
  std::vector<base::Secret> keys;
  for (char const letter : letters)
    keys.emplace_back(std::string(accounts::master_key_bytes, letter));
  return accounts::Keys(keys);
}

std::string fingerprint_of(char letter) {
  return keys_of(std::string(1, letter)).fingerprint();
}

std::string refusal(store::SealedStore& store, std::string const& letters) {
  accounts::Keys keys = keys_of(letters);
  try {
    store::take_up_keys(store, keys);
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::config);
    return error.what();
  }
  return "";
}

class MasterKeys : public testing::Test {
 protected:
  // One row of each kind, sealed with these keys' first.
  void fill(accounts::Keys const& keys) {
    accounts::Account const account = accounts::new_account("owner of " + keys.fingerprint(), now);
    made_ = accounts::new_user_key(account.id, "default", keys, now);
    net::run_to_end(store_.accounts.insert(account, made_->key));
    aws::Credentials credentials;
    credentials.access_key = "key";
    credentials.secret_key = base::Secret("aws");
    store::UnsealedCredentials kept;
    kept.region = "here";
    kept.credentials = credentials;
    kept.user_secret = base::Secret("mine");
    net::run_to_end(store_.user_keys.keep(store::seal_kept(keys, account.id, kept, now)));
    job_.id = "job of " + keys.fingerprint();
    job_.account_id = account.id;
    job_.sealed_credentials = store::seal_credentials(keys, job_.id, credentials);
    store::Job done = job_;
    done.id += " done";
    net::result_of(store_.jobs.create({.job = done}));
    store::Hold const hold = net::result_of(store_.jobs.claim("session", {}, now))->hold();
    store::RunEnd end{.state = store::JobState::done,
                      .sealed_result = jobs::seal_result(keys, done.id, {"url"})};
    EXPECT_TRUE(net::result_of(store_.jobs.end_run(hold, std::move(end), now)));
    store::Delivery delivery;
    delivery.id = "delivery of " + keys.fingerprint();
    delivery.owner_id = job_.id;
    delivery.account_id = account.id;
    delivery.sealed_url = seal_webhook_url(keys, delivery.id, "http://hook");
    net::result_of(store_.jobs.create({.job = job_, .delivery = delivery}));
  }

  void expect_all_opens(accounts::Keys const& keys) {
    auto const found = net::result_of(store_.user_keys.find(made_->key.user_key));
    EXPECT_EQ(accounts::match_secret(found->key, made_->secret.reveal(), keys, now), 1);
    store::UnsealedCredentials const kept =
        store::open_kept(keys, *net::result_of(store_.user_keys.find_kept(found->account.id)));
    EXPECT_EQ(kept.region, "here");
    EXPECT_EQ(kept.credentials.secret_key.reveal(), "aws");
    EXPECT_EQ(kept.user_secret.reveal(), "mine");
    store::Job const job = *net::result_of(store_.jobs.find_whole(job_.id));
    EXPECT_EQ(store::open_credentials(keys, job.id, job.sealed_credentials).secret_key.reveal(),
              "aws");
    store::Job const done = *net::result_of(store_.jobs.find(job_.id + " done"));
    EXPECT_EQ(jobs::open_result(keys, done), std::vector<std::string>{"url"});
    auto const delivery = net::result_of(store_.outbox.find_delivery(job_.id));
    EXPECT_NO_THROW(renewed_delivery(keys, *delivery, now));
  }

  store::SqliteTestHome home_;
  std::unique_ptr<store::SqliteStore> database_ = home_.open();
  store::Store const& store_ = database_->store();
  store::SealedStore& sealed_ = database_->sealed();
  std::optional<accounts::NewUserKey> made_;
  store::Job job_;
};

TEST_F(MasterKeys, everything_opens_after_a_rotation_with_the_new_key_alone) {
  accounts::Keys old = keys_of("o");
  store::take_up_keys(sealed_, old);
  fill(old);
  std::string const link = old.link_signature("a link");
  accounts::Keys both = keys_of("no");
  store::Rotation const rotation = store::rotate_keys(sealed_, both, now);
  EXPECT_EQ(rotation.retired, std::vector{fingerprint_of('o')});
  EXPECT_EQ(rotation.sealed, 6U) << "a row of each kind, the retired key among them";
  accounts::Keys fresh = keys_of("n");
  store::take_up_keys(sealed_, fresh);
  expect_all_opens(fresh);
  EXPECT_TRUE(fresh.link_matches("a link", link));
  EXPECT_EQ(sealed_.master_keys(), std::vector{fingerprint_of('n')});

  accounts::Keys third = keys_of("tn");
  store::rotate_keys(sealed_, third, now);
  accounts::Keys last = keys_of("t");
  store::take_up_keys(sealed_, last);
  expect_all_opens(last);
}

TEST_F(MasterKeys, a_key_that_a_row_needs_must_be_given_and_is_named) {
  accounts::Keys old = keys_of("o");
  store::take_up_keys(sealed_, old);
  fill(old);
  EXPECT_NE(refusal(sealed_, "n").find(fingerprint_of('o')), std::string::npos);
  EXPECT_EQ(refusal(sealed_, "no"), "");
  EXPECT_NE(refusal(sealed_, "n").find("key_files"), std::string::npos);
  EXPECT_EQ(refusal(sealed_, "o"), "") << "nothing was sealed with the other";
  accounts::Keys both = keys_of("no");
  store::take_up_keys(sealed_, both);
  fill(both);
  EXPECT_NE(refusal(sealed_, "o").find(fingerprint_of('n')), std::string::npos);
}

TEST_F(MasterKeys, a_key_whose_rows_are_gone_is_needed_no_more) {
  accounts::Keys old = keys_of("o");
  store::take_up_keys(sealed_, old);
  EXPECT_NE(refusal(sealed_, "n"), "") << "a key that has nothing to do with this database";
  EXPECT_EQ(refusal(sealed_, "no"), "");
  EXPECT_EQ(refusal(sealed_, "n"), "");
  EXPECT_EQ(sealed_.master_keys(), std::vector{fingerprint_of('n')});
}

TEST_F(MasterKeys, a_row_that_no_key_opens_is_named_and_the_old_key_stays_needed) {
  accounts::Keys old = keys_of("o");
  store::take_up_keys(sealed_, old);
  fill(old);
  store::Job damaged = job_;
  damaged.id = "damaged";
  damaged.sealed_credentials = "damaged";
  net::result_of(store_.jobs.create({.job = damaged}));
  accounts::Keys both = keys_of("no");
  try {
    store::rotate_keys(sealed_, both, now);
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::corrupt);
    EXPECT_NE(std::string(error.what()).find("job or stream damaged"), std::string::npos);
  }
  EXPECT_EQ(sealed_.master_keys().size(), 2U);
  expect_all_opens(both);
}

TEST_F(MasterKeys, a_retired_key_goes_when_no_account_and_no_link_is_of_its_time) {
  accounts::Keys old = keys_of("o");
  store::take_up_keys(sealed_, old);
  accounts::Account const account = accounts::new_account("a", now);
  accounts::NewUserKey made = accounts::new_user_key(account.id, "default", old, now);
  net::run_to_end(store_.accounts.insert(account, made.key));
  accounts::Keys both = keys_of("no");
  store::rotate_keys(sealed_, both, now);
  constexpr base::UnixSeconds year = 365 * 86'400;
  store::rotate_keys(sealed_, both, now + year);
  EXPECT_EQ(sealed_.sealed_rows(store::SealedKind::retired_key, "").size(), 1U);
  accounts::renew_secret(made.key, std::chrono::days(1), both, now);
  EXPECT_TRUE(net::result_of(store_.user_keys.rotate(made.key)));
  store::rotate_keys(sealed_, both, now + year);
  EXPECT_EQ(sealed_.sealed_rows(store::SealedKind::retired_key, "").size(), 1U)
      << "the former secret is hashed by it";
  accounts::renew_secret(made.key, std::chrono::seconds(0), both, now);
  EXPECT_TRUE(net::result_of(store_.user_keys.rotate(made.key)));
  store::rotate_keys(sealed_, both, now + year);
  EXPECT_EQ(sealed_.sealed_rows(store::SealedKind::retired_key, "").size(), 0U);
}

}  // namespace
}  // namespace notify
