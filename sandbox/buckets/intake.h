// Takes a request's body: undoes the chunking, hashes on the way, writes it to a file, and compares
// it with all claims of the request.
#pragma once

#include "base/digest.h"
#include "http/message.h"
#include "sandbox/access.h"
#include "sandbox/chunk_decoder.h"
#include "sandbox/files.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

// The claims of a request about its body.
struct BodyClaims {
  bool chunked = false;                 // aws-chunked
  std::optional<ChunkSigning> signing;  // of the chunks
  std::string sha256;                   // hex; empty: not told
  std::string md5;                      // hex; empty: not told
  std::string crc32;                    // base64; empty: not told in the head
  std::uint64_t size = 0;               // of the content
};
// The checksum in the head may be of the body or, in CompleteMultipartUpload, of the object to be.
enum class ChecksumOf { body, object };
// Throws MissingContentLength, InvalidDigest, InvalidArgument.
BodyClaims body_claims(http::Request const& request, Caller const& caller,
                       ChecksumOf checksum = ChecksumOf::body);

struct Received {
  std::uint64_t size = 0;
  std::string md5;  // hex
  std::uint32_t crc32 = 0;
  std::string claimed_crc32;  // base64; was compared. Empty: none was sent
};

class Intake {
 public:
  // `target` is borrowed; null: the content goes nowhere.
  Intake(BodyClaims claims, File const* target);

  // The body's next bytes as they came. Blocks on the file.
  void consume(std::string_view bytes);
  // Throws IncompleteBody, BadDigest, XAmzContentSHA256Mismatch.
  Received finish();

 private:
  void take(std::string_view content);

  BodyClaims claims_;
  File const* target_;
  ChunkDecoder decoder_;
  base::Hasher md5_{base::Hasher::Kind::md5};
  base::Hasher sha256_{base::Hasher::Kind::sha256};
  std::uint32_t crc32_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace sandbox
