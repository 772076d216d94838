// Lists of an account's jobs and links, page by page.
#include "base/limits.h"
#include "store/testing/conformance.h"

#include <algorithm>

namespace store {
namespace {

// All ids, gathered page by page; `next` gives one.
template <class Next>
Ids all_pages(ListQuery query, Next next) {
  constexpr int most_pages = 100;  // of a list that never ends
  Ids all;
  for (int i = 0; i < most_pages; ++i) {
    auto const page = next(query);
    EXPECT_LE(page.size(), query.limit);
    for (std::string const& id : ids_of(page)) all.push_back(id);
    if (page.size() < query.limit) return all;
    query.after = ListQuery::Place{page.back().created_at, page.back().id};
  }
  ADD_FAILURE() << "the list never ends";
  return all;
}

// The newest first, those of one second by id.
template <class Item>
Ids in_listed_order(std::vector<Item> items) {
  std::ranges::sort(items, [](Item const& one, Item const& other) {
    return std::pair(one.created_at, one.id) > std::pair(other.created_at, other.id);
  });
  return ids_of(items);
}

}  // namespace

TEST_P(StoreConformance, jobs_are_listed_page_by_page_the_newest_first) {
  std::vector<Job> jobs;
  for (int i = 0; i < 7; ++i) jobs.push_back(add_job(start_time + i / 3));  // three a second
  Ids const expected = in_listed_order(jobs);
  auto const next = [&](ListQuery const& query) {
    return await(store().jobs.list(query, std::nullopt));
  };
  for (std::size_t const limit : {1U, 2U, 3U, 7U, 8U}) {
    ListQuery const query{.account_id = owner(), .limit = limit};
    EXPECT_EQ(all_pages(query, next), expected) << limit;
  }
  ListQuery const nobodys{.account_id = add_account("other").id, .limit = 8};
  EXPECT_TRUE(next(nobodys).empty());
}

TEST_P(StoreConformance, a_list_goes_on_at_its_place_whatever_came_and_went) {
  Job const middle = add_running_job(start_time + 1);
  Job const oldest = add_job(start_time);
  Job const newest = add_job(start_time + 2);
  ListQuery query{.account_id = owner(), .limit = 2};
  EXPECT_EQ(ids_of(await(store().jobs.list(query, std::nullopt))), (Ids{newest.id, middle.id}));
  query.after = ListQuery::Place{middle.created_at, middle.id};
  add_job(start_time + 3);
  fail(middle, start_time + 4);
  remove_all_expired(start_time + 5 + seconds(base::limits::job_retention));
  EXPECT_EQ(found(middle), std::nullopt);
  EXPECT_EQ(ids_of(await(store().jobs.list(query, std::nullopt))), Ids{oldest.id});
}

TEST_P(StoreConformance, jobs_are_listed_by_state_and_time) {
  Job const failed = add_running_job(start_time);
  fail(failed, start_time + 3);
  Job const waiting = add_running_job(start_time);
  end(waiting, {.state = JobState::waiting, .due_at = start_time + 60});
  Job const early = add_job(start_time + 1);
  Job const late = add_job(start_time + 2);
  ListQuery query{.account_id = owner(), .limit = 9};
  auto const listed = [&](JobState state) {
    return ids_of(await(store().jobs.list(query, state)));
  };
  EXPECT_EQ(listed(JobState::failed), Ids{failed.id});
  EXPECT_EQ(listed(JobState::waiting), Ids{waiting.id});
  EXPECT_EQ(listed(JobState::queued), (Ids{late.id, early.id}));
  EXPECT_EQ(listed(JobState::done), Ids{});
  EXPECT_EQ(listed(JobState::running), Ids{});
  query.created_from = start_time + 2;
  EXPECT_EQ(listed(JobState::queued), Ids{late.id});
  EXPECT_EQ(listed(JobState::failed), Ids{});
}

TEST_P(StoreConformance, lists_are_searched_by_name_and_id) {
  Job holiday = new_job();
  holiday.target_bucket = "photos";
  holiday.target_key = "zips/Holiday 100%_\xC3\x84.zip";
  create(holiday);
  Job ledger = new_job();
  ledger.target_bucket = "books";
  ledger.target_key = "ledger.zip";
  create(ledger);
  auto const jobs = [&](std::string const& search) {
    ListQuery const query{.account_id = owner(), .limit = 9, .search = search};
    Ids const all = ids_of(await(store().jobs.list(query, std::nullopt)));
    EXPECT_EQ(ids_of(await(store().jobs.list(query, JobState::queued))), all) << search;
    return all;
  };
  EXPECT_EQ(jobs("").size(), 2U);
  EXPECT_EQ(jobs("hOLIDAY"), Ids{holiday.id});
  EXPECT_EQ(jobs("photos/zips/"), Ids{holiday.id});
  EXPECT_EQ(jobs("%_\xC3\x84"), Ids{holiday.id});
  EXPECT_EQ(jobs(ledger.id.substr(2, 20)), Ids{ledger.id});
  EXPECT_EQ(jobs("l%r"), Ids());
  Link link = new_link();
  link.file_name = "Report.zip";
  create(link);
  auto const links = [&](std::string const& search) {
    ListQuery const query{.account_id = owner(), .limit = 9, .search = search};
    return ids_of(await(store().links.list(query)));
  };
  EXPECT_EQ(links("rEPORT"), Ids{link.id});
  EXPECT_EQ(links(link.id), Ids{link.id});
  EXPECT_EQ(links("ledger"), Ids());
}

TEST_P(StoreConformance, unended_jobs_of_all_accounts_are_listed_the_next_to_go_on_first) {
  Job const ended = add_running_job(start_time);
  fail(ended, start_time + 1);
  Job const late_wait = add_running_job(start_time);
  end(late_wait, {.state = JobState::waiting, .due_at = start_time + 60});
  Job const early_wait = add_running_job(start_time);
  end(early_wait, {.state = JobState::waiting, .due_at = start_time + 30});
  Job const running = add_running_job(start_time);
  Job const second = add_job(start_time + 2);
  Job of_other = new_job();
  of_other.account_id = add_account("other").id;
  of_other.created_at = start_time + 1;
  create(of_other);
  auto const unended = [&](std::size_t limit) {
    return ids_of(await(store().jobs.list_unended(limit)));
  };
  Ids const all{running.id, early_wait.id, late_wait.id, of_other.id, second.id};
  EXPECT_EQ(unended(9), all);
  for (std::size_t limit = 0; limit < all.size(); ++limit)
    EXPECT_EQ(unended(limit), Ids(all.begin(), all.begin() + static_cast<long>(limit))) << limit;
}

TEST_P(StoreConformance, a_listed_job_is_its_state) {
  Job job = new_job();
  job.target_bucket = "bucket";
  job.target_key = every_byte() + ".zip";
  create(job);
  Job const running = run(job);
  save(running, {.plan = some_plan(3)});
  fail_leaving(running, start_time + 3);
  ListQuery const query{.account_id = owner(), .limit = 1};
  std::vector<Job> const listed = await(store().jobs.list(query, std::nullopt));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.front(), await(store().jobs.find(job.id)));
  EXPECT_EQ(listed.front().target_bucket, "bucket");
  EXPECT_EQ(listed.front().target_key, every_byte() + ".zip");
  EXPECT_EQ(listed.front().upload, some_upload());
  EXPECT_EQ(listed.front().plan, some_plan(3));
  EXPECT_EQ(listed.front().request, "");
  EXPECT_EQ(listed.front().sealed_credentials, "");
}

TEST_P(StoreConformance, links_are_listed_page_by_page_the_newest_first) {
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) {
    links.push_back(new_link());
    links.back().created_at = start_time + i / 2;
    create(links.back());
  }
  auto const next = [&](ListQuery const& query) { return await(store().links.list(query)); };
  for (std::size_t const limit : {1U, 2U, 5U, 6U}) {
    ListQuery const query{.account_id = owner(), .limit = limit};
    EXPECT_EQ(all_pages(query, next), in_listed_order(links)) << limit;
  }
  ListQuery query{.account_id = owner(), .created_from = start_time + 2, .limit = 6};
  std::vector<Link> const latest = next(query);
  ASSERT_EQ(ids_of(latest), Ids{links.back().id});
  Link expected = links.back();
  expected.request = expected.sealed_credentials = "";
  EXPECT_EQ(latest.front(), expected);
  query.account_id = add_account("other").id;
  EXPECT_TRUE(next(query).empty());
}

}  // namespace store
