#include "http/reader.h"

#include "base/error.h"
#include "base/limits.h"
#include "http/request_rules.h"

#include <algorithm>
#include <cstring>

namespace http {

using base::Error;
using base::Fault;
using std::chrono::steady_clock;

namespace {
constexpr std::size_t first_buffer_bytes = 8 * 1024;
}

MessageReader::MessageReader(net::Stream& stream)
    : stream_(stream), parser_(Side::request), buffer_(first_buffer_bytes) {}

net::task<std::optional<Request>> MessageReader::read_request(std::chrono::milliseconds time) {
  parser_ = Parser(Side::request);
  bool const found = co_await read_head(time);
  if (!found) co_return std::nullopt;
  Request request = parser_.request();
  check_request(request, parser_.is_http_1_0());
  co_return request;
}

net::task<Response> MessageReader::read_response(bool answers_head) {
  for (;;) {
    parser_ = Parser(Side::response, answers_head);
    // The sender of a request limits the time of its whole call.
    bool const found = co_await read_head(std::chrono::milliseconds::max());
    if (!found) throw Error(Fault::disconnected, "the server closed the connection unanswered");
    Response response = parser_.response();
    if (response.status >= 200) co_return response;
  }
}

net::task<bool> MessageReader::read_head(std::chrono::milliseconds time) {
  std::optional<steady_clock::time_point> begin;
  std::size_t head_bytes = 0;
  for (;;) {
    // Some clients end a body with a CR LF of its own (RFC 9112, 2.2), which may come in two parts.
    while (buffered().starts_with("\r\n")) start_ += 2;
    if (buffered() != "\r") head_bytes = parser_.feed_head(buffered());
    if (head_bytes > 0) break;
    if (has_more() && !begin) begin = steady_clock::now();
    // The times are compared in the limit's own unit: the longest time does not fit a finer one.
    if (begin && std::chrono::floor<std::chrono::milliseconds>(steady_clock::now() - *begin) > time)
      throw Error(Fault::timeout, "the head of a message took too long to arrive");
    bool const more = co_await read_more();
    if (more) continue;
    if (!has_more()) co_return false;
    throw Error(Fault::disconnected, "the connection ended inside the head of a message");
  }
  start_ += head_bytes;
  framing_ = parser_.framing();
  body_left_ = framing_ == Framing::length ? parser_.content_length() : 0;
  body_done_ = framing_ == Framing::none;
  co_return true;
}

std::optional<std::uint64_t> MessageReader::content_length() const {
  if (framing_ == Framing::none) return 0;
  if (framing_ == Framing::length) return parser_.content_length();
  return std::nullopt;
}

net::task<bool> MessageReader::read_more() {
  if (start_ == end_) start_ = end_ = 0;
  if (end_ == buffer_.size()) {
    if (start_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
      end_ -= start_;
      start_ = 0;
    } else if (buffer_.size() < base::limits::max_head_bytes) {
      buffer_.resize(buffer_.size() * 2);
    } else {
      throw Error(Fault::too_large, "the head of the HTTP message is too large");
    }
  }
  std::span<char> const room(buffer_.data() + end_, buffer_.size() - end_);
  std::size_t const got = co_await stream_.read_some(room);
  end_ += got;
  co_return got > 0;
}

net::task<std::size_t> MessageReader::read_body(std::span<char> into) {
  if (body_done_) co_return 0;
  if (framing_ == Framing::chunked) co_return co_await read_chunked(into);
  if (framing_ == Framing::length && into.size() > body_left_) into = into.first(body_left_);
  std::size_t got = std::min(into.size(), end_ - start_);
  if (got > 0) {
    std::memcpy(into.data(), buffer_.data() + start_, got);
    start_ += got;
  } else {
    got = co_await stream_.read_some(into);
    if (got == 0 && framing_ == Framing::length)
      throw Error(Fault::disconnected, "the connection ended inside a body");
  }
  if (framing_ == Framing::length) {
    body_left_ -= got;
    body_done_ = body_left_ == 0;
  } else {
    body_done_ = got == 0;
  }
  co_return got;
}

net::task<std::size_t> MessageReader::read_chunked(std::span<char> into) {
  for (;;) {
    Parser::Decoded const decoded = parser_.feed_chunked(buffered(), into);
    start_ += decoded.consumed;
    body_done_ = decoded.done;
    if (decoded.produced > 0 || decoded.done) co_return decoded.produced;
    bool const more = co_await read_more();
    if (!more) throw Error(Fault::disconnected, "the connection ended inside a chunked body");
  }
}

}  // namespace http
