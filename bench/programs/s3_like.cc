// s3_like: a store as fast and as slow as S3: each answer's first byte comes late, and each
// connection carries only so many bytes a second. Objects are declared, not stored; all have the
// same content, a file's repeated. Knows GET (Range, If-Match), HEAD and ListObjectsV2; takes every
// signature. One thread, which leaves the machine to the program under test.
//
//   s3_like --listen 127.0.0.1:PORT --content FILE [--set NAME=COUNTxBYTES]... [--manifest FILE]
//           [--first-byte-ms 25] [--connection-mbps 90] [--page-ms 50]
//
// --connection-mbps is in 10^6 bytes a second. --page-ms is the delay of a page of a listing.
#include "s3_objects.h"
#include "sockets.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <queue>
#include <string>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

// A paced connection sends 64 KiB at a time: 0.7 ms at 90 MB/s.
constexpr std::uint64_t quantum_bytes = 64 << 10;
constexpr std::size_t max_head_bytes = 64 << 10;

struct Options {
  std::string listen;
  std::string content;
  std::vector<std::string> sets;
  std::vector<std::string> manifests;
  double first_byte_ms = 0;
  double connection_mbps = 0;
  double page_ms = 0;
};

struct Request {
  std::string method;
  std::string bucket;
  std::string key;
  std::string query;
  std::string range;
  std::string if_match;
};

// The answer being sent: `text` (the head, and XML), then a stretch of the object.
struct Reply {
  std::string text;
  std::size_t text_sent = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t sent = 0;
  Time begin;  // of its first byte
};

struct Connection {
  int socket = -1;
  std::uint64_t id = 0;
  std::string input;
  std::unique_ptr<Reply> reply;
};

struct Timer {
  Time when;
  std::uint64_t connection = 0;
  bool operator>(Timer const& other) const { return when > other.when; }
};

Clock::duration seconds(double value) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(value));
}

Request parse_request(std::string_view head) {
  Request request;
  std::size_t const space = head.find(' ');
  std::string_view target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  request.method = head.substr(0, space);
  std::size_t const question = target.find('?');
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  target = target.substr(1, question - 1);
  std::size_t const slash = target.find('/');
  request.bucket = target.substr(0, slash);
  if (slash != std::string_view::npos) request.key = percent_decoded(target.substr(slash + 1));
  request.range = header(head, "range").value_or("");
  request.if_match = header(head, "if-match").value_or("");
  return request;
}

std::string query_field(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view const field = query.substr(0, query.find('&'));
    if (field.starts_with(name) && field.substr(name.size(), 1) == "=")
      return percent_decoded(field.substr(name.size() + 1));
    query.remove_prefix(std::min(query.size(), field.size() + 1));
  }
  return "";
}

std::string text_reply(std::string_view status, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n"
      "Server: s3_like\r\n\r\n{}",
      status, body.size(), body);
}

std::string error_reply(Request const& request, std::string_view status, std::string_view code) {
  std::string const body =
      request.method == "HEAD"
          ? ""
          : fmt::format(
                "<?xml version=\"1.0\" "
                "encoding=\"UTF-8\"?>\n<Error><Code>{0}</Code><Message>{0}</Message>"
                "</Error>",
                code);
  return text_reply(status, body);
}

class Server {
 public:
  explicit Server(Options const& options);
  [[noreturn]] void run();

 private:
  void accept_all();
  void read_from(Connection& connection, bool ends);
  void answer(Connection& connection, Request const& request);
  std::string answer_list(Request const& request) const;
  void answer_object(Request const& request, Reply& reply) const;
  void go_on(Connection& connection);
  bool send_due(Connection& connection, Reply& reply, std::uint64_t due) const;
  void wait_for(Connection const& connection, Time when) { timers_.push({when, connection.id}); }
  void run_timers();
  void close_connection(Connection const& connection);

  Objects objects_;
  double rate_ = 0;  // bytes a second
  Clock::duration first_byte_;
  Clock::duration page_;
  int content_ = -1;
  std::uint64_t content_bytes_ = 0;
  int listener_ = -1;
  int epoll_ = -1;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
};

Server::Server(Options const& options)
    : rate_(options.connection_mbps * 1e6),
      first_byte_(seconds(options.first_byte_ms / 1e3)),
      page_(seconds(std::max(options.page_ms, options.first_byte_ms) / 1e3)) {
  for (std::string const& set : options.sets) objects_.add_set(set);
  for (std::string const& manifest : options.manifests) objects_.add_manifest(manifest);
  objects_.sort();
  content_ = checked(open(options.content.c_str(), O_RDONLY | O_CLOEXEC), options.content);
  struct stat info{};
  checked(fstat(content_, &info), "fstat");
  content_bytes_ = static_cast<std::uint64_t>(info.st_size);
  if (content_bytes_ == 0) fail("the content file is empty");
  epoll_ = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  listener_ = listen_on(parse_address(options.listen));
  set_non_blocking(listener_);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = 0}};
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event), "epoll_ctl");
}

