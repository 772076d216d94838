#include "s3/messages/requests.h"

#include "aws/canonical.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/checksum.h"
#include "s3/messages/etag.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace s3 {
namespace {

constexpr std::size_t usual_lines = 12;  // with those of the signature

// "bytes=0-499"; the range is not empty.
std::string range_text(base::Extent range) {
  base::check(range.size > 0, "a range without bytes");
  return fmt::format("bytes={}-{}", range.offset, range.offset + range.size - 1);
}

// Adds a query field unless its value is empty.
void add_field(std::vector<http::Field>& fields, std::string_view name, std::string_view value) {
  if (!value.empty()) fields.push_back({std::string(name), std::string(value)});
}

http::Request make(std::string method, aws::Target const& target,
                   std::vector<http::Field> const& query = {}) {
  http::Request request;
  request.method = std::move(method);
  request.target = target.path;
  if (!query.empty()) request.target += fmt::format("?{}", aws::canonical_query(query));
  request.headers.reserve(usual_lines);
  request.headers.add("Host", target.host_header);
  return request;
}

// Adds a header line unless its value is empty.
void add_header(http::Request& request, std::string name, std::string_view value) {
  if (value.empty()) return;
  bool const clean = std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
  if (!clean)
    throw base::Error(base::Fault::bad_input,
                      fmt::format("the value of {} holds characters that a header cannot", name));
  request.headers.add(std::move(name), std::string(value));
}

void add_payer(http::Request& request, bool requester_pays) {
  if (requester_pays) add_header(request, "x-amz-request-payer", "requester");
}

void add_content_length(http::Request& request, std::uint64_t size) {
  request.headers.add("Content-Length", std::to_string(size));
}

void add_crc32(http::Request& request, std::optional<std::uint32_t> crc) {
  if (crc) add_header(request, "x-amz-checksum-crc32", crc32_text(*crc));
}

// The tags, written like a query.
std::string tagging(std::vector<http::Field> const& tags) {
  std::string text;
  for (http::Field const& tag : tags) {
    if (!text.empty()) text += '&';
    text += base::percent_encode(tag.name) + '=' + base::percent_encode(tag.value);
  }
  return text;
}

void add_encryption(http::Request& request, Encryption const& encryption) {
  add_header(request, "x-amz-server-side-encryption", encryption.type);
  add_header(request, "x-amz-server-side-encryption-aws-kms-key-id", encryption.kms_key_id);
  if (encryption.bucket_key)
    add_header(request, "x-amz-server-side-encryption-bucket-key-enabled", "true");
}

void add_attributes(http::Request& request, Attributes const& attributes) {
  add_header(request, "Content-Type", attributes.content_type);
  add_header(request, "Content-Disposition", attributes.content_disposition);
  add_header(request, "x-amz-acl", attributes.acl);
  add_header(request, "x-amz-storage-class", attributes.storage_class);
  for (http::Field const& line : attributes.metadata) {
    if (auto const flaw = flaw_of_metadata(line))
      throw base::Error(base::Fault::bad_input,
                        fmt::format("metadata {} {}", base::in_quotes(line.name), *flaw));
    add_header(request, fmt::format("x-amz-meta-{}", line.name), line.value);
  }
  add_header(request, "x-amz-tagging", tagging(attributes.tags));
  add_encryption(request, attributes.encryption);
}

void append_part(std::string& xml, CompletedPart const& part) {
  auto const out = std::back_inserter(xml);
  // ETags are hex, '-' and quotes; other stores may use more, so the XML specials are escaped.
  fmt::format_to(out, "<Part><PartNumber>{}</PartNumber><ETag>", part.number);
  for (char const c : part.etag) {
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else {
      xml += c;
    }
  }
  xml += "</ETag>";
  if (part.crc32) fmt::format_to(out, "<ChecksumCRC32>{}</ChecksumCRC32>", crc32_text(*part.crc32));
  xml += "</Part>";
}

}  // namespace

http::Request list_buckets(aws::Target const& service) {
  return make("GET", service);
}

http::Request head_bucket(aws::Target const& bucket) {
  return make("HEAD", bucket);
}

http::Request list_objects(aws::Target const& bucket, ListOptions const& options) {
  std::vector<http::Field> query{{"list-type", "2"}, {"encoding-type", "url"}};
  add_field(query, "prefix", options.prefix);
  add_field(query, "delimiter", options.delimiter);
  add_field(query, "start-after", options.start_after);
  add_field(query, "continuation-token", options.continuation_token);
  add_field(query, "max-keys", std::to_string(options.max_keys));
  http::Request request = make("GET", bucket, query);
  add_payer(request, options.requester_pays);
  return request;
}

