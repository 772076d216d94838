// How a job or a link comes into the store: with its mail, its delivery and the key of its request,
// or not at all; and once, however often the request is repeated.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, a_repeated_create_gives_the_first_ones_id) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  EXPECT_EQ(create(job, once), job.id);
  reopen();
  Job const again = new_job();
  EXPECT_EQ(create(again, once), job.id);
  EXPECT_EQ(found(again), std::nullopt);
  Once const other_request{"key", "another hash"};
  EXPECT_EQ(fault_of([&] { create(again, other_request); }), base::Fault::conflict);
  EXPECT_EQ(fault_of([&] { create(new_link(), other_request); }), base::Fault::conflict);
  Once const other_key{"another key", "hash"};
  EXPECT_EQ(create(again, other_key), again.id);
  EXPECT_NE(create(new_job(), Once()), create(new_job(), Once())) << "no key is no key";

  Once const of_link{"key of a link", "hash"};
  Link const link = new_link();
  EXPECT_EQ(create(link, of_link), link.id);
  Link const second = new_link();
  EXPECT_EQ(create(second, of_link), link.id);
  EXPECT_EQ(found(second), std::nullopt);
}

TEST_P(StoreConformance, a_repeated_create_brings_and_counts_nothing) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  Delivery const first = new_delivery(job.id, job.account_id);
  await(store().jobs.create({.job = job, .once = once, .delivery = first}));
  Job const again = new_job();
  Mail const mail = new_mail(again.id, again.account_id);
  Delivery const second = new_delivery(again.id, again.account_id);
  await(store().jobs.create({.job = again, .once = once, .mail = mail, .delivery = second}));
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), std::nullopt);
  EXPECT_EQ(await(store().outbox.find_delivery(again.id)), std::nullopt);
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), first);
  EXPECT_EQ(await(store().accounts.usage_since(owner(), 0))[Counted::zips], 1U);
}

TEST_P(StoreConformance, a_key_is_its_accounts_and_used_up_only_by_a_create_that_was_done) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  create(job, once);
  Job others = new_job();
  others.account_id = add_account("other").id;
  EXPECT_EQ(create(others, once), others.id);

  Once const fresh{"fresh", "hash"};
  Job taken = new_job();
  taken.id = job.id;
  EXPECT_EQ(fault_of([&] { create(taken, fresh); }), base::Fault::conflict);
  Job const good = new_job();
  EXPECT_EQ(create(good, fresh), good.id);
}

TEST_P(StoreConformance, a_key_is_forgotten_with_its_job) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  create(job, once);
  fail(run(job));
  base::UnixSeconds const end = start_time + seconds(base::limits::job_retention);
  remove_all_expired(end - 1);
  EXPECT_EQ(create(new_job(), once), job.id);
  remove_all_expired(end + 1);
  Job const next = new_job();
  EXPECT_EQ(create(next, once), next.id);
}

TEST_P(StoreConformance, mail_and_delivery_come_with_their_job_or_link) {
  Job const job = new_job();
  Link const link = new_link();
  Mail const of_job = new_mail(job.id, job.account_id);
  Mail const of_link = new_mail(link.id, link.account_id);
  Delivery const told_of_job = new_delivery(job.id, job.account_id);
  Delivery const told_of_link = new_delivery(link.id, link.account_id);
  await(store().jobs.create({.job = job, .mail = of_job, .delivery = told_of_job}));
  await(store().links.create({.link = link, .mail = of_link, .delivery = told_of_link}));
  reopen();
  EXPECT_EQ(await(store().outbox.find_mail(of_job.id)), of_job);
  EXPECT_EQ(await(store().outbox.find_mail(of_link.id)), of_link);
  EXPECT_EQ(await(store().outbox.find_delivery(job.id)), told_of_job);
  EXPECT_EQ(await(store().outbox.find_delivery(link.id)), told_of_link);
}

