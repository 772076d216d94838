// The journal's lines, and declarations of virtual objects.
#include "sandbox/buckets/object.h"

#include "base/error.h"
#include "sandbox/buckets/virtual_manifest.h"

#include <string>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

using namespace std::literals;

Object sample() {
  Object object;
  object.etag = "0123456789abcdef0123456789abcdef-2";
  object.size = 5'000'000'000;
  object.modified = 1'790'000'000;
  object.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                    {"x-amz-meta-odd", "a&b=c%20 \xC3\xA4+"}};
  object.crc32 = "NhCmhg==-2";
  object.crc32_type = "COMPOSITE";
  object.part_sizes = {4'999'999'999, 1};
  object.part_crc32s = {0, 0xFFFFFFFF};
  object.upload_id = "abc";
  return object;
}

std::optional<Record> reread(std::string const& key, Object const& object) {
  std::string const line = put_line(key, object);
  EXPECT_TRUE(line.ends_with('\n'));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return parse_record(std::string_view(line).substr(0, line.size() - 1), "/hidden");
}

TEST(ObjectRecord, a_line_keeps_all_of_an_object_in_parts) {
  Object object = sample();
  object.place = Place::data;
  std::vector<DataFiles::Extent> const extents{{"uploads/x:y/1", 4'999'999'999}, {"data/z", 1}};
  object.data = std::make_shared<DataFiles>("/hidden", extents);
  std::string const key = "a\nb\0c&d=e%2Bf+g/../\xFF"s;
  auto const record = reread(key, object);
  ASSERT_TRUE(record && record->object);
  EXPECT_EQ(record->key, key);
  EXPECT_EQ(record->object->etag, object.etag);
  EXPECT_EQ(record->object->size, object.size);
  EXPECT_EQ(record->object->modified, object.modified);
  EXPECT_EQ(record->object->headers, object.headers);
  EXPECT_EQ(record->object->crc32, object.crc32);
  EXPECT_EQ(record->object->crc32_type, object.crc32_type);
  EXPECT_EQ(record->object->part_sizes, object.part_sizes);
  EXPECT_EQ(record->object->part_crc32s, object.part_crc32s);
  EXPECT_EQ(record->object->upload_id, object.upload_id);
  EXPECT_EQ(record->object->place, Place::data);
  EXPECT_EQ(record->object->data->extents(), extents);
}

TEST(ObjectRecord, a_line_keeps_the_version_of_a_plain_file_even_from_before_1970) {
  Object object = sample();
  object.stamp = {.inode = 1ULL << 62, .size = 7, .modified_ns = -1'500'000'000};
  auto const record = reread("key", object);
  ASSERT_TRUE(record && record->object);
  EXPECT_EQ(record->object->place, Place::file);
  EXPECT_EQ(record->object->stamp, object.stamp);
  EXPECT_EQ(modified_seconds(object.stamp), -2);
}

TEST(ObjectRecord, a_deletion_has_a_key_and_no_object) {
  std::string const line = delete_line("a b");
  auto const record = parse_record(std::string_view(line).substr(0, line.size() - 1), "/hidden");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key, "a b");
  EXPECT_FALSE(record->object);
}

TEST(ObjectRecord, other_lines_are_none) {
  for (std::string_view const line : {"", "hello", "etag=1&put=x", "put=%4", "%"})
    EXPECT_FALSE(parse_record(line, "/hidden")) << line;
}

TEST(Object, etags_that_are_no_md5_do_not_look_like_one) {
  EXPECT_TRUE(object_of_file({1, 2, 3}).etag.ends_with("-1"));
  EXPECT_NE(object_of_file({1, 2, 3}).etag, object_of_file({1, 2, 4}).etag);
  EXPECT_NE(computed_object("a", 1, 0).etag, computed_object("a", 2, 0).etag);
}

TEST(VirtualManifest, a_range_stands_for_many_objects) {
  VirtualBuckets buckets;
  add_virtual_manifest(buckets,
                       "# comment\n\nbucket/p/{0..3}.bin=4096\nbucket/{08..11}=1KiB\r\n"
                       "other/a=b{x..1}=10 GiB\n");
  ASSERT_EQ(buckets.size(), 2U);
  Index const& index = buckets.at("bucket");
  ASSERT_EQ(index.size(), 8U);
  EXPECT_EQ(index.at("p/3.bin")->size, 4096U);
  EXPECT_EQ(index.at("08")->size, 1024U);
  EXPECT_EQ(index.at("11")->seed, "11");
  EXPECT_EQ(buckets.at("other").at("a=b{x..1}")->size, 10ULL << 30);
}

TEST(VirtualManifest, what_cannot_be_read_is_an_error_that_names_it) {
  for (std::string const line :
       {"bucket", "bucket/key", "bucket/key=", "bucket/key=x", "b/k=1", "bucket/=1",
        "bucket/{5..4}=1", "bucket/{0..99999999}=1", "=1/2"}) {
    VirtualBuckets buckets;
    try {
      add_virtual_objects(buckets, line);
      ADD_FAILURE() << line;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::config);
      EXPECT_NE(error.message().find(line), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sandbox
