// Mails: they come with their job or link, are due from its end on, and are sent once a round.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, a_mail_waits_for_the_end_of_its_job_and_is_sent_once) {
  Job const job = new_job();
  Mail mail = new_mail(job.id, job.account_id);
  await(store().jobs.create({.job = job, .mail = mail}));
  Job const running = run(job);
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), mail);
  EXPECT_EQ(await(store().outbox.find_mail("unknown")), std::nullopt);
  EXPECT_EQ(due_mails(days_later(1)), Ids{});
  finish(running, start_time + 5);
  mail.due_at = start_time + 5;
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), mail);
  EXPECT_EQ(due_mails(start_time + 4), Ids{});
  EXPECT_EQ(await(store().outbox.due_mails(start_time + 5)), std::vector{mail});

  EXPECT_TRUE(await(store().outbox.put_off_mail(mail, "no answer", start_time + 10)));
  EXPECT_TRUE(await(store().outbox.put_off_mail(mail, "still none", start_time + 20)));
  reopen();
  mail.state = MessageState::retrying;
  mail.attempts = 2;
  mail.error = "still none";
  mail.due_at = start_time + 20;
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), mail);
  EXPECT_EQ(due_mails(start_time + 19), Ids{});
  EXPECT_EQ(due_mails(start_time + 20), Ids{mail.id});

  EXPECT_TRUE(await(store().outbox.end_mail(mail, MessageState::sent, "")));
  EXPECT_FALSE(await(store().outbox.end_mail(mail, MessageState::failed, "too late")));
  EXPECT_FALSE(await(store().outbox.put_off_mail(mail, "too late", start_time + 30)));
  mail.state = MessageState::sent;
  mail.error = "";
  mail.due_at = 0;
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), mail);
  EXPECT_EQ(due_mails(days_later(1)), Ids{});

  remove_all_expired(start_time + 5 + seconds(base::limits::job_retention));
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), std::nullopt) << "it goes with its job";
}

TEST_P(StoreConformance, a_mail_that_is_given_up_says_why) {
  Job const job = new_job();
  Mail mail = new_mail(job.id, job.account_id);
  await(store().jobs.create({.job = job, .mail = mail}));
  fail(run(job));
  EXPECT_TRUE(await(store().outbox.end_mail(mail, MessageState::failed, "no such address")));
  mail.state = MessageState::failed;
  mail.error = "no such address";
  EXPECT_EQ(await(store().outbox.find_mail(mail.id)), mail);
}

TEST_P(StoreConformance, a_mail_whose_job_has_not_ended_does_not_change) {
  Job const job = new_job();
  Mail const mail = new_mail(job.id, job.account_id);
  await(store().jobs.create({.job = job, .mail = mail}));
  Job const running = run(job);
  for (JobState state : {JobState::running, JobState::waiting}) {
    EXPECT_FALSE(await(store().outbox.put_off_mail(mail, "no answer", start_time)));
    EXPECT_FALSE(await(store().outbox.end_mail(mail, MessageState::sent, "")));
    EXPECT_EQ(await(store().outbox.find_mail(mail.id)), mail) << name(state);
    end(running, {.state = JobState::waiting, .due_at = start_time + 60});
  }
  EXPECT_FALSE(await(store().outbox.end_mail(new_mail("", ""), MessageState::sent, "")));
}

TEST_P(StoreConformance, of_a_job_that_runs_anew_the_mail_waits_for_the_new_end) {
  Job const job = new_job();
  Mail const first = new_mail(job.id, job.account_id);
  await(store().jobs.create({.job = job, .mail = first}));
  fail(run(job));
  await(store().outbox.put_off_mail(first, "no answer", start_time));
  await(store().outbox.end_mail(first, MessageState::failed, "no such key"));
  await(store().jobs.retry({.job_id = job.id, .sealed_credentials = "new"}, start_time));
  Mail second = first;
  second.round = 1;
  EXPECT_EQ(await(store().outbox.find_mail(first.id)), second);
  EXPECT_EQ(due_mails(days_later(1)), Ids{});
  finish(run(job), start_time + 9);
  second.due_at = start_time + 9;
  EXPECT_EQ(await(store().outbox.due_mails(start_time + 9)), std::vector{second});
  EXPECT_TRUE(await(store().outbox.end_mail(second, MessageState::sent, "")));
}

// The sending was begun at the job's earlier end, and tells of that end.
TEST_P(StoreConformance, what_becomes_of_a_mail_of_an_earlier_round_is_not_noted) {
  Job const job = new_job();
  Mail const first = new_mail(job.id, job.account_id);
  await(store().jobs.create({.job = job, .mail = first}));
  fail(run(job));
  await(store().jobs.retry({.job_id = job.id, .sealed_credentials = "new"}, start_time));
  EXPECT_EQ(due_mails(days_later(1)), Ids{}) << "it was, and waits now";
  for (bool ended : {false, true}) {
    if (ended) fail(run(job));
    std::optional<Mail> const second = await(store().outbox.find_mail(first.id));
    EXPECT_FALSE(await(store().outbox.put_off_mail(first, "no answer", start_time + 60)));
    EXPECT_FALSE(await(store().outbox.end_mail(first, MessageState::sent, "")));
    EXPECT_EQ(await(store().outbox.find_mail(first.id)), second);
  }
  EXPECT_EQ(due_mails(), Ids{first.id});
}

