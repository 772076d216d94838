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
  request.name_style = NameStyle::below_folder;
  request.base_folder = "trip";
  request.name_rule = zip::NameRule::exact;
  request.target_key = "zips/out.zip";
  request.acl = "private";
  request.presign = false;
  request.link_hours = 168;
  request.exact_paths = true;
  request.rules = {{false, "*.tmp"}, {true, "keep/*"}};
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
  record[0] = 1;
  EXPECT_THROW(decode_request(record), base::Error);
}

TEST(Request, a_record_with_more_behind_it_is_corrupt) {
  EXPECT_THROW(decode_request(encode(full_request()) + '\0'), base::Error);
}

// The record of an empty request: form, three texts, no paths, then one byte a field.
TEST(Request, values_that_do_not_exist_are_corrupt) {
  std::string const record = encode(Request());
  struct Field {
    std::size_t at;
    char largest;
  };
  for (Field const field : {Field{5, 1}, Field{6, 3}, Field{8, 1}, Field{11, 1}}) {
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
  ++changed[16];  // the highest bits of the number
  EXPECT_THROW(decode_request(changed), base::Error);
}

}  // namespace
}  // namespace archive
