// One request and its answer: Exchange of http/server.h.
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/server.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

namespace http {

using base::Error;
using base::Fault;

namespace {

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

// Makes room for `size` bytes and erases the old copy: request bodies hold secrets.
void grow(std::string& text, std::size_t size) {
  std::string larger;
  larger.reserve(size);
  larger.append(text);
  sodium_memzero(text.data(), text.size());
  larger.resize(size);
  text = std::move(larger);
}

}  // namespace

Exchange::Exchange(Connection const& connection, Request request)
    : stream_(connection.stream),
      reader_(connection.reader),
      body_time_(connection.times.body),
      stopping_(connection.stopping),
      every_answer_(connection.every_answer),
      request_(std::move(request)),
      keep_alive_(!stopping_.is_set() && reader_.keep_alive()),
      // HTTP/1.0 knows no Expect: 100-continue (RFC 9110, 10.1.1).
      expects_continue_(
          base::equals_ignoring_case(request_.headers.get("expect"), "100-continue") &&
          !reader_.is_http_1_0()) {}

std::string Exchange::continue_line() {
  if (!expects_continue_) return "";
  expects_continue_ = false;
  return std::string(go_on);
}

net::task<std::size_t> Exchange::read_body(std::span<char> into) {
  if (expects_continue_ && !reader_.body_done()) {
    std::string const line = continue_line();
    std::string_view const pieces[] = {line};
    co_await stream_.write(pieces);
  }
  co_return co_await reader_.read_body(into);
}

net::task<std::string> Exchange::read_whole_body(std::uint64_t limit) {
  constexpr std::size_t first_bytes = 16 * 1024;
  auto const end = std::chrono::steady_clock::now() + body_time_;
  std::string const too_large = fmt::format("the request body is over {} bytes", limit);
  if (content_length().value_or(0) > limit) throw Error(Fault::too_large, too_large);
  std::string body;
  std::size_t size = 0;
  for (;;) {
    if (size == body.size()) grow(body, size == 0 ? first_bytes : 2 * size);
    std::span<char> const room(body.data() + size, body.size() - size);
    std::size_t const got = co_await read_body(room);
    size += got;
    if (got == 0) break;
    if (size > limit) throw Error(Fault::too_large, too_large);
    if (std::chrono::steady_clock::now() > end)
      throw Error(Fault::timeout, "the request body took too long to arrive");
  }
  body.resize(size);
  co_return body;
}

void Exchange::promise(std::string name, std::string value) {
  promised_.set(name, std::move(value));
}

void Exchange::set_id(std::string id) {
  promise("X-Request-Id", id);
  id_ = std::move(id);
}

std::chrono::steady_clock::duration Exchange::age() const {
  return std::chrono::steady_clock::now() - begun_;
}

net::task<void> Exchange::respond(Response head, std::string body) {
  if (!head.headers.find("content-length") && head.status != 204 && head.status != 304)
    head.headers.set("Content-Length", std::to_string(body.size()));
  std::string const head_bytes = begin(std::move(head));
  bool const has_body = !is_head() && left_ > 0;
  base::check(!has_body || left_ == body.size(), "a body is as long as announced");
  std::string_view const pieces[] = {head_bytes, has_body ? std::string_view(body) : ""};
  left_ = 0;
  co_await stream_.write(pieces);
  if (has_body) sent_ += body.size();
  sodium_memzero(body.data(), body.size());  // it may hold tokens and links
  finished_ = true;
}

net::task<void> Exchange::start(Response head) {
  std::string const head_bytes = begin(std::move(head));
  std::string_view const pieces[] = {head_bytes};
  co_await stream_.write(pieces);
}

std::string Exchange::begin(Response head) {
  base::check(!started_, "an answer is started once");
  started_ = true;
  status_ = head.status;
  first_byte_after_ = age();
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
  // An empty body cannot be refused. S3 clients wait for the line all the same, and without it take
  // the answer's head for the next one's.
  std::string const line = reader_.body_done() ? continue_line() : "";
  // Without a 100 Continue, an unread body may follow or not (RFC 9110, 10.1.1).
  if (expects_continue_) keep_alive_ = false;
  for (Field const& rule : every_answer_) {
    if (!head.headers.find(rule.name)) head.headers.add(rule.name, rule.value);
  }
  for (Field const& promised : promised_) {
    // All that an answer varies by counts.
    bool const one_of_several = base::equals_ignoring_case(promised.name, "Vary");
    if (one_of_several) head.headers.add(promised.name, promised.value);
    if (!one_of_several) head.headers.set(promised.name, promised.value);
  }
  if (!keep_alive_) {
    head.headers.set("Connection", "close");
  } else if (reader_.is_http_1_0()) {
    head.headers.set("Connection", "keep-alive");
  }
  return line + to_wire(head);
}

net::task<void> Exchange::write(std::span<std::string_view const> pieces) {
  std::uint64_t size = 0;
  for (std::string_view const piece : pieces) size += piece.size();
  if (is_head() || size == 0) co_return;
  if (!chunked_) {
    base::check(reader_.is_http_1_0() || size <= left_, "a body is not longer than announced");
    left_ -= std::min(size, left_);
    co_await stream_.write(pieces);
    sent_ += size;
    co_return;
  }
  std::string const chunk_head = fmt::format("{:x}\r\n", size);
  std::vector<std::string_view> chunk{chunk_head};
  chunk.insert(chunk.end(), pieces.begin(), pieces.end());
  chunk.emplace_back("\r\n");
  co_await stream_.write(chunk);
  sent_ += size;
}

net::task<void> Exchange::write_file(int file, std::uint64_t offset, std::uint64_t count) {
  if (is_head() || count == 0) co_return;
  base::check(!chunked_ && count <= left_, "a file is sent with its Content-Length");
  left_ -= count;
  co_await stream_.write_file(file, offset, count);
  sent_ += count;
}

net::task<void> Exchange::finish() {
  if (chunked_ && !is_head()) {
    std::string_view const last_chunk[] = {"0\r\n\r\n"};
    co_await stream_.write(last_chunk);
  }
  finished_ = true;
}

net::task<bool> Exchange::settle() {
  // A short body that no handler has read is drained: it stands before the next request.
  constexpr std::size_t drained_at_most = 256 * 1024;
  if (!keep_alive_ || expects_continue_) co_return false;
  std::vector<char> buffer(16 * 1024);
  std::size_t drained = 0;
  try {
    while (!reader_.body_done() && drained < drained_at_most) {
      drained += co_await reader_.read_body(buffer);
    }
  } catch (Error const& error) {
    if (error.fault() != Fault::bad_input && error.fault() != Fault::too_large) throw;
  }
  co_return complete() && reader_.body_done();
}

}  // namespace http
