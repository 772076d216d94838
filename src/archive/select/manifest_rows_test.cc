// Manifests in the three formats, whole and in pieces, and the errors of wrong ones.
#include "archive/select/manifest_rows.h"

#include "base/error.h"
#include "base/limits.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using Rows = std::vector<ManifestRow>;
using Make = std::unique_ptr<ManifestReader> (*)(ManifestTerms);

ManifestTerms terms() {
  return {"manifest lists/a.csv", "photos"};
}

Rows read_in_pieces(ManifestReader& reader, std::string_view text, std::size_t step) {
  Rows rows;
  for (; text.size() > step; text.remove_prefix(step)) reader.feed(text.substr(0, step), rows);
  reader.feed(text, rows);
  reader.finish(rows);
  return rows;
}

// The rows, which do not depend on how the bytes come.
Rows rows_of(Make make, std::string_view text) {
  Rows const whole = read_in_pieces(*make(terms()), text, text.size() + 1);
  for (std::size_t const step : {1U, 2U, 7U})
    EXPECT_EQ(read_in_pieces(*make(terms()), text, step), whole) << "in pieces of " << step;
  return whole;
}

std::string error_of(std::unique_ptr<ManifestReader> reader, std::string_view text) {
  try {
    Rows rows;
    reader->feed(text, rows);
    reader->finish(rows);
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
    return error.what();
  }
  return "";
}

ManifestRow row(std::uint64_t line, std::string bucket, std::string key, std::string version = "",
                std::string name = "") {
  return {line, std::move(bucket), std::move(key), std::move(version), std::move(name)};
}

TEST(ManifestCsv, columns_have_an_order) {
  EXPECT_EQ(rows_of(read_csv, "photos,a\nother,b,v1\r\n\r\n,c,,name.txt"),
            (Rows{row(1, "photos", "a"), row(2, "other", "b", "v1"),
                  row(4, "photos", "c", "", "name.txt")}));
  EXPECT_EQ(rows_of(read_csv, ""), Rows());
  EXPECT_EQ(rows_of(read_csv, "\n\n"), Rows());
}

TEST(ManifestCsv, a_first_line_may_name_the_columns) {
  EXPECT_EQ(rows_of(read_csv, "name,KEY,Bucket\nn,k,photos\n"),
            (Rows{row(2, "photos", "k", "", "n")}));
  EXPECT_EQ(rows_of(read_csv,
                    "\xEF\xBB\xBF"
                    "bucket,key\nphotos,k\n"),
            (Rows{row(2, "photos", "k")}))
      << "behind a byte order mark";
  EXPECT_EQ(rows_of(read_csv, "key,bucket-of-three\n"), (Rows{row(1, "key", "bucket-of-three")}));
}

TEST(ManifestCsv, fields_may_be_in_quotes) {
  EXPECT_EQ(rows_of(read_csv, "photos,\"a,\"\"b\"\"\nc\"\nphotos,\"d\"\r\nphotos,\"e\",\"\""),
            (Rows{row(1, "photos", "a,\"b\"\nc"), row(3, "photos", "d"), row(4, "photos", "e")}));
}

TEST(ManifestCsv, errors_name_file_and_line) {
  auto const error = [](std::string_view text) { return error_of(read_csv(terms()), text); };
  EXPECT_EQ(error("photos,a\nphotos,\n"), "manifest lists/a.csv line 2: the key is empty");
  EXPECT_EQ(error("photos,a\n\nphotos\n"),
            "manifest lists/a.csv line 3: it has 1 fields; bucket,key[,versionId[,name]] are "
            "expected");
  EXPECT_EQ(error("bucket,key\nphotos,a,b\n"),
            "manifest lists/a.csv line 2: it has 3 fields; the first line has 2");
  EXPECT_EQ(error("bucket,key,size\n"),
            "manifest lists/a.csv line 1: a column is called \"size\"; bucket, key, versionId and "
            "name are known");
  EXPECT_EQ(error("bucket,key,KEY\n"),
            "manifest lists/a.csv line 1: two columns are called \"key\"");
  EXPECT_EQ(error("No Bucket,a\n"),
            "manifest lists/a.csv line 1: \"No Bucket\" cannot be the name of a bucket");
  EXPECT_NE(error("photos,a\"b\n").find("line 1: a quote inside a field"), std::string::npos);
  EXPECT_NE(error("photos,\"a\"b\n").find("line 1: text behind"), std::string::npos);
  EXPECT_NE(error("photos,a\nphotos,\"b\n\n").find("line 2: a quote that is never closed"),
            std::string::npos);
  EXPECT_NE(error("photos," + std::string(1025, 'k')).find("the key has 1025 bytes"),
            std::string::npos);
  EXPECT_NE(error("photos," + std::string(base::limits::max_manifest_line_bytes, 'k'))
                .find("line 1: it has over 65536 bytes"),
            std::string::npos);
}

TEST(ManifestJsonLines, fields_may_be_left_out) {
  EXPECT_EQ(
      rows_of(read_json_lines,
              "{\"key\": \"a\"}\r\n\n  \n{\"bucket\": \"other\", \"key\": \"b\\n\", \"versionId\": "
              "\"v\", \"name\": \"n\"}\n{\"key\":\"c\",\"name\":null}"),
      (Rows{row(1, "photos", "a"), row(4, "other", "b\n", "v", "n"), row(5, "photos", "c")}));
}

