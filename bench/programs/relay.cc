// relay: the least that a program between a store and a client can do, as a yardstick. It answers a
// GET of PREFIX with all objects of a list, in order, as one body: it fetches them with --ahead
// GETs in flight, computes their CRC-32 and sends them on. Objects larger than a range are fetched
// in ranges. Large buffers, few system calls, one thread; no signatures, no retries.
//
//   relay --listen 127.0.0.1:PORT --origin 127.0.0.1:PORT --list FILE [--ahead 16]
//         [--range-bytes 1048576] [--no-crc] [--certificate FILE --key FILE]
//
// A line of FILE is "KEY SIZE …"; the relay fetches PREFIX + KEY. --range-bytes 0: each object in
// one GET. --no-crc: a relay that copies only. With a certificate it speaks TLS on both sides.
#include "channel.h"
#include "sockets.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <isa-l/crc.h>

namespace bench {
namespace {

// One receive takes so many bytes together with a reply's head: all of a small object.
constexpr std::size_t head_bytes = 16 << 10;
// An object fetched in one GET passes through a buffer of this size, the fastest of 32 KiB to 1
// MiB.
constexpr std::uint64_t max_buffer_bytes = 1 << 20;
constexpr std::size_t max_slices = 64;
constexpr std::uint64_t client_event = UINT64_MAX;

struct Options {
  std::string listen;
  std::string origin;
  std::string list;
  std::size_t ahead = 16;
  std::uint64_t range_bytes = 1 << 20;
  bool no_crc = false;
  std::string certificate;
  std::string key;
};

struct Object {
  std::string key;
  std::uint64_t size = 0;
};

// One GET's body on its way. The buffer holds bytes that have come and are not sent yet; only the
// first piece in order may be sent from before it is whole.
struct Piece {
  std::unique_ptr<char[]> buffer;
  std::size_t capacity = 0;
  std::uint64_t left = 0;  // bytes that have not come yet
  std::size_t filled = 0;
  std::size_t sent = 0;
  std::uint32_t crc = 0;
};

bool send_all(Channel& channel, std::string& text) {
  iovec const all{text.data(), text.size()};
  return channel.send({&all, 1}) == static_cast<ssize_t>(text.size());
}

struct Connection {
  Channel channel;
  Piece* piece = nullptr;
  bool in_body = false;
  std::size_t head_filled = 0;
  char head[head_bytes];
};

class Relay {
 public:
  explicit Relay(Options const& options);
  [[noreturn]] void run();

 private:
  void begin_download(Channel client);
  void serve();
  void start_requests();
  void request(Connection& connection);
  bool receive(Connection& connection);
  bool receive_head(Connection& connection);
  bool receive_body(Connection& connection);
  void take(Piece& piece, std::size_t size) const;
  bool flush();
  void drop_sent(std::size_t sent);
  Connection* receiver_of(Piece const& piece);

