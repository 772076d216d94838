#include "sandbox/buckets/intake.h"

#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/refusal.h"

namespace sandbox {
namespace {

constexpr std::string_view streaming = "STREAMING-";
constexpr std::string_view unsigned_streaming = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

std::string decoded_digest(std::string_view text, std::size_t size) {
  auto const bytes = base::base64_decode(text);
  if (!bytes || bytes->size() != size) throw refusal("InvalidDigest");
  return base::hex(*bytes);
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

BodyClaims body_claims(http::Request const& request, Caller const& caller, ChecksumOf checksum) {
  http::Headers const& headers = request.headers;
  BodyClaims claims;
  std::string const& hash = caller.authorization.payload_hash;
  claims.chunked = hash.starts_with(streaming);
  if (claims.chunked && hash != unsigned_streaming) claims.signing = caller.chunk_signing();
  if (is_hash(hash)) claims.sha256 = hash;
  if (!claims.chunked && claims.sha256.empty() && hash != aws::unsigned_payload)
    throw refusal("InvalidArgument", "x-amz-content-sha256 is neither a hash nor a known name");
  auto const size =
      headers.find_uint(claims.chunked ? "x-amz-decoded-content-length" : "content-length");
  if (!size) throw refusal("MissingContentLength");
  claims.size = *size;
  if (auto const md5 = headers.find("content-md5")) claims.md5 = decoded_digest(*md5, 16);
  if (checksum == ChecksumOf::object) return claims;
  if (auto const crc32 = headers.find("x-amz-checksum-crc32")) {
    decoded_digest(*crc32, 4);
    claims.crc32 = base::trim(*crc32);
  }
  return claims;
}

Intake::Intake(BodyClaims claims, File const* target)
    : claims_(std::move(claims)), target_(target), decoder_(claims_.signing) {}

void Intake::consume(std::string_view bytes) {
  if (!claims_.chunked) return take(bytes);
  decoder_.feed(bytes, [this](std::string_view content) { take(content); });
}

void Intake::take(std::string_view content) {
  size_ += content.size();
  if (size_ > claims_.size) throw refusal("InvalidRequest", "the body is longer than was said");
  md5_.update(content);
  if (!claims_.sha256.empty()) sha256_.update(content);
  crc32_ = base::crc32(crc32_, content);
  if (target_ != nullptr) write_all(*target_, content);
}

Received Intake::finish() {
  if (size_ != claims_.size || (claims_.chunked && !decoder_.done()))
    throw refusal("IncompleteBody");
  Received received{.size = size_,
                    .md5 = base::hex(base::as_bytes(md5_.finish())),
                    .crc32 = crc32_,
                    .claimed_crc32 = claims_.crc32};
  if (!claims_.md5.empty() && claims_.md5 != received.md5) throw refusal("BadDigest");
  if (!claims_.sha256.empty() && claims_.sha256 != base::hex(base::as_bytes(sha256_.finish())))
    throw refusal("XAmzContentSHA256Mismatch");
  if (auto const trailer = decoder_.trailers().find("x-amz-checksum-crc32"))
    received.claimed_crc32 = *trailer;
  if (!received.claimed_crc32.empty() && received.claimed_crc32 != s3::crc32_text(crc32_))
    throw refusal("BadDigest", "the CRC32 that was sent is not that of the content");
  return received;
}

}  // namespace sandbox
