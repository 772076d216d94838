#include "sandbox/buckets/object.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "http/forms.h"

#include <fmt/format.h>

namespace sandbox {
namespace {

// A '-' in the ETag keeps clients from taking it for the content's MD5.
std::string made_up_etag(std::string_view text) {
  return base::hex(base::md5(text)) + "-1";
}

void append_field(std::string& line, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!line.empty()) line += '&';
  line.append(name).append("=").append(base::percent_encode(value));
}

void append_number(std::string& line, std::string_view name, std::int64_t value) {
  append_field(line, name, std::to_string(value));
}

std::uint64_t unsigned_of(std::string_view text) {
  return base::parse_uint(text).value_or(0);
}

std::int64_t signed_of(std::string_view text) {
  bool const negative = text.starts_with('-');
  auto const value = static_cast<std::int64_t>(unsigned_of(text.substr(negative ? 1 : 0)));
  return negative ? -value : value;
}

std::string_view place_name(Place place) {
  if (place == Place::file) return "file";
  return place == Place::data ? "data" : "computed";
}

struct Draft {
  Object object;
  std::vector<DataFiles::Extent> extents;
};

void read_field(Draft& draft, std::string_view name, std::string const& value) {
  Object& object = draft.object;
  if (name == "etag") object.etag = value;
  if (name == "size") object.size = unsigned_of(value);
  if (name == "modified") object.modified = signed_of(value);
  if (name == "crc32") object.crc32 = value;
  if (name == "crc32_type") object.crc32_type = value;
  if (name == "part") object.part_sizes.push_back(unsigned_of(value));
  if (name == "part_crc32")
    object.part_crc32s.push_back(static_cast<std::uint32_t>(unsigned_of(value)));
  if (name == "upload") object.upload_id = value;
  if (name == "inode") object.stamp.inode = unsigned_of(value);
  if (name == "file_size") object.stamp.size = unsigned_of(value);
  if (name == "modified_ns") object.stamp.modified_ns = signed_of(value);
  if (name == "seed") object.seed = value;
  if (name == "place" && value == "data") object.place = Place::data;
  if (name == "place" && value == "computed") object.place = Place::computed;
  if (name.starts_with("h.")) object.headers.push_back({std::string(name.substr(2)), value});
  if (name == "extent") {
    std::size_t const colon = value.rfind(':');
    if (colon == std::string::npos) return;
    draft.extents.push_back({.name = value.substr(0, colon),
                             .size = unsigned_of(std::string_view(value).substr(colon + 1))});
  }
}

}  // namespace

Object object_of_file(FileStamp const& stamp) {
  Object object;
  object.etag = made_up_etag(fmt::format("{}/{}/{}", stamp.inode, stamp.size, stamp.modified_ns));
  object.size = stamp.size;
  object.modified = modified_seconds(stamp);
  object.stamp = stamp;
  return object;
}

Object computed_object(std::string_view key, std::uint64_t size, base::UnixSeconds modified) {
  Object object;
  object.etag = made_up_etag(fmt::format("virtual/{}/{}", size, key));
  object.size = size;
  object.modified = modified;
  object.place = Place::computed;
  object.seed = key;
  return object;
}

std::string put_line(std::string_view key, Object const& object) {
  std::string line;
  append_field(line, "put", key);
  append_field(line, "etag", object.etag);
  append_number(line, "size", static_cast<std::int64_t>(object.size));
  append_number(line, "modified", object.modified);
  append_field(line, "place", place_name(object.place));
  if (object.place == Place::file) {
    append_number(line, "inode", static_cast<std::int64_t>(object.stamp.inode));
    append_number(line, "file_size", static_cast<std::int64_t>(object.stamp.size));
    append_number(line, "modified_ns", object.stamp.modified_ns);
  }
  append_field(line, "seed", object.seed);
  if (object.data) {
    for (DataFiles::Extent const& extent : object.data->extents())
      append_field(line, "extent", fmt::format("{}:{}", extent.name, extent.size));
  }
  append_field(line, "crc32", object.crc32);
  append_field(line, "crc32_type", object.crc32_type);
  append_field(line, "upload", object.upload_id);
  for (std::uint64_t const size : object.part_sizes)
    append_number(line, "part", static_cast<std::int64_t>(size));
  for (std::uint32_t const crc : object.part_crc32s) append_number(line, "part_crc32", crc);
  for (http::Field const& header : object.headers)
    append_field(line, "h." + base::percent_encode(header.name), header.value);
  return line += '\n';
}

std::string delete_line(std::string_view key) {
  std::string line;
  append_field(line, "delete", key);
  return line += '\n';
}

std::optional<Record> parse_record(std::string_view line, std::filesystem::path const& hidden) {
  try {
    std::vector<http::Field> const fields = http::parse_urlencoded(line);
    if (fields.empty()) return std::nullopt;
    http::Field const& first = fields.front();
    if (first.name == "delete") return Record{.key = first.value, .object = std::nullopt};
    if (first.name != "put") return std::nullopt;
    Draft draft;
    for (http::Field const& field : fields) read_field(draft, field.name, field.value);
    if (draft.object.place == Place::data)
      draft.object.data = std::make_shared<DataFiles>(hidden, std::move(draft.extents));
    return Record{.key = first.value, .object = std::move(draft.object)};
  } catch (base::Error const&) {
    return std::nullopt;
  }
}

}  // namespace sandbox
