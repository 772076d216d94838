// Archives in an object store are listed and read by ranges, whatever their order of arrival.
#include "archive/read/extract.h"

#include "archive/testing/sample_plans.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/runtime.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::Error;
using base::Fault;
using base::limits::MiB;
using zip::Form;

struct Unpacked {
  std::vector<zip::ListedEntry> entries;
  std::vector<std::string> contents;
};

net::task<void> unpack(std::shared_ptr<MemoryStore> store, base::Budget& budget,
                       net::BlockingPool& pool, Unpacked& unpacked) {
  s3::ObjectName name{"zips", "a.zip"};
  ArchiveBytes const bytes = co_await open_object(store, std::move(name));
  zip::DirectoryReader::Take const keep = [&](zip::ListedEntry entry) {
    unpacked.entries.push_back(std::move(entry));
  };
  co_await list_entries(bytes, keep);
  for (zip::ListedEntry const& entry : unpacked.entries) {
    std::string& content = unpacked.contents.emplace_back();
    zip::EntryReader::Take const take = [&](std::string_view piece) { content += piece; };
    co_await extract(bytes, entry, budget, pool, take);
  }
}

class ExtractTest : public testing::Test {
 protected:
  ExtractTest() : store_(std::make_shared<MemoryStore>(7)) { store_->most_turns = 5; }

  // The archive of a plan over these; its entries' contents are those of the store's objects.
  std::string archive_of(std::vector<SampleEntry> const& entries) {
    archive_ = make_archive(*store_, entries);
    return reference_archive(archive_->plan, *store_);
  }
  void put(std::string archive) { store_->put("zips", "a.zip", Content(std::move(archive))); }
  Unpacked unpacked(std::uint64_t budget_bytes = 64 * MiB) {
    base::Budget budget(budget_bytes);
    net::BlockingPool pool(2);
    Unpacked found;
    net::run_to_end(unpack(store_, budget, pool, found));
    return found;
  }

  std::shared_ptr<MemoryStore> store_;
  std::shared_ptr<PlannedArchive> archive_;
};

TEST_F(ExtractTest, every_entry_comes_back) {
  put(archive_of({{Form::stored, 0},
                  {Form::stored, 1},
                  {Form::stored_blocks, 200'000},
                  {Form::stored, 13 * MiB + 5},
                  {Form::stored, MiB}}));
  for (std::uint64_t const budget : {64 * MiB, 2 * MiB}) {
    Unpacked const found = unpacked(budget);
    ASSERT_EQ(found.entries.size(), archive_->plan.entry_count());
    for (std::size_t i = 0; i < found.entries.size(); ++i) {
      PlannedEntry const entry = archive_->plan.entry(i);
      EXPECT_EQ(found.entries[i].name, entry.name);
      bool const same =
          found.contents[i] == store_->at("bucket", std::string(entry.key)).content.text();
      EXPECT_TRUE(same) << entry.name;
    }
  }
}

TEST_F(ExtractTest, a_small_archive_is_listed_with_one_read) {
  put(archive_of({{Form::stored, 100}}));
  std::size_t const before = store_->reads.size();
  unpacked();
  EXPECT_EQ(store_->reads.size() - before, 2U) << "the list, and the entry";
}

TEST_F(ExtractTest, an_archive_that_is_none_or_damaged_is_refused) {
  put("");
  EXPECT_THROW(unpacked(), Error);
  put(std::string(100'000, 'x'));
  EXPECT_THROW(unpacked(), Error);
  std::string archive = archive_of({{Form::stored, 3 * MiB}});
  archive[2 * MiB] = static_cast<char>(archive[2 * MiB] + 1);
  put(std::move(archive));
  try {
    unpacked();
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::corrupt);
  }
}

TEST_F(ExtractTest, an_archive_that_is_not_there_is_not_found) {
  store_->buckets()["zips"];
  try {
    unpacked();
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::not_found);
    EXPECT_NE(std::string(error.what()).find("s3://zips/a.zip"), std::string::npos);
  }
}

}  // namespace
}  // namespace archive
