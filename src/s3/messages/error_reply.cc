#include "s3/messages/error_reply.h"

#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/replies.h"
#include "s3/messages/xml_reply.h"

#include <algorithm>

#include <fmt/format.h>

namespace s3 {
namespace {

// S3's code for the status of a reply without a body.
std::string code_of_status(int status) {
  switch (status) {
    case 301:
      return "PermanentRedirect";
    case 302:
    case 307:
      return "TemporaryRedirect";
    case 400:
      return "BadRequest";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 405:
      return "MethodNotAllowed";
    case 408:
      return "RequestTimeout";
    case 409:
      return "Conflict";
    case 412:
      return "PreconditionFailed";
    case 416:
      return "InvalidRange";
    case 429:
      return "TooManyRequests";
    case 500:
      return "InternalError";
    case 501:
      return "NotImplemented";
    case 502:
      return "BadGateway";
    case 503:
      return "ServiceUnavailable";
    case 504:
      return "GatewayTimeout";
    default:
      return fmt::format("Http{}", status);
  }
}

// Whether the first element is <Error>, found without parsing: the caller asks this of a listing of
// a thousand keys before it parses it.
bool starts_with_error(std::string_view body) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  body = base::trim(body);
  while (body.starts_with("<?") || body.starts_with("<!")) {
    body.remove_prefix(std::min(body.find('>'), body.size() - 1) + 1);
    body = base::trim(body);
  }
  if (!body.starts_with('<')) return false;
  std::string_view name = body.substr(1, body.find_first_of("> \t\r\n/", 1) - 1);
  if (1 + name.size() == body.size()) return false;  // the body is cut
  name.remove_prefix(name.find(':') + 1);            // without the namespace's prefix, if any
  return name == "Error";
}

void read_error_body(std::string_view body, ErrorReply& out) {
  pugi::xml_document document;
  if (!starts_with_error(body) || !load_xml(document, base::trim(body))) return;
  pugi::xml_node const root = document.document_element();
  out.code = base::trim(text_of(root.child("Code")));
  out.message = base::trim(text_of(root.child("Message")));
  out.request_id = text_of(root.child("RequestId"));
  out.resource = text_of(root.child("Resource"));
  out.region = text_of(root.child("Region"));
  out.endpoint = text_of(root.child("Endpoint"));
  out.bucket = text_of(root.child(root.child("BucketName") ? "BucketName" : "Bucket"));
  out.key = text_of(root.child("Key"));
}

// Retry-After has seconds, or a time by the clock of the reply's Date (RFC 9110, 10.2.3).
std::optional<std::chrono::seconds> retry_after(http::Response const& response,
                                                std::optional<base::UnixSeconds> date) {
  std::string_view const text = base::trim(response.headers.get("retry-after"));
  if (auto const seconds = base::parse_uint(text)) {
    std::uint64_t const most = std::chrono::seconds(base::limits::longest_patience).count();
    return std::chrono::seconds(std::min(*seconds, most));
  }
  auto const time = base::parse_http_date(text);
  if (!time || !date) return std::nullopt;
  return std::chrono::seconds(std::max<base::UnixSeconds>(0, *time - *date));
}

}  // namespace

std::optional<ErrorReply> find_error(http::Response const& response, std::string_view body) {
  bool const success = response.status >= 200 && response.status <= 299;
  if (success && !starts_with_error(body)) return std::nullopt;
  ErrorReply out;
  out.status = response.status;
  read_error_body(body, out);
  out.bare = out.code.empty();
  if (out.bare) out.code = success ? "InternalError" : code_of_status(response.status);
  if (out.request_id.empty()) out.request_id = response.headers.get("x-amz-request-id");
  if (out.region.empty()) out.region = bucket_region(response);
  out.date = base::parse_http_date(response.headers.get("date"));
  out.retry_after = retry_after(response, out.date);
  if (out.endpoint.empty()) out.endpoint = response.headers.get("location");
  out.is_delete_marker = is_delete_marker(response);
  return out;
}

bool is_delete_marker(http::Response const& response) {
  return base::equals_ignoring_case(response.headers.get("x-amz-delete-marker"), "true");
}

}  // namespace s3