  Options const& options_;
  std::vector<Object> objects_;
  std::uint64_t total_ = 0;
  Address origin_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;
  std::vector<std::unique_ptr<char[]>> free_buffers_;  // of max_buffer_bytes
  std::deque<std::unique_ptr<Piece>> pieces_;          // in order
  std::string prefix_;
  TlsContext to_origin_;  // both are empty without TLS
  TlsContext to_clients_;
  Channel client_;
  bool client_ready_ = true;
  std::size_t next_object_ = 0;
  std::uint64_t next_offset_ = 0;
};

Relay::Relay(Options const& options) : options_(options), origin_(parse_address(options.origin)) {
  std::ifstream file(options.list);
  if (!file) fail(options.list);
  std::string line;
  while (std::getline(file, line)) {
    std::size_t const space = line.find(' ');
    std::string_view const rest = std::string_view(line).substr(space + 1);
    std::uint64_t const size = number(rest.substr(0, rest.find(' ')), "an object's size");
    if (size == 0) fail("an empty object");
    objects_.push_back({line.substr(0, space), size});
    total_ += size;
  }
  epoll_ = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  if (options.certificate.empty()) return;
  to_origin_ = client_context();
  to_clients_ = server_context(options.certificate, options.key);
}

void Relay::run() {
  int const listener = listen_on(parse_address(options_.listen));
  for (;;) {
    int const client = checked(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), "accept");
    set_no_delay(client);
    begin_download(to_clients_ ? Channel(client, *to_clients_) : Channel(client));
    serve();
    client_ = Channel();
  }
}

void Relay::begin_download(Channel client) {
  std::string head;
  while (!head_size(head)) {
    char buffer[4096];
    ssize_t const got = client.receive(buffer);
    if (got <= 0) fail("no request came");
    head.append(buffer, static_cast<std::size_t>(got));
  }
  std::size_t const start = head.find(' ') + 1;
  prefix_ = head.substr(start, head.find(' ', start) - start);
  std::string reply = fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n",
      total_);
  if (!send_all(client, reply)) fail("the client left");
  set_non_blocking(client.socket());
  client_ = std::move(client);
  client_ready_ = true;
  next_object_ = 0;
  next_offset_ = 0;
  epoll_event event{.events = EPOLLOUT | EPOLLET, .data = {.u64 = client_event}};
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, client_.socket(), &event), "epoll_ctl");
  while (connections_.size() < options_.ahead) {
    auto connection = std::make_unique<Connection>();
    int const socket = connect_to(origin_);
    connection->channel = to_origin_ ? Channel(socket, *to_origin_) : Channel(socket);
    set_non_blocking(socket);
    event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = connections_.size()}};
    checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
    idle_.push_back(connection.get());
    connections_.push_back(std::move(connection));
  }
}

void Relay::serve() {
  std::vector<epoll_event> events(options_.ahead + 1);
  start_requests();
  while (!pieces_.empty()) {
    int const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      std::uint64_t const source = events[static_cast<std::size_t>(i)].data.u64;
      if (source == client_event) {
        client_ready_ = true;
      } else {
        receive(*connections_[source]);
      }
    }
    start_requests();
    while (flush()) start_requests();
  }
}

// Keeps up to `ahead` GETs in flight, and as many answers again that wait for their turn.
void Relay::start_requests() {
  while (!idle_.empty() && pieces_.size() < 2 * options_.ahead && next_object_ < objects_.size()) {
    Connection* const connection = idle_.back();
    idle_.pop_back();
    request(*connection);
  }
}

void Relay::request(Connection& connection) {
  Object const& object = objects_[next_object_];
  std::uint64_t const rest = object.size - next_offset_;
  bool const ranged = options_.range_bytes != 0 && object.size > options_.range_bytes;
  std::uint64_t const size = ranged ? std::min(rest, options_.range_bytes) : rest;
  std::string text =
      fmt::format("GET {}{} HTTP/1.1\r\nHost: {}\r\n", prefix_, object.key, options_.origin);
  if (ranged) text += fmt::format("Range: bytes={}-{}\r\n", next_offset_, next_offset_ + size - 1);
  text += "\r\n";
  next_offset_ += size;
  if (next_offset_ == object.size) {
    next_offset_ = 0;
    ++next_object_;
  }
  auto piece = std::make_unique<Piece>();
  piece->left = size;
  piece->capacity = static_cast<std::size_t>(std::min(size, max_buffer_bytes));
  if (free_buffers_.empty()) {
    piece->buffer = std::make_unique_for_overwrite<char[]>(max_buffer_bytes);
  } else {
    piece->buffer = std::move(free_buffers_.back());
    free_buffers_.pop_back();
  }
  connection.piece = piece.get();
  connection.in_body = false;
  connection.head_filled = 0;
  pieces_.push_back(std::move(piece));
  if (!send_all(connection.channel, text)) fail("a request was not sent");
}

// Receives until there are no bytes or there is no room; true when the piece is whole.
bool Relay::receive(Connection& connection) {
  if (connection.piece == nullptr) return false;
  if (!connection.in_body && !receive_head(connection)) return false;
  if (!receive_body(connection)) return false;
  connection.piece = nullptr;
  idle_.push_back(&connection);
  return true;
}

