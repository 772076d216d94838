#include "archive/request.h"

#include "base/codec.h"
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
  EXPECT_EQ(decode_request(encode(Request())), Request()) << "with what is so by default";
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

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string fields(Pairs const& list) {
  base::Encoder out;
  for (auto const& [name, value] : list) {
    out.text(name);
    out.text(value);
  }
  return out.take();
}

std::string in_list(std::string const& item) {
  base::Encoder out;
  out.text(item);
  return out.take();
}

std::string record_of(Pairs const& list) {
  return in_list(fields(list));
}

base::Fault fault_of(std::string const& record) {
  try {
    decode_request(record);
  } catch (base::Error const& error) {
    return error.fault();
  }
  return base::Fault::internal;
}

// Records that an earlier version has stored must keep their meaning.
TEST(Request, a_record_says_what_is_what) {
  Request expected;
  expected.bucket = "photos";
  expected.paths = {"a", ""};
  expected.on_missing = OnMissing::skip;
  expected.presign = false;
  expected.link_hours = 0;
  expected.rules = {{false, "*.tmp"}};
  std::string const record = record_of({{"onMissing", "\1"},
                                        {"bucket", "photos"},
                                        {"paths", in_list(fields({{"text", "a"}})) + in_list("")},
                                        {"rules", in_list(fields({{"glob", "*.tmp"}}))}});
  EXPECT_EQ(decode_request(record), expected);
}

TEST(Request, a_field_that_is_not_known_or_comes_twice_is_corrupt) {
  EXPECT_EQ(fault_of(record_of({{"newFeature", "x"}})), base::Fault::corrupt);
  EXPECT_EQ(fault_of(record_of({{"bucket", "a"}, {"bucket", "b"}})), base::Fault::corrupt);
  EXPECT_EQ(fault_of(encode(full_request()) + '\0'), base::Fault::corrupt);
}

TEST(Request, values_that_do_not_exist_are_corrupt) {
  for (auto const& [name, largest] : std::vector<std::pair<std::string, char>>{
           {"onMissing", 1}, {"nameStyle", 3}, {"nameRule", 1}, {"presign", 1}}) {
    std::string value(1, largest);
    EXPECT_NO_THROW(decode_request(record_of({{name, value}}))) << name;
    ++value[0];
    EXPECT_EQ(fault_of(record_of({{name, value}})), base::Fault::corrupt) << name;
    EXPECT_EQ(fault_of(record_of({{name, "\1\1"}})), base::Fault::corrupt) << name;
  }
  base::Encoder hours;
  hours.number(std::uint64_t{UINT32_MAX} + 1);
  EXPECT_EQ(fault_of(record_of({{"linkHours", hours.take()}})), base::Fault::corrupt);
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

}  // namespace
}  // namespace archive