void Server::accept_all() {
  for (;;) {
    int const socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket == -1) return;
    set_no_delay(socket);
    auto connection = std::make_unique<Connection>();
    connection->socket = socket;
    connection->id = ++last_id_;
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                      .data = {.u64 = connection->id}};
    checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
    connections_.emplace(connection->id, std::move(connection));
  }
}

void Server::close_connection(Connection const& connection) {
  close(connection.socket);
  connections_.erase(connection.id);
}

// `ends`: the client has closed its side, or is about to.
void Server::read_from(Connection& connection, bool ends) {
  char buffer[16 << 10];
  for (;;) {
    ssize_t const got = recv(connection.socket, buffer, sizeof buffer, 0);
    if (got == 0 || (got == -1 && errno != EAGAIN) || connection.input.size() > max_head_bytes) {
      close_connection(connection);
      return;
    }
    if (got == -1) break;
    connection.input.append(buffer, static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < sizeof buffer && !ends) break;
  }
  go_on(connection);
}

std::string Server::answer_list(Request const& request) const {
  if (!query_field(request.query, "delimiter").empty())
    return error_reply(request, "501 Not Implemented", "NotImplemented");
  ListQuery query{.prefix = query_field(request.query, "prefix"),
                  .start_after = query_field(request.query, "start-after"),
                  .continuation_token = query_field(request.query, "continuation-token")};
  std::string const max_keys = query_field(request.query, "max-keys");
  if (!max_keys.empty()) query.max_keys = std::min<std::size_t>(number(max_keys, "max-keys"), 1000);
  return text_reply("200 OK", objects_.list(request.bucket, query));
}

// The offset and size that a Range header of one range asks for; without one, the whole object.
std::pair<std::uint64_t, std::uint64_t> stretch(std::string const& range, std::uint64_t size) {
  std::string_view text = range;
  constexpr std::string_view unit = "bytes=";
  std::size_t const dash = text.find('-');
  if (!text.starts_with(unit) || dash == std::string_view::npos) return {0, size};
  std::string_view const first = text.substr(unit.size(), dash - unit.size());
  std::string_view const last = text.substr(dash + 1);
  if (first.empty()) {
    std::uint64_t const tail = std::min(size, number(last, "Range"));
    return {size - tail, tail};
  }
  std::uint64_t const offset = number(first, "Range");
  if (offset >= size) return {offset, 0};
  std::uint64_t const end = last.empty() ? size : std::min(size, number(last, "Range") + 1);
  return {offset, end - offset};
}

void Server::answer_object(Request const& request, Reply& reply) const {
  Object const* const object = objects_.find(request.key);
  if (object == nullptr) {
    reply.text = error_reply(request, "404 Not Found", "NoSuchKey");
    return;
  }
  if (!request.if_match.empty() && request.if_match != fmt::format("\"{}\"", object->etag)) {
    reply.text = error_reply(request, "412 Precondition Failed", "PreconditionFailed");
    return;
  }
  auto const [offset, size] = stretch(request.range, object->size);
  if (!request.range.empty() && size == 0) {
    reply.text = error_reply(request, "416 Range Not Satisfiable", "InvalidRange");
    return;
  }
  std::string extent;
  if (!request.range.empty())
    extent =
        fmt::format("Content-Range: bytes {}-{}/{}\r\n", offset, offset + size - 1, object->size);
  reply.text = fmt::format(
      "HTTP/1.1 {}\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\nETag: \"{}\"\r\n"
      "Accept-Ranges: bytes\r\n{}Content-Type: binary/octet-stream\r\nContent-Length: {}\r\n"
      "Server: s3_like\r\n\r\n",
      request.range.empty() ? "200 OK" : "206 Partial Content", object->etag, extent, size);
  if (request.method == "HEAD") return;
  reply.offset = offset;
  reply.size = size;
}

void Server::answer(Connection& connection, Request const& request) {
  auto reply = std::make_unique<Reply>();
  reply->begin = Clock::now() + first_byte_;
  if (request.method != "GET" && request.method != "HEAD") {
    reply->text = error_reply(request, "501 Not Implemented", "NotImplemented");
  } else if (!request.key.empty()) {
    answer_object(request, *reply);
  } else if (request.query.find("location") != std::string::npos) {
    reply->text = text_reply("200 OK", "<LocationConstraint/>");
  } else if (request.method == "HEAD") {
    reply->text = text_reply("200 OK", "");
  } else {
    reply->text = answer_list(request);
    reply->begin = Clock::now() + page_;
  }
  connection.reply = std::move(reply);
}

