// A user's request: which objects, under which names, and where the zip goes. Plain data, as the
// API understood it and as the store keeps it. Holds no secret.
#pragma once

#include "archive/key_rules.h"
#include "aws/credentials.h"
#include "s3/messages/attributes.h"
#include "s3/object_stores.h"
#include "zip/names.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

enum class OnMissing : std::uint8_t { fail = 0, skip = 1 };

// Whether earlier zips of the same sources that lie among these go into the zip (own_zips.h).
enum class OwnZips : std::uint8_t { exclude = 0, include = 1 };

// The name of an entry before the rules of zip/names.h (the API's bucketAsDir).
enum class NameStyle : std::uint8_t {
  key = 0,             // full/key
  bucket_and_key = 1,  // bucket/full/key
  below_folder = 2,    // relative to the requested folder whose last segment is `base_folder`
  below_path = 3,      // relative to the path: of a folder what is below it, of an object its name
};

// An object or a folder of which more is said than its place.
struct Source {
  std::string bucket;
  std::string key;         // of an object, or a folder's prefix; empty: the whole bucket
  std::string version_id;  // of an object; empty: the latest
  // The entry's name, whatever the name style and the file mapper say; a folder's objects go below
  // it. Empty: these decide.
  std::string name;
  bool operator==(Source const&) const = default;
};

// `by_name` goes by the key's end: .csv, .csv.gz, .jsonl, .ndjson, .jsonl.gz, .ndjson.gz;
// manifest.json is an inventory's.
enum class ManifestFormat : std::uint8_t { by_name = 0, csv = 1, json_lines = 2, inventory = 3 };

// An object in S3 that lists sources (manifest_rows.h). The key is empty if there is none.
struct Manifest {
  std::string bucket;
  std::string key;
  ManifestFormat format = ManifestFormat::by_name;
  bool operator==(Manifest const&) const = default;
};

// A report on the zip's entries (report.h).
enum class ReportFormat : std::uint8_t { none = 0, csv = 1, json_lines = 2 };

// A zip holds the paths, then the sources, then the rows of the manifest.
struct Request {
  std::string endpoint;  // URL of an object store; empty: the server's default
  std::string region;    // empty: asked of the object store
  std::string bucket;    // default source, and target
  std::vector<std::string> paths;
  // Paths are "bucket/key" as they stand, and not as docs/reference/api.md reads filePaths.
  bool exact_paths = false;
  std::vector<Source> sources;
  Manifest manifest;
  bool request_payer = false;  // the sender pays for reads of buckets of that kind
  ReportFormat report_in_zip = ReportFormat::none;  // as its last entry
  std::vector<KeyRule> rules;  // on keys below a path; on the last segment of an object's own
  OnMissing on_missing = OnMissing::fail;
  OwnZips own_zips = OwnZips::exclude;
  NameStyle name_style = NameStyle::key;
  std::string base_folder;
  zip::NameRule name_rule = zip::NameRule::portable;

  std::string file_mapper;  // a JSON file in S3 that renames entries (name_map.h); may be empty

  // The zip is split if it would grow over these; 0: it is not.
  std::uint64_t max_archive_bytes = 0;
  std::uint64_t max_archive_entries = 0;
  bool is_split() const { return max_archive_bytes > 0 || max_archive_entries > 0; }

  std::string target_key;  // of the zip in `bucket`; empty for a link
  // Attributes that the zip is stored with; content type and disposition are not the request's.
  s3::Attributes target_attributes;
  bool presign = true;  // the result is a presigned link rather than the plain address
  std::uint32_t link_hours = 24;

  bool operator==(Request const&) const = default;
};

// The object store that a request means, as s3::ObjectStores opens it.
s3::WantedStore wanted_store(Request const& request, aws::Credentials credentials,
                             std::string made_for, std::chrono::milliseconds patience);

// The key, or name, of one of the archives that a zip is split into: the first has the zip's own,
// "zips/all.zip"; then come "zips/all_1.zip" and so on. "all_0.zip" is followed by "all_1.zip".
std::string archive_key(std::string_view key, std::size_t index);
// Whether the request's zip may be written to this object, or an earlier run's was.
bool is_output(Request const& request, std::string_view bucket, std::string_view key);

std::string encode(Request const& request);
// Error{corrupt} if the bytes are not what encode() made.
Request decode_request(std::string_view bytes);

}  // namespace archive
