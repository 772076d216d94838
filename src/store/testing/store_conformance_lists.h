// The other part of store_conformance.h: lists of what an account has, page by page, and requests
// that are done once however often they are repeated.
#pragma once

#include "store/testing/store_conformance.h"

#include <set>
#include <thread>

namespace store {

template <class Items>
std::vector<std::string> ids_of(Items const& items) {
  std::vector<std::string> ids;
  for (auto const& item : items) ids.push_back(item.id);
  return ids;
}

// All ids, gathered page by page; `next` gives one.
template <class Next>
std::vector<std::string> all_pages(ListQuery query, Next next) {
  constexpr int most_pages = 100;  // of a list that never ends
  std::vector<std::string> all;
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

// The newest first; of one second, by id.
template <class Item>
std::vector<std::string> in_listed_order(std::vector<Item> items) {
  std::ranges::sort(items, [](Item const& one, Item const& other) {
    return std::pair(one.created_at, one.id) > std::pair(other.created_at, other.id);
  });
  return ids_of(items);
}

TEST_P(StoreConformance, jobs_are_listed_page_by_page_the_newest_first) {
  std::vector<Job> jobs;
  for (int i = 0; i < 7; ++i) jobs.push_back(add_job(start_time + i / 3));  // three a second
  std::vector<std::string> const expected = in_listed_order(jobs);
  auto const next = [&](ListQuery const& query) { return store_->list_jobs(query, std::nullopt); };
  for (std::size_t const limit : {1U, 2U, 3U, 7U, 8U}) {
    ListQuery const query{.account_id = owner(), .limit = limit};
    EXPECT_EQ(all_pages(query, next), expected) << limit;
  }
  ListQuery const nobodys{.account_id = add_account("other").id, .limit = 8};
  EXPECT_TRUE(next(nobodys).empty());
}

TEST_P(StoreConformance, a_list_goes_on_at_its_place_whatever_came_and_went) {
  Job const oldest = add_job(start_time);
  Job const middle = add_job(start_time + 1);
  Job const newest = add_job(start_time + 2);
  ListQuery query{.account_id = owner(), .limit = 2};
  EXPECT_EQ(ids_of(store_->list_jobs(query, std::nullopt)), (std::vector{newest.id, middle.id}));
  query.after = ListQuery::Place{middle.created_at, middle.id};
  add_job(start_time + 3);
  store_->finish_job(middle.id, JobState::failure, "error", "", start_time + 4);
  store_->remove_expired(start_time + 5 + seconds(base::limits::job_retention));
  EXPECT_EQ(store_->find_job(middle.id), std::nullopt);
  EXPECT_EQ(ids_of(store_->list_jobs(query, std::nullopt)), std::vector{oldest.id});
}

TEST_P(StoreConformance, jobs_are_listed_by_state_and_time) {
  Job const failed = add_job(start_time);
  Job const waiting = add_job(start_time + 1);
  Job const late = add_job(start_time + 2);
  store_->finish_job(failed.id, JobState::failure, "error", "", start_time + 3);
  ListQuery query{.account_id = owner(), .limit = 9};
  EXPECT_EQ(ids_of(store_->list_jobs(query, JobState::failure)), std::vector{failed.id});
  EXPECT_EQ(ids_of(store_->list_jobs(query, JobState::pending)),
            (std::vector{late.id, waiting.id}));
  EXPECT_TRUE(store_->list_jobs(query, JobState::success).empty());
  query.created_from = start_time + 2;
  EXPECT_EQ(ids_of(store_->list_jobs(query, JobState::pending)), std::vector{late.id});
  EXPECT_TRUE(store_->list_jobs(query, JobState::failure).empty());
}

TEST_P(StoreConformance, a_listed_job_is_its_state) {
  Job job = new_job();
  job.target_bucket = "bucket";
  job.target_key = every_byte() + ".zip";
  store_->insert_job(job);
  store_->freeze_job(job.id, some_plan(3));
  store_->set_upload(job.id, {1, "bucket", "key", "upload", 5});
  store_->finish_job(job.id, JobState::failure, "error", "", start_time + 3);
  ListQuery const query{.account_id = owner(), .limit = 1};
  std::vector<Job> const listed = store_->list_jobs(query, std::nullopt);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.front(), store_->find_job_state(job.id));
  EXPECT_EQ(listed.front().target_bucket, "bucket");
  EXPECT_EQ(listed.front().target_key, every_byte() + ".zip");
  EXPECT_EQ(listed.front().request, "");
  EXPECT_EQ(listed.front().sealed_credentials, "");
}

TEST_P(StoreConformance, streams_are_listed_page_by_page_the_newest_first) {
  std::vector<Stream> streams;
  for (int i = 0; i < 5; ++i) {
    streams.push_back(new_stream());
    streams.back().created_at = start_time + i / 2;
    store_->insert_stream(streams.back());
  }
  auto const next = [&](ListQuery const& query) { return store_->list_streams(query); };
  for (std::size_t const limit : {1U, 2U, 5U, 6U}) {
    ListQuery const query{.account_id = owner(), .limit = limit};
    EXPECT_EQ(all_pages(query, next), in_listed_order(streams)) << limit;
  }
  ListQuery query{.account_id = owner(), .created_from = start_time + 2, .limit = 6};
  std::vector<Stream> const latest = next(query);
  ASSERT_EQ(ids_of(latest), std::vector{streams.back().id});
  Stream expected = streams.back();
  expected.request = expected.sealed_credentials = "";
  EXPECT_EQ(latest.front(), expected);
  query.account_id = add_account("other").id;
  EXPECT_TRUE(next(query).empty());
}

TEST_P(StoreConformance, a_repeated_insert_gives_the_first_ones_id) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  EXPECT_EQ(store_->insert_job_once(job, once), job.id);
  reopen();
  Job const again = new_job();
  EXPECT_EQ(store_->insert_job_once(again, once), job.id);
  EXPECT_EQ(store_->find_job(again.id), std::nullopt);
  Once const other_request{"key", "another hash"};
  EXPECT_EQ(fault_of([&] { store_->insert_job_once(again, other_request); }),
            base::Fault::conflict);
  EXPECT_EQ(fault_of([&] { store_->insert_stream_once(new_stream(), other_request); }),
            base::Fault::conflict);
  Once const other_key{"another key", "hash"};
  EXPECT_EQ(store_->insert_job_once(again, other_key), again.id);
  Once const none;
  EXPECT_NE(store_->insert_job_once(new_job(), none), store_->insert_job_once(new_job(), none));

