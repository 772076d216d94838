// Signs requests to S3 (canonical.h says how): in headers for calls, in the query for links that
// other people follow. The time is an argument.
//
// A signing key costs four HMACs and lasts a day, so it is kept: with a kept key a signature takes
// some 3 µs. Thread-safe.
#pragma once

#include "aws/canonical.h"
#include "aws/credentials.h"
#include "base/clock.h"
#include "http/message.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace aws {

// Signing keys by secret and scope; the one unused for longest goes when there are
// limits::max_signing_keys. No secret is kept, only a hash under a random key: an access key with a
// wrong secret must never find a key that was derived from the right one. Thread-safe.
class SigningKeys {
 public:
  SigningKeys();
  SigningKey find(base::Secret const& secret_key, Scope const& scope);
  std::size_t size() const;
  // The number of keys that had to be made.
  std::uint64_t derived_count() const;

 private:
  struct Entry {
    SigningKey key;
    std::uint64_t last_use;
  };
  using Fingerprint = std::array<std::uint8_t, 16>;
  Fingerprint fingerprint(base::Secret const& secret_key, Scope const& scope) const;

  base::Secret const hash_key_;
  mutable std::mutex mutex_;
  std::uint64_t uses_ = 0;
  std::uint64_t derived_count_ = 0;
  std::map<Fingerprint, Entry> entries_;
};

class Signer {
 public:
  // Sets x-amz-date, x-amz-content-sha256, Authorization and, for temporary credentials,
  // x-amz-security-token; a signed request is signed anew. The request has its Host header. The
  // signature covers host, date, range, content-type, content-md5 and all x-amz-* lines.
  // `payload_hash`: the body's SHA-256 in hex, or unsigned_payload.
  void sign_headers(http::Request& request, Credentials const& credentials, std::string_view region,
                    std::string_view payload_hash, base::UnixSeconds now);

  // The query that makes `request` a link good for `expires`: the request's own query with the
  // signature's fields; put it behind the path and a '?'. Header lines that sign_headers() would
  // sign are signed, and the client that follows the link must send them: requests for links have
  // nothing but Host. Throws Error{bad_input} if `expires` is not 1 s to 7 days.
  std::string presign(http::Request const& request, Credentials const& credentials,
                      std::string_view region, std::chrono::seconds expires, base::UnixSeconds now);

 private:
  SigningKeys keys_;
};

}  // namespace aws