TEST(ManifestJsonLines, errors_name_file_and_line) {
  auto const error = [](std::string_view text) { return error_of(read_json_lines(terms()), text); };
  EXPECT_TRUE(error("{\"key\":\"a\"}\n{\"key\":").starts_with("manifest lists/a.csv line 2"));
  EXPECT_EQ(error("[]"), "manifest lists/a.csv line 1: it must be an object {\"key\": …}");
  EXPECT_EQ(error("{}"), "manifest lists/a.csv line 1: the key is empty");
  EXPECT_EQ(error("{\"key\": 7}"), "manifest lists/a.csv line 1: key must be a text");
  EXPECT_EQ(error("{\"key\": \"a\", \"versionID\": \"v\"}"),
            "manifest lists/a.csv line 1: there is no field \"versionID\"; bucket, key, versionId "
            "and name are known");
  EXPECT_NE(error(std::string(70'000, ' ')).find("line 1: it has over"), std::string::npos);
}

std::unique_ptr<ManifestReader> inventory(ManifestTerms terms) {
  return read_inventory_file(std::move(terms),
                             {"Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size",
                              "LastModifiedDate", "ETag", "StorageClass", "EncryptionStatus"});
}

TEST(ManifestInventory, current_objects_come_with_their_facts) {
  Rows const rows = rows_of(
      inventory,
      "\"photos\",\"a%2Bb+c%20d\",\"v1\",\"true\",\"false\",\"12\",\"2026-11-22T12:00:00.000Z\","
      "\"abc-2\",\"STANDARD\",\"SSE-S3\"\n"
      "\"photos\",\"old\",\"v0\",\"false\",\"false\",\"1\",\"\",\"abc\",\"STANDARD\",\"\"\n"
      "\"photos\",\"gone\",\"v2\",\"true\",\"true\",\"\",\"\",\"\",\"\",\"\"\n"
      "\"photos\",\"cold\",\"\",\"true\",\"false\",\"5\",\"\",\"abc\",\"GLACIER\",\"\"\n"
      "\"photos\",\"bare\",\"\",\"true\",\"false\",\"\",\"\",\"\",\"\",\"\"\n");
  ManifestRow known = row(1, "photos", "a+b c d", "v1");
  known.facts = ManifestRow::Facts{12, "\"abc-2\"", 1'795'348'800};
  EXPECT_EQ(rows, (Rows{known, row(4, "photos", "cold"), row(5, "photos", "bare")}));
}

TEST(ManifestInventory, errors_name_file_and_line) {
  auto const error = [](std::string_view text) { return error_of(inventory(terms()), text); };
  EXPECT_EQ(error("a,b\n"),
            "manifest lists/a.csv line 1: it has 2 fields; the inventory's fileSchema names 10");
  EXPECT_EQ(error("photos,a%zz,,,,,,,,\n"),
            "manifest lists/a.csv line 1: the key \"a%zz\" is not URL-encoded");
  EXPECT_EQ(error("photos,a,,,,many,,,,\n"),
            "manifest lists/a.csv line 1: the size \"many\" is no number");
  EXPECT_NE(error("photos,a,,,,1,yesterday,,,\n").find("LastModifiedDate \"yesterday\""),
            std::string::npos);
}

std::string inventory_error(std::string_view json) {
  try {
    parse_inventory(json, "manifest b/manifest.json");
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
    return error.what();
  }
  return "";
}

TEST(ManifestInventory, manifest_json_names_columns_and_files) {
  Inventory const read = parse_inventory(
      R"({"sourceBucket": "photos", "destinationBucket": "arn:aws:s3:::lists", "version": "2016-11-30",
          "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size",
          "files": [{"key": "data/1.csv.gz", "size": 7}, {"key": "data/2.csv.gz"}]})",
      "manifest");
  EXPECT_EQ(read.bucket, "lists");
  EXPECT_EQ(read.columns, (std::vector<std::string>{"Bucket", "Key", "Size"}));
  EXPECT_EQ(read.files, (std::vector<std::string>{"data/1.csv.gz", "data/2.csv.gz"}));
}

TEST(ManifestInventory, other_files_and_formats_are_refused) {
  EXPECT_TRUE(inventory_error("{").starts_with("manifest b/manifest.json"));
  EXPECT_NE(inventory_error("[]").find("is not the manifest.json"), std::string::npos);
  EXPECT_NE(inventory_error("{}").find("fileFormat, fileSchema and files"), std::string::npos);
  for (std::string const format : {"Parquet", "ORC"}) {
    std::string const json =
        R"({"fileFormat": ")" + format + R"(", "fileSchema": "message", "files": []})";
    EXPECT_NE(inventory_error(json).find("in the format \"" + format + "\"; only CSV"),
              std::string::npos);
  }
  EXPECT_NE(inventory_error(R"({"fileFormat": "CSV", "fileSchema": "Bucket", "files": []})")
                .find("no column Key"),
            std::string::npos);
  EXPECT_NE(inventory_error(R"({"fileFormat": "CSV", "fileSchema": "Key", "files": [{}]})")
                .find("one of its files has no key"),
            std::string::npos);
}

}  // namespace
}  // namespace archive
