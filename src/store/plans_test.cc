// Plans and CRCs to the store and back, over a real database.
#include "store/plans.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/runtime.h"
#include "store/known_crcs.h"
#include "store/live.h"
#include "store/testing/one_account.h"
#include "store/testing/sqlite_test_home.h"
#include "zip/format.h"

#include <functional>

#include <gtest/gtest.h>

namespace store {
namespace {

using archive::PlannedArchive;
using base::Error;
using base::Fault;

constexpr char const* endpoint = "http://store";

std::shared_ptr<PlannedArchive> make_archive(std::size_t entries) {
  archive::Plan plan;
  for (std::size_t i = 0; i < entries; ++i) {
    std::string const key = "key-" + std::to_string(i);
    std::string const etag = i % 3 == 2 ? "" : "\"e" + std::to_string(i) + "\"";
    archive::PlannedEntry entry;
    entry.bucket = "bucket";
    entry.key = key;
    entry.etag = etag;
    entry.size = 100 + i;
    entry.name = key;
    plan.add(entry);
  }
  return std::make_shared<PlannedArchive>(std::move(plan));
}

class PlansTest : public testing::Test {
 protected:
  PlansTest() {
    insert_only_account(store_);
    Job job;
    job.id = "job";
    job.account_id = only_account;
    job.api_version = 1;
    net::result_of(store_.jobs.create({.job = job}));
    hold_ = net::result_of(store_.jobs.claim("session", {}, 1))->hold();
  }
  std::optional<PlanFacts> save(std::shared_ptr<PlannedArchive> archive, Hold const& hold) {
    archive::LeftOut left_out{.missing = std::vector<std::string>(101, "missing"),
                              .own_zips = std::vector<std::string>(102, "bucket/old.zip"),
                              .excluded = 7,
                              .excluded_told = {"bucket/x"}};
    Archives const archives{archive, archive};
    return net::result_of(
        save_plans(store_.selections, blocking_, hold, archives, std::move(left_out)));
  }
  PlanFacts saved(std::shared_ptr<PlannedArchive> archive) {
    return save(std::move(archive), hold_).value();
  }
  std::shared_ptr<PlannedArchive> loaded(PlanFacts const& facts, std::size_t archive) {
    return net::result_of(load_plan(store_.selections, blocking_, "job", facts, archive));
  }
  net::task<void> recall(std::string url, std::shared_ptr<PlannedArchive> archive) {
    return recall_crcs(store_.crcs, blocking_, std::move(url), std::move(archive));
  }

  net::task<void> with_keeper(std::shared_ptr<PlannedArchive> archive,
                              std::function<net::task<void>(CrcKeeper&)> use) {
    CrcKeeper keeper(co_await net::this_loop(), store_.crcs, blocking_, endpoint, archive);
    co_await use(keeper);
  }
  net::task<void> learn_and_keep(std::shared_ptr<PlannedArchive> archive, CrcKeeper& keeper);

