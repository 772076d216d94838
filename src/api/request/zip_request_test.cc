// The fields of zipstart and streamzip: their meanings, and the errors of wrong ones.
#include "api/request/zip_request.h"

#include "base/error.h"
#include "base/limits.h"

#include <map>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace api {
namespace {

using base::Error;
using base::Fault;
using Values = std::map<std::string, std::string>;

// Fields that are enough, with some changed or (if empty) left out.
Fields fields_of(Values const& changes = {}) {
  Values values{{"awsKey", "AKIDEXAMPLE"},
                {"awsSecret", "secret-of-the-user"},
                {"awsBucket", "photos"},
                {"filePaths", "a.txt"}};
  for (auto const& [name, value] : changes) values[name] = value;
  boost::json::object body;
  for (auto const& [name, value] : values)
    if (!value.empty()) body[name] = value;
  return Fields::parse("application/json", boost::json::serialize(body));
}

ZipRequestRules rules() {
  return {.allowed_endpoints = {"http://127.0.0.1:9000", "https://minio.example.com/"},
          .default_endpoint = "http://127.0.0.1:8001"};
}

ZipRequest parsed(Values const& changes, std::string_view acl = "") {
  return parse_zip_request(fields_of(changes), acl, rules());
}

TEST(ZipRequest, defaults_are_those_of_the_api) {
  ZipRequest const asked = parsed({});
  archive::Request expected;
  expected.bucket = "photos";
  expected.paths = {"a.txt"};
  EXPECT_EQ(asked.request, expected);
  EXPECT_TRUE(asked.request.presign);
  EXPECT_EQ(asked.request.link_hours, 24U);
  EXPECT_EQ(asked.credentials.access_key, "AKIDEXAMPLE");
  EXPECT_EQ(asked.credentials.secret_key.reveal(), "secret-of-the-user");
  EXPECT_TRUE(asked.credentials.session_token.empty());
}

TEST(ZipRequest, every_field_has_its_effect) {
  ZipRequest const asked = parsed({{"awsToken", "session"},
                                   {"awsRegion", "eu-west-1"},
                                   {"awsEndpoint", "HTTPS://MinIO.example.com"},
                                   {"usePresignUrl", "false"},
                                   {"expireLink", "48"},
                                   {"onMissing", "Skip"},
                                   {"ownZips", "Include"},
                                   {"names", "EXACT"},
                                   {"bucketAsDir", "true"}},
                                  "bucket-owner-full-control");
  EXPECT_EQ(asked.credentials.session_token.reveal(), "session");
  EXPECT_EQ(asked.request.region, "eu-west-1");
  EXPECT_EQ(asked.request.endpoint, "https://minio.example.com");
  EXPECT_FALSE(asked.request.presign);
  EXPECT_EQ(asked.request.link_hours, 48U);
  EXPECT_EQ(asked.request.on_missing, archive::OnMissing::skip);
  EXPECT_EQ(asked.request.own_zips, archive::OwnZips::include);
  EXPECT_EQ(asked.request.name_rule, zip::NameRule::exact);
  EXPECT_EQ(asked.request.name_style, archive::NameStyle::bucket_and_key);
  EXPECT_EQ(asked.request.target_attributes.acl, "bucket-owner-full-control");
}

TEST(ZipRequest, bucket_as_dir_is_a_flag_or_a_folder) {
  using archive::NameStyle;
  for (char const* value : {"false", "False", "0", ""})
    EXPECT_EQ(parsed({{"bucketAsDir", value}}).request.name_style, NameStyle::key) << value;
  for (char const* value : {"true", "TRUE", "1"})
    EXPECT_EQ(parsed({{"bucketAsDir", value}}).request.name_style, NameStyle::bucket_and_key);
  archive::Request const below = parsed({{"bucketAsDir", "Trip"}}).request;
  EXPECT_EQ(below.name_style, NameStyle::below_folder);
  EXPECT_EQ(below.base_folder, "Trip");
}

TEST(ZipRequest, the_life_of_links_is_clamped) {
  struct Case {
    char const* asked;
    std::uint32_t hours;
  };
  for (Case const& one :
       {Case{"0", 1}, Case{"1", 1}, Case{"168", 168}, Case{"169", 168}, Case{"-5", 1},
        Case{"0.5", 1}, Case{"24.0", 24}, Case{"24.9", 24}, Case{"true", 1}, Case{"false", 1},
        Case{"-1e300", 1}, Case{"1e300", 168}, Case{"18446744073709551615", 168}})
    EXPECT_EQ(parsed({{"expireLink", one.asked}}).request.link_hours, one.hours) << one.asked;
}

TEST(ZipRequest, limits_of_a_split_are_numbers_in_any_spelling) {
  for (char const* size : {"5000000", "5000000.0", "5e6", "5MB", "5.0 MB"})
    EXPECT_EQ(parsed({{"maxFileSize", size}}).request.max_archive_bytes, 5'000'000U) << size;
  for (char const* count : {"3", "3.0", " 3 "})
    EXPECT_EQ(parsed({{"maxFileCount", count}}).request.max_archive_entries, 3U) << count;
  EXPECT_EQ(parsed({{"maxFileCount", "true"}}).request.max_archive_entries, 1U);
}

TEST(ZipRequest, a_dash_is_no_credential) {
  EXPECT_TRUE(parsed({{"awsToken", "-"}}).credentials.session_token.empty());
}

TEST(ZipRequest, what_is_wrong_is_named) {
  struct Case {
    Values changes;
    char const* named;
  };
  for (Case const& one : {Case{{{"awsKey", ""}}, "awsKey is required"},
                          Case{{{"awsKey", "-"}}, "awsKey is required"},
                          Case{{{"awsSecret", ""}}, "awsSecret is required"},
                          Case{{{"awsSecret", "-"}}, "awsSecret is required"},
                          Case{{{"awsBucket", ""}}, "awsBucket is required"},
                          Case{{{"awsBucket", "no bucket"}}, "awsBucket: \"no bucket\""},
                          Case{{{"awsBucket", "a/b"}}, "awsBucket"},
                          Case{{{"awsRegion", "eu west"}}, "awsRegion"},
                          Case{{{"awsEndpoint", "no url"}}, "awsEndpoint"},
                          Case{{{"awsEndpoint", "http://169.254.169.254"}}, "awsEndpoint"},
                          Case{{{"awsEndpoint", "http://127.0.0.1:9001"}}, "awsEndpoint"},
                          Case{{{"awsEndpoint", "https://127.0.0.1:9000"}}, "awsEndpoint"},
                          Case{{{"filePaths", ""}}, "filePaths is required"},
                          Case{{{"filePaths", std::string(2000, 'x')}}, "filePaths"},
                          Case{{{"expireLink", "soon"}}, "expireLink"},
                          Case{{{"expireLink", "inf"}}, "expireLink"},
                          Case{{{"usePresignUrl", "maybe"}}, "usePresignUrl"},
                          Case{{{"names", "pretty"}}, "names must be"},
                          Case{{{"onMissing", "ignore"}}, "onMissing must be"},
                          Case{{{"ownZips", "skip"}}, "ownZips must be exclude or include"},
                          Case{{{"resultsEmail", "nobody"}}, "resultsEmail: \"nobody\""},
                          Case{{{"resultsEmail", "a@example.com"}}, "mail.url"},
                          Case{{{"fileMapper", std::string(2000, 'x')}}, "fileMapper"},
                          Case{{{"maxFileSize", "many"}}, "maxFileSize: \"many\""},
                          Case{{{"maxFileSize", "0"}}, "maxFileSize"},
                          Case{{{"maxFileSize", "0.0"}}, "maxFileSize"},
                          Case{{{"maxFileSize", "1e30"}}, "maxFileSize"},
                          Case{{{"maxFileCount", "0"}}, "maxFileCount must be"},
                          Case{{{"maxFileCount", "5 MB"}}, "maxFileCount must be"}}) {
    try {
      parsed(one.changes);
      ADD_FAILURE() << one.named << " was taken";
    } catch (Error const& error) {
      EXPECT_EQ(error.fault(), Fault::bad_input) << one.named;
      EXPECT_NE(std::string(error.what()).find(one.named), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("secret-of-the-user"), std::string::npos);
    }
  }
  EXPECT_THROW(parsed({}, "everybody"), Error) << "an acl that is not on the list";
}

TEST(ZipRequest, endpoints_that_may_be_named) {
  for (char const* url :
       {"http://127.0.0.1:9000", "http://127.0.0.1:9000/", "https://minio.example.com",
        "http://127.0.0.1:8001", "https://s3.eu-west-1.amazonaws.com"})
    EXPECT_NO_THROW(parsed({{"awsEndpoint", url}})) << url;
}

TEST(ZipRequest, too_many_paths_are_refused) {
  std::string body = "awsKey=k&awsSecret=s&awsBucket=photos";
  for (std::size_t i = 0; i <= base::limits::max_paths; ++i) body += "&filePaths=a";
  Fields const fields = Fields::parse("application/x-www-form-urlencoded", body);
  EXPECT_THROW(parse_zip_request(fields, "", rules()), Error);
}

TEST(ZipRequest, a_download_has_a_name) {
  struct Case {
    Values changes;
    char const* name;
  };
  for (Case const& one :
       {Case{{}, "a.txt.zip"}, Case{{{"filePaths", "dir/trip/"}}, "trip.zip"},
        Case{{{"filePaths", "/"}}, "photos.zip"}, Case{{{"zipFileName", "mine"}}, "mine.zip"},
        Case{{{"zipFileName", "sub/mine.ZIP"}}, "mine.ZIP"},
        Case{{{"zipTo", "out/all.zip"}}, "all.zip"},
        Case{{{"zipTo", "out/all.zip"}, {"zipFileName", "b"}}, "b.zip"},
        Case{{{"zipFileName", "aa:b?.zip"}}, "aa_b_.zip"}})
    EXPECT_EQ(parsed(one.changes).file_name, one.name);
}

TEST(TargetKey, follows_zip_to_and_zip_file_name) {
  struct Case {
    char const* zip_to;
    char const* file;
    char const* v1;
    char const* v2;
  };
  for (Case const& one : {Case{"out/all.zip", "", "out/all.zip", "out/all.zip"},
                          Case{"out/all.ZIP", "other.zip", "out/all.ZIP", "out/all.ZIP"},
                          Case{"/out/all.zip", "", "out/all.zip", "out/all.zip"},
                          Case{"photos/out/all.zip", "", "out/all.zip", "out/all.zip"},
                          Case{"/photos/out/all.zip", "", "out/all.zip", "out/all.zip"},
                          Case{"photos2/all.zip", "", "photos2/all.zip", "photos2/all.zip"},
                          Case{"out", "all.zip", "out/all.zip", "out/all_0.zip"},
                          Case{"out/", "all", "out/all.zip", "out/all_0.zip"},
                          Case{"photos/out/", "all.zip", "out/all.zip", "out/all_0.zip"},
                          Case{"out", "", "out/ID.zip", "out/ID_0.zip"},
                          Case{"", "all.zip", "s3zipper/all.zip", "s3zipper/all.zip"},
                          Case{"", "all", "s3zipper/all.zip", "s3zipper/all.zip"},
                          Case{"", "/all", "s3zipper/all.zip", "s3zipper/all.zip"},
                          Case{"", "", "s3zipper/ID.zip", "s3zipper/ID.zip"},
                          Case{"/", "", "s3zipper/ID.zip", "s3zipper/ID.zip"}}) {
    Fields const fields = fields_of({{"zipTo", one.zip_to}, {"zipFileName", one.file}});
    EXPECT_EQ(target_key(fields, 1, "ID"), one.v1) << one.zip_to << ", " << one.file;
    EXPECT_EQ(target_key(fields, 2, "ID"), one.v2) << one.zip_to << ", " << one.file;
  }
  EXPECT_THROW(target_key(fields_of({{"zipTo", std::string(1100, 'x') + ".zip"}}), 1, "ID"), Error);
}

TEST(ZipRequest, a_server_with_credentials_of_its_own_needs_none) {
  ZipRequestRules open = rules();
  open.own_credentials = true;
  auto const ask = [&](std::string const& key, std::string const& secret,
                       std::string const& token) {
    Fields const fields = fields_of({{"awsKey", key}, {"awsSecret", secret}, {"awsToken", token}});
    return parse_zip_request(fields, "", open).credentials;
  };
  EXPECT_EQ(ask("", "", ""), aws::Credentials());
  EXPECT_EQ(ask("-", "-", "-"), aws::Credentials());
  EXPECT_EQ(ask("AKIDEXAMPLE", "s", "").access_key, "AKIDEXAMPLE");
  EXPECT_THROW(ask("AKIDEXAMPLE", "", ""), Error);
  EXPECT_THROW(ask("", "s", ""), Error);
  EXPECT_THROW(ask("", "", "t"), Error);
  EXPECT_THROW(parsed({{"awsKey", ""}, {"awsSecret", ""}}), Error);
}

TEST(ZipRequest, buckets_that_are_not_allowed_are_refused) {
  ZipRequestRules bound = rules();
  bound.allowed_buckets = {"zips", "photos"};
  EXPECT_EQ(parse_zip_request(fields_of(), "", bound).request.bucket, "photos");
  try {
    parse_zip_request(fields_of({{"awsBucket", "secrets"}}), "", bound);
    ADD_FAILURE() << "a bucket that is not in the list";
  } catch (Error const& error) {
    EXPECT_EQ(error.fault(), Fault::forbidden);
    EXPECT_TRUE(std::string(error.what()).starts_with("awsBucket")) << error.what();
  }
}

}  // namespace
}  // namespace api
