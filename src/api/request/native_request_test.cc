#include "api/request/native_request.h"

#include "base/error.h"
#include "base/json.h"

#include <gtest/gtest.h>

namespace api {
namespace {

constexpr std::string_view credentials =
    R"("credentials": {"accessKeyId": "AK", "secretAccessKey": "SK"})";

NativeRequest parse(std::string const& fields, NativeKind kind, ZipRequestRules const& rules) {
  boost::json::value const value = base::parse_json("{" + fields + "}", "the body");
  return parse_native_request({value.get_object(), ""}, kind, rules);
}

NativeRequest zip(std::string const& fields) {
  return parse(std::string(credentials) + R"(, "bucket": "photos", )" + fields, NativeKind::zip,
               {});
}

std::string complaint(std::string const& fields, NativeKind kind = NativeKind::zip) {
  try {
    parse(fields, kind, {});
  } catch (base::Error const& error) {
    return std::string(error.message());
  }
  return "";
}

TEST(NativeRequest, of_the_least_fields_has_the_usual_choices) {
  archive::Request const request = zip(R"("sources": ["2024/"])").zip.request;
  EXPECT_EQ(request.bucket, "photos");
  EXPECT_TRUE(request.exact_paths);
  EXPECT_EQ(request.paths, std::vector<std::string>{"photos/2024/"});
  EXPECT_EQ(request.name_style, archive::NameStyle::key);
  EXPECT_EQ(request.name_rule, zip::NameRule::portable);
  EXPECT_EQ(request.on_missing, archive::OnMissing::fail);
  EXPECT_EQ(request.own_zips, archive::OwnZips::exclude);
  EXPECT_EQ(request.link_hours, 24U);
  EXPECT_TRUE(request.presign);
  EXPECT_FALSE(request.is_split());
  EXPECT_EQ(request.target_key, "");
}

TEST(NativeRequest, takes_every_field) {
  NativeRequest const parsed = zip(R"("region": "eu-central-1",
      "sources": ["2024/", "a.txt", "/"], "include": ["*.jpg"], "exclude": ["tmp/*"],
      "names": {"style": "relative", "rule": "exact", "map": "photos/map.json"},
      "onMissing": "skip", "ownZips": "include", "split": {"maxBytes": 1000, "maxEntries": 10},
      "target": {"key": "zips/a.zip", "acl": "private"},
      "link": {"presign": false, "hours": 168}, "idempotencyKey": "again")");
  archive::Request const& request = parsed.zip.request;
  EXPECT_EQ(parsed.zip.credentials.access_key, "AK");
  EXPECT_EQ(parsed.zip.credentials.secret_key.reveal(), "SK");
  EXPECT_EQ(request.region, "eu-central-1");
  EXPECT_EQ(request.paths, (std::vector<std::string>{"photos/2024/", "photos/a.txt", "photos/"}));
  EXPECT_EQ(request.rules, (std::vector<archive::KeyRule>{{true, "*.jpg"}, {false, "tmp/*"}}));
  EXPECT_EQ(request.name_style, archive::NameStyle::below_path);
  EXPECT_EQ(request.name_rule, zip::NameRule::exact);
  EXPECT_EQ(request.file_mapper, "photos/map.json");
  EXPECT_EQ(request.on_missing, archive::OnMissing::skip);
  EXPECT_EQ(request.own_zips, archive::OwnZips::include);
  EXPECT_EQ(request.max_archive_bytes, 1000U);
  EXPECT_EQ(request.max_archive_entries, 10U);
  EXPECT_EQ(request.target_key, "zips/a.zip");
  EXPECT_EQ(request.target_attributes.acl, "private");
  EXPECT_FALSE(request.presign);
  EXPECT_EQ(request.link_hours, 168U);
  EXPECT_EQ(parsed.idempotency_key, "again");
}

TEST(NativeRequest, bounds_its_globs_together) {
  std::string const glob = '"' + std::string(1'000, 'a') + '"';
  std::string globs = glob;
  for (int i = 1; i < 8; ++i) globs += "," + glob;
  auto const asked = [&](std::string const& more) {
    return complaint(std::string(credentials) + R"(, "bucket": "photos", "sources": ["/"],)" +
                     R"("include": [)" + globs + R"(], "exclude": [)" + globs + more + "]");
  };
  EXPECT_EQ(asked(""), "");
  EXPECT_EQ(asked("," + glob),
            "include and exclude have 17000 bytes together; 16384 are the limit: list the sources "
            "in a manifest");
}

TEST(NativeRequest, takes_sources_with_names_a_manifest_and_a_report) {
  NativeRequest const parsed = zip(R"("sources": ["a/", {"source": "b", "bucket": "other",
      "versionId": "v", "name": "n"}, {"source": "/"}], "requestPayer": true,
      "manifest": {"key": "lists/a.csv"}, "report": {"inZip": true, "format": "jsonLines"})");
  archive::Request const& request = parsed.zip.request;
  EXPECT_TRUE(request.paths.empty()) << "one list keeps the order";
  EXPECT_EQ(request.sources,
            (std::vector<archive::Source>{
                {"photos", "a/", "", ""}, {"other", "b", "v", "n"}, {"photos", "", "", ""}}));
  EXPECT_EQ(request.manifest, (archive::Manifest{"photos", "lists/a.csv"}));
  EXPECT_TRUE(request.request_payer);
  EXPECT_EQ(request.report_in_zip, archive::ReportFormat::json_lines);
}

TEST(NativeRequest, says_how_the_zip_is_stored) {
  s3::Attributes const attributes =
      zip(R"("sources": ["a"], "target": {"key": "a.zip", "storageClass": "STANDARD_IA",
          "tags": {"team": "blue", "ü": ""}, "metadata": {"Order": "17"},
          "encryption": {"type": "aws:kms", "kmsKeyId": "alias/zips", "bucketKey": true}})")
          .zip.request.target_attributes;
  EXPECT_EQ(attributes, (s3::Attributes{.storage_class = "STANDARD_IA",
                                        .metadata = {{"order", "17"}},
                                        .tags = {{"team", "blue"}, {"ü", ""}},
                                        .encryption = {"aws:kms", "alias/zips", true}}));
}

