// One function for each S3 call that builds its request: method, target and headers, not signed
// yet (sigv4.h). Every value of a query goes through one encoder, every header value through one
// check: Error{bad_input} names a header that holds control characters or anything but ASCII.
// Requests that carry a body have their Content-Length; the body itself goes beside them. Pure.
#pragma once

#include "aws/endpoint.h"
#include "http/message.h"
#include "http/ranges.h"
#include "s3/messages/attributes.h"
#include "s3/messages/key_order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace s3 {

struct RequestWithBody {
  http::Request head;
  std::string body;
};

// `service` is a target without a bucket.
http::Request list_buckets(aws::Target const& service);
http::Request head_bucket(aws::Target const& bucket);

// `requester_pays`, here and below: the request's sender agrees to pay for it; without that, a
// requester-pays bucket refuses all requests but its owner's.
struct ListOptions {
  std::string prefix = {};
  std::string delimiter = {};
  std::string start_after = {};
  std::string continuation_token = {};  // of the page before
  ListedSoFar so_far = {};              // of the page before, which this one must continue
  int max_keys = 1000;
  bool requester_pays = false;
};
// ListObjectsV2. Keys come back URL-encoded (encoding-type=url): XML cannot hold control
// characters.
http::Request list_objects(aws::Target const& bucket, ListOptions const& options);

struct HeadOptions {
  std::string version_id = {};
  bool checksum_mode = false;  // answer with x-amz-checksum-…
  bool requester_pays = false;
};
http::Request head_object(aws::Target const& object, HeadOptions const& options = {});

struct GetOptions {
  std::optional<base::Extent> range = {};  // of at least one byte
  std::string if_match = {};               // an ETag, sent in quotes
  std::string version_id = {};
  bool checksum_mode = false;
  bool requester_pays = false;
  bool packed = false;  // compressed objects come as they are stored (Accept-Encoding: gzip)
  // These set the answer's Content-Disposition and Content-Type, for links.
  std::string response_content_disposition = {};
  std::string response_content_type = {};
};
http::Request get_object(aws::Target const& object, GetOptions const& options = {});

struct PutOptions {
  Attributes attributes = {};
  std::uint64_t content_length = 0;
  std::optional<std::uint32_t> crc32 = {};
  bool only_if_absent = false;  // If-None-Match: *
};
http::Request put_object(aws::Target const& object, PutOptions const& options);

http::Request delete_object(aws::Target const& object, std::string_view version_id = {});

enum class ChecksumType { composite, full_object };
struct CreateUploadOptions {
  Attributes attributes = {};
  bool crc32 = false;                              // parts will carry CRC-32
  std::optional<ChecksumType> checksum_type = {};  // with crc32; AWS's default is composite
};
http::Request create_upload(aws::Target const& object, CreateUploadOptions const& options);

struct PartOptions {
  std::string upload_id = {};
  std::uint32_t number = 1;  // 1 … limits::max_parts
  std::uint64_t content_length = 0;
  std::optional<std::uint32_t> crc32 = {};
};
http::Request upload_part(aws::Target const& object, PartOptions const& options);

struct CopyPartOptions {
  std::string upload_id = {};
  std::uint32_t number = 1;  // 1 … limits::max_parts
  std::string source_bucket = {};
  std::string source_key = {};
  std::optional<base::Extent> source_range = {};  // of at least one byte
  std::string source_if_match = {};               // an ETag, sent in quotes
};
// UploadPartCopy: the part's bytes go from object to object inside the store.
http::Request copy_part(aws::Target const& object, CopyPartOptions const& options);

struct ListPartsOptions {
  std::string upload_id = {};
  std::uint32_t after = 0;  // PartsPage::next_marker of the page before
  std::uint32_t max_parts = 1000;
};
http::Request list_parts(aws::Target const& object, ListPartsOptions const& options);

// The point from which a list of uploads continues.
struct UploadMarker {
  std::string key = {};
  std::string upload_id = {};
  bool operator==(UploadMarker const&) const = default;
};
// Up to 1,000 unfinished uploads to keys that begin with `prefix`, behind the marker.
http::Request list_uploads(aws::Target const& bucket, std::string_view prefix,
                           UploadMarker const& after = {});

struct CompletedPart {
  std::uint32_t number = 1;
  std::string etag = {};
  std::optional<std::uint32_t> crc32 = {};
  bool operator==(CompletedPart const&) const = default;
};
struct CompleteOptions {
  std::string upload_id = {};
  std::vector<CompletedPart> parts = {};    // in rising order
  std::optional<std::uint32_t> crc32 = {};  // of the whole object, for uploads of type full_object
  bool only_if_absent = false;
};
RequestWithBody complete_upload(aws::Target const& object, CompleteOptions const& options);

http::Request abort_upload(aws::Target const& object, std::string_view upload_id);

}  // namespace s3
