// Reads one HTTP message after the other from a stream: heads through the parser, bodies with a
// Content-Length straight into the caller's memory.
#pragma once

#include "http/parser.h"
#include "net/stream.h"

#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace http {

class MessageReader {
 public:
  explicit MessageReader(net::Stream& stream);  // borrowed

  // The next request's head, within `time` of its first byte; nullopt if the peer closed between
  // two messages. The caller has read the rest of an earlier body. Error{bad_input} and {too_large}
  // as from Parser::feed_head() and check_request(); {timeout}.
  net::task<std::optional<Request>> read_request(std::chrono::milliseconds time);
  // The next final response's head; 1xx are skipped. Error{disconnected} if there is none.
  net::task<Response> read_response(bool answers_head);

  // The next bytes of the body; 0 at its end. Error{disconnected} if it is cut short.
  net::task<std::size_t> read_body(std::span<char> into);
  bool body_done() const { return body_done_; }
  // The body's length, if the head told it.
  std::optional<std::uint64_t> content_length() const;

  bool keep_alive() const { return parser_.keep_alive(); }
  bool is_http_1_0() const { return parser_.is_http_1_0(); }
  // True if bytes of a next message have been read already.
  bool has_more() const { return start_ < end_; }

 private:
  net::task<bool> read_head(std::chrono::milliseconds time);
  net::task<bool> read_more();  // into the buffer; false at the end of the stream
  net::task<std::size_t> read_chunked(std::span<char> into);
  std::string_view buffered() const { return {buffer_.data() + start_, end_ - start_}; }

  net::Stream& stream_;
  Parser parser_;
  std::vector<char> buffer_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  std::uint64_t body_left_ = 0;  // with Framing::length
  Framing framing_ = Framing::none;
  bool body_done_ = true;
};

}  // namespace http