TEST(NativeRequest, names_what_is_wrong_about_the_target) {
  std::string const long_text(2000, 'x');
  std::pair<std::string, std::string_view> const cases[] = {
      {R"("storageClass": "standard")", "target.storageClass must be a storage class"},
      {R"("tags": ["a"])", "target.tags must be an object"},
      {R"("tags": {"a": 1})", "target.tags.a must be a text"},
      {R"("tags": {"aws:a": "1"})", "target.tags.aws:a must not begin with aws:"},
      {R"("tags": {"a&b": "1"})", "target.tags.a&b may hold letters"},
      {R"("metadata": {"a b": "1"})", "target.metadata.a b must have a name of letters"},
      {R"("metadata": {"a": "ü"})", "target.metadata.a must be printable ASCII"},
      {R"("metadata": {"A": "1", "a": "2"})", "target.metadata.a is there twice"},
      {R"("metadata": {"S3zipper-Job": "1"})", "target.metadata.S3zipper-Job is our own"},
      {R"("metadata": {"S3zipper-Sources": "1"})", "target.metadata.S3zipper-Sources is our own"},
      {R"("metadata": {"a": ")" + long_text + R"("})",
       "target.metadata.a makes names and values 2105"},
      {R"("encryption": "AES256")", "target.encryption must be an object"},
      {R"("encryption": {})", "target.encryption.type is required"},
      {R"("encryption": {"type": "DES"})", "target.encryption.type must be one of AES256"},
      {R"("encryption": {"type": "AES256", "kmsKeyId": "a"})", "target.encryption.kmsKeyId is for"},
      {R"("encryption": {"type": "AES256", "bucketKey": true})",
       "target.encryption.bucketKey is for"},
      {R"("encryption": {"type": "AES256", "key": "a"})", "target.encryption has no field"},
  };
  for (auto const& [fields, said] : cases) {
    try {
      zip(R"("sources": ["a"], "target": {)" + fields + "}");
      ADD_FAILURE() << fields;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input) << fields;
      EXPECT_TRUE(error.message().starts_with(said)) << error.message();
    }
  }
}

