// Manifests read from an object store: formats, gzip, several files, and their flaws.
#include "archive/select/manifest.h"

#include "archive/testing/memory_store.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/runtime.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace archive {
namespace {

using base::Error;
using base::Fault;

std::string gzip(std::string text) {
  z_stream zlib{};
  EXPECT_EQ(deflateInit2(&zlib, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&zlib, text.size()), '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(text.data());
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(packed.data());
  zlib.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&zlib, Z_FINISH), Z_STREAM_END);
  packed.resize(zlib.total_out);
  deflateEnd(&zlib);
  return packed;
}

net::task<void> read_all(std::shared_ptr<MemoryStore> store, Request request,
                         std::vector<std::string>& keys) {
  ManifestSource source(store, request);
  for (;;) {
    auto const rows = co_await source.next();
    if (rows.empty()) co_return;
    for (ManifestRow const& row : rows) keys.push_back(source.place_of(row) + " " + row.key);
  }
}

class ManifestTest : public testing::Test {
 protected:
  ManifestTest() : store_(std::make_shared<MemoryStore>(3)) { request_.bucket = "photos"; }

  std::vector<std::string> keys(std::string const& key, std::string content,
                                ManifestFormat format = ManifestFormat::by_name) {
    if (!content.empty()) store_->put("lists", key, Content(std::move(content)));
    request_.manifest = {"lists", key, format};
    std::vector<std::string> keys;
    net::run_to_end(read_all(store_, request_, keys));
    return keys;
  }
  std::string error(std::string const& key, std::string content,
                    ManifestFormat format = ManifestFormat::by_name) {
    try {
      keys(key, std::move(content), format);
    } catch (Error const& error) {
      fault_ = error.fault();
      return error.what();
    }
    return "";
  }

  std::shared_ptr<MemoryStore> store_;
  Request request_;
  Fault fault_ = Fault::internal;
};

using Keys = std::vector<std::string>;

TEST_F(ManifestTest, the_name_tells_the_format_unless_the_request_does) {
  EXPECT_EQ(keys("a.csv", "photos,k"), Keys{"manifest lists/a.csv line 1 k"});
  EXPECT_EQ(keys("a.jsonl", "{\"key\":\"k\"}").size(), 1U);
  EXPECT_EQ(keys("a.ndjson.gz", gzip("{\"key\":\"k\"}")).size(), 1U);
  EXPECT_EQ(keys("a.txt", "photos,k", ManifestFormat::csv).size(), 1U);
  EXPECT_NE(error("b.txt", "photos,k").find("its name does not tell its format"),
            std::string::npos);
  EXPECT_EQ(fault_, Fault::bad_input);
}

TEST_F(ManifestTest, gzip_is_known_by_its_content_and_may_have_several_members) {
  EXPECT_EQ(keys("a.csv", gzip("photos,a\npho") + gzip("tos,b\n")),
            (Keys{"manifest lists/a.csv line 1 a", "manifest lists/a.csv line 2 b"}));
  std::string const packed = gzip("photos,a\n");
  EXPECT_EQ(error("cut.csv.gz", packed.substr(0, packed.size() - 9)),
            "manifest lists/cut.csv.gz: the gzip file is cut short");
  std::string damaged = gzip(std::string(5000, 'x'));
  damaged[20] = static_cast<char>(damaged[20] ^ 0x55);
  EXPECT_EQ(error("bad.csv.gz", damaged), "manifest lists/bad.csv.gz: the gzip file is damaged");
}

TEST_F(ManifestTest, a_large_one_is_read_in_ranges) {
  std::string text;
  while (text.size() < 2 * base::limits::manifest_read_bytes + 5000)
    text += fmt::format("photos,folder/of/some/length/{:08}\n", text.size());
  std::size_t const lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  auto const plain = keys("a.csv", text);
  ASSERT_EQ(plain.size(), lines);
  EXPECT_TRUE(plain.back().starts_with(fmt::format("manifest lists/a.csv line {} ", lines)));
  EXPECT_EQ(store_->reads.size(), 3U);
  EXPECT_EQ(keys("b.csv.gz", gzip(text)).size(), lines);
}

TEST_F(ManifestTest, errors_name_the_manifest) {
  EXPECT_EQ(error("a.csv", ""), "manifest lists/a.csv: there is no such object");
  EXPECT_EQ(fault_, Fault::not_found);
  EXPECT_EQ(error("b.csv", "photos,a\nphotos\n"),
            "manifest lists/b.csv line 2: it has 1 fields; bucket,key[,versionId[,name]] are "
            "expected");
  store_->failing_read = store_->reads.size();
  EXPECT_EQ(error("c.csv", "photos,a"), "manifest lists/c.csv: a read failed");
  EXPECT_EQ(fault_, Fault::unavailable);
}

TEST_F(ManifestTest, too_many_lines_are_refused) {
  std::string const most(base::limits::max_manifest_lines - 1, '\n');
  EXPECT_EQ(keys("a.csv", most + "photos,k"), Keys{"manifest lists/a.csv line 1000000 k"});
  EXPECT_EQ(keys("a.csv", most + "photos,k\n").size(), 1U);
  EXPECT_NE(error("b.csv", most + "\nphotos,k").find("over 1000000 lines"), std::string::npos);
}

TEST_F(ManifestTest, an_inventory_names_its_files) {
  store_->put("lists", "data/1.csv.gz", Content(gzip("\"photos\",\"a%20b\"\n")));
  store_->put("lists", "data/2.csv.gz", Content(gzip("\"photos\",\"c\"\n\"photos\",\"d\"\n")));
  std::string const json =
      R"({"destinationBucket": "arn:aws:s3:::lists", "fileFormat": "CSV", "fileSchema": "Bucket, Key",
          "files": [{"key": "data/1.csv.gz"}, {"key": "data/2.csv.gz"}]})";
  Keys const all{"manifest lists/data/1.csv.gz line 1 a b", "manifest lists/data/2.csv.gz line 1 c",
                 "manifest lists/data/2.csv.gz line 2 d"};
  EXPECT_EQ(keys("2026/manifest.json", json), all);
  EXPECT_EQ(keys("copy.json", json, ManifestFormat::inventory), all);
  store_->buckets()["lists"].erase("data/2.csv.gz");
  EXPECT_EQ(error("2026/manifest.json", json),
            "manifest lists/data/2.csv.gz: there is no such object");
  EXPECT_NE(error("manifest.json", "{}").find("manifest lists/manifest.json: it is not"),
            std::string::npos);
}

}  // namespace
}  // namespace archive
