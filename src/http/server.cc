#include "http/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "net/task_group.h"

#include <chrono>
#include <vector>

#include <fmt/format.h>

namespace http {

using base::Error;
using base::Fault;
using std::chrono::steady_clock;

namespace {

struct Counted {
  explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(Counted const&) = delete;
  Counted& operator=(Counted const&) = delete;
  std::atomic<std::size_t>& count_;
};

// Reads on after the last answer, so that the client has time to read it: closing with bytes unread
// makes the kernel reset the connection, and the reset overtakes the answer (RFC 9112, 9.6).
net::task<void> linger(Connection const& connection) {
  connection.stream.end_writing();
  connection.stream.set_idle_timeout(base::limits::linger_idle);
  auto const end = steady_clock::now() + connection.times.linger;
  std::vector<char> buffer(16 * 1024);
  while (steady_clock::now() < end && !connection.stopping.is_set()) {
    std::size_t const got = co_await connection.stream.read_some(buffer);
    if (got == 0) co_return;
  }
}

struct Watched {
  Watched(Watch const& watch, Exchange const& exchange) : watch_(watch), exchange_(exchange) {}
  ~Watched() {
    if (watch_.ended) watch_.ended(exchange_);
  }
  Watched(Watched const&) = delete;
  Watched& operator=(Watched const&) = delete;

 private:
  Watch const& watch_;
  Exchange const& exchange_;
};

// True if the client caused the error, rather than this server or the store behind it.
bool is_clients_doing(Error const& error, Exchange const& exchange, bool body_done) {
  if (exchange.started()) return error.fault() != Fault::internal;
  if (base::traits(error.fault()).http_status < 500) return true;
  return !body_done && (error.fault() == Fault::timeout || error.fault() == Fault::disconnected);
}

}  // namespace

Server::Server(Handler handler, ErrorPage error_page, ServerOptions options)
    : handler_(std::move(handler)),
      error_page_(std::move(error_page)),
      options_(std::move(options)) {}

net::task<void> Server::serve(std::unique_ptr<net::Stream> stream) {
  Counted const counted(connections_);
  if (connections_ > base::limits::max_connections) co_return;
  net::Executor const loop = co_await net::this_loop();
  bool idle = true;
  auto const end_if_idle = [&] {
    if (idle) stream->close();
  };
  auto const listening = stopping_.listen(loop, end_if_idle);
  try {
    co_await serve_requests(*stream, idle);
  } catch (Error const& error) {
    // The client has left, or was silent for too long.
    base::log_debug(fmt::format("{}: {}", stream->peer(), error.what()));
  }
}

net::task<void> Server::serve_requests(net::Stream& stream, bool& idle) {
  MessageReader reader(stream);
  Connection const connection{stream, reader, options_.times, stopping_, options_.every_answer};
  bool first = true;
  for (bool go_on = true; go_on && !stopping_.is_set(); first = false) {
    idle = true;
    std::optional<Request> request = co_await next_request(connection, first);
    if (!request) break;
    idle = false;
    go_on = co_await serve_one(connection, std::move(*request));
  }
}

// nullopt if the client has closed, or if its bytes were no request and have been answered.
net::task<std::optional<Request>> Server::next_request(Connection const& connection, bool first) {
  connection.stream.set_idle_timeout(first ? options_.times.head : options_.times.between_requests);
  std::optional<Error> malformed;
  std::optional<Request> request;
  try {
    request = co_await connection.reader.read_request(options_.times.head);
  } catch (Error const& error) {
    if (error.fault() != Fault::bad_input && error.fault() != Fault::too_large) throw;
    malformed = error;
  }
  connection.stream.set_idle_timeout(options_.times.no_byte_moves);
  if (malformed) co_await refuse(connection, std::move(*malformed));
  co_return request;
}

net::task<void> Server::refuse(Connection const& connection, Error error) {
  Exchange exchange(connection, Request{});
  name(exchange);
  exchange.end_connection();
  auto [head, body] = error_page_(error, exchange);
  if (error.fault() == Fault::too_large) head.status = 431;
  {
    Watched const watched(options_.watch, exchange);
    co_await exchange.respond(std::move(head), std::move(body));
  }
  co_await linger(connection);
}

namespace {

// A failure of a store or a database is no fault of the program.
base::LogLevel log_level(Error const& failure) {
  return base::traits(failure.fault()).http_status == 500 ? base::LogLevel::error
                                                          : base::LogLevel::warning;
}

}  // namespace

void Server::name(Exchange& exchange) const {
  Watch const& watch = options_.watch;
  if (watch.name) exchange.set_id(watch.name(exchange.request(), exchange.stream().peer()));
}

net::task<bool> Server::serve_one(Connection const& connection, Request request) {
  Exchange exchange(connection, std::move(request));
  name(exchange);
  bool const whole = co_await answer(connection, exchange);
  if (!whole) {
    connection.stream.close();
    co_return false;
  }
  bool const keep = co_await exchange.settle();
  if (!connection.reader.body_done()) {
    co_await linger(connection);
  } else if (!keep && exchange.complete()) {
    connection.stream.end_writing();  // with TLS, the sign that nothing was cut off
  }
  co_return keep;
}

net::task<bool> Server::answer(Connection const& connection, Exchange& exchange) {
  Watched const watched(options_.watch, exchange);
  std::optional<Error> failure;
  try {
    co_await handler_(exchange);
    if (!exchange.started()) failure = Error(Fault::internal, "the request was not answered");
  } catch (Error const& error) {
    failure = error;
  } catch (std::exception const& error) {
    if (net::is_cancellation(error)) co_return false;  // the loop or the server ends
    failure = Error(Fault::internal, error.what());
  }
  if (!failure) co_return true;
  Request const& asked = exchange.request();
  bool const clients = is_clients_doing(*failure, exchange, connection.reader.body_done());
  base::log(clients ? base::LogLevel::debug : log_level(*failure),
            fmt::format("{} {}: {}", asked.method, shown_path(asked.path()), failure->what()),
            {{"request_id", exchange.id()}});
  // A begun answer can only be cut: the client must not take it for a whole one.
  if (exchange.started()) co_return false;
  auto [head, body] = error_page_(*failure, exchange);
  bool const says_timeout = head.status == base::traits(Fault::timeout).http_status;
  if (clients && says_timeout) head.status = 408;
  co_await exchange.respond(std::move(head), std::move(body));
  co_return true;
}

}  // namespace http