  SqliteTestHome home_;
  std::unique_ptr<SqliteStore> database_ = home_.open();
  Store const& store_ = database_->store();
  Hold hold_;
  net::BlockingPool blocking_{2};
};

TEST_F(PlansTest, a_plan_of_several_chunks_comes_back) {
  auto const archive = make_archive(4'500);
  PlanFacts const facts = saved(archive);
  EXPECT_TRUE(facts.frozen);
  ASSERT_EQ(facts.archives.size(), 2U);
  EXPECT_EQ(facts.archives[0].chunk_count, 3U);
  EXPECT_EQ(facts.archives[0].entry_count, 4'500U);
  EXPECT_EQ(facts.archives[0].source_bytes, archive->plan.source_bytes());
  EXPECT_EQ(facts.archives[0].archive_bytes, archive->plan.layout().size());
  EXPECT_EQ(facts.archives[0], facts.archives[1]);
  EXPECT_EQ(facts.chunk_count(), 8U) << "two more have what is missing, and earlier zips";
  EXPECT_EQ(facts.missing_chunks, 1U);
  EXPECT_EQ(facts.own_zip_chunks, 1U);
  EXPECT_EQ(facts.own_zip_count, 102U);
  EXPECT_EQ(facts.own_zips.size(), 100U);
  EXPECT_EQ(facts.excluded_told, std::vector<std::string>{"bucket/x"});
  EXPECT_EQ(facts.excluded, 7U);
  EXPECT_EQ(facts.entry_count(), 9'000U);
  EXPECT_EQ(facts.source_bytes(), 2 * archive->plan.source_bytes());
  EXPECT_EQ(facts.layout_version, zip::layout_version);
  EXPECT_EQ(facts.missing_count, 101U);
  EXPECT_EQ(facts.missing.size(), 100U);
  for (std::size_t index : {0U, 1U}) {
    auto const back = loaded(facts, index);
    EXPECT_EQ(archive::plan_etag(back->plan), facts.archives[index].etag);
    EXPECT_EQ(back->plan.entry(4'499).key, "key-4499");
  }
}

TEST_F(PlansTest, what_is_stored_must_be_what_the_facts_say) {
  PlanFacts const facts = saved(make_archive(10));
  PlanFacts more = facts;
  more.archives[1].entry_count = 11;
  PlanFacts longer = facts;
  longer.archives[1].archive_bytes += 1;
  PlanFacts missing = facts;
  missing.archives[1].chunk_count = 2;
  PlanFacts other = facts;
  other.archives[1].etag = "\"another\"";
  for (PlanFacts const& wrong : {more, longer, missing, other}) {
    try {
      loaded(wrong, 1);
      ADD_FAILURE() << "a wrong plan was taken";
    } catch (Error const& error) {
      EXPECT_EQ(error.fault(), Fault::corrupt);
    }
  }
}

// The changed chunk has the same size in all that is counted, but other objects: their bytes would
// be sent under the ETag of the frozen ones.
TEST_F(PlansTest, a_chunk_that_was_changed_is_found) {
  PlanFacts const facts = saved(make_archive(10));
  std::string chunk = net::result_of(store_.selections.get("job", 1)).value();
  std::size_t const at = chunk.find("\"e4\"");
  ASSERT_NE(at, std::string::npos);
  net::result_of(store_.selections.put(hold_, 1, chunk.replace(at, 4, "\"e5\"")));
  EXPECT_NE(loaded(facts, 0), nullptr);
  EXPECT_THROW(loaded(facts, 1), Error);
}

TEST_F(PlansTest, no_plan_is_saved_for_a_job_that_is_anothers) {
  Hold other = hold_;
  other.attempt += 1;
  EXPECT_EQ(save(make_archive(10), other), std::nullopt);
  EXPECT_EQ(net::result_of(store_.selections.get("job", 0)), std::nullopt);
}

TEST_F(PlansTest, learned_crcs_are_remembered_for_the_same_objects) {
  auto const archive = make_archive(6);
  archive->crcs.learn_whole(0, 100, 11);
  archive->crcs.learn_prefix(1, {64, 22});
  archive->crcs.learn_whole(2, 102, 33);  // an object without ETag
  auto const keep = [](CrcKeeper& keeper) { return keeper.keep_rest(); };
  net::run_to_end(with_keeper(archive, keep));
  auto const again = make_archive(6);
  net::run_to_end(recall(endpoint, again));
  EXPECT_EQ(again->crcs.whole(0), 11U);
  EXPECT_EQ(again->crcs.whole(1), std::nullopt);
  EXPECT_EQ(again->crcs.longest_prefix(1, 1000), (archive::PrefixCrc{64, 22}));
  EXPECT_EQ(again->crcs.whole(2), std::nullopt) << "nothing says that it is still the same";
  EXPECT_TRUE(again->crcs.take_news().empty()) << "what the store knows is no news to it";
  auto const elsewhere = make_archive(6);
  net::run_to_end(recall("http://another", elsewhere));
  EXPECT_EQ(elsewhere->crcs.whole(0), std::nullopt);
}

void learn_much(PlannedArchive& archive, std::size_t entry) {
  constexpr std::uint64_t segment = base::limits::crc_segment_bytes;
  for (std::uint64_t bytes = segment; bytes <= base::limits::crc_news_bytes; bytes += segment)
    archive.crcs.learn_prefix(entry, {bytes, 11});
}

net::task<void> PlansTest::learn_and_keep(std::shared_ptr<PlannedArchive> archive,
                                          CrcKeeper& keeper) {
  constexpr std::uint64_t segment = base::limits::crc_segment_bytes;
  learn_much(*archive, 0);
  co_await keeper.keep_up();
  EXPECT_FALSE(archive->crcs.has_much_news());
  learn_much(*archive, 1);
  co_await keeper.keep_up();
  auto const meanwhile = make_archive(6);
  co_await recall(endpoint, meanwhile);
  EXPECT_EQ(meanwhile->crcs.longest_prefix(0, segment), (archive::PrefixCrc{segment, 11}))
      << "who goes on learning has waited for it";
  archive->crcs.learn_whole(3, 103, 14);
  co_await keeper.keep_up();
  EXPECT_EQ(archive->crcs.take_news().size(), 1U) << "a little waits for more";
  archive->crcs.learn_whole(4, 104, 15);
  co_await keeper.keep_rest();
}

TEST_F(PlansTest, much_that_is_learned_is_stored_while_more_is_learned) {
  auto const archive = make_archive(6);
  auto const learn = [&](CrcKeeper& keeper) { return learn_and_keep(archive, keeper); };
  net::run_to_end(with_keeper(archive, learn));
  auto const again = make_archive(6);
  net::run_to_end(recall(endpoint, again));
  EXPECT_EQ(again->crcs.longest_prefix(1, base::limits::crc_segment_bytes).crc, 11U);
  EXPECT_EQ(again->crcs.whole(4), 15U);
}

}  // namespace
}  // namespace store
