#include "sandbox/buckets/object_headers.h"

#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/buckets/call.h"
#include "sandbox/buckets/object_tags.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t max_user_metadata_bytes = 2048;
constexpr std::string_view metadata_prefix = "x-amz-meta-";

constexpr std::string_view class_name = "x-amz-storage-class";
constexpr std::string_view standard = "STANDARD";
constexpr std::array<std::string_view, 2> archives{"GLACIER", "DEEP_ARCHIVE"};
constexpr std::array<std::string_view, 5> other_classes{
    "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"};

constexpr std::array<std::string_view, 6> kept_names{
    "Cache-Control",    "Content-Disposition",
    "Content-Language", "Content-Type",
    "Expires",          "x-amz-website-redirect-location"};

// Encryption headers are given back as they came: nothing is encrypted here.
constexpr std::string_view encryption_name = "x-amz-server-side-encryption";
constexpr std::array<std::string_view, 3> encryption_types{"AES256", "aws:kms", "aws:kms:dsse"};
constexpr std::array<std::string_view, 3> encryption_names{
    encryption_name, "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled"};

// The request's coding without aws-chunked, which is gone once the body has been taken.
std::string content_encoding(http::Headers const& request) {
  std::string kept;
  for (std::string_view coding : base::split(request.get("content-encoding"), ',')) {
    coding = base::trim(coding);
    if (coding.empty() || coding == "aws-chunked") continue;
    if (!kept.empty()) kept += ',';
    kept += coding;
  }
  return kept;
}

bool matches(std::string_view list, std::string const& etag) {
  return std::ranges::any_of(base::split(list, ','), [&etag](std::string_view one) {
    std::string_view const wanted = bare_etag(one);
    return wanted == "*" || wanted == etag;
  });
}

void check_encryption(http::Headers const& request) {
  auto const type = request.find(encryption_name);
  if (type && std::ranges::find(encryption_types, *type) == encryption_types.end())
    throw refusal("InvalidArgument", "The encryption method specified is not supported");
}

// The class as a header line of the object; nullopt: STANDARD.
std::optional<http::Field> stored_class(http::Headers const& request) {
  auto const wanted = request.find(class_name);
  if (!wanted || *wanted == standard) return std::nullopt;
  bool const is_known = std::ranges::find(archives, *wanted) != archives.end() ||
                        std::ranges::find(other_classes, *wanted) != other_classes.end();
  if (!is_known) throw refusal("InvalidStorageClass");
  return http::Field{std::string(class_name), std::string(*wanted)};
}

}  // namespace

std::vector<http::Field> stored_headers(http::Headers const& request) {
  check_encryption(request);
  std::vector<http::Field> stored;
  for (std::string_view const name : kept_names) {
    if (auto const value = request.find(name))
      stored.push_back({std::string(name), std::string(*value)});
  }
  if (std::string encoding = content_encoding(request); !encoding.empty())
    stored.push_back({"Content-Encoding", std::move(encoding)});
  for (std::string_view const name : encryption_names) {
    if (auto const value = request.find(name))
      stored.push_back({std::string(name), std::string(*value)});
  }
  if (auto line = stored_class(request)) stored.push_back(*std::move(line));
  if (auto line = stored_tags(request)) stored.push_back(*std::move(line));
  std::size_t metadata_bytes = 0;
  for (http::Field const& line : request) {
    std::string name = base::to_lower(line.name);
    if (!name.starts_with(metadata_prefix)) continue;
    metadata_bytes += name.size() - metadata_prefix.size() + line.value.size();
    auto const same = std::ranges::find(stored, name, &http::Field::name);
    if (same == stored.end()) {
      stored.push_back({std::move(name), line.value});
    } else {
      same->value += "," + line.value;
    }
  }
  if (metadata_bytes > max_user_metadata_bytes) throw refusal("MetadataTooLarge");
  return stored;
}

bool is_encryption(http::Field const& line) {
  return std::ranges::find(encryption_names, line.name) != encryption_names.end();
}

