#include "sandbox/buckets/call.h"

#include "base/limits.h"
#include "base/text.h"
#include "sandbox/buckets/bucket_access.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <functional>
#include <span>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t receive_buffer_bytes = 256 * base::limits::KiB;
// DeleteObjects with 1,000 keys of 1,024 bytes, each byte escaped, fits.
constexpr std::uint64_t max_document_bytes = 8 * base::limits::MiB;

}  // namespace

std::optional<std::string_view> Call::argument(std::string_view name) const {
  auto const found = std::ranges::find(query, name, &http::Field::name);
  if (found == query.end()) return std::nullopt;
  return found->value;
}

std::uint64_t Call::number(std::string_view name, std::uint64_t fallback,
                           std::uint64_t most) const {
  auto const text = argument(name);
  if (!text || text->empty()) return fallback;
  auto const value = base::parse_uint(*text);
  if (!value || *value > INT32_MAX)
    throw refusal("InvalidArgument",
                  fmt::format("'{}' is not a number that {} takes", *text, name));
  return std::min(*value, most);
}

http::Response answer_head(std::string const& request_id, int status) {
  http::Response head;
  head.status = status;
  head.headers.add("x-amz-request-id", request_id);
  head.headers.add("x-amz-id-2", "s3zipper-sandbox");
  head.headers.add("Server", "s3zipper-sandbox");
  return head;
}

http::Response answer_head(Call const& call, int status) {
  http::Response head = answer_head(call.request_id, status);
  if (rule_of(call, call.bucket).requester_pays)
    head.headers.add("x-amz-request-charged", "requester");
  return head;
}

net::task<void> answer_xml(Call& call, std::string document) {
  http::Response head = answer_head(call);
  head.headers.add("Content-Type", "application/xml");
  co_await call.wire.respond(std::move(head), std::move(document));
}

net::task<void> answer_empty(Call& call, int status) {
  http::Response head = answer_head(call, status);
  if (status != 204) head.headers.add("Content-Length", "0");
  co_await call.wire.respond(std::move(head), std::string());
}

net::task<std::string> read_document(Call& call, ChecksumOf checksum) {
  std::string document = co_await call.wire.read_whole_body(max_document_bytes);
  bool const has_none = document.empty() && !call.headers().find("content-length");
  if (has_none) co_return document;
  BodyClaims claims = body_claims(call.wire.request(), call.caller, checksum);
  Intake intake(std::move(claims), nullptr);
  intake.consume(document);
  intake.finish();
  co_return document;
}

net::task<Received> receive(Call& call, Intake& intake) {
  std::uint64_t const expected = call.wire.content_length().value_or(receive_buffer_bytes);
  std::vector<char> buffer(std::clamp<std::uint64_t>(expected, 1, receive_buffer_bytes));
  std::size_t filled = 0;
  std::function<void()> const consume = [&] { intake.consume({buffer.data(), filled}); };
  for (bool more = true; more;) {
    filled = 0;
    while (more && filled < buffer.size()) {
      std::span<char> const room = std::span(buffer).subspan(filled);
      std::size_t const got = co_await call.wire.read_body(room);
      filled += got;
      more = got > 0;
    }
    if (filled > 0) co_await call.pool.run(consume);
  }
  co_return intake.finish();
}

std::string quoted_etag(std::string_view etag) {
  return fmt::format("\"{}\"", etag);
}

std::string_view bare_etag(std::string_view etag) {
  etag = base::trim(etag);
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"'))
    etag = etag.substr(1, etag.size() - 2);
  return etag;
}

std::string s3_time(base::UnixSeconds time) {
  std::string text = base::rfc3339(time);
  text.insert(text.size() - 1, ".000");
  return text;
}

}  // namespace sandbox