TEST_P(StoreConformance, of_a_job_that_cannot_be_created_nothing_is_there) {
  Job const earlier = new_job();
  Mail const its_mail = new_mail(earlier.id, owner());
  Delivery const its_delivery = new_delivery(earlier.id, owner());
  await(store().jobs.create({.job = earlier, .mail = its_mail, .delivery = its_delivery}));

  for (int wrong = 0; wrong < 4; ++wrong) {
    Job job = new_job();
    if (wrong == 0) job.id = earlier.id;
    if (wrong == 3) job.account_id = "nobody";
    Mail mail = new_mail(job.id, owner());
    if (wrong == 1) mail.id = its_mail.id;
    Delivery delivery = new_delivery(job.id, owner());
    if (wrong == 2) delivery.id = its_delivery.id;
    NewJob const work{.job = job, .once = {"key", "hash"}, .mail = mail, .delivery = delivery};
    EXPECT_EQ(fault_of([&] { await(store().jobs.create(work)); }), base::Fault::conflict) << wrong;
    if (wrong != 0) EXPECT_EQ(found(job), std::nullopt) << wrong;
    if (wrong != 1) EXPECT_EQ(await(store().outbox.find_mail(mail.id)), std::nullopt) << wrong;
    if (wrong != 0) EXPECT_EQ(await(store().outbox.find_delivery(job.id)), std::nullopt) << wrong;
  }
  EXPECT_EQ(found(earlier), earlier);
  EXPECT_EQ(await(store().outbox.find_mail(its_mail.id)), its_mail);
  EXPECT_EQ(await(store().outbox.find_delivery(earlier.id)), its_delivery);
  EXPECT_EQ(await(store().accounts.usage_since(owner(), 0))[Counted::zips], 1U);
  Job const good = new_job();
  EXPECT_EQ(create(good, {"key", "another hash"}), good.id) << "the key is not used up";
}

TEST_P(StoreConformance, of_a_link_that_cannot_be_created_nothing_is_there) {
  Link const earlier = new_link();
  Mail const its_mail = new_mail(earlier.id, owner());
  Delivery const its_delivery = new_delivery(earlier.id, owner());
  await(store().links.create({.link = earlier, .mail = its_mail, .delivery = its_delivery}));

  for (int wrong = 0; wrong < 4; ++wrong) {
    Link link = new_link();
    if (wrong == 0) link.id = earlier.id;
    if (wrong == 3) link.account_id = "nobody";
    Mail mail = new_mail(link.id, owner());
    if (wrong == 1) mail.id = its_mail.id;
    Delivery delivery = new_delivery(link.id, owner());
    if (wrong == 2) delivery.id = its_delivery.id;
    NewLink const work{.link = link, .once = {"key", "hash"}, .mail = mail, .delivery = delivery};
    EXPECT_EQ(fault_of([&] { await(store().links.create(work)); }), base::Fault::conflict) << wrong;
    if (wrong != 0) EXPECT_EQ(found(link), std::nullopt) << wrong;
    if (wrong != 1) EXPECT_EQ(await(store().outbox.find_mail(mail.id)), std::nullopt) << wrong;
    if (wrong != 0) EXPECT_EQ(await(store().outbox.find_delivery(link.id)), std::nullopt) << wrong;
  }
  EXPECT_EQ(found(earlier), earlier);
  EXPECT_EQ(await(store().outbox.find_mail(its_mail.id)), its_mail);
  EXPECT_EQ(await(store().outbox.find_delivery(earlier.id)), its_delivery);
  EXPECT_EQ(await(store().accounts.usage_since(owner(), 0))[Counted::streams], 1U);
  Link const good = new_link();
  EXPECT_EQ(create(good, {"key", "another hash"}), good.id) << "the key is not used up";
}

TEST_P(StoreConformance, a_disabled_account_creates_nothing) {
  Once const once{"key", "hash"};
  Job const earlier = new_job();
  create(earlier, once);
  await(store().accounts.set_standing(owner(), Standing::disabled));
  Job const job = new_job();
  Link const link = new_link();
  EXPECT_EQ(fault_of([&] { create(job); }), base::Fault::unauthorized);
  EXPECT_EQ(fault_of([&] { create(link); }), base::Fault::unauthorized);
  EXPECT_EQ(found(job), std::nullopt);
  EXPECT_EQ(found(link), std::nullopt);
  EXPECT_EQ(create(job, once), earlier.id) << "a repetition makes nothing";
}

}  // namespace store
