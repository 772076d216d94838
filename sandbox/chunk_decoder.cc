#include "sandbox/chunk_decoder.h"

#include "base/text.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t max_line_bytes = 1024;

[[noreturn]] void reject(char const* problem) {
  throw refusal("InvalidRequest", problem);
}

std::string hex_of(std::string const& raw) {
  return base::hex(base::as_bytes(raw));
}

}  // namespace

void ChunkDecoder::feed(std::string_view bytes, std::function<void(std::string_view)> const& take) {
  while (!bytes.empty()) {
    if (state_ == State::done) reject("bytes follow the last chunk");
    if (state_ == State::content) {
      std::string_view const content = bytes.substr(0, left_);
      if (signing_) chunk_hash_.update(content);
      take(content);
      left_ -= content.size();
      bytes.remove_prefix(content.size());
      if (left_ == 0) state_ = State::content_end;
      continue;
    }
    std::size_t const end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (line_.size() > max_line_bytes) reject("a line of the chunked body is too long");
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    std::string const line = std::exchange(line_, {});
    take_line(base::trim(line));
  }
}

void ChunkDecoder::take_line(std::string_view line) {
  if (state_ == State::chunk_head) return take_chunk_head(line);
  if (state_ == State::trailer) return take_trailer(line);
  if (!line.empty()) reject("a chunk is longer than its head says");
  if (signing_) check_signature("PAYLOAD", hex_of(chunk_hash_.finish()));
  state_ = State::chunk_head;
}

void ChunkDecoder::take_chunk_head(std::string_view line) {
  std::string_view const size = line.substr(0, line.find(';'));
  auto const parsed = std::from_chars(size.data(), size.data() + size.size(), left_, 16);
  if (size.empty() || parsed.ec != std::errc() || parsed.ptr != size.data() + size.size())
    reject("a chunk's size is not a hexadecimal number");
  constexpr std::string_view name = "chunk-signature=";
  std::size_t const at = line.find(name);
  chunk_signature_ = at == std::string_view::npos ? "" : line.substr(at + name.size());
  chunk_hash_ = base::Hasher(base::Hasher::Kind::sha256);
  in_last_chunk_ = left_ == 0;
  state_ = State::content;
  if (!in_last_chunk_) return;
  if (signing_) check_signature("PAYLOAD", hex_of(chunk_hash_.finish()));
  state_ = State::trailer;
}

void ChunkDecoder::take_trailer(std::string_view line) {
  if (line.empty()) {
    bool const unsigned_trailers = signing_ && trailers_.size() > 0 && !trailer_signed_;
    if (unsigned_trailers) throw refusal("SignatureDoesNotMatch", "the trailer is not signed");
    state_ = State::done;
    return;
  }
  std::size_t const colon = line.find(':');
  if (colon == std::string_view::npos) reject("a trailer has no colon");
  std::string const name = base::to_lower(base::trim(line.substr(0, colon)));
  std::string_view const value = base::trim(line.substr(colon + 1));
  if (name != "x-amz-trailer-signature") {
    trailers_.add(name, std::string(value));
    return;
  }
  trailer_signed_ = true;
  if (!signing_) return;
  std::string canonical;
  for (http::Field const& trailer : trailers_)
    canonical += fmt::format("{}:{}\n", trailer.name, trailer.value);
  chunk_signature_ = value;
  check_signature("TRAILER", base::hex(base::sha256(canonical)));
}

void ChunkDecoder::check_signature(std::string_view kind, std::string_view hashed) {
  std::string to_sign = fmt::format("{}-{}\n{}\n{}\n{}\n", aws::algorithm, kind, signing_->amz_date,
                                    signing_->scope, signing_->seed);
  if (kind == "PAYLOAD") to_sign.append(aws::empty_payload_hash).append("\n");
  to_sign += hashed;
  std::string const wanted =
      base::hex(base::hmac_sha256(base::as_bytes(signing_->key.reveal()), to_sign));
  if (!base::equals_in_constant_time(wanted, chunk_signature_))
    throw refusal("SignatureDoesNotMatch", "the signature of a chunk does not match");
  signing_->seed = wanted;
}

}  // namespace sandbox
