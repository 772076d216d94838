#include "archive/request.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

Request full_request() {
  Request request;
  request.endpoint = "http://127.0.0.1:9000";
  request.region = "eu-west-1";
  request.bucket = "photos";
  request.paths = {"a", "", std::string("with\0nul", 8), std::string(5000, 'x')};
  request.on_missing = OnMissing::skip;
  request.own_zips = OwnZips::include;
  request.name_style = NameStyle::below_folder;
  request.base_folder = "trip";
  request.name_rule = zip::NameRule::exact;
  request.file_mapper = "photos/map.json";
  request.max_archive_bytes = 10'000'000'000;
  request.max_archive_entries = 7;
  request.target_key = "zips/out.zip";
  request.target_attributes = {.acl = "private",
                               .storage_class = "STANDARD_IA",
                               .metadata = {{"a", "1"}, {"b", "2"}},
                               .tags = {{"team", "blue"}, {"ü", ""}},
                               .encryption = {"aws:kms", "alias/zips", true}};
  request.presign = false;
  request.link_hours = 168;
  request.exact_paths = true;
  request.rules = {{false, "*.tmp"}, {true, "keep/*"}};
  request.sources = {{"other", "b.jpg", "v1", "c.jpg"}, {"photos", "2024/", "", "trip"}};
  request.manifest = {"lists", "a.csv", ManifestFormat::csv};
  request.request_payer = true;
  request.report_in_zip = ReportFormat::json_lines;
  return request;
}

TEST(Request, comes_back_from_its_record) {
  EXPECT_EQ(decode_request(encode(Request())), Request());
  EXPECT_EQ(decode_request(encode(full_request())), full_request());
}

TEST(Request, a_record_cut_anywhere_is_corrupt) {
  std::string const record = encode(full_request());
  for (std::size_t size = 0; size < record.size(); size += size < 60 ? 1 : 97) {
    try {
      decode_request(record.substr(0, size));
      FAIL() << "cut to " << size;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::corrupt);
    }
  }
}

TEST(Request, a_record_of_another_form_is_corrupt) {
  std::string record = encode(full_request());
  record[0] = 6;
  EXPECT_THROW(decode_request(record), base::Error);
}

TEST(Request, a_record_with_more_behind_it_is_corrupt) {
  EXPECT_THROW(decode_request(encode(full_request()) + '\0'), base::Error);
}

TEST(Request, a_record_of_the_first_form_is_read) {
  // Form, three texts, no paths, styles, then what is new: file mapper and the two bounds, and at
  // the end how paths are read and the number of rules.
  std::string record = encode(Request());
  record[0] = 1;
  record.resize(record.size() - 2 - 6 - 6 - 1);
  record.erase(9, 3);
  EXPECT_EQ(decode_request(record), Request());
}

TEST(Request, a_record_of_the_second_form_is_read) {
  // It had nothing of the six numbers and texts before those of the fourth.
  std::string record = encode(Request());
  record[0] = 2;
  record.resize(record.size() - 6 - 6 - 1);
  EXPECT_EQ(decode_request(record), Request());
}

TEST(Request, a_record_of_the_third_form_is_read) {
  // It had nothing of the six numbers and texts behind those of the second.
  std::string record = encode(Request());
  record[0] = 3;
  record.resize(record.size() - 6 - 1);
  EXPECT_EQ(decode_request(record), Request());
}

TEST(Request, a_record_of_the_fourth_form_is_read) {
  // It had no own_zips.
  std::string record = encode(Request());
  record[0] = 4;
  record.resize(record.size() - 1);
  EXPECT_EQ(decode_request(record), Request());
}

TEST(ArchiveKey, numbers_all_but_the_first) {
  EXPECT_EQ(archive_key("a/all.zip", 0), "a/all.zip");
  EXPECT_EQ(archive_key("a/all.zip", 1), "a/all_1.zip");
  EXPECT_EQ(archive_key("a/ALL.ZIP", 12), "a/ALL_12.ZIP");
  EXPECT_EQ(archive_key("a/all_0.zip", 0), "a/all_0.zip");
  EXPECT_EQ(archive_key("a/all_0.zip", 3), "a/all_3.zip");
}

TEST(IsOutput, knows_the_zips_of_a_request) {
  Request request;
  request.bucket = "photos";
  EXPECT_FALSE(is_output(request, "photos", "")) << "a stream writes nothing";
  request.target_key = "out/all_0.zip";
  EXPECT_TRUE(is_output(request, "photos", "out/all_0.zip"));
  EXPECT_FALSE(is_output(request, "other", "out/all_0.zip"));
  EXPECT_FALSE(is_output(request, "photos", "out/all_1.zip")) << "it is not split";
  request.max_archive_entries = 5;
  EXPECT_TRUE(is_output(request, "photos", "out/all_1.zip"));
  EXPECT_TRUE(is_output(request, "photos", "out/all_17.zip"));
  for (char const* key : {"out/all_.zip", "out/all_x.zip", "out/all.zip", "out/all_1.zip.bak",
                          "out/all_1", "in/all_1.zip", "out/all_1x.zip"})
    EXPECT_FALSE(is_output(request, "photos", key)) << key;
}

// The record of an empty request: form, three texts, no paths, then one byte a field.
TEST(Request, values_that_do_not_exist_are_corrupt) {
  std::string const record = encode(Request());
  struct Field {
    std::size_t at;
    char largest;
  };
  for (Field const field : {Field{5, 1}, Field{6, 3}, Field{8, 1}, Field{14, 1}}) {
    std::string changed = record;
    changed[field.at] = field.largest;
    EXPECT_NO_THROW(decode_request(changed)) << field.at;
    ++changed[field.at];
    EXPECT_THROW(decode_request(changed), base::Error) << field.at;
  }
  Request hours;
  hours.link_hours = UINT32_MAX;
  std::string changed = encode(hours);
  EXPECT_EQ(decode_request(changed), hours);
  ++changed[19];  // the highest bits of the number
  EXPECT_THROW(decode_request(changed), base::Error);
}

}  // namespace
}  // namespace archive