// Sends the bytes that are due by now; true when all of them are sent.
bool Server::send_due(Connection& connection, Reply& reply, std::uint64_t due) const {
  if (reply.text_sent < reply.text.size()) {
    std::string_view const rest = std::string_view(reply.text).substr(reply.text_sent);
    ssize_t const sent = send(connection.socket, rest.data(), rest.size(),
                              MSG_NOSIGNAL | (due > reply.sent ? MSG_MORE : 0));
    if (sent > 0) reply.text_sent += static_cast<std::size_t>(sent);
    if (reply.text_sent < reply.text.size()) return false;
  }
  while (reply.sent < due) {
    std::uint64_t const at = (reply.offset + reply.sent) % content_bytes_;
    auto offset = static_cast<off_t>(at);
    ssize_t const sent = sendfile(connection.socket, content_, &offset,
                                  std::min(due - reply.sent, content_bytes_ - at));
    if (sent <= 0) return false;
    reply.sent += static_cast<std::uint64_t>(sent);
  }
  return true;
}

void Server::go_on(Connection& connection) {
  for (;;) {
    if (!connection.reply) {
      auto const size = head_size(connection.input);
      if (!size) return;
      Request const request = parse_request(std::string_view(connection.input).substr(0, *size));
      connection.input.erase(0, *size);
      answer(connection, request);
    }
    Reply& reply = *connection.reply;
    Time const now = Clock::now();
    if (now < reply.begin) {
      wait_for(connection, reply.begin);
      return;
    }
    std::uint64_t due = reply.size;
    if (rate_ > 0 && reply.size > 0) {
      // Bytes are due in whole quanta, the last one at the end's own time.
      double const passed = std::chrono::duration<double>(now - reply.begin).count() * rate_ + 1;
      due = static_cast<std::uint64_t>(passed) / quantum_bytes * quantum_bytes;
      if (passed >= static_cast<double>(reply.size)) due = reply.size;
    }
    if ((due > reply.sent || reply.size == 0 || rate_ == 0) && !send_due(connection, reply, due)) {
      // The client is slow: bytes that it did not take in time do not come faster later.
      if (rate_ > 0)
        reply.begin = now - seconds(static_cast<double>(reply.sent + quantum_bytes) / rate_);
      return;
    }
    if (reply.sent < reply.size) {
      std::uint64_t const next = std::min(reply.size, reply.sent + quantum_bytes);
      wait_for(connection, reply.begin + seconds(static_cast<double>(next) / rate_));
      return;
    }
    connection.reply.reset();
  }
}

void Server::run_timers() {
  Time const now = Clock::now();
  while (!timers_.empty() && timers_.top().when <= now) {
    auto const found = connections_.find(timers_.top().connection);
    timers_.pop();
    if (found != connections_.end() && found->second->reply) go_on(*found->second);
  }
}

void Server::run() {
  std::vector<epoll_event> events(128);
  for (;;) {
    timespec timeout{};
    if (!timers_.empty()) {
      auto const wait = std::max(timers_.top().when - Clock::now(), Clock::duration::zero());
      timeout.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(wait).count();
      timeout.tv_nsec = (wait % std::chrono::seconds(1)).count();
    }
    int const count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()),
                                   timers_.empty() ? nullptr : &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      epoll_event const& event = events[static_cast<std::size_t>(i)];
      if (event.data.u64 == 0) {
        accept_all();
        continue;
      }
      auto const found = connections_.find(event.data.u64);
      if (found == connections_.end()) continue;
      Connection& connection = *found->second;
      bool const ends = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
      if (ends || (event.events & EPOLLIN) != 0) {
        read_from(connection, ends);
      } else if (connection.reply) {
        go_on(connection);
      }
    }
    run_timers();
  }
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  bench::Options options;
  CLI::App app("a store that is as slow as S3");
  app.add_option("--listen", options.listen)->required();
  app.add_option("--content", options.content)->required();
  app.add_option("--set", options.sets);
  app.add_option("--manifest", options.manifests);
  app.add_option("--first-byte-ms", options.first_byte_ms);
  app.add_option("--connection-mbps", options.connection_mbps);
  app.add_option("--page-ms", options.page_ms);
  CLI11_PARSE(app, count, arguments);
  bench::Server(options).run();
}