TEST(NativeRequest, names_a_download_as_asked_or_after_what_is_in_it) {
  auto const name = [](std::string const& fields) {
    return parse(std::string(credentials) + R"(, "bucket": "photos", )" + fields,
                 NativeKind::stream, {})
        .zip.file_name;
  };
  EXPECT_EQ(name(R"("sources": ["a/"], "fileName": "trip")"), "trip.zip");
  EXPECT_EQ(name(R"("sources": ["a/", "b"])"), "photos.zip");
  EXPECT_EQ(name(R"("sources": ["years/2024/"])"), "2024.zip");
}

TEST(NativeRequest, may_leave_out_credentials_where_the_server_has_some) {
  ZipRequestRules rules;
  rules.own_credentials = true;
  NativeRequest const parsed =
      parse(R"("bucket": "photos", "sources": ["a"])", NativeKind::zip, rules);
  EXPECT_EQ(parsed.zip.credentials.access_key, "");
}

TEST(NativeRequest, names_the_field_that_is_wrong) {
  struct Case {
    std::string_view fields;
    std::string_view said;
  };
  std::string const begin = std::string(credentials) + R"(, "bucket": "photos", )";
  std::string const long_text(1100, 'x');
  std::string const long_key = R"("sources": ["a", ")" + long_text + R"("])";
  Case const cases[] = {
      {R"("sources": "a")", "sources must be a list"},
      {R"("sources": [])", "sources is required"},
      {R"("sources": ["a", 1])", "sources[1] must be an object"},
      {long_key, "sources[1] is longer than any key"},
      {R"("sources": ["a"], "include": [""])", "include[0] must not be empty"},
      {R"("sources": ["a"], "exclude": "x")", "exclude must be a list"},
      {R"("sources": ["a"], "names": {"style": "odd"})", "names.style must be one of"},
      {R"("sources": ["a"], "names": {"rule": 1})", "names.rule must be a text"},
      {R"("sources": ["a"], "names": {"mapp": "x"})", "names has no field \"mapp\""},
      {R"("sources": ["a"], "onMissing": "ignore")", "onMissing must be one of: fail, skip"},
      {R"("sources": ["a"], "split": {"maxBytes": 0})", "split.maxBytes must be a whole number"},
      {R"("sources": ["a"], "split": {"maxEntries": "9"})", "split.maxEntries must be a whole"},
      {R"("sources": ["a"], "target": {"key": "zips/"})", "target.key must end in .zip"},
      {R"("sources": ["a"], "target": {"key": "a\n.zip"})", "target.key must not hold control"},
      {R"("sources": ["a"], "target": {"acl": "all"})", "target.acl must be one of"},
      {R"("sources": ["a"], "expiresAfterHours": 8761)",
       "expiresAfterHours must be a whole number"},
      {R"("sources": ["a"], "link": {"hours": 169})", "link.hours must be a whole number from 1"},
      {R"("sources": ["a"], "link": {"presign": "no"})", "link.presign must be true or false"},
      {R"("sources": ["a"], "region": "a b")", "region"},
      {R"("sources": ["a"], "endpoint": "https://nowhere.example")", "endpoint"},
      {R"("sources": ["a"], "email": "nobody")", "email: \"nobody\" is not one mail address"},
      {R"("sources": ["a"], "email": "a@b.example")", "email: this server sends no mail"},
      {R"("sources": ["a"], "idempotencyKey": 7)", "idempotencyKey must be a text"},
      {R"("sources": ["a"], "fileName": "x.zip")", "the body has no field \"fileName\""},
      {R"("sources": ["a"], "sorces": ["b"])", "the body has no field \"sorces\""},
  };
  for (Case const& one : cases) {
    std::string const said = complaint(begin + std::string(one.fields));
    EXPECT_TRUE(said.starts_with(one.said)) << one.fields << ": " << said;
  }
  EXPECT_EQ(complaint(R"("bucket": "photos", "sources": ["a"])"), "credentials is required");
  EXPECT_EQ(complaint(R"("credentials": {"accessKeyId": "A"}, "bucket": "photos")"),
            "credentials.secretAccessKey is required");
  EXPECT_EQ(complaint(std::string(credentials)), "bucket is required");
  EXPECT_EQ(
      complaint(begin + R"("sources": ["a"], "target": {"key": "a.zip"})", NativeKind::stream),
      "the body has no field \"target\"");
}

}  // namespace
}  // namespace api
