// Deliveries: which of them are due, and the record of each.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {
namespace {

Delivery to_host(Delivery delivery, std::string host) {
  delivery.host = std::move(host);
  return delivery;
}

}  // namespace

TEST_P(StoreConformance, a_delivery_is_due_once_its_owner_has_ended) {
  Job const job = new_job();
  Delivery delivery = new_delivery(job.id, job.account_id);
  await(store().jobs.create({.job = job, .delivery = delivery}));
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), delivery);
  EXPECT_EQ(due_deliveries(days_later(1)), Ids{});
  finish(run(job), start_time + 5);
  delivery.due_at = start_time + 5;
  reopen();
  EXPECT_EQ(due_deliveries(start_time + 4), Ids{});
  EXPECT_EQ(await(store().outbox.due_deliveries(start_time + 5)), std::vector{delivery});
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), delivery);
  EXPECT_EQ(await(store().outbox.find_delivery("nobody")), std::nullopt);
}

TEST_P(StoreConformance, a_delivery_of_a_link_is_due_once_it_is_listed) {
  Link const link = new_link();
  Delivery const delivery = new_delivery(link.id, link.account_id);
  await(store().links.create({.link = link, .delivery = delivery}));
  EXPECT_EQ(due_deliveries(days_later(1)), Ids{});
  freeze(link, some_plan(1));
  EXPECT_EQ(due_deliveries(), Ids{delivery.id});
}

TEST_P(StoreConformance, a_delivery_waits_for_its_next_attempt_over_a_restart) {
  Job const job = new_job();
  Delivery expected = new_delivery(job.id, job.account_id);
  std::string const& id = expected.id;
  await(store().jobs.create({.job = job, .delivery = expected}));
  finish(run(job));
  EXPECT_TRUE(await(store().outbox.put_off_delivery(id, {503, "busy"}, start_time + 60)));
  reopen();
  EXPECT_EQ(due_deliveries(start_time + 59), Ids{});
  EXPECT_EQ(due_deliveries(start_time + 60), Ids{id});
  expected.state = MessageState::retrying;
  expected.attempts = 1;
  expected.last_status = 503;
  expected.error = "busy";
  expected.due_at = start_time + 60;
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), expected);

  EXPECT_TRUE(await(store().outbox.end_delivery(id, {204, ""})));
  EXPECT_EQ(due_deliveries(start_time + 60), Ids{});
  expected.state = MessageState::sent;
  expected.attempts = 2;
  expected.last_status = 204;
  expected.error = "";
  expected.due_at = 0;
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), expected);
  EXPECT_FALSE(await(store().outbox.end_delivery(id, {0, "late"}))) << "it has ended";
  EXPECT_FALSE(await(store().outbox.put_off_delivery(id, {0, "late"}, start_time + 60)));
  EXPECT_FALSE(await(store().outbox.end_delivery("nobody", {204, ""})));
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), expected);
}

TEST_P(StoreConformance, a_delivery_that_is_given_up_says_why) {
  Job const job = new_job();
  Delivery const delivery = new_delivery(job.id, job.account_id);
  await(store().jobs.create({.job = job, .delivery = delivery}));
  fail(run(job));
  EXPECT_TRUE(await(store().outbox.end_delivery(delivery.id, {410, "they are gone"})));
  Delivery const ended = *await(store().outbox.find_delivery(job.id));
  EXPECT_EQ(ended.state, MessageState::failed);
  EXPECT_EQ(ended.attempts, 1);
  EXPECT_EQ(ended.last_status, 410);
  EXPECT_EQ(ended.error, "they are gone");
  EXPECT_EQ(due_deliveries(days_later(1)), Ids{});
}

TEST_P(StoreConformance, deliveries_to_one_host_do_not_hold_up_others) {
  std::string last;
  for (int i = 0; i <= 20; ++i) {
    Job const job = new_job();
    std::string const host = i < 20 ? "slow" : "quick";
    Delivery const delivery = to_host(new_delivery(job.id, job.account_id), host);
    await(store().jobs.create({.job = job, .delivery = delivery}));
    finish(run(job));
    last = delivery.id;
  }
  Ids const ids = due_deliveries();
  EXPECT_EQ(ids.size(), base::limits::webhooks_of_host_at_once + 1);
  EXPECT_EQ(ids.back(), last);
}

TEST_P(StoreConformance, deliveries_of_one_account_do_not_hold_up_others) {
  accounts::Account const other = add_account("other");
  std::string last;
  for (int i = 0; i <= 40; ++i) {
    Job job = new_job();
    if (i == 40) job.account_id = other.id;
    Delivery const delivery =
        to_host(new_delivery(job.id, job.account_id), "host " + std::to_string(i));
    await(store().jobs.create({.job = job, .delivery = delivery}));
    finish(run(job));
    last = delivery.id;
  }
  Ids const ids = due_deliveries();
  EXPECT_EQ(ids.size(), base::limits::webhooks_of_account_at_once + 1);
  EXPECT_EQ(ids.back(), last);
}

// A delivery that is put off gives its place to the one behind it.
TEST_P(StoreConformance, deliveries_are_due_the_first_due_first) {
  std::vector<Delivery> deliveries;
  for (std::size_t i = 0; i <= base::limits::webhooks_of_host_at_once; ++i) {
    Job const job = new_job();
    deliveries.push_back(new_delivery(job.id, job.account_id));
    await(store().jobs.create({.job = job, .delivery = deliveries.back()}));
    finish(run(job));
  }
  Ids ids = ids_of(deliveries);
  EXPECT_EQ(due_deliveries(), Ids(ids.begin(), ids.end() - 1));
  await(store().outbox.put_off_delivery(ids[0], {503, "busy"}, start_time + 60));
  EXPECT_EQ(due_deliveries(start_time + 60), Ids(ids.begin() + 1, ids.end()));
  await(store().outbox.end_delivery(ids[1], {204, ""}));
  Ids expected(ids.begin() + 2, ids.end());
  expected.push_back(ids[0]);
  EXPECT_EQ(due_deliveries(start_time + 60), expected);
}

TEST_P(StoreConformance, of_a_job_that_runs_anew_the_delivery_is_another) {
  Job const job = new_job();
  Delivery const first = new_delivery(job.id, job.account_id);
  await(store().jobs.create({.job = job, .delivery = first}));
  fail(run(job));
  await(store().outbox.end_delivery(first.id, {204, ""}));
  Delivery const second = new_delivery(job.id, job.account_id);
  Retry const retry{.job_id = job.id, .sealed_credentials = "new", .delivery = second};
  EXPECT_TRUE(await(store().jobs.retry(retry, start_time)));
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), second);
  EXPECT_EQ(due_deliveries(days_later(1)), Ids{});
  EXPECT_FALSE(await(store().outbox.end_delivery(first.id, {204, ""}))) << "it is no more";
  finish(run(job), start_time + 9);
  EXPECT_EQ(due_deliveries(start_time + 9), Ids{second.id});
}

TEST_P(StoreConformance, deliveries_are_deleted_with_their_job) {
  Job const job = new_job();
  Delivery const delivery = new_delivery(job.id, job.account_id);
  await(store().jobs.create({.job = job, .delivery = delivery}));
  finish(run(job));
  remove_all_expired(start_time + seconds(base::limits::job_retention));
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), std::nullopt);
  EXPECT_EQ(due_deliveries(days_later(100)), Ids{});
}

}  // namespace store