bool Relay::receive_head(Connection& connection) {
  for (;;) {
    std::span<char> const room = std::span(connection.head).subspan(connection.head_filled);
    ssize_t const got = connection.channel.receive(room);
    if (got == -1 && errno == EAGAIN) return false;
    if (got <= 0) fail("the origin closed a connection");
    connection.head_filled += static_cast<std::size_t>(got);
    std::string_view const bytes(connection.head, connection.head_filled);
    auto const head = head_size(bytes);
    if (!head) continue;
    Piece& piece = *connection.piece;
    int const status = status_of(bytes);
    auto const length = header(bytes.substr(0, *head), "content-length").value_or("0");
    if ((status != 200 && status != 206) || number(length, "Content-Length") != piece.left)
      fail(fmt::format("the origin answered {}, {} bytes", status, length));
    connection.in_body = true;
    std::string_view const body = bytes.substr(*head);
    std::memcpy(piece.buffer.get(), body.data(), body.size());
    take(piece, body.size());
    return true;
  }
}

bool Relay::receive_body(Connection& connection) {
  Piece& piece = *connection.piece;
  while (piece.left > 0 && piece.filled < piece.capacity) {
    std::size_t const room =
        std::min<std::size_t>(piece.capacity - piece.filled, static_cast<std::size_t>(piece.left));
    ssize_t const got = connection.channel.receive({piece.buffer.get() + piece.filled, room});
    if (got == -1 && errno == EAGAIN) return false;
    if (got <= 0) fail("the origin closed a connection");
    take(piece, static_cast<std::size_t>(got));
  }
  return piece.left == 0;
}

void Relay::take(Piece& piece, std::size_t size) const {
  if (!options_.no_crc)
    piece.crc = crc32_gzip_refl(
        piece.crc, reinterpret_cast<unsigned char*>(piece.buffer.get() + piece.filled), size);
  piece.filled += size;
  piece.left -= size;
}

// Sends the bytes that have come, in order; true when some were sent.
bool Relay::flush() {
  if (!client_ready_) return false;
  iovec slices[max_slices];
  std::size_t count = 0;
  std::size_t wanted = 0;
  for (auto const& piece : pieces_) {
    if (count == max_slices || piece->filled == piece->sent) break;
    slices[count] = {piece->buffer.get() + piece->sent, piece->filled - piece->sent};
    wanted += slices[count++].iov_len;
    if (piece->left > 0) break;
  }
  if (count == 0) return false;
  ssize_t const sent = client_.send({slices, count});
  if (sent == -1 && errno != EAGAIN) fail("the client left");
  if (sent < static_cast<ssize_t>(wanted)) client_ready_ = false;
  if (sent > 0) drop_sent(static_cast<std::size_t>(sent));
  return sent > 0;
}

void Relay::drop_sent(std::size_t sent) {
  while (sent > 0) {
    Piece& piece = *pieces_.front();
    std::size_t const step = std::min(sent, piece.filled - piece.sent);
    piece.sent += step;
    sent -= step;
    if (piece.sent < piece.filled) return;
    if (piece.left > 0) {
      bool const was_full = piece.filled == piece.capacity;
      piece.filled = 0;
      piece.sent = 0;
      if (was_full) receive(*receiver_of(piece));
      return;
    }
    free_buffers_.push_back(std::move(piece.buffer));
    pieces_.pop_front();
  }
}

Connection* Relay::receiver_of(Piece const& piece) {
  for (auto const& connection : connections_)
    if (connection->piece == &piece) return connection.get();
  fail("a piece that nobody receives");
}

}  // namespace
}  // namespace bench

int main(int count, char** arguments) {
  bench::Options options;
  CLI::App app("receives, computes CRC-32 and sends on");
  app.add_option("--listen", options.listen)->required();
  app.add_option("--origin", options.origin)->required();
  app.add_option("--list", options.list)->required();
  app.add_option("--ahead", options.ahead);
  app.add_option("--range-bytes", options.range_bytes);
  app.add_flag("--no-crc", options.no_crc);
  auto* const certificate = app.add_option("--certificate", options.certificate);
  certificate->needs(app.add_option("--key", options.key));
  CLI11_PARSE(app, count, arguments);
  bench::Relay(options).run();
}
