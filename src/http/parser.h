// The parser of HTTP/1.1 heads and chunked bodies: Beast's, fed by hand. No I/O.
//
// A body with a Content-Length never comes here: its bytes need no parsing.
#pragma once

#include "http/message.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace http {

enum class Side { request, response };

// The ways in which the end of a body is known (RFC 9112, 6.3).
enum class Framing { none, length, chunked, until_close };

class Parser {
 public:
  // Reads one message. `answers_head`: the response to a HEAD request, which has no body.
  explicit Parser(Side side, bool answers_head = false);
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // Looks for a whole head at the start of `bytes`: the number of bytes that it takes, or 0 if it
  // needs more. Error{bad_input} on bytes that are no HTTP, {too_large} over the head limit.
  std::size_t feed_head(std::string_view bytes);
  Request request() const;    // once feed_head() gave a number, for Side::request
  Response response() const;  // the same for Side::response

  Framing framing() const;
  std::uint64_t content_length() const;  // with Framing::length
  bool keep_alive() const;
  bool is_http_1_0() const;

  struct Decoded {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool done = false;  // the last chunk and the trailers have been read
  };
  // Decodes as much of a chunked body from `bytes` into `into` as it can.
  Decoded feed_chunked(std::string_view bytes, std::span<char> into);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
