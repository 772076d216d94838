// One request and its answer: Exchange of http/server.h.
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/server.h"

#include <vector>

#include <fmt/format.h>

namespace http {

using base::Error;
using base::Fault;

Exchange::Exchange(net::Stream& stream, MessageReader& reader, Request request, bool keep_alive)
    : stream_(stream),
      reader_(reader),
      request_(std::move(request)),
      keep_alive_(keep_alive && reader.keep_alive()),
      expects_continue_(
          base::equals_ignoring_case(request_.headers.get("expect"), "100-continue") &&
          !reader.body_done()) {}

net::task<std::size_t> Exchange::read_body(std::span<char> into) {
  if (expects_continue_) {
    expects_continue_ = false;
    std::string_view const go_on[] = {"HTTP/1.1 100 Continue\r\n\r\n"};
    co_await stream_.write(go_on);
  }
  co_return co_await reader_.read_body(into);
}

net::task<std::string> Exchange::read_whole_body(std::uint64_t limit) {
  std::string const message = fmt::format("the request body is over {} bytes", limit);
  if (content_length().value_or(0) > limit) throw Error(Fault::too_large, message);
  std::string body;
  std::vector<char> buffer(16 * 1024);
  for (;;) {
    std::size_t const got = co_await read_body(buffer);
    if (got == 0) co_return body;
    if (body.size() + got > limit) throw Error(Fault::too_large, message);
    body.append(buffer.data(), got);
  }
}

net::task<void> Exchange::respond(Response head, std::string body) {
  if (!head.headers.find("content-length") && head.status != 204 && head.status != 304)
    head.headers.set("Content-Length", std::to_string(body.size()));
  co_await start(std::move(head));
  std::string_view const pieces[] = {body};
  co_await write(pieces);
  co_await finish();
}

net::task<void> Exchange::start(Response head) {
  base::check(!started_, "an answer is started once");
  started_ = true;
  head.headers.set("Date", base::http_date(base::unix_now()));
  if (auto const length = head.headers.find_uint("content-length")) {
    left_ = is_head() ? 0 : *length;
  } else if (head.status != 204 && head.status != 304) {
    if (reader_.is_http_1_0()) {
      keep_alive_ = false;  // the end of the connection is the end of the body
    } else {
      chunked_ = true;
      head.headers.set("Transfer-Encoding", "chunked");
    }
  }
  // Whether an unread body follows is open once 100 Continue was never sent (RFC 9110, 10.1.1).
  if (expects_continue_) keep_alive_ = false;
  if (!keep_alive_) head.headers.set("Connection", "close");
  std::string const bytes = to_wire(head);
  std::string_view const pieces[] = {bytes};
  co_await stream_.write(pieces);
}

net::task<void> Exchange::write(std::span<std::string_view const> pieces) {
  std::uint64_t size = 0;
  for (std::string_view const piece : pieces) size += piece.size();
  if (is_head() || size == 0) co_return;
  if (!chunked_) {
    base::check(reader_.is_http_1_0() || size <= left_, "a body is not longer than announced");
    left_ -= std::min(size, left_);
    co_await stream_.write(pieces);
    co_return;
  }
  std::string const chunk_head = fmt::format("{:x}\r\n", size);
  std::vector<std::string_view> chunk{chunk_head};
  chunk.insert(chunk.end(), pieces.begin(), pieces.end());
  chunk.emplace_back("\r\n");
  co_await stream_.write(chunk);
}

net::task<void> Exchange::write_file(int file, std::uint64_t offset, std::uint64_t count) {
  if (is_head() || count == 0) co_return;
  base::check(!chunked_ && count <= left_, "a file is sent with its Content-Length");
  left_ -= count;
  co_await stream_.write_file(file, offset, count);
}

net::task<void> Exchange::finish() {
  if (chunked_ && !is_head()) {
    std::string_view const last_chunk[] = {"0\r\n\r\n"};
    co_await stream_.write(last_chunk);
  }
  finished_ = true;
}

net::task<bool> Exchange::settle() {
  // Also where the connection closes: unread bytes would make the kernel reset it, and the reset
  // overtakes the answer at the client.
  constexpr std::size_t drained_at_most = 256 * 1024;
  std::vector<char> buffer(16 * 1024);
  std::size_t drained = 0;
  while (!expects_continue_ && !reader_.body_done() && drained < drained_at_most) {
    drained += co_await reader_.read_body(buffer);
  }
  co_return keep_alive_&& complete() && reader_.body_done();
}

}  // namespace http
