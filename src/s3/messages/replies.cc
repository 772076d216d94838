#include "s3/messages/replies.h"

#include "base/text.h"
#include "s3/messages/checksum.h"
#include "s3/messages/etag.h"
#include "s3/messages/xml_reply.h"

#include <fmt/format.h>

namespace s3 {
namespace {

// Values that encoding-type=url encodes. AWS and MinIO write a space as '+', Ceph and Swift as
// %20; all write a plus as %2B.
std::string decoded(std::string text, bool encoded) {
  if (!encoded) return text;
  auto value = base::form_decode(text);
  if (!value)
    refuse_reply(Call::list_objects,
                 fmt::format("the reply's {} is not URL-encoded", base::in_quotes(text)));
  return *std::move(value);
}

ListedObject read_object(XmlReply const& reply, pugi::xml_node node, bool encoded) {
  ListedObject out;
  out.key = decoded(reply.required_text(node, "Key"), encoded);
  out.size = reply.required_number(node, "Size");
  out.etag = quoted_etag(reply.text(node, "ETag"));
  out.last_modified = base::parse_rfc3339(base::trim(reply.text(node, "LastModified")));
  out.storage_class = reply.text(node, "StorageClass");
  for (pugi::xml_node const name : node.children("ChecksumAlgorithm"))
    out.checksum_algorithms.push_back(text_of(name));
  out.checksum_type = reply.text(node, "ChecksumType");
  return out;
}

std::optional<std::uint32_t> full_object_crc32(http::Headers const& headers) {
  if (headers.get("x-amz-checksum-type") != "FULL_OBJECT") return std::nullopt;
  return parse_crc32(headers.get("x-amz-checksum-crc32"));
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  text = base::trim(text);
  if (!text.starts_with(unit)) return std::nullopt;
  text.remove_prefix(unit.size());
  std::size_t const dash = text.find('-');
  std::size_t const slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
    return std::nullopt;
  auto const first = base::parse_uint(text.substr(0, dash));
  auto const last = base::parse_uint(text.substr(dash + 1, slash - dash - 1));
  auto const total = base::parse_uint(text.substr(slash + 1));
  if (!first || !last || *last < *first || *last == UINT64_MAX) return std::nullopt;
  if (!total && text.substr(slash + 1) != "*") return std::nullopt;
  if (total && *last >= *total) return std::nullopt;
  return ContentRange{{*first, *last - *first + 1}, total};
}

std::map<std::string, std::string> read_metadata(http::Headers const& headers) {
  constexpr std::string_view prefix = "x-amz-meta-";
  std::map<std::string, std::string> out;
  for (http::Field const& line : headers) {
    std::string const name = base::to_lower(line.name);
    if (name.starts_with(prefix)) out.insert_or_assign(name.substr(prefix.size()), line.value);
  }
  return out;
}

}  // namespace

std::string bucket_region(http::Response const& response) {
  return std::string(base::trim(response.headers.get("x-amz-bucket-region")));
}

std::vector<ListedBucket> parse_buckets(std::string_view body) {
  XmlReply const reply(Call::list_buckets, body, "ListAllMyBucketsResult");
  std::vector<ListedBucket> buckets;
  for (pugi::xml_node const node : reply.root().child("Buckets").children("Bucket")) {
    std::string const created_at = reply.text(node, "CreationDate");
    buckets.push_back({.name = reply.required_text(node, "Name"),
                       .created_at = base::parse_rfc3339(base::trim(created_at))});
  }
  return buckets;
}

std::optional<std::uint64_t> object_size(http::Response const& response) {
  if (response.status == 206) {
    auto const range = content_range(response);
    return range ? range->total : std::nullopt;
  }
  // Google's size of an object that it sends unpacked.
  auto const stored = response.headers.find_uint("x-goog-stored-content-length");
  return stored ? stored : response.headers.find_uint("content-length");
}

ObjectInfo parse_object(Call call, http::Response const& response) {
  http::Headers const& headers = response.headers;
  auto const size = object_size(response);
  if (!size) refuse_reply(call, "the reply does not say how large the object is");
  ObjectInfo out;
  out.size = *size;
  out.etag = quoted_etag(headers.get("etag"));
  out.last_modified = base::parse_http_date(base::trim(headers.get("last-modified")));
  out.content_type = headers.get("content-type");
  out.storage_class = headers.get("x-amz-storage-class");
  out.restored =
      headers.get("x-amz-restore").find("ongoing-request=\"false\"") != std::string_view::npos;
  out.archive_status = headers.get("x-amz-archive-status");
  out.version_id = headers.get("x-amz-version-id");
  out.crc32 = full_object_crc32(headers);
  out.metadata = read_metadata(headers);
  return out;
}

std::optional<ContentRange> content_range(http::Response const& response) {
  return parse_content_range(response.headers.get("content-range"));
}

ListPage parse_list_page(std::string_view body) {
  XmlReply const reply(Call::list_objects, body, "ListBucketResult");
  pugi::xml_node const root = reply.root();
  bool const encoded = reply.text(root, "EncodingType") == "url";
  ListPage page;
  for (pugi::xml_node const node : root.children("Contents"))
    page.objects.push_back(read_object(reply, node, encoded));
  for (pugi::xml_node const node : root.children("CommonPrefixes"))
    page.common_prefixes.push_back(decoded(reply.required_text(node, "Prefix"), encoded));
  // A listing that does not say whether it goes on would hide keys.
  page.is_truncated = reply.required_flag(root, "IsTruncated");
  if (page.is_truncated)
    page.next_continuation_token = reply.required_text(root, "NextContinuationToken");
  return page;
}

Written parse_written(Call call, http::Response const& response) {
  Written out;
  out.etag = base::trim(response.headers.get("etag"));
  if (out.etag.empty()) refuse_reply(call, "the reply has no ETag");
  out.version_id = response.headers.get("x-amz-version-id");
  out.crc32 = parse_crc32(response.headers.get("x-amz-checksum-crc32"));
  return out;
}

Written parse_copied_part(std::string_view body) {
  XmlReply const reply(Call::copy_part, body, "CopyPartResult");
  return {.etag = reply.required_text(reply.root(), "ETag"),
          .version_id = {},
          .crc32 = parse_crc32(reply.text(reply.root(), "ChecksumCRC32"))};
}

CreatedUpload parse_created_upload(http::Response const& response, std::string_view body) {
  XmlReply const reply(Call::create_upload, body, "InitiateMultipartUploadResult");
  return {.upload_id = reply.required_text(reply.root(), "UploadId"),
          .checksum_algorithm = std::string(response.headers.get("x-amz-checksum-algorithm")),
          .checksum_type = std::string(response.headers.get("x-amz-checksum-type")),
          .maybe_twice = false};
}

PartsPage parse_parts_page(std::string_view body) {
  XmlReply const reply(Call::list_parts, body, "ListPartsResult");
  pugi::xml_node const root = reply.root();
  PartsPage page;
  for (pugi::xml_node const node : root.children("Part")) {
    std::uint64_t const number = reply.required_number(node, "PartNumber");
    if (number > UINT32_MAX) refuse_reply(Call::list_parts, "a part's number is out of range");
    if (!page.parts.empty() && number <= page.parts.back().number)
      refuse_reply(Call::list_parts, "the list goes back, or tells a part twice");
    page.parts.push_back({.number = static_cast<std::uint32_t>(number),
                          .size = reply.required_number(node, "Size"),
                          .etag = reply.required_text(node, "ETag"),
                          .crc32 = parse_crc32(reply.text(node, "ChecksumCRC32"))});
  }
  page.is_truncated = reply.required_flag(root, "IsTruncated");
  if (!page.is_truncated) return page;
  std::uint64_t const marker = reply.required_number(root, "NextPartNumberMarker");
  // A marker that does not advance would make the caller ask for the same page for ever.
  bool const goes_on = !page.parts.empty() && marker >= page.parts.back().number;
  if (!goes_on || marker > UINT32_MAX) refuse_reply(Call::list_parts, "the list does not go on");
  page.next_marker = static_cast<std::uint32_t>(marker);
  return page;
}

UploadsPage parse_uploads_page(std::string_view body) {
  XmlReply const reply(Call::list_uploads, body, "ListMultipartUploadsResult");
  pugi::xml_node const root = reply.root();
  bool const encoded = reply.text(root, "EncodingType") == "url";
  UploadsPage page;
  for (pugi::xml_node const node : root.children("Upload")) {
    page.uploads.push_back(
        {.key = decoded(reply.required_text(node, "Key"), encoded),
         .upload_id = reply.required_text(node, "UploadId"),
         .begun_at = base::parse_rfc3339(base::trim(reply.text(node, "Initiated")))});
  }
  page.is_truncated = root.child("IsTruncated") && reply.required_flag(root, "IsTruncated");
  if (!page.is_truncated) return page;
  page.next.key = decoded(reply.required_text(root, "NextKeyMarker"), encoded);
  page.next.upload_id = reply.text(root, "NextUploadIdMarker");
  return page;
}

CompletedUpload parse_completed_upload(http::Response const& response, std::string_view body) {
  XmlReply const reply(Call::complete_upload, body, "CompleteMultipartUploadResult");
  CompletedUpload out;
  out.etag = reply.text(reply.root(), "ETag");
  out.location = reply.text(reply.root(), "Location");
  out.version_id = response.headers.get("x-amz-version-id");
  if (reply.text(reply.root(), "ChecksumType") == "FULL_OBJECT")
    out.crc32 = parse_crc32(reply.text(reply.root(), "ChecksumCRC32"));
  return out;
}

}  // namespace s3