http::Request head_object(aws::Target const& object, HeadOptions const& options) {
  std::vector<http::Field> query;
  add_field(query, "versionId", options.version_id);
  http::Request request = make("HEAD", object, query);
  if (options.checksum_mode) add_header(request, "x-amz-checksum-mode", "ENABLED");
  add_payer(request, options.requester_pays);
  return request;
}

http::Request get_object(aws::Target const& object, GetOptions const& options) {
  std::vector<http::Field> query;
  add_field(query, "versionId", options.version_id);
  add_field(query, "response-content-disposition", options.response_content_disposition);
  add_field(query, "response-content-type", options.response_content_type);
  http::Request request = make("GET", object, query);
  if (options.range) add_header(request, "Range", range_text(*options.range));
  add_header(request, "If-Match", quoted_etag(options.if_match));
  if (options.packed) add_header(request, "Accept-Encoding", "gzip");
  if (options.checksum_mode) add_header(request, "x-amz-checksum-mode", "ENABLED");
  add_payer(request, options.requester_pays);
  return request;
}

http::Request put_object(aws::Target const& object, PutOptions const& options) {
  http::Request request = make("PUT", object);
  add_content_length(request, options.content_length);
  add_attributes(request, options.attributes);
  add_crc32(request, options.crc32);
  if (options.only_if_absent) add_header(request, "If-None-Match", "*");
  return request;
}

http::Request delete_object(aws::Target const& object, std::string_view version_id) {
  std::vector<http::Field> query;
  add_field(query, "versionId", version_id);
  return make("DELETE", object, query);
}

http::Request create_upload(aws::Target const& object, CreateUploadOptions const& options) {
  http::Request request = make("POST", object, {{"uploads", ""}});
  add_content_length(request, 0);
  add_attributes(request, options.attributes);
  if (options.crc32) add_header(request, "x-amz-checksum-algorithm", "CRC32");
  if (options.checksum_type) {
    bool const full = *options.checksum_type == ChecksumType::full_object;
    add_header(request, "x-amz-checksum-type", full ? "FULL_OBJECT" : "COMPOSITE");
  }
  return request;
}

http::Request upload_part(aws::Target const& object, PartOptions const& options) {
  base::check(options.number >= 1 && options.number <= base::limits::max_parts,
              "a part's number is not 1 to 10,000");
  http::Request request =
      make("PUT", object,
           {{"partNumber", std::to_string(options.number)}, {"uploadId", options.upload_id}});
  add_content_length(request, options.content_length);
  add_crc32(request, options.crc32);
  return request;
}

http::Request copy_part(aws::Target const& object, CopyPartOptions const& options) {
  base::check(options.number >= 1 && options.number <= base::limits::max_parts,
              "a part's number is not 1 to 10,000");
  http::Request request =
      make("PUT", object,
           {{"partNumber", std::to_string(options.number)}, {"uploadId", options.upload_id}});
  add_content_length(request, 0);
  std::string const source = options.source_bucket + "/" + options.source_key;
  constexpr bool keep_slash = true;
  add_header(request, "x-amz-copy-source", base::percent_encode(source, keep_slash));
  if (options.source_range)
    add_header(request, "x-amz-copy-source-range", range_text(*options.source_range));
  add_header(request, "x-amz-copy-source-if-match", quoted_etag(options.source_if_match));
  return request;
}

http::Request list_parts(aws::Target const& object, ListPartsOptions const& options) {
  std::vector<http::Field> query{{"uploadId", options.upload_id},
                                 {"max-parts", std::to_string(options.max_parts)}};
  if (options.after > 0) add_field(query, "part-number-marker", std::to_string(options.after));
  return make("GET", object, query);
}

http::Request list_uploads(aws::Target const& bucket, std::string_view prefix,
                           UploadMarker const& after) {
  std::vector<http::Field> query{
      {"uploads", ""}, {"encoding-type", "url"}, {"prefix", std::string(prefix)}};
  add_field(query, "key-marker", after.key);
  add_field(query, "upload-id-marker", after.upload_id);
  return make("GET", bucket, query);
}

RequestWithBody complete_upload(aws::Target const& object, CompleteOptions const& options) {
  RequestWithBody out;
  out.body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (CompletedPart const& part : options.parts) append_part(out.body, part);
  out.body += "</CompleteMultipartUpload>";
  out.head = make("POST", object, {{"uploadId", options.upload_id}});
  add_content_length(out.head, out.body.size());
  add_header(out.head, "Content-Type", "application/xml");
  if (options.crc32) {
    add_crc32(out.head, options.crc32);
    add_header(out.head, "x-amz-checksum-type", "FULL_OBJECT");
  }
  if (options.only_if_absent) add_header(out.head, "If-None-Match", "*");
  return out;
}

http::Request abort_upload(aws::Target const& object, std::string_view upload_id) {
  return make("DELETE", object, {{"uploadId", std::string(upload_id)}});
}

}  // namespace s3