TEST_P(StoreConformance, a_mail_of_a_link_waits_for_its_listing) {
  Ids ids;
  std::vector<Link> links;
  for (int i = 0; i < 2; ++i) {
    Link const link = new_link();
    Mail const mail = new_mail(link.id, link.account_id);
    await(store().links.create({.link = link, .mail = mail}));
    links.push_back(link);
    ids.push_back(mail.id);
  }
  EXPECT_EQ(due_mails(days_later(1)), Ids{});
  await(store().links.freeze(links[1].hold(), some_plan(1), start_time + 1));
  EXPECT_EQ(due_mails(start_time), Ids{});
  EXPECT_EQ(due_mails(start_time + 1), Ids{ids[1]});
  await(store().links.fail(links[0].hold(), base::Fault::not_found, "nothing", start_time + 2));
  EXPECT_EQ(due_mails(start_time + 2), (Ids{ids[1], ids[0]})) << "the first due first";
}

TEST_P(StoreConformance, what_tells_of_a_link_that_ends_while_it_is_listed_is_due) {
  Link const revoked = new_link();
  Link const expired = new_link(start_time + 10);
  Ids mails;
  Ids deliveries;
  for (Link const& link : {revoked, expired}) {
    Mail const mail = new_mail(link.id, link.account_id);
    Delivery const delivery = new_delivery(link.id, link.account_id);
    await(store().links.create({.link = link, .mail = mail, .delivery = delivery}));
    mails.push_back(mail.id);
    deliveries.push_back(delivery.id);
  }
  await(store().links.revoke(revoked.id, start_time + 5));
  EXPECT_EQ(due_mails(start_time + 5), Ids{mails[0]});
  EXPECT_EQ(due_deliveries(start_time + 5), Ids{deliveries[0]});
  remove_all_expired(start_time + 10);
  EXPECT_EQ(due_mails(start_time + 10), mails);
  EXPECT_EQ(due_deliveries(start_time + 10), deliveries);
}

TEST_P(StoreConformance, what_tells_of_a_link_is_not_due_again_when_it_is_revoked) {
  Link const told = new_link();
  Link const telling = new_link();
  for (Link const& link : {told, telling}) {
    Mail const mail = new_mail(link.id, link.account_id);
    Delivery const delivery = new_delivery(link.id, link.account_id);
    await(store().links.create({.link = link, .mail = mail, .delivery = delivery}));
    freeze(link, some_plan(1));
    bool const is_told = link.id == told.id;
    EXPECT_TRUE(is_told ? await(store().outbox.end_mail(mail, MessageState::sent, ""))
                        : await(store().outbox.put_off_mail(mail, "busy", start_time + 60)));
    EXPECT_TRUE(
        is_told ? await(store().outbox.end_delivery(delivery.id, {204, ""}))
                : await(store().outbox.put_off_delivery(delivery.id, {503, ""}, start_time + 60)));
    await(store().links.revoke(link.id, start_time + 1));
  }
  EXPECT_EQ(due_mails(start_time + 59), Ids{}) << "sent, or put off";
  EXPECT_EQ(due_deliveries(start_time + 59), Ids{});
  EXPECT_EQ(due_mails(start_time + 60).size(), 1U);
  EXPECT_EQ(due_deliveries(start_time + 60).size(), 1U);
}

TEST_P(StoreConformance, what_tells_of_a_job_that_ends_early_is_due) {
  Job const cancelled = new_job();
  Job const running = new_job(start_time - 1);
  Job disabled = new_job();
  disabled.account_id = add_account("disabled").id;
  Ids mails;
  Ids deliveries;
  for (Job const& job : {cancelled, running, disabled}) {
    Mail const mail = new_mail(job.id, job.account_id);
    Delivery const delivery = new_delivery(job.id, job.account_id);
    await(store().jobs.create({.job = job, .mail = mail, .delivery = delivery}));
    mails.push_back(mail.id);
    deliveries.push_back(delivery.id);
    if (job.id == running.id) run(running);
  }
  await(store().jobs.cancel(cancelled.id, start_time + 1));
  await(store().jobs.cancel(running.id, start_time + 2));
  await(store().accounts.set_standing(disabled.account_id, Standing::disabled));
  remove_all_expired(start_time + 3);
  EXPECT_EQ(due_mails(start_time + 3), mails);
  EXPECT_EQ(due_deliveries(start_time + 3), deliveries);
}

TEST_P(StoreConformance, a_bounded_number_of_mails_is_due_at_a_time) {
  std::size_t const count = base::limits::mails_at_once + 1;
  for (std::size_t i = 0; i < count; ++i) {
    Link const link = new_link(start_time);
    Mail const mail = new_mail(link.id, link.account_id);
    await(store().links.create({.link = link, .mail = mail}));
  }
  remove_all_expired(start_time);
  EXPECT_EQ(due_mails(start_time).size(), base::limits::mails_at_once);
}

}  // namespace store
