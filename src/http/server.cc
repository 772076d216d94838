#include "http/server.h"

#include "base/limits.h"
#include "base/log.h"
#include "net/task_group.h"

#include <fmt/format.h>

namespace http {

using base::Error;
using base::Fault;

namespace {

struct Counted {
  explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(Counted const&) = delete;
  Counted& operator=(Counted const&) = delete;
  std::atomic<std::size_t>& count_;
};

// The path's beginning: a link has its secret further on.
std::string_view shown_path(std::string_view path) {
  std::size_t const second = path.find('/', 1);
  return path.substr(0, second == std::string_view::npos ? second : path.find('/', second + 1));
}

}  // namespace

Server::Server(Handler handler, ErrorPage error_page)
    : handler_(std::move(handler)), error_page_(std::move(error_page)) {}

net::task<void> Server::serve(std::unique_ptr<net::Stream> stream) {
  Counted const counted(connections_);
  if (connections_ > base::limits::max_connections) co_return;
  try {
    co_await serve_requests(*stream);
  } catch (Error const& error) {
    // The client's end of things: it left, or was silent for too long.
    base::log_debug(fmt::format("{}: {}", stream->peer(), error.what()));
  }
}

net::task<void> Server::serve_requests(net::Stream& stream) {
  MessageReader reader(stream);
  bool first = true;
  for (bool go_on = true; go_on && !stopping_; first = false) {
    stream.set_idle_timeout(first ? std::chrono::milliseconds(base::limits::request_head_timeout)
                                  : std::chrono::milliseconds(base::limits::keep_alive_timeout));
    std::optional<Error> malformed;
    std::optional<Request> request;
    try {
      request = co_await reader.read_request();
    } catch (Error const& error) {
      if (error.fault() != Fault::bad_input && error.fault() != Fault::too_large) throw;
      malformed = error;
    }
    stream.set_idle_timeout(base::limits::idle_io_timeout);
    if (malformed) {
      Exchange exchange(stream, reader, Request{}, false);
      auto [head, body] = error_page_(*malformed, exchange.request());
      co_await exchange.respond(std::move(head), std::move(body));
      co_return;
    }
    if (!request) co_return;
    go_on = co_await serve_one(stream, reader, std::move(*request));
  }
}

net::task<bool> Server::serve_one(net::Stream& stream, MessageReader& reader, Request request) {
  Exchange exchange(stream, reader, std::move(request), !stopping_);
  std::optional<Error> failure;
  try {
    co_await handler_(exchange);
    if (!exchange.started()) failure = Error(Fault::internal, "the request was not answered");
  } catch (Error const& error) {
    failure = error;
  } catch (std::exception const& error) {
    failure = Error(net::is_cancellation(error) ? Fault::cancelled : Fault::internal, error.what());
  }
  if (failure && failure->fault() == Fault::cancelled) co_return false;  // the loop ends
  if (failure) {
    Request const& asked = exchange.request();
    // Once an answer has begun, it is mostly the client that has left.
    bool const ours = failure->fault() == Fault::internal ||
                      (!exchange.started() && base::traits(failure->fault()).http_status >= 500);
    base::log(ours ? base::LogLevel::error : base::LogLevel::debug,
              fmt::format("{} {}: {}", asked.method, shown_path(asked.path()), failure->what()));
    // Half an answer can only be cut; the client must not take it for a whole one.
    if (exchange.started()) co_return false;
    auto [head, body] = error_page_(*failure, asked);
    co_await exchange.respond(std::move(head), std::move(body));
  }
  co_return co_await exchange.settle();
}

}  // namespace http
