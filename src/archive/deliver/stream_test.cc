// Archives as they are streamed: whole, in ranges, with and without CRCs known, and at the sizes
// where something changes.
#include "archive/testing/sample_plans.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "zip/blocks.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace archive {
namespace {

namespace limits = base::limits;
using base::Extent;
using zip::Form;

struct Sample {
  std::shared_ptr<MemoryStore> store;
  std::shared_ptr<PlannedArchive> archive;

  Streamed all() const { return part({0, archive->plan.layout().size()}); }
  Streamed part(Extent wanted) const {
    return {.store = store, .archive = archive, .wanted = wanted, .budget = nullptr};
  }
  // The same archive, of whose CRCs nothing is known.
  Sample cold() const { return {store, copy_of(archive->plan)}; }
};

Sample make_sample(std::vector<SampleEntry> const& entries, std::uint32_t seed = 1) {
  auto store = std::make_shared<MemoryStore>(seed);
  store->most_turns = seed % 4;
  auto archive = make_archive(*store, entries);
  return {std::move(store), std::move(archive)};
}

// EXPECT_EQ would print megabytes of difference.
void expect_same(std::string const& actual, std::string_view expected) {
  ASSERT_EQ(actual.size(), expected.size());
  auto const [a, b] = std::ranges::mismatch(actual, expected);
  ASSERT_EQ(a, actual.end()) << "they differ at byte " << a - actual.begin();
}

Sample random_sample(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::uint64_t> const sizes{0, 1, 5, 100, 65'534, 65'535, 65'536, 131'070, 200'000};
  return make_sample(random_entries(random, 12, sizes, true), seed);
}

TEST(Stream, random_archives_are_what_plain_code_writes) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Sample const sample = random_sample(seed);
    expect_same(streamed(sample.all()), reference_archive(sample.archive->plan, *sample.store));
    expect_same(streamed(sample.all()), reference_archive(sample.archive->plan, *sample.store));
    if (HasFatalFailure()) return;
  }
}

TEST(Stream, plans_in_a_file_give_the_same_bytes) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Sample const sample = random_sample(seed);
    ListsInFile const in_file;
    expect_same(streamed(sample.cold().all()),
                reference_archive(sample.archive->plan, *sample.store));
    if (HasFatalFailure()) return;
  }
}

TEST(Stream, ranges_pasted_together_are_the_whole) {
  for (std::uint32_t seed = 100; seed < 140; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    Sample const sample = random_sample(seed);
    std::string const whole = reference_archive(sample.archive->plan, *sample.store);
    std::vector<std::uint64_t> cuts{0, whole.size()};
    for (int i = 0; i < 6; ++i) cuts.push_back(random() % (whole.size() + 1));
    std::ranges::sort(cuts);
    std::string pasted;
    for (std::size_t i = 1; i < cuts.size(); ++i) {
      Extent const range{cuts[i - 1], cuts[i] - cuts[i - 1]};
      // About half of the ranges have to learn the CRCs anew.
      Sample const by = random() % 2 == 0 ? sample.cold() : sample;
      if (range.size > 0) pasted += streamed(by.part(range));
    }
    expect_same(pasted, whole);
    if (HasFatalFailure()) return;
  }
}

// Adds running CRCs that an earlier read of some of the objects has left behind.
void learn_some(Sample const& sample, std::mt19937& random) {
  for (std::size_t i = 0; i < sample.archive->plan.entry_count(); ++i) {
    PlannedEntry const entry = sample.archive->plan.entry(i);
    if (random() % 2 == 0 || entry.size < 2 || entry.form == Form::directory) continue;
    std::string const bytes = sample.store->at("bucket", std::string(entry.key)).content.text();
    std::uint64_t const prefix = 1 + random() % (entry.size - 1);
    std::uint32_t const crc = base::crc32(0, std::string_view(bytes).substr(0, prefix));
    sample.archive->crcs.set_prefix(i, {prefix, crc});
  }
}

