// The rows of a manifest: the lines of a CSV or JSON Lines file that name objects, and the
// manifest.json of an S3 Inventory. Pure: bytes in, rows out, in whatever pieces the bytes come.
//
//   CSV          RFC 4180. Columns bucket,key[,versionId[,name]], or as a first line names them
//   JSON Lines   {"bucket": "", "key": "", "versionId": "", "name": ""}, all but key may be absent
//   inventory    CSV without a first line; manifest.json names the columns. Keys are URL-encoded;
//                old versions and delete markers are passed over
//
// All errors are Error{bad_input} that name the file and the line: "manifest lists/a.csv line 17:
// …". Blank lines are passed over; an empty bucket is the default one.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

struct ManifestRow {
  // Facts that an inventory tells of the object, so that S3 need not be asked.
  struct Facts {
    std::uint64_t size = 0;
    std::string etag;                // with quotes
    base::UnixSeconds modified = 0;  // 0: not told
    bool operator==(Facts const&) const = default;
  };
  std::uint64_t line = 0;  // from 1
  std::string bucket;
  std::string key;
  std::string version_id;  // empty: the latest
  std::string name;        // empty: as the request's other fields say
  std::optional<Facts> facts = std::nullopt;
  bool operator==(ManifestRow const&) const = default;
};

// The terms that all lines of a manifest share.
struct ManifestTerms {
  std::string name;            // for messages: "manifest lists/a.csv"
  std::string default_bucket;  // of rows that name none
};

class ManifestReader {
 public:
  virtual ~ManifestReader() = default;
  // Appends the rows that these bytes, the next of the file, complete.
  virtual void feed(std::string_view bytes, std::vector<ManifestRow>& rows) = 0;
  // The file has ended: the last line may have no line feed.
  virtual void finish(std::vector<ManifestRow>& rows) = 0;
  virtual std::uint64_t lines() const = 0;  // ended so far
};

std::unique_ptr<ManifestReader> read_csv(ManifestTerms terms);
std::unique_ptr<ManifestReader> read_json_lines(ManifestTerms terms);
// `columns`: Inventory::columns.
std::unique_ptr<ManifestReader> read_inventory_file(ManifestTerms terms,
                                                    std::vector<std::string> const& columns);

// A manifest.json.
struct Inventory {
  std::string bucket;  // that the data files are in; empty: it does not say
  std::vector<std::string> columns;
  std::vector<std::string> files;  // their keys
};
// Error{bad_input} begins with `name`: for a text that is no manifest.json, and for inventories in
// Parquet or ORC.
Inventory parse_inventory(std::string_view json, std::string_view name);

}  // namespace archive
