// The body framing of AWS's SDKs, Content-Encoding: aws-chunked: chunks that may be signed one by
// one, and trailers. Pure.
//
//     10000;chunk-signature=ad80…\r\n  <65,536 bytes>\r\n  …  0;chunk-signature=b6c6…\r\n
//     x-amz-checksum-crc32:sOO8/Q==\r\n  x-amz-trailer-signature:63bd…\r\n  \r\n
//
// "Signature calculations for the authorization header: transferring payload in multiple chunks",
// Amazon S3 API reference.
#pragma once

#include "aws/canonical.h"
#include "base/digest.h"
#include "http/message.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

// The key material of the chunks' signatures; each chunk also signs the one before.
struct ChunkSigning {
  aws::SigningKey key;
  std::string amz_date;
  std::string scope;
  std::string seed;  // the signature of the request's head
};

class ChunkDecoder {
 public:
  // nullopt: the chunks are not signed.
  explicit ChunkDecoder(std::optional<ChunkSigning> signing) : signing_(std::move(signing)) {}

  // Hands the content of `bytes` to `take`, in pieces. Throws SignatureDoesNotMatch,
  // InvalidRequest. Content comes before its chunk's signature has been checked: it counts only
  // once done() is true.
  void feed(std::string_view bytes, std::function<void(std::string_view)> const& take);
  bool done() const { return state_ == State::done; }
  http::Headers const& trailers() const { return trailers_; }

 private:
  enum class State { chunk_head, content, content_end, trailer, done };
  void take_line(std::string_view line);
  void take_chunk_head(std::string_view line);
  void take_trailer(std::string_view line);
  void check_signature(std::string_view kind, std::string_view hashed);

  std::optional<ChunkSigning> signing_;
  State state_ = State::chunk_head;
  std::string line_;  // of a head or trailer, up to here
  std::uint64_t left_ = 0;
  std::string chunk_signature_;
  base::Hasher chunk_hash_{base::Hasher::Kind::sha256};
  bool in_last_chunk_ = false;
  bool trailer_signed_ = false;
  http::Headers trailers_;
};

}  // namespace sandbox
