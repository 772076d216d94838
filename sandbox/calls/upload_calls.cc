// The calls that make an object of parts: CreateMultipartUpload, UploadPart,
// CompleteMultipartUpload and AbortMultipartUpload.
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/calls.h"
#include "sandbox/calls/quirky_calls.h"
#include "sandbox/calls/upload_argument.h"
#include "sandbox/calls/upload_completion.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <functional>

namespace sandbox {
namespace {

constexpr std::uint64_t max_part_bytes = 5 * base::limits::GiB;

// COMPOSITE or FULL_OBJECT if the client wants CRC32; other algorithms are not kept.
std::string checksum_type(http::Headers const& headers) {
  if (headers.get("x-amz-checksum-algorithm") != "CRC32") return {};
  std::string_view const type = headers.get("x-amz-checksum-type");
  if (type.empty()) return "COMPOSITE";
  if (type != "COMPOSITE" && type != "FULL_OBJECT")
    throw refusal("InvalidRequest", "x-amz-checksum-type is neither COMPOSITE nor FULL_OBJECT");
  return std::string(type);
}

CompletionRequest completion_request(http::Headers const& headers, std::string_view body) {
  CompletionRequest request;
  request.parts = parse_completion(body);
  request.condition = put_condition(headers);
  request.crc32 = base::trim(headers.get("x-amz-checksum-crc32"));
  request.checksum_type = headers.get("x-amz-checksum-type");
  request.size = headers.find_uint("x-amz-mp-object-size");
  if (headers.find("x-amz-mp-object-size") && !request.size)
    throw refusal("InvalidRequest", "x-amz-mp-object-size is no number");
  return request;
}

}  // namespace

UploadArgument upload_argument(Call const& call) {
  auto const number = base::parse_uint(call.argument("partNumber").value_or(""));
  if (!number || *number < 1 || *number > base::limits::max_parts)
    throw refusal("InvalidArgument",
                  "Part number must be an integer between 1 and 10000, inclusive");
  return {.id = std::string(call.argument("uploadId").value_or("")),
          .number = static_cast<std::uint32_t>(*number)};
}

void put_part(Call const& call, Bucket& bucket, UploadArgument const& argument, NewFile& file,
              Received const& received) {
  std::shared_ptr<DataFiles> const data = bucket.finished(file, received.size);
  UploadPart part;
  part.size = received.size;
  part.md5 = received.md5;
  part.crc32 = received.crc32;
  bucket.uploads().put_part(call.key, argument.id, argument.number,
                            data->path(data->extents().front()), std::move(part));
}

net::task<void> create_multipart_upload(Call& call) {
  Upload upload;
  upload.key = call.key;
  upload.headers = stored_headers(call.headers());
  upload.checksum_type = checksum_type(call.headers());
  co_await read_document(call);
  auto const create = [&] { return call.open_bucket()->uploads().create(upload); };
  std::string const id = co_await call.pool.get(create);
  XmlWriter xml("InitiateMultipartUploadResult");
  xml.text("Bucket", call.bucket);
  xml.text("Key", call.key);
  xml.text("UploadId", id);
  http::Response head = answer_head(call);
  head.headers.add("Content-Type", "application/xml");
  if (!upload.checksum_type.empty()) {
    head.headers.add("x-amz-checksum-algorithm", "CRC32");
    head.headers.add("x-amz-checksum-type", upload.checksum_type);
  }
  co_await call.wire.respond(std::move(head), xml.finish());
}

net::task<void> upload_part(Call& call) {
  UploadArgument const argument = upload_argument(call);
  co_await check_checksum_is_sent(call);
  BodyClaims claims = body_claims(call.wire.request(), call.caller);
  if (claims.size > max_part_bytes) throw refusal("EntityTooLarge");
  std::shared_ptr<Bucket> bucket;
  auto const prepare = [&] {
    bucket = call.open_bucket();
    bucket->uploads().find(call.key, argument.id);
    return bucket->new_file();
  };
  NewFile file = co_await call.pool.get(prepare);
  Intake intake(std::move(claims), &file.file);
  Received const received = co_await receive(call, intake);
  std::function<void()> const put = [&] { put_part(call, *bucket, argument, file, received); };
  co_await call.pool.run(put);
  http::Response head = answer_head(call);
  head.headers.add("ETag", quoted_etag(received.md5));
  if (!received.claimed_crc32.empty())
    head.headers.add("x-amz-checksum-crc32", received.claimed_crc32);
  co_await call.wire.respond(std::move(head), std::string());
}

net::task<void> complete_multipart_upload(Call& call) {
  std::string const body = co_await read_document(call, ChecksumOf::object);
  CompletionRequest const request = completion_request(call.headers(), body);
  std::string const id(call.argument("uploadId").value_or(""));
  auto const complete = [&] { return complete_upload(*call.open_bucket(), call.key, id, request); };
  ObjectPointer const made = co_await call.pool.get(complete);
  XmlWriter xml("CompleteMultipartUploadResult");
  xml.text("Location", "http://" + std::string(call.headers().get("host")) + "/" + call.bucket +
                           "/" + base::percent_encode(call.key, true));
  xml.text("Bucket", call.bucket);
  xml.text("Key", call.key);
  xml.text("ETag", quoted_etag(made->etag));
  if (!made->crc32.empty()) {
    xml.text("ChecksumCRC32", made->crc32);
    xml.text("ChecksumType", made->crc32_type);
  }
  co_await answer_xml(call, xml.finish());
}

net::task<void> abort_multipart_upload(Call& call) {
  std::string const id(call.argument("uploadId").value_or(""));
  std::function<void()> const abort = [&] { call.open_bucket()->uploads().abort(call.key, id); };
  co_await call.pool.run(abort);
  co_await answer_empty(call, 204);
}

}  // namespace sandbox
