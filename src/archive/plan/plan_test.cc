// Plans to the store and back, their ETags, and the ids that objects are known by.
#include "archive/plan/plan.h"

#include "base/error.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace archive {
namespace {

using zip::Form;

struct OwnedEntry {
  std::string bucket = "bucket";
  std::string key = "dir/key";
  std::string etag = "\"etag\"";
  std::uint64_t size = 10;
  std::int64_t modified = 1'700'000'000;
  std::string name = "key";
  Form form = Form::stored;
  std::optional<std::uint32_t> crc = std::nullopt;
  std::string version_id = {};
  std::uint8_t name_changes = 0;
  std::string content = {};

  PlannedEntry planned() const {
    return {bucket, key, etag, size, modified, name, form, crc, version_id, name_changes, content};
  }
};

Plan plan_of(std::vector<OwnedEntry> const& entries) {
  Plan plan;
  for (OwnedEntry const& entry : entries) plan.add(entry.planned());
  plan.finish();
  return plan;
}

std::vector<OwnedEntry> random_entries(std::uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<OwnedEntry> entries(random() % 50);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    OwnedEntry& entry = entries[i];
    entry.bucket = "bucket-" + std::to_string(random() % 3);
    entry.key = std::string(random() % 20, 'k') + std::string("\xC3\xA4\n") + std::to_string(i);
    entry.name = random() % 2 == 0 ? entry.key.substr(random() % 5 % entry.key.size())
                                   : "renamed-" + std::to_string(i);
    if (entry.name.empty()) entry.name = "empty";
    entry.etag = random() % 4 == 0 ? "" : "\"" + std::to_string(random()) + "\"";
    entry.size = random() >> (24 + random() % 40);
    entry.modified = static_cast<std::int64_t>(random() % 4'000'000'000) - 1'000'000'000;
    bool const in_blocks = random() % 3 == 0 && entry.size > 0;
    entry.form = in_blocks ? Form::stored_blocks : Form::stored;
    if (random() % 5 == 0) entry = {.size = 0, .name = "d" + std::to_string(i) + "/"};
    entry.form = entry.name.ends_with('/') ? Form::directory : entry.form;
    if (entry.form == Form::directory) entry.size = 0;
    if (random() % 2 == 0) entry.crc = static_cast<std::uint32_t>(random());
    if (random() % 4 == 0) entry.version_id = "version-" + std::to_string(random());
    if (random() % 4 == 0) entry.name_changes = random() % (name_change::all + 1);
    if (random() % 8 == 0 && entry.form != Form::directory) {
      entry.content = "content " + std::to_string(random());
      entry.size = entry.content.size();
    }
  }
  return entries;
}

TEST(Plan, chunks_of_any_size_bring_it_back) {
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::vector<OwnedEntry> const entries = random_entries(seed);
    Plan const plan = plan_of(entries);
    std::size_t const step = 1 + seed % 7;
    Plan read;
    for (std::size_t first = 0; first < entries.size(); first += step)
      add_chunk(read, encode_chunk(plan, first, std::min(step, entries.size() - first)));
    read.finish();
    ASSERT_EQ(read.entry_count(), entries.size());
    EXPECT_EQ(read.source_bytes(), plan.source_bytes());
    EXPECT_EQ(read.layout().size(), plan.layout().size());
    EXPECT_EQ(plan_etag(read), plan_etag(plan));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      PlannedEntry const entry = read.entry(i);
      EXPECT_EQ(entry.bucket, entries[i].bucket);
      EXPECT_EQ(entry.key, entries[i].key);
      EXPECT_EQ(entry.etag, entries[i].etag);
      EXPECT_EQ(entry.size, entries[i].size);
      EXPECT_EQ(entry.modified, entries[i].modified);
      EXPECT_EQ(entry.name, entries[i].name);
      EXPECT_EQ(entry.form, entries[i].form);
      EXPECT_EQ(entry.crc, entries[i].crc);
      EXPECT_EQ(entry.version_id, entries[i].version_id);
      EXPECT_EQ(entry.name_changes, entries[i].name_changes);
      EXPECT_EQ(entry.content, entries[i].content);
    }
  }
}