  Once const of_stream{"key of a stream", "hash"};
  Stream const stream = new_stream();
  EXPECT_EQ(store_->insert_stream_once(stream, of_stream), stream.id);
  Stream const second = new_stream();
  EXPECT_EQ(store_->insert_stream_once(second, of_stream), stream.id);
  EXPECT_EQ(store_->find_stream(second.id), std::nullopt);
}

TEST_P(StoreConformance, a_key_is_its_accounts_and_used_up_only_by_an_insert_that_was_done) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  store_->insert_job_once(job, once);
  Job others = new_job();
  others.account_id = add_account("other").id;
  EXPECT_EQ(store_->insert_job_once(others, once), others.id);

  Once const fresh{"fresh", "hash"};
  Job taken = new_job();
  taken.id = job.id;
  EXPECT_EQ(fault_of([&] { store_->insert_job_once(taken, fresh); }), base::Fault::conflict);
  Job const good = new_job();
  EXPECT_EQ(store_->insert_job_once(good, fresh), good.id);
}

TEST_P(StoreConformance, a_key_is_forgotten_with_its_job) {
  Once const once{"key", "hash"};
  Job const job = new_job();
  store_->insert_job_once(job, once);
  store_->finish_job(job.id, JobState::failure, "error", "", start_time);
  base::UnixSeconds const end = start_time + seconds(base::limits::job_retention);
  store_->remove_expired(end - 1);
  EXPECT_EQ(store_->insert_job_once(new_job(), once), job.id);
  store_->remove_expired(end + 1);
  Job const next = new_job();
  EXPECT_EQ(store_->insert_job_once(next, once), next.id);
}

TEST_P(StoreConformance, of_many_inserts_at_once_with_one_key_one_is_done) {
  constexpr int nodes_threads = 4;
  std::unique_ptr<JobStore> const other_node = home_->open();
  Once const once{"key", "hash"};
  std::vector<Job> jobs;
  for (int i = 0; i < 2 * nodes_threads; ++i) jobs.push_back(new_job());
  std::vector<std::string> got(jobs.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    JobStore& store = i % 2 == 0 ? *store_ : *other_node;
    threads.emplace_back([&, i] { got[i] = store.insert_job_once(jobs[i], once); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), 1U);
  ListQuery const query{.account_id = owner(), .limit = 9};
  EXPECT_EQ(ids_of(store_->list_jobs(query, std::nullopt)), std::vector{got.front()});
}

}  // namespace store
