#include "net/socket.h"

#include "base/error.h"
#include "base/limits.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace net {

using boost::asio::ip::tcp;
using std::chrono::steady_clock;

struct Socket::State {
  explicit State(tcp::socket open) : socket(std::move(open)), watchdog(socket.get_executor()) {}

  tcp::socket socket;
  boost::asio::steady_timer watchdog;
  std::string peer;
  std::chrono::milliseconds idle_timeout{base::limits::idle_io_timeout};
  steady_clock::time_point deadline;
  int waiting = 0;
  int turns = 0;
  bool armed = false;
  std::uint64_t arming = 0;  // tells a handler that another one took its place
  bool timed_out = false;
};

Socket::Socket(tcp::socket socket) : state_(std::make_shared<State>(std::move(socket))) {
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
  return wait(tcp::socket::wait_read);
}
task<void> Socket::wait_writable() {
  return wait(tcp::socket::wait_write);
}

task<void> Socket::wait(tcp::socket::wait_type what) {
  std::shared_ptr<State> const state = state_;
  state->turns = 0;
  state->deadline = steady_clock::now() + state->idle_timeout;
  ++state->waiting;
  arm(state);
  auto const as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
  auto [error] = co_await state->socket.async_wait(what, as_result);
  --state->waiting;
  if (!error) co_return;
  if (state->timed_out) {
    throw base::Error(base::Fault::timeout,
                      fmt::format("no byte moved for {} s on the connection to {}",
                                  state->idle_timeout.count() / 1000, state->peer));
  }
  throw base::Error(base::Fault::cancelled,
                    "the connection to " + state->peer + " was closed here");
}

task<void> Socket::be_fair() {
  constexpr int turns_in_a_row = 16;
  if (++state_->turns < turns_in_a_row) co_return;
  state_->turns = 0;
  co_await boost::asio::post(boost::asio::use_awaitable);
}

void Socket::arm(std::shared_ptr<State> const& state) {
  // Armed for later than needed only where the timeout was made shorter.
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

void Socket::set_idle_timeout(std::chrono::milliseconds timeout) {
  state_->idle_timeout = timeout;
}

bool Socket::quiet() const {
  if (!state_->socket.is_open()) return false;
  char byte = 0;
  ssize_t const got = ::recv(fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Socket::end_writing() {
  boost::system::error_code ignored;
  state_->socket.shutdown(tcp::socket::shutdown_send, ignored);
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
