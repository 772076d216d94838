#include "net/tcp.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

#include <fmt/format.h>

namespace net {
namespace {

using base::Error;
using base::Fault;

[[noreturn]] void throw_errno(std::string_view peer) {
  Socket::throw_broken(peer, std::strerror(errno));
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

// The unsent rest of a list of pieces.
class Remaining {
 public:
  explicit Remaining(std::span<std::string_view const> pieces) : pieces_(pieces) { skip_empty(); }

  bool done() const { return pieces_.empty(); }

  std::size_t fill(std::span<iovec> vectors) const {
    std::size_t count = 0;
    std::size_t skip = offset_;
    for (std::string_view const piece : pieces_) {
      if (count == vectors.size()) break;
      if (piece.size() > skip) {
        // iovec serves reading too, hence its non-const pointer
        vectors[count++] = {const_cast<char*>(piece.data()) + skip, piece.size() - skip};
      }
      skip = 0;
    }
    return count;
  }

  void sent(std::size_t bytes) {
    while (bytes > 0) {
      std::size_t const here = std::min(bytes, pieces_.front().size() - offset_);
      offset_ += here;
      bytes -= here;
      skip_empty();
    }
  }

 private:
  void skip_empty() {
    while (!pieces_.empty() && offset_ == pieces_.front().size()) {
      pieces_ = pieces_.subspan(1);
      offset_ = 0;
    }
  }

  std::span<std::string_view const> pieces_;
  std::size_t offset_ = 0;
};

class TcpStream final : public Stream {
 public:
  explicit TcpStream(Socket socket) : socket_(std::move(socket)) {}

  task<std::size_t> read_some(std::span<char> into) override {
    if (!std::exchange(drained_, true)) {
      ssize_t const at_once = ::recv(socket_.fd(), into.data(), into.size(), 0);
      if (at_once >= 0) {
        drained_ = static_cast<std::size_t>(at_once) < into.size();
        if (socket_.had_its_turn()) co_await yield();
        co_return static_cast<std::size_t>(at_once);
      }
      if (errno != EINTR && !would_block()) throw_errno(socket_.peer());
    }
    std::size_t const got = co_await socket_.receive(into);
    drained_ = got < into.size();
    co_return got;
  }

  task<void> write(std::span<std::string_view const> pieces) override {
    Remaining remaining(pieces);
    std::array<iovec, 64> vectors;
    while (!remaining.done()) {
      msghdr message{};
      message.msg_iov = vectors.data();
      message.msg_iovlen = remaining.fill(vectors);
      ssize_t const sent = ::sendmsg(socket_.fd(), &message, MSG_NOSIGNAL);
      if (sent >= 0) {
        remaining.sent(static_cast<std::size_t>(sent));
        if (socket_.had_its_turn()) co_await yield();
      } else if (would_block()) {
        co_await socket_.wait_writable();
      } else if (errno != EINTR) {
        throw_errno(socket_.peer());
      }
    }
  }

  task<void> write_file(int file, std::uint64_t offset, std::uint64_t count) override {
    auto position = static_cast<off_t>(offset);
    while (count > 0) {
      constexpr std::uint64_t most = 1 << 20;  // other connections get their turn
      ssize_t const sent =
          ::sendfile(socket_.fd(), file, &position, std::min<std::uint64_t>(count, most));
      if (sent > 0) {
        count -= static_cast<std::uint64_t>(sent);
        if (socket_.had_its_turn()) co_await yield();
      } else if (sent == 0) {
        throw Error(Fault::corrupt, "a file became shorter while it was sent");
      } else if (would_block()) {
        co_await socket_.wait_writable();
      } else if (errno != EINTR) {
        throw_errno(socket_.peer());
      }
    }
  }

  void set_idle_timeout(std::chrono::milliseconds timeout) override {
    socket_.set_idle_timeout(timeout);
  }
  bool quiet() const override { return socket_.quiet(); }
  bool peer_ended() const override { return socket_.peer_ended(); }
  void end_writing() override { socket_.end_writing(); }
  void close() override { socket_.close(); }
  void reset() override { socket_.reset(); }
  std::string_view peer() const override { return socket_.peer(); }

 private:
  Socket socket_;
  bool drained_ = true;  // the kernel most likely has nothing to read
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(Socket socket) {
  return std::make_unique<TcpStream>(std::move(socket));
}

}  // namespace net
