// A manifest: a line that says how it is read (csv, jsonl, inventory), then its text. However the
// bytes are cut, the rows and the error are the same.
#include "archive/select/manifest_rows.h"

#include "base/error.h"
#include "fuzzer.h"

namespace {

using Rows = std::vector<archive::ManifestRow>;

std::unique_ptr<archive::ManifestReader> reader_of(std::string_view format) {
  archive::ManifestTerms terms{"manifest", "bucket"};
  if (format == "csv") return archive::read_csv(terms);
  if (format == "jsonl") return archive::read_json_lines(terms);
  return archive::read_inventory_file(
      terms, {"Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size",
              "LastModifiedDate", "ETag"});
}

std::string read(std::string_view format, std::string_view text, std::size_t step, Rows& rows) {
  auto const reader = reader_of(format);
  try {
    for (; text.size() > step; text.remove_prefix(step)) reader->feed(text.substr(0, step), rows);
    reader->feed(text, rows);
    reader->finish(rows);
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::bad_input, "a wrong manifest is bad input");
    return error.what();
  }
  return "";
}

void run(std::string_view input) {
  std::string_view const format = fuzz::take_line(input);
  Rows whole;
  Rows pieces;
  std::string const error = read(format, input, input.size() + 1, whole);
  fuzz::require(read(format, input, 1, pieces) == error, "the pieces do not decide the error");
  fuzz::require(pieces == whole, "the pieces do not decide the rows");
  for (archive::ManifestRow const& row : whole)
    fuzz::require(!row.key.empty() && !row.bucket.empty() && row.line > 0, "a row is whole");
  try {
    archive::parse_inventory(input, "manifest");
  } catch (base::Error const& refusal) {
    fuzz::require(refusal.fault() == base::Fault::bad_input, "a wrong manifest.json is bad input");
  }
}

fuzz::Registered const registered("manifest_rows", run);

}  // namespace