TEST(Stream, any_set_of_ranges_pasted_in_any_order_is_the_whole) {
  for (std::uint32_t seed = 300; seed < 340; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    Sample const sample = random_sample(seed);
    std::string const whole = reference_archive(sample.archive->plan, *sample.store);
    std::string pasted(whole.size(), '?');
    // The ranges overlap as they like, until no byte is missing.
    for (std::size_t missing = 0; missing < whole.size();) {
      std::uint64_t const from = random() % 3 == 0 ? missing : random() % whole.size();
      Extent const range{from, 1 + random() % (whole.size() - from)};
      Sample const by = random() % 2 == 0 ? sample.cold() : sample;
      if (random() % 2 == 0) learn_some(by, random);
      std::string const bytes = streamed(by.part(range));
      ASSERT_EQ(bytes.size(), range.size);
      pasted.replace(range.offset, range.size, bytes);
      if (range.offset <= missing) missing = std::max<std::uint64_t>(missing, range.end());
    }
    expect_same(pasted, whole);
    if (HasFatalFailure()) return;
  }
}

TEST(Stream, a_range_may_begin_and_end_anywhere) {
  Sample const sample = make_sample({{Form::directory, 0, false},
                                     {Form::stored, 5, false},
                                     {Form::stored_blocks, 65'536, false},
                                     {Form::stored, 7, true}});
  std::string const whole = reference_archive(sample.archive->plan, *sample.store);
  std::vector<std::uint64_t> near_cuts;
  for (auto piece = sample.archive->plan.layout().piece_at(0); piece;
       piece = sample.archive->plan.layout().next(*piece)) {
    for (std::uint64_t at = piece->offset; at <= std::min(piece->end(), piece->offset + 7); at += 3)
      near_cuts.push_back(at);
  }
  std::uint64_t const second_block = sample.archive->plan.layout().data(2).offset + 65'540;
  for (std::uint64_t i = 0; i < 8; ++i) near_cuts.push_back(second_block - 1 + i);
  for (std::uint64_t const from : near_cuts) {
    for (std::uint64_t const to : near_cuts) {
      if (from >= to || (to - from > 1000 && (from + to) % 3 != 0)) continue;
      SCOPED_TRACE(testing::Message() << "range " << from << " to " << to);
      Sample const by = (from + to) % 2 == 0 ? sample.cold() : sample;
      expect_same(streamed(by.part({from, to - from})),
                  std::string_view(whole).substr(from, to - from));
      if (HasFatalFailure()) return;
    }
  }
}

int run(std::string const& command) {
  int const status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Two other programs can read the archive, and one of them counts its entries.
void expect_readable(std::string const& archive, std::size_t entry_count) {
  std::filesystem::path const path = std::filesystem::temp_directory_path() /
                                     fmt::format("s3zipper-stream-test-{}.zip", ::getpid());
  std::ofstream(path, std::ios::binary) << archive;
  EXPECT_EQ(run(fmt::format("unzip -tq '{}' > /dev/null", path.string())), 0);
  constexpr std::string_view script =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); "
      "sys.exit(z.testzip() is not None or len(z.namelist()) != int(sys.argv[2]))";
  EXPECT_EQ(
      run(fmt::format("/usr/bin/python3 -c '{}' '{}' {}", script, path.string(), entry_count)), 0);
  std::filesystem::remove(path);
}

TEST(Stream, other_programs_read_random_archives) {
  for (std::uint32_t seed = 200; seed < 208; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Sample const sample = random_sample(seed);
    if (sample.archive->plan.entry_count() > 0)
      expect_readable(streamed(sample.all()), sample.archive->plan.entry_count());
  }
}

TEST(Stream, sizes_around_a_segment_and_the_smallest) {
  constexpr std::uint64_t segment = limits::segment_bytes;
  std::vector<SampleEntry> entries;
  for (std::uint64_t const size : {std::uint64_t{0}, std::uint64_t{1}, segment - 1, segment})
    entries.push_back({Form::stored, size, false});
  for (std::uint64_t const size : {segment - 1, segment, segment + 1, 2 * segment + 1})
    entries.push_back({Form::stored_blocks, size, false});
  entries.push_back({Form::stored, 2 * segment + 1, true});
  entries.push_back({Form::directory, 0, false});
  Sample const sample = make_sample(entries);
  std::string const whole = reference_archive(sample.archive->plan, *sample.store);
  expect_same(streamed(sample.all()), whole);
  expect_readable(whole, entries.size());
}

// A plan with an entry of own content between objects, and with an older version of one.
Sample sample_with_own_content(std::uint64_t size) {
  auto store = std::make_shared<MemoryStore>(9);
  store->most_turns = 3;
  Plan plan;
  for (std::string const key : {"a", "z"}) {
    StoredObject const& object = store->put("bucket", key, Content::computed(2'500'000, 4));
    std::uint32_t const crc = base::crc32(0, object.content.text());
    plan.add({"bucket", key, object.etag, 2'500'000, 0, key, Form::stored, crc});
    if (key == "z") continue;
    std::string const own = Content::computed(size, 5).text();
    std::uint32_t const own_crc = base::crc32(0, own);
    plan.add({.bucket = "bucket",
              .key = "own",
              .etag = {},
              .size = size,
              .modified = 0,
              .name = "own",
              .form = Form::stored,
              .crc = own_crc,
              .content = own});
  }
  return {std::move(store), std::make_shared<PlannedArchive>(std::move(plan))};
}

TEST(Stream, an_entry_may_hold_bytes_of_ours) {
  for (std::uint64_t const size : {std::uint64_t{1}, limits::segment_bytes, 3'000'000UL}) {
    SCOPED_TRACE(testing::Message() << "bytes " << size);
    Sample const sample = sample_with_own_content(size);
    std::string const whole = reference_archive(sample.archive->plan, *sample.store);
    expect_same(streamed(sample.all()), whole);
    std::size_t const reads = sample.store->reads.size();
    Extent const data = sample.archive->plan.layout().data(1);
    Extent const middle{data.offset + size / 3, size - size / 3};
    expect_same(streamed(sample.cold().part(middle)), whole.substr(middle.offset, middle.size));
    EXPECT_EQ(sample.store->reads.size(), reads) << "S3 is not asked for it";
  }
}

TEST(Stream, a_version_is_read_by_its_id) {
  auto store = std::make_shared<MemoryStore>(2);
  store->put("bucket", "key", Content("new"));
  StoredObject const& old = store->put_version("bucket", "key", "v1", Content("old"));
  Plan plan;
  plan.add({.bucket = "bucket",
            .key = "key",
            .etag = old.etag,
            .size = 3,
            .modified = 0,
            .name = "key",
            .form = Form::stored,
            .crc = std::nullopt,
            .version_id = "v1"});
  Sample const sample{store, std::make_shared<PlannedArchive>(std::move(plan))};
  EXPECT_NE(streamed(sample.all()).find("old"), std::string::npos);
}

TEST(Stream, an_archive_without_entries_is_its_end_record) {
  Sample const sample = make_sample({});
  EXPECT_EQ(streamed(sample.all()), reference_archive(sample.archive->plan, *sample.store));
  EXPECT_EQ(sample.archive->plan.layout().size(), 22U);
}

net::task<void> leave_news() {
  co_return;
}
net::task<void> take_much_news(Crcs& crcs, std::vector<std::size_t>& taken) {
  if (crcs.has_much_news()) taken.push_back(crcs.take_news().size());
  co_return;
}

TEST(Stream, crcs_of_many_objects_are_handed_on_while_more_are_learned) {
  constexpr std::size_t entries = 3 * limits::crc_news_count;
  Sample const sample = make_sample(std::vector<SampleEntry>(entries, {Form::stored, 1, false}));
  Crcs& crcs = sample.archive->crcs;
  std::vector<std::size_t> taken;
  Streamed what = sample.all();
  what.keep_crcs = [&] { return take_much_news(crcs, taken); };
  streamed(what);
  ASSERT_GE(taken.size(), 2U);
  for (std::size_t const count : taken)
    EXPECT_LE(count, limits::crc_news_count + limits::max_slices_held);
  EXPECT_EQ(std::reduce(taken.begin(), taken.end(), crcs.take_news().size()), entries);
}

TEST(Stream, crcs_that_nobody_keeps_do_not_pile_up) {
  constexpr std::size_t entries = 3 * limits::crc_news_count;
  Sample const sample = make_sample(std::vector<SampleEntry>(entries, {Form::stored, 1, false}));
  streamed(sample.all());
  EXPECT_LE(sample.archive->crcs.take_news().size(), limits::crc_news_count);
}

TEST(Stream, running_crcs_of_large_objects_spare_the_resumed_download_a_second_read) {
  constexpr std::uint64_t size = limits::crc_segment_bytes + 1;
  Sample const sample = make_sample({{Form::stored_blocks, size, false}});
  Content const& content = sample.store->at("bucket", "0-").content;
  std::uint32_t const crc = base::crc32(0, content.text());
  zip::Layout const& layout = sample.archive->plan.layout();
  // The client gets all but the end; as the descriptor was wanted, the CRC is learned on the way.
  std::uint64_t const broken_off = layout.descriptor(0).offset + 1;
  Streamed beginning = sample.part({0, broken_off});
  beginning.keep_crcs = leave_news;
  EXPECT_EQ(streamed(beginning).size(), broken_off);
  std::vector<EntryCrc> const news = sample.archive->crcs.take_news();
  ASSERT_EQ(news.size(), 2U);
  EXPECT_EQ(news[0].prefix.bytes, limits::crc_segment_bytes);
  EXPECT_EQ(news[1].prefix, (PrefixCrc{size, crc}));
  // Another node knows the prefix only: it reads one byte, not 64 MiB.
  Sample const other = sample.cold();
  other.archive->crcs.set_prefix(0, news[0].prefix);
  other.store->reads.clear();
  std::string const tail = streamed(other.part({broken_off, layout.size() - broken_off}));
  ASSERT_EQ(other.store->reads.size(), 1U);
  EXPECT_EQ(other.store->reads[0].offset, limits::crc_segment_bytes);
  EXPECT_EQ(other.archive->crcs.whole(0), crc);
  // With the CRC known, nothing is read at all.
  other.store->reads.clear();
  EXPECT_EQ(streamed(sample.part({broken_off, layout.size() - broken_off})), tail);
  EXPECT_TRUE(other.store->reads.empty());
}

TEST(Stream, where_it_broke_off_in_mid_object_it_goes_on_without_reading_that_again) {
  constexpr std::uint64_t size = 40 * limits::segment_bytes + 1;
  Sample const sample = make_sample({{Form::stored_blocks, size, false}});
  zip::Layout const& layout = sample.archive->plan.layout();
  std::uint64_t const sent = layout.data(0).offset + 30 * limits::segment_bytes;
  EXPECT_EQ(streamed(sample.part({0, sent})).size(), sent);
  // Ten segments were on the way when the client left.
  std::uint64_t const had = layout.data(0).offset + 20 * limits::segment_bytes;
  sample.store->reads.clear();
  streamed(sample.part({had, layout.size() - had}));
  ASSERT_FALSE(sample.store->reads.empty());
  EXPECT_EQ(sample.store->reads[0].offset, 19 * limits::segment_bytes);
  EXPECT_TRUE(sample.archive->crcs.is_checked(0));
}

TEST(Stream, progress_counts_entries_and_bytes_of_the_sources) {
  Sample const sample = make_sample({{Form::stored, 10, false},
                                     {Form::directory, 0, false},
                                     {Form::stored_blocks, 70'000, false},
                                     {Form::stored, 0, false}});
  LiveProgress progress;
  Streamed what = sample.all();
  what.progress = &progress;
  streamed(what);
  EXPECT_EQ(progress.entries_done, 4U);
  EXPECT_EQ(progress.bytes_done, 70'010U);
}

}  // namespace
}  // namespace archive