Condition put_condition(http::Headers const& request) {
  Condition condition;
  if (auto const none = request.find("if-none-match")) {
    if (base::trim(*none) != "*")
      throw refusal("NotImplemented", "If-None-Match takes only * with this call");
    condition.absent = true;
  }
  condition.etag = bare_etag(request.get("if-match"));
  return condition;
}

void add_object_headers(http::Headers& answer, Object const& object) {
  answer.add("Last-Modified", base::http_date(object.modified));
  answer.add("ETag", quoted_etag(object.etag));
  answer.add("Accept-Ranges", "bytes");
  for (http::Field const& line : object.headers) {
    if (line.name != tagging_header) answer.set(line.name, line.value);
  }
  std::size_t const tags = tags_of(object.headers).size();
  if (tags > 0) answer.add("x-amz-tagging-count", std::to_string(tags));
  if (!answer.find("content-type")) answer.add("Content-Type", "binary/octet-stream");
}

void add_checksum(http::Headers& answer, Object const& object) {
  if (object.crc32.empty()) return;
  answer.add("x-amz-checksum-crc32", object.crc32);
  answer.add("x-amz-checksum-type", object.crc32_type);
}

std::string storage_class(std::vector<http::Field> const& headers) {
  auto const found = std::ranges::find(headers, class_name, &http::Field::name);
  return found == headers.end() ? std::string(standard) : found->value;
}

bool is_archived(Object const& object) {
  return std::ranges::find(archives, storage_class(object.headers)) != archives.end();
}

std::optional<int> failed_condition(http::Headers const& request, Object const& object,
                                    std::string_view prefix) {
  auto const line = [&](std::string_view name) {
    return request.find(fmt::format("{}{}", prefix, name));
  };
  auto const date = [&](std::string_view name) {
    return base::parse_http_date(line(name).value_or(""));
  };
  if (auto const wanted = line("if-match")) {
    if (!matches(*wanted, object.etag)) return 412;
  } else if (auto const time = date("if-unmodified-since")) {
    if (object.modified > *time) return 412;
  }
  if (auto const unwanted = line("if-none-match")) {
    if (matches(*unwanted, object.etag)) return prefix.empty() ? 304 : 412;
  } else if (auto const time = date("if-modified-since")) {
    if (object.modified <= *time) return prefix.empty() ? 304 : 412;
  }
  return std::nullopt;
}

std::string checksum_of(Object const& object, Wanted const& wanted, std::uint64_t part_number) {
  if (!wanted.partial) return object.crc32;
  bool const is_whole = wanted.range.size == object.size;
  if (part_number > 0) {
    if (part_number <= object.part_crc32s.size())
      return s3::crc32_text(object.part_crc32s[part_number - 1]);
    return is_whole ? object.crc32 : "";
  }
  // S3 tells a range's checksum only if it is the whole of a composite object, and cuts it short.
  bool const is_composite = object.crc32_type == "COMPOSITE";
  return is_whole && is_composite ? object.crc32.substr(0, object.crc32.rfind('-')) : "";
}

Wanted wanted_range(http::Headers const& request, Object const& object, std::uint64_t part_number) {
  Wanted const whole{.range = {0, object.size}, .partial = false};
  if (part_number > 0) {
    auto const& parts = object.part_sizes;
    if (parts.empty() && part_number == 1) return {.range = whole.range, .partial = true};
    if (part_number > parts.size())
      throw refusal("InvalidRange", "The object has no part of that number.");
    auto const part = parts.begin() + static_cast<std::ptrdiff_t>(part_number - 1);
    std::uint64_t const offset = std::accumulate(parts.begin(), part, std::uint64_t{0});
    return {.range = {offset, *part}, .partial = true};
  }
  auto const header = request.find("range");
  if (!header) return whole;
  auto const ranges = http::parse_range(*header, object.size);
  // S3 gives the whole object when several ranges are asked for.
  if (!ranges || ranges->size() > 1) return whole;
  if (ranges->empty()) throw refusal("InvalidRange");
  return {.range = ranges->front(), .partial = true};
}

}  // namespace sandbox
