#include "aws/sigv4.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <sodium.h>

namespace aws {
namespace {

bool is_signed(std::string_view name) {
  return name == "host" || name.starts_with("x-amz-") || name == "content-type" ||
         name == "range" || name == "content-md5" || name == "date";
}

// `request` is ours: its path is well-formed.
CanonicalRequest canonical(http::Request const& request, std::string_view payload_hash) {
  auto path = canonical_path(request.path());
  base::check(path.has_value(), "a request to S3 has a malformed path");
  CanonicalRequest out{.method = request.method,
                       .path = *std::move(path),
                       .query = canonical_query(http::parse_urlencoded(request.query())),
                       .headers = canonical_headers(request.headers, is_signed),
                       .payload_hash = std::string(payload_hash)};
  bool const has_host =
      std::ranges::find(out.headers, "host", &http::Field::name) != out.headers.end();
  base::check(has_host, "a request to S3 has no Host header");
  return out;
}

}  // namespace

SigningKeys::SigningKeys() : hash_key_(base::random_bytes(crypto_shorthash_siphashx24_KEYBYTES)) {}

// SipHash under a random key takes a tenth of a cryptographic hash's time, and no attacker can look
// for two secrets with one value of its 128 bits.
SigningKeys::Fingerprint SigningKeys::fingerprint(base::Secret const& secret_key,
                                                  Scope const& scope) const {
  // The length in front keeps two different pairs from making one text.
  std::string pair;
  pair.reserve(256);
  pair.append(std::to_string(secret_key.reveal().size())).append("\n");
  pair.append(secret_key.reveal()).append(to_text(scope));
  base::Secret const text(std::move(pair));
  Fingerprint out{};
  static_assert(out.size() == crypto_shorthash_siphashx24_BYTES);
  std::span<std::uint8_t const> const bytes = base::as_bytes(text.reveal());
  crypto_shorthash_siphashx24(out.data(), bytes.data(), bytes.size(),
                              base::as_bytes(hash_key_.reveal()).data());
  return out;
}

SigningKey SigningKeys::find(base::Secret const& secret_key, Scope const& scope) {
  Fingerprint const name = fingerprint(secret_key, scope);
  {
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(name);
    if (found != entries_.end()) {
      found->second.last_use = ++uses_;
      return found->second.key;
    }
  }
  SigningKey key = derive_key(secret_key, scope);
  std::lock_guard const lock(mutex_);
  if (entries_.size() >= base::limits::max_signing_keys) {
    entries_.erase(std::ranges::min_element(
        entries_, {}, [](auto const& entry) { return entry.second.last_use; }));
  }
  entries_.insert_or_assign(name, Entry{key, ++uses_});
  ++derived_count_;
  return key;
}

std::size_t SigningKeys::size() const {
  std::lock_guard const lock(mutex_);
  return entries_.size();
}

std::uint64_t SigningKeys::derived_count() const {
  std::lock_guard const lock(mutex_);
  return derived_count_;
}

void Signer::sign_headers(http::Request& request, Credentials const& credentials,
                          std::string_view region, std::string_view payload_hash,
                          base::UnixSeconds now) {
  std::string const date = base::amz_date(now);
  Scope const scope{.day = date.substr(0, 8), .region = std::string(region)};
  request.headers.set("x-amz-date", date);
  request.headers.set("x-amz-content-sha256", std::string(payload_hash));
  request.headers.remove("x-amz-security-token");
  if (!credentials.session_token.empty())
    request.headers.add("x-amz-security-token", credentials.session_token.reveal());
  CanonicalRequest const signed_part = canonical(request, payload_hash);
  SigningKey const key = keys_.find(credentials.secret_key, scope);
  std::string authorization;
  authorization.reserve(320);
  authorization.append(algorithm).append(" Credential=").append(credentials.access_key);
  authorization.append("/").append(to_text(scope)).append(", SignedHeaders=");
  authorization.append(signed_names(signed_part.headers)).append(", Signature=");
  authorization.append(signature(key, date, scope, to_text(signed_part)));
  request.headers.set("Authorization", std::move(authorization));
}

std::string Signer::presign(http::Request const& request, Credentials const& credentials,
                            std::string_view region, std::chrono::seconds expires,
                            base::UnixSeconds now) {
  if (expires.count() < 1 || expires > base::limits::max_presigned_life)
    throw base::Error(
        base::Fault::bad_input,
        fmt::format("a presigned link lasts 1 s to 7 days, not {} s", expires.count()));
  std::string const date = base::amz_date(now);
  Scope const scope{.day = date.substr(0, 8), .region = std::string(region)};
  CanonicalRequest signed_part = canonical(request, unsigned_payload);
  std::vector<http::Field> fields = http::parse_urlencoded(request.query());
  fields.push_back({"X-Amz-Algorithm", std::string(algorithm)});
  fields.push_back(
      {"X-Amz-Credential", fmt::format("{}/{}", credentials.access_key, to_text(scope))});
  fields.push_back({"X-Amz-Date", date});
  fields.push_back({"X-Amz-Expires", std::to_string(expires.count())});
  fields.push_back({"X-Amz-SignedHeaders", signed_names(signed_part.headers)});
  if (!credentials.session_token.empty())
    fields.push_back({"X-Amz-Security-Token", credentials.session_token.reveal()});
  signed_part.query = canonical_query(fields);
  SigningKey const key = keys_.find(credentials.secret_key, scope);
  return fmt::format("{}&X-Amz-Signature={}", signed_part.query,
                     signature(key, date, scope, to_text(signed_part)));
}

}  // namespace aws