TEST(Plan, a_damaged_chunk_is_an_error_or_another_plan_but_never_taken_for_this_one) {
  Plan const plan =
      plan_of({{},
               {.key = "b", .name = "c", .crc = 0xFFFFFFFF, .version_id = "v", .name_changes = 4},
               {.size = 7, .name = "own", .content = "content"}});
  std::string const chunk = encode_chunk(plan, 0, 3);
  for (std::size_t size = 0; size < chunk.size(); ++size) {
    Plan read;
    EXPECT_THROW(add_chunk(read, chunk.substr(0, size)), base::Error) << "cut to " << size;
  }
  Plan longer;
  EXPECT_THROW(add_chunk(longer, chunk + "x"), base::Error);
  for (std::size_t at = 0; at < chunk.size(); ++at) {
    std::string damaged = chunk;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    try {
      Plan read;
      add_chunk(read, damaged);
      read.finish();
      EXPECT_NE(plan_etag(read), plan_etag(plan)) << "byte " << at;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::corrupt) << "byte " << at << ": " << error.what();
    }
  }
}

// An empty object is stored, whatever its plan: stored blocks would leave one empty block, and no
// byte is fetched that could bring it along.
TEST(Plan, has_nothing_empty_in_stored_blocks) {
  Plan const plan = plan_of({{.size = 0, .name = "empty"}});
  std::string chunk = encode_chunk(plan, 0, 1);
  std::size_t const form = chunk.size() - 2;
  ASSERT_EQ(chunk[form], static_cast<char>(Form::stored));
  chunk[form] = static_cast<char>(Form::stored_blocks);
  Plan read;
  EXPECT_THROW(add_chunk(read, chunk), base::Error);
}

TEST(PlanDeathTest, has_nothing_empty_in_stored_blocks) {
  OwnedEntry const empty{.size = 0, .form = Form::stored_blocks};
  EXPECT_DEATH(plan_of({empty}), "stored blocks");
}

TEST(Plan, its_etag_changes_with_all_that_decides_bytes) {
  std::vector<std::vector<OwnedEntry>> const plans{{{}},
                                                   {{.bucket = "another"}},
                                                   {{.key = "dir2/key"}},
                                                   {{.etag = "\"etag2\""}},
                                                   {{.size = 11}},
                                                   {{.modified = 1'700'000'001}},
                                                   {{.name = "dir/key"}},
                                                   {{.form = Form::stored_blocks}},
                                                   {{.crc = 0}},
                                                   {{.crc = 1}},
                                                   {{.version_id = "v1"}},
                                                   {{.version_id = "v2"}},
                                                   {{.content = "0123456789"}},
                                                   {{.content = "9876543210"}},
                                                   {{}, {.name = "second"}},
                                                   {{.name = "second"}, {}}};
  std::set<std::string> etags;
  for (auto const& entries : plans) {
    std::string const etag = plan_etag(plan_of(entries));
    EXPECT_EQ(etag.size(), 34U);
    EXPECT_TRUE(etag.starts_with('"') && etag.ends_with('"'));
    etags.insert(etag);
  }
  EXPECT_EQ(etags.size(), plans.size());
}

TEST(ObjectId, tells_objects_and_their_versions_apart) {
  std::set<std::string> ids;
  for (OwnedEntry const& entry : {OwnedEntry{}, OwnedEntry{.bucket = "b2"}, OwnedEntry{.key = "k2"},
                                  OwnedEntry{.etag = "\"e2\""}, OwnedEntry{.size = 11}})
    ids.insert(object_id("http://one", entry.planned()));
  ids.insert(object_id("http://two", OwnedEntry{}.planned()));
  EXPECT_EQ(ids.size(), 6U);
  for (std::string const& id : ids) EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(object_id("http://one", OwnedEntry{}.planned()),
            object_id("http://one", OwnedEntry{.modified = 5, .name = "n"}.planned()));
  EXPECT_EQ(object_id("http://one", OwnedEntry{.etag = ""}.planned()), "")
      << "without an ETag nothing says that it is still the same";
}

TEST(ObjectId, begins_alike_in_a_folder) {
  auto const beginning = [](std::string const& bucket, std::string const& key) {
    OwnedEntry const entry{.bucket = bucket, .key = key};
    return object_id("http://one", entry.planned()).substr(0, 4);
  };
  EXPECT_EQ(beginning("b", "a/b/1"), beginning("b", "a/b/2"));
  EXPECT_EQ(beginning("b", "1"), beginning("b", "2"));
  EXPECT_NE(beginning("b", "a/b/1"), beginning("b", "a/c/1"));
  EXPECT_NE(beginning("b", "a/b/1"), beginning("b", "a/1"));
  EXPECT_NE(beginning("b", "a/b/1"), beginning("c", "a/b/1"));
}

}  // namespace
}  // namespace archive
