// GetObjectAttributes: the facts that S3 keeps about an object, without its content.
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/calls.h"
#include "sandbox/calls/seen_object.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::uint64_t max_page_parts = 1000;
constexpr std::array<std::string_view, 5> known_attributes{"ETag", "Checksum", "ObjectParts",
                                                           "StorageClass", "ObjectSize"};

// The names in x-amz-object-attributes, which may come in several lines.
std::vector<std::string_view> asked_attributes(Call const& call) {
  std::vector<std::string_view> asked;
  for (http::Field const& line : call.headers()) {
    if (!base::equals_ignoring_case(line.name, "x-amz-object-attributes")) continue;
    for (std::string_view const name : base::split(line.value, ','))
      asked.push_back(base::trim(name));
  }
  auto const is_unknown = [](std::string_view name) {
    return std::ranges::find(known_attributes, name) == known_attributes.end();
  };
  if (asked.empty() || std::ranges::any_of(asked, is_unknown))
    throw refusal("InvalidArgument", "Invalid attribute name specified.");
  return asked;
}

std::uint64_t header_number(Call const& call, std::string_view name, std::uint64_t fallback) {
  auto const text = call.headers().find(name);
  if (!text) return fallback;
  auto const value = base::parse_uint(*text);
  if (!value) throw refusal("InvalidArgument", fmt::format("{} is no number", name));
  return *value;
}

void write_checksum(XmlWriter& xml, Object const& object) {
  if (object.crc32.empty()) return;
  xml.open("Checksum");
  xml.text("ChecksumCRC32", object.crc32);
  xml.text("ChecksumType", object.crc32_type);
  xml.close();
}

// S3 lists parts only of objects with a checksum, and values only of COMPOSITE ones.
void write_parts(XmlWriter& xml, Call const& call, Object const& object) {
  std::uint64_t const count = object.part_sizes.size();
  if (count == 0) return;
  std::uint64_t const most =
      std::min(header_number(call, "x-amz-max-parts", max_page_parts), max_page_parts);
  std::uint64_t const marker = std::min(header_number(call, "x-amz-part-number-marker", 0), count);
  bool const are_listed = !object.crc32.empty();
  std::uint64_t const end = are_listed ? std::min(count, marker + most) : count;
  xml.open("ObjectParts");
  xml.number("PartsCount", count);
  xml.number("PartNumberMarker", marker);
  xml.number("NextPartNumberMarker", end);
  xml.number("MaxParts", most);
  xml.truth("IsTruncated", end < count);
  for (std::uint64_t index = marker; are_listed && index < end; ++index) {
    xml.open("Part");
    if (index < object.part_crc32s.size())
      xml.text("ChecksumCRC32", s3::crc32_text(object.part_crc32s[index]));
    xml.number("PartNumber", index + 1);
    xml.number("Size", object.part_sizes[index]);
    xml.close();
  }
  xml.close();
}

}  // namespace

net::task<void> get_object_attributes(Call& call) {
  std::vector<std::string_view> const asked = asked_attributes(call);
  auto const wants = [&asked](std::string_view name) {
    return std::ranges::find(asked, name) != asked.end();
  };
  auto const open = [&call] { return open_object(call, call.bucket, call.key); };
  Opened const opened = co_await call.pool.get(open);
  Object const& object = *opened.object;
  XmlWriter xml("GetObjectAttributesResponse");
  if (wants("ETag")) xml.text("ETag", object.etag);  // here S3 writes it without quotes
  if (wants("Checksum")) write_checksum(xml, object);
  if (wants("ObjectParts")) write_parts(xml, call, object);
  if (wants("StorageClass")) xml.text("StorageClass", storage_class(object.headers));
  if (wants("ObjectSize")) xml.number("ObjectSize", object.size);
  http::Response head = answer_head(call);
  head.headers.add("Content-Type", "application/xml");
  head.headers.add("Last-Modified", base::http_date(object.modified));
  co_await call.wire.respond(std::move(head), xml.finish());
}

}  // namespace sandbox
