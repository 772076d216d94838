// S3's answers as plain structs: read from header lines and XML bodies. Pure.
//
// A store first asks find_error() whether the reply is an error, then the call's own function for
// its content. These throw Error{corrupt}, naming the call, if a reply lacks a part that the call
// promises: XML that is cut or ill-formed, another root, a listing that does not say where it ends.
#pragma once

#include "base/clock.h"
#include "http/message.h"
#include "http/ranges.h"
#include "s3/messages/calls.h"
#include "s3/messages/error_reply.h"
#include "s3/messages/key_order.h"
#include "s3/messages/requests.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3 {

// x-amz-bucket-region, which HeadBucket sends even with a 403; empty if it is missing.
std::string bucket_region(http::Response const& response);

struct ListedBucket {
  std::string name;
  std::optional<base::UnixSeconds> created_at;
  bool operator==(ListedBucket const&) const = default;
};
std::vector<ListedBucket> parse_buckets(std::string_view body);

struct ObjectInfo {
  std::uint64_t size = 0;  // of the whole object, also where a range was asked for
  std::string etag;        // with quotes, whether it was sent with them or not
  std::optional<base::UnixSeconds> last_modified;
  std::string content_type;
  std::string storage_class;  // empty: STANDARD
  bool restored = false;      // of an archived object: a copy can be read for now (x-amz-restore)
  // INTELLIGENT_TIERING archives by itself: "ARCHIVE_ACCESS"…; empty: the object can be read.
  std::string archive_status;
  std::string version_id;
  // The CRC-32 of the whole content; only if x-amz-checksum-type is FULL_OBJECT: a composite value
  // can look the same.
  std::optional<std::uint32_t> crc32;
  std::map<std::string, std::string> metadata;  // names in lower case, without x-amz-meta-
  bool operator==(ObjectInfo const&) const = default;
};
// The size in a reply to HeadObject or GetObject; nullopt if the reply does not tell it.
std::optional<std::uint64_t> object_size(http::Response const& response);
// Parses a reply to HeadObject or GetObject (status 200 or 206).
ObjectInfo parse_object(Call call, http::Response const& response);
// The range of a 206: "bytes 0-499/1234", "bytes 0-499/*".
struct ContentRange {
  base::Extent range;
  std::optional<std::uint64_t> total;  // bytes of the whole object
  bool operator==(ContentRange const&) const = default;
};
// nullopt if the header is missing or malformed.
std::optional<ContentRange> content_range(http::Response const& response);

struct ListedObject {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;  // with quotes; empty where the store lists none
  std::optional<base::UnixSeconds> last_modified;
  std::string storage_class;
  std::vector<std::string> checksum_algorithms;  // "CRC32", "CRC64NVME"…: no values in listings
  std::string checksum_type;                     // "FULL_OBJECT", "COMPOSITE"; often empty
  bool operator==(ListedObject const&) const = default;
};
struct ListPage {
  std::vector<ListedObject> objects;
  std::vector<std::string> common_prefixes;
  bool is_truncated = false;
  std::string next_continuation_token;  // opaque; never empty where is_truncated
  ListedSoFar so_far;                   // for ListOptions of the next page
};
ListPage parse_list_page(std::string_view body);

// The answer to PutObject and UploadPart.
struct Written {
  std::string etag;
  std::string version_id;
  std::optional<std::uint32_t> crc32;  // repeated by stores that checked it
};
Written parse_written(Call call, http::Response const& response);

// Parses an answer to UploadPartCopy; its version_id stays empty.
Written parse_copied_part(std::string_view body);

struct CreatedUpload {
  std::string upload_id;
  std::string checksum_algorithm;  // "CRC32" where the store took the one asked for; else empty
  std::string checksum_type;
  // An earlier try was sent, and its answer lost: there may be an upload with an unknown id.
  bool maybe_twice = false;
};
CreatedUpload parse_created_upload(http::Response const& response, std::string_view body);

struct ListedPart {
  std::uint32_t number = 0;
  std::uint64_t size = 0;
  std::string etag;
  std::optional<std::uint32_t> crc32;
  bool operator==(ListedPart const&) const = default;
};
struct PartsPage {
  std::vector<ListedPart> parts;
  bool is_truncated = false;
  std::uint32_t next_marker = 0;  // ListPartsOptions::after of the next page
};
PartsPage parse_parts_page(std::string_view body);

struct ListedUpload {
  std::string key;
  std::string upload_id;
  std::optional<base::UnixSeconds> begun_at = {};
  bool operator==(ListedUpload const&) const = default;
};
struct UploadsPage {
  std::vector<ListedUpload> uploads;
  bool is_truncated = false;
  UploadMarker next;  // of the next page
};
UploadsPage parse_uploads_page(std::string_view body);

struct CompletedUpload {
  std::string etag;  // empty from Ceph RGW: ask with HeadObject
  std::string location;
  std::string version_id;
  std::optional<std::uint32_t> crc32;  // of the whole object (type FULL_OBJECT)
};
// S3 sends white space before the XML to keep the connection open. find_error() finds an <Error> in
// the body; here it is Error{corrupt}.
CompletedUpload parse_completed_upload(http::Response const& response, std::string_view body);

}  // namespace s3
