#include "net/socket.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/asio_types.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <fmt/format.h>

namespace net {

using boost::asio::ip::tcp;
using std::chrono::steady_clock;

struct Socket::State {
  explicit State(TcpSocket open) : socket(std::move(open)), watchdog(socket.get_executor()) {}

  TcpSocket socket;
  Timer watchdog;
  std::string peer;
  std::chrono::milliseconds idle_timeout{base::limits::idle_io_timeout};
  steady_clock::time_point deadline;
  int waiting = 0;
  int turns = 0;
  bool armed = false;
  std::uint64_t arming = 0;  // tells a handler that a later one took its place
  bool timed_out = false;
};

Socket::Socket(TcpSocket socket) : state_(std::make_shared<State>(std::move(socket))) {
  boost::system::error_code ignored;
  state_->socket.non_blocking(true, ignored);
  state_->socket.set_option(tcp::no_delay(true), ignored);
  tcp::endpoint const end = state_->socket.remote_endpoint(ignored);
  state_->peer = fmt::format("{}:{}", end.address().to_string(), end.port());
}

Socket::~Socket() {
  if (state_) close();
}

int Socket::fd() const {
  return state_->socket.native_handle();
}

task<void> Socket::wait_readable() {
  return wait(TcpSocket::wait_read);
}
task<void> Socket::wait_writable() {
  return wait(TcpSocket::wait_write);
}

task<void> Socket::wait(TcpSocket::wait_type what) {
  std::shared_ptr<State> const state = state_;
  begin_waiting();
  auto const as_result = boost::asio::as_tuple(use_task);
  auto [error] = co_await state->socket.async_wait(what, as_result);
  end_waiting(*state, error);
}

task<std::size_t> Socket::receive(std::span<char> into) {
  std::shared_ptr<State> const state = state_;
  begin_waiting();
  auto const as_result = boost::asio::as_tuple(use_task);
  auto const buffer = boost::asio::buffer(into.data(), into.size());
  auto [error, got] = co_await state->socket.async_receive(buffer, as_result);
  if (error == boost::asio::error::eof) error = {};
  end_waiting(*state, error);
  co_return got;
}

void Socket::begin_waiting() {
  state_->turns = 0;
  state_->deadline = steady_clock::now() + state_->idle_timeout;
  ++state_->waiting;
  arm(state_);
}

void Socket::end_waiting(State& state, boost::system::error_code error) {
  --state.waiting;
  if (!error) return;
  if (state.timed_out) {
    throw base::Error(base::Fault::timeout,
                      fmt::format("no byte moved for {} s on the connection to {}",
                                  state.idle_timeout.count() / 1000, state.peer));
  }
  bool const closed_here =
      error == boost::asio::error::operation_aborted || error == boost::asio::error::bad_descriptor;
  if (closed_here) throw base::Cancelled();
  throw_broken(state.peer, error.message());
}

bool Socket::had_its_turn() {
  constexpr int turns_in_a_row = 16;
  if (++state_->turns < turns_in_a_row) return false;
  state_->turns = 0;
  return true;
}

void Socket::arm(std::shared_ptr<State> const& state) {
  // The watchdog is armed too late only after the timeout was made shorter.
  if (state->armed && state->watchdog.expiry() <= state->deadline) return;
  state->armed = true;
  state->watchdog.expires_at(state->deadline);
  state->watchdog.async_wait([state, arming = ++state->arming](boost::system::error_code error) {
    if (arming != state->arming) return;
    state->armed = false;
    if (error || state->waiting == 0) return;
    if (steady_clock::now() < state->deadline) return arm(state);
    state->timed_out = true;
    boost::system::error_code ignored;
    state->socket.close(ignored);
  });
}

void Socket::throw_broken(std::string_view peer, std::string_view why) {
  throw base::Error(base::Fault::disconnected,
                    fmt::format("the connection to {} broke: {}", peer, why));
}

void Socket::set_idle_timeout(std::chrono::milliseconds timeout) {
  state_->idle_timeout = timeout;
}

bool Socket::is_open() const {
  return state_->socket.is_open();
}

namespace {

enum class Incoming { nothing, bytes, end };

Incoming incoming(int fd) {
  char byte = 0;
  ssize_t const got = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return Incoming::bytes;
  bool const waits = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return waits ? Incoming::nothing : Incoming::end;
}

}  // namespace

bool Socket::quiet() const {
  return is_open() && incoming(fd()) == Incoming::nothing;
}

bool Socket::peer_ended() const {
  return !is_open() || incoming(fd()) == Incoming::end;
}

void Socket::end_writing() {
  boost::system::error_code ignored;
  state_->socket.shutdown(TcpSocket::shutdown_send, ignored);
}

void Socket::close() {
  boost::system::error_code ignored;
  state_->socket.close(ignored);
  state_->watchdog.cancel();
}

void Socket::reset() {
  boost::system::error_code ignored;
  state_->socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  close();
}

std::string_view Socket::peer() const {
  return state_->peer;
}

}  // namespace net
