#include "sandbox/refusal.h"

#include "sandbox/xml_writer.h"

#include <algorithm>
#include <array>

namespace sandbox {
namespace {

using base::Error;
using base::Fault;

struct Row {
  std::string_view code;
  int status;
  std::string_view message;
};

// "Error responses", Amazon S3 API reference.
constexpr std::array table{
    Row{"AccessDenied", 403, "Access Denied"},
    Row{"AuthorizationHeaderMalformed", 400, "The authorization header is malformed."},
    Row{"AuthorizationQueryParametersError", 400,
        "Query-string authentication parameters are not valid."},
    Row{"BadDigest", 400, "The checksum that was sent does not match the content."},
    Row{"BadRequest", 400, "The request is not valid."},
    Row{"BucketAlreadyOwnedByYou", 409, "The bucket exists already, and you own it."},
    Row{"BucketNotEmpty", 409, "The bucket is not empty."},
    Row{"EntityTooLarge", 400, "The upload is larger than an object may be."},
    Row{"EntityTooSmall", 400, "A part other than the last is smaller than 5 MiB."},
    Row{"ExpiredToken", 400, "The token that was sent has expired."},
    Row{"IllegalLocationConstraintException", 400,
        "The location constraint is not this server's region."},
    Row{"IncompleteBody", 400, "The body is shorter than the headers said."},
    Row{"InternalError", 500, "The sandbox failed; its log says why."},
    Row{"InvalidAccessKeyId", 403, "The access key is not known here."},
    Row{"InvalidArgument", 400, "An argument is not valid."},
    Row{"InvalidBucketName", 400, "The bucket's name is not valid."},
    Row{"InvalidDigest", 400, "The Content-MD5 or checksum is not valid base64 of its size."},
    Row{"InvalidObjectState", 403, "The operation is not valid for the object's storage class."},
    Row{"InvalidPart", 400, "A part that was named is not there, or has another ETag."},
    Row{"InvalidPartOrder", 400, "The parts are not in ascending order."},
    Row{"InvalidRange", 416, "The range cannot be satisfied."},
    Row{"InvalidRequest", 400, "The request is not valid."},
    Row{"InvalidStorageClass", 400, "The storage class is not one that S3 has."},
    Row{"InvalidTag", 400, "A tag is not valid."},
    Row{"InvalidToken", 400, "The session token is not valid."},
    Row{"InvalidURI", 400, "The URI cannot be decoded."},
    Row{"KeyTooLongError", 400, "The key is longer than 1,024 bytes."},
    Row{"MalformedXML", 400, "The XML is not well-formed, or not what the call takes."},
    Row{"MaxMessageLengthExceeded", 400, "The request is too big."},
    Row{"MetadataTooLarge", 400, "The user metadata is larger than 2 KiB."},
    Row{"MethodNotAllowed", 405, "The method is not allowed against this resource."},
    Row{"MissingContentLength", 411, "The Content-Length header is missing."},
    Row{"NoSuchBucket", 404, "The bucket does not exist."},
    Row{"NoSuchBucketPolicy", 404, "The bucket has no policy."},
    Row{"NoSuchCORSConfiguration", 404, "The bucket has no CORS configuration."},
    Row{"NoSuchKey", 404, "The key does not exist."},
    Row{"NoSuchLifecycleConfiguration", 404, "The bucket has no lifecycle configuration."},
    Row{"NoSuchPublicAccessBlockConfiguration", 404,
        "The bucket has no public access block configuration."},
    Row{"NoSuchTagSet", 404, "The bucket has no tags."},
    Row{"NoSuchUpload", 404, "The upload does not exist; it may have been completed or aborted."},
    Row{"NoSuchVersion", 404, "The version does not exist; the sandbox keeps none."},
    Row{"NoSuchWebsiteConfiguration", 404, "The bucket has no website configuration."},
    Row{"NotImplemented", 501, "The sandbox does not have this call."},
    Row{"ObjectLockConfigurationNotFoundError", 404, "The bucket has no object lock."},
    Row{"OwnershipControlsNotFoundError", 404, "The bucket has no ownership controls."},
    Row{"PreconditionFailed", 412, "A precondition that was sent does not hold."},
    Row{"ReplicationConfigurationNotFoundError", 404, "The bucket has no replication."},
    Row{"RequestLimitExceeded", 503, "The request rate is above the limit."},
    Row{"RequestTimeTooSkewed", 403, "The request's time and the server's are too far apart."},
    Row{"RequestTimeout", 400, "The body did not arrive in time."},
    Row{"ServerSideEncryptionConfigurationNotFoundError", 404, "The bucket has no encryption."},
    Row{"ServiceUnavailable", 503, "Please reduce your request rate."},
    Row{"SignatureDoesNotMatch", 403,
        "The signature does not match; check the secret key and how the request is signed."},
    Row{"SlowDown", 503, "Please reduce your request rate."},
    Row{"XAmzContentSHA256Mismatch", 400,
        "The body is not the one that x-amz-content-sha256 says."},
};

Row const* find_row(std::string_view code) {
  auto const* const row = std::ranges::find(table, code, &Row::code);
  return row == table.end() ? nullptr : row;
}

Fault fault_of_status(int status) {
  switch (status) {
    case 403:
      return Fault::forbidden;
    case 404:
      return Fault::not_found;
    case 405:
      return Fault::method_not_allowed;
    case 409:
    case 412:
      return Fault::conflict;
    case 500:
      return Fault::internal;
    default:
      return Fault::bad_input;
  }
}

}  // namespace

base::Error refusal(std::string_view code, std::string message) {
  Row const* const row = find_row(code);
  base::check(row != nullptr, "a refusal's code stands in the table");
  if (message.empty()) message = row->message;
  return Error(fault_of_status(row->status), message, std::string(code));
}

std::string_view code_of(base::Error const& error) {
  if (Row const* const row = find_row(error.code())) return row->code;
  switch (error.fault()) {
    case Fault::bad_input:
      return "InvalidRequest";
    case Fault::too_large:
      return "MaxMessageLengthExceeded";
    case Fault::timeout:
      return "RequestTimeout";
    default:
      return "InternalError";
  }
}

int status_of(base::Error const& error) {
  return find_row(code_of(error))->status;
}

std::optional<int> status_of_code(std::string_view code) {
  Row const* const row = find_row(code);
  if (row == nullptr) return std::nullopt;
  return row->status;
}

std::string_view message_of_code(std::string_view code) {
  Row const* const row = find_row(code);
  return row == nullptr ? "" : row->message;
}

std::string error_document(base::Error const& error, ErrorPlace const& place) {
  std::string_view const code = code_of(error);
  // The message of an internal error is for the log only.
  bool const is_inside = code == "InternalError";
  return error_document(code, is_inside ? message_of_code(code) : error.message(), place);
}

std::string error_document(std::string_view code, std::string_view message,
                           ErrorPlace const& place) {
  XmlWriter xml("Error", XmlWriter::Namespace::none);
  xml.text("Code", code);
  xml.text("Message", message);
  if (code.starts_with("Authorization")) xml.text("Region", place.region);
  if (!place.endpoint.empty()) xml.text("Endpoint", place.endpoint);
  xml.text("Resource", place.resource);
  xml.text("RequestId", place.request_id);
  xml.text("HostId", "s3zipper-sandbox");
  return xml.finish();
}

}  // namespace sandbox
