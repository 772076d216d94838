// Deliveries in SQLite: which of them are due, and what is kept of each.
#include "base/limits.h"
#include "store/testing/sqlite_test_home.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace store {
namespace {

constexpr base::UnixSeconds start_time = 1'700'000'000;

class Deliveries : public testing::Test {
 protected:
  Deliveries() { insert_account("one"); }

  void insert_account(std::string const& name) {
    accounts::Account account;
    account.id = account.name = account.user_key = name;
    store_->insert_account(account);
  }

  // Of a job that has ended, or not; its id is that of the delivery.
  void insert(std::string const& id, std::string const& host, std::string const& account = "one",
              bool ended = true) {
    Job job;
    job.id = "of " + id;
    job.account_id = account;
    job.request = "request";
    job.sealed_credentials = "sealed";
    job.created_at = start_time;
    store_->insert_job(job);
    Delivery delivery;
    delivery.id = id;
    delivery.owner_id = job.id;
    delivery.account_id = account;
    delivery.host = host;
    delivery.sealed_url = std::string("\0url", 4);
    delivery.link_base = "base";
    delivery.created_at = start_time;
    store_->insert_delivery(delivery);
    if (ended) end(id);
  }
  void end(std::string const& id) {
    EXPECT_TRUE(store_->finish_job("of " + id, JobState::success, "", "", start_time));
  }
  std::vector<std::string> due(base::UnixSeconds now = start_time) {
    std::vector<std::string> ids;
    for (Delivery const& delivery : store_->due_deliveries(now)) ids.push_back(delivery.id);
    return ids;
  }
  Delivery find(std::string const& id) { return store_->deliveries_of("of " + id).at(0); }

  using Ids = std::vector<std::string>;
  SqliteTestHome home_;
  std::unique_ptr<SqliteStore> store_ = home_.open();
};

TEST_F(Deliveries, are_due_once_their_owner_has_ended) {
  insert("a", "host", "one", false);
  EXPECT_EQ(due(), Ids{});
  EXPECT_EQ(find("a").state, JobState::pending);
  end("a");
  EXPECT_EQ(due(), Ids{"a"});
  EXPECT_EQ(find("a").sealed_url, std::string("\0url", 4));
  EXPECT_EQ(find("a").link_base, "base");
}

TEST_F(Deliveries, wait_for_their_next_attempt_over_a_restart) {
  insert("a", "host");
  store_->retry_delivery("a", {503, "busy"}, start_time + 60);
  store_.reset();
  store_ = home_.open();
  EXPECT_EQ(due(start_time + 59), Ids{});
  EXPECT_EQ(due(start_time + 60), Ids{"a"});
  Delivery const waiting = find("a");
  EXPECT_EQ(waiting.state, JobState::retry);
  EXPECT_EQ(waiting.attempts, 1);
  EXPECT_EQ(waiting.last_status, 503);
  EXPECT_EQ(waiting.error, "busy");
  store_->finish_delivery("a", {204, ""});
  EXPECT_EQ(due(start_time + 60), Ids{});
  EXPECT_EQ(find("a").state, JobState::success);
  EXPECT_EQ(find("a").attempts, 2);
  store_->finish_delivery("a", {0, "late"});
  EXPECT_EQ(find("a").state, JobState::success) << "it has ended";
}

TEST_F(Deliveries, of_one_job_are_one) {
  insert("a", "host");
  Delivery second = find("a");
  second.id = "b";
  store_->insert_delivery(second);
  EXPECT_EQ(find("a").id, "a");
  EXPECT_EQ(store_->deliveries_of("of a").size(), 1U);
}

TEST_F(Deliveries, of_one_host_do_not_hold_up_others) {
  for (int i = 0; i < 20; ++i) insert("slow " + std::to_string(i), "slow");
  insert("quick", "quick");
  Ids const ids = due();
  EXPECT_EQ(ids.size(), base::limits::webhooks_of_host_at_once + 1);
  EXPECT_EQ(ids.back(), "quick");
}

TEST_F(Deliveries, of_one_account_do_not_hold_up_others) {
  insert_account("two");
  for (int i = 0; i < 40; ++i) insert("many " + std::to_string(i), std::to_string(i));
  insert("another's", "host", "two");
  Ids const ids = due();
  EXPECT_EQ(ids.size(), base::limits::webhooks_of_account_at_once + 1);
  EXPECT_EQ(ids.back(), "another's");
}

TEST_F(Deliveries, are_deleted_with_their_job) {
  insert("a", "host");
  base::UnixSeconds const after =
      start_time + std::chrono::seconds(base::limits::job_retention).count();
  while (store_->remove_expired(after)) {
  }
  EXPECT_TRUE(store_->deliveries_of("of a").empty());
}

}  // namespace
}  // namespace store
