#include "api/request/made_by.h"

#include "api/request/native_request.h"
#include "base/json.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace api {
namespace {

namespace json = boost::json;

json::object object(std::string const& fields) {
  return base::parse_json("{" + fields + "}", "the body").as_object();
}

ZipRequest parse_native(json::object body, NativeKind kind) {
  body["credentials"] = object(R"("accessKeyId": "AK", "secretAccessKey": "SK")");
  ZipRequestRules const rules{.allowed_endpoints = {"http://127.0.0.1:9000"},
                              .default_endpoint = {}};
  return parse_native_request({body, ""}, kind, rules).zip;
}

// The body that `asked` was made by, as far as it says something.
json::object body_of(ZipRequest const& asked) {
  json::object const call = made_by(asked.request, {asked.file_name, asked.expiry.after_hours});
  return call.at("body").as_object();
}

TEST(MadeBy, a_body_of_the_native_api_makes_the_same_request) {
  for (char const* const fields : {
           R"("sources": ["2024/", "a.txt", "/"])",
           R"("sources": ["a"], "endpoint": "http://127.0.0.1:9000", "region": "eu-central-1")",
           R"("sources": ["a/", {"source": "b", "bucket": "other", "versionId": "v", "name": "n"},
              {"source": "/", "bucket": "other"}], "requestPayer": true)",
           R"("manifest": {"key": "a.csv"}, "report": {"inZip": true, "format": "jsonLines"})",
           R"("manifest": {"key": "a", "bucket": "other", "format": "inventory"}, "sources": [])",
           R"("manifest": {"key": "a", "format": "csv"}, "report": {"inZip": true})",
           R"("sources": ["/"], "include": ["*.jpg", "ä"], "exclude": ["tmp/*"])",
           R"("sources": ["/"], "names": {"style": "relative", "rule": "exact", "map": "b/m"})",
           R"("sources": ["/"], "names": {"style": "bucketAndKey"}, "onMissing": "skip")",
           R"("sources": ["/"], "ownZips": "include", "split": {"maxBytes": 1, "maxEntries": 2})",
           R"("sources": ["/"], "link": {"presign": false, "hours": 168})",
           R"("sources": ["/"], "target": {"key": "a.zip", "acl": "private", "tags": {"a": "b"},
              "storageClass": "STANDARD_IA", "metadata": {"c": "d"},
              "encryption": {"type": "aws:kms", "kmsKeyId": "k", "bucketKey": true}})",
           R"("sources": ["/"], "expiresAfterHours": 5)",
       }) {
    SCOPED_TRACE(fields);
    json::object asked = object(fields);
    asked["bucket"] = "photos";
    ZipRequest const made = parse_native(asked, NativeKind::zip);
    ZipRequest const again = parse_native(body_of(made), NativeKind::zip);
    EXPECT_EQ(again.request, made.request);
    EXPECT_EQ(again.expiry, made.expiry);
  }
}

TEST(MadeBy, a_links_call_names_its_file) {
  json::object asked = object(R"("bucket": "photos", "sources": ["a"], "fileName": "x y.zip")");
  ZipRequest const made = parse_native(asked, NativeKind::stream);
  json::object const call = made_by(made.request, {.file_name = made.file_name});
  EXPECT_EQ(call.at("path"), "/api/streams");
  ZipRequest const again = parse_native(call.at("body").as_object(), NativeKind::stream);
  EXPECT_EQ(again.request, made.request);
  EXPECT_EQ(again.file_name, "x y.zip");
}

ZipRequest parse_compatible(json::object body, std::string_view acl) {
  body["awsKey"] = "AK";
  body["awsSecret"] = "SK";
  Fields const fields = Fields::parse("application/json", json::serialize(body));
  ZipRequest asked = parse_zip_request(fields, acl, {});
  asked.request.target_key = target_key(fields, 2, "id");
  return asked;
}

TEST(MadeBy, a_call_of_s3zipper_makes_the_same_request) {
  for (char const* const fields : {
           R"("filePaths": ["a.txt", "photos/b/"])",
           R"("filePaths": "a", "bucketAsDir": "true", "names": "exact", "onMissing": "skip")",
           R"("filePaths": "a", "bucketAsDir": "x/folder", "ownZips": "include")",
           R"("filePaths": "a", "maxFileSize": "10MB", "maxFileCount": 7, "fileMapper": "m.json")",
           R"("filePaths": "a", "usePresignUrl": false, "expireLink": 48, "zipTo": "a/b.zip")",
           R"("filePaths": "a", "zipTo": "photos/photos/b.zip")",
       }) {
    SCOPED_TRACE(fields);
    json::object asked = object(fields);
    asked["awsBucket"] = "photos";
    ZipRequest const made = parse_compatible(asked, "private");
    json::object const call = made_by(made.request, {});
    EXPECT_EQ(call.at("path"), "/v2/zipstart");
    std::string_view const acl = call.at("headers").at("x-amz-acl").as_string();
    ZipRequest const again = parse_compatible(call.at("body").as_object(), acl);
    EXPECT_EQ(again.request, made.request);
  }
}

TEST(MadeBy, a_body_holds_no_secret) {
  json::object asked = object(R"("bucket": "photos", "sources": ["a"])");
  ZipRequest const made = parse_native(asked, NativeKind::zip);
  std::string const text = json::serialize(made_by(made.request, {}));
  EXPECT_EQ(text.find("SK"), std::string::npos);
  EXPECT_EQ(text.find("AK"), std::string::npos);
}

}  // namespace
}  // namespace api
