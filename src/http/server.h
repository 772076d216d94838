// The server's side of HTTP/1.1: keep-alive, pipelining, Expect: 100-continue, chunked bodies in
// both directions. It knows nothing of the handlers' work.
#pragma once

#include "base/error.h"
#include "base/limits.h"
#include "http/message.h"
#include "http/reader.h"
#include "net/latch.h"
#include "net/stream.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace http {

// The times that a client may take; tests change them.
struct ServerTimes {
  std::chrono::milliseconds head = base::limits::request_head_timeout;
  std::chrono::milliseconds body = base::limits::request_body_timeout;
  std::chrono::milliseconds between_requests = base::limits::keep_alive_timeout;
  std::chrono::milliseconds no_byte_moves = base::limits::idle_io_timeout;
  std::chrono::milliseconds linger = base::limits::linger_time;
};

// The state that the exchanges of a connection share.
struct Connection {
  net::Stream& stream;
  MessageReader& reader;
  ServerTimes const& times;
  net::Latch& stopping;
  Headers const& every_answer;
};

// One request and its answer. Lives as long as the handler runs.
class Exchange {
 public:
  Exchange(Connection const& connection, Request request);

  Request const& request() const { return request_; }
  net::Stream& stream() { return stream_; }
  // Set when the server is to stop: a handler that waits for other events should give up then.
  net::Latch& stopping() const { return stopping_; }

  // The request's body. Reading answers an `Expect: 100-continue` first.
  net::task<std::size_t> read_body(std::span<char> into);
  // The whole body; Error{too_large} over `limit` bytes, before more is read, and {timeout} if it
  // takes too long in all. Intermediate buffers are erased.
  net::task<std::string> read_whole_body(std::uint64_t limit);
  std::optional<std::uint64_t> content_length() const { return reader_.content_length(); }

  // The request's name in logs; the answer carries it as X-Request-Id. Empty: no name.
  void set_id(std::string id);
  std::string const& id() const { return id_; }
  // The pattern of the route that answers, which lives as long as the server; empty: none does.
  void set_route(std::string_view pattern) { route_ = pattern; }
  std::string_view route() const { return route_; }

  // The answer will be the connection's last.
  void end_connection() { keep_alive_ = false; }
  // Adds a header line to the answer, which may also be an error page.
  void promise(std::string name, std::string value);
  // Error pages send the client to this URL instead of telling it of a failure; empty: they tell
  // it.
  void set_failure_url(std::string url) { failure_url_ = std::move(url); }
  std::string const& failure_url() const { return failure_url_; }

  // Sends the whole answer at once.
  net::task<void> respond(Response head, std::string body);

  // These send it in pieces: the head, which has its Content-Length or will be chunked; the body;
  // the end. An answer that is not finished is cut: the client sees a transport error.
  net::task<void> start(Response head);
  net::task<void> write(std::span<std::string_view const> pieces);
  net::task<void> write_file(int file, std::uint64_t offset, std::uint64_t count);
  net::task<void> finish();

  bool started() const { return started_; }
  bool complete() const { return finished_ && left_ == 0; }
  int status() const { return status_; }                   // 0: no answer has begun
  std::uint64_t body_bytes_sent() const { return sent_; }  // without the framing of chunks
  std::chrono::steady_clock::duration age() const;
  // The time from the request's head to the answer's first byte; nullopt: none was sent.
  std::optional<std::chrono::steady_clock::duration> first_byte_after() const {
    return first_byte_after_;
  }
  // True if the connection can carry another request; reads the rest of a short body.
  net::task<bool> settle();

 private:
  bool is_head() const { return request_.method == "HEAD"; }
  std::string continue_line();  // empty unless the client still waits for it
  // Gives the answer's head in bytes; the framing is known from here on.
  std::string begin(Response head);

  net::Stream& stream_;
  MessageReader& reader_;
  std::chrono::milliseconds body_time_;
  net::Latch& stopping_;
  Headers const& every_answer_;
  Request request_;
  Headers promised_;
  bool keep_alive_;
  bool expects_continue_;
  bool started_ = false;
  bool finished_ = false;
  bool chunked_ = false;
  std::uint64_t left_ = 0;  // of the announced Content-Length
  std::chrono::steady_clock::time_point const begun_ = std::chrono::steady_clock::now();
  std::optional<std::chrono::steady_clock::duration> first_byte_after_;
  std::string id_;
  std::string failure_url_;
  std::string_view route_;
  int status_ = 0;
  std::uint64_t sent_ = 0;
};

using Handler = std::function<net::task<void>(Exchange&)>;
// The answer to an error that comes before any other answer.
using ErrorPage =
    std::function<std::pair<Response, std::string>(base::Error const&, Exchange const&)>;

// An observer that gives each request an id, and hears of the end of each exchange, in any case.
struct Watch {
  std::function<std::string(Request const&, std::string_view peer)> name;
  std::function<void(Exchange const&)> ended;  // throws nothing
};

struct ServerOptions {
  ServerTimes times = {};
  Watch watch = {};
  // Lines that each answer gets, error pages too, unless it has a line of that name.
  Headers every_answer = {};
};

class Server {
 public:
  Server(Handler handler, ErrorPage error_page, ServerOptions options = {});

  // Serves a connection until it ends; for net::Listener.
  net::task<void> serve(std::unique_ptr<net::Stream> stream);

  // From now on each connection ends with its current answer; at once if it has none.
  void stop() { stopping_.set(); }
  std::size_t connection_count() const { return connections_; }

 private:
  // `idle` is true between two requests.
  net::task<void> serve_requests(net::Stream& stream, bool& idle);
  net::task<std::optional<Request>> next_request(Connection const& connection, bool first);
  net::task<bool> serve_one(Connection const& connection, Request request);
  // False if the answer had to be cut.
  net::task<bool> answer(Connection const& connection, Exchange& exchange);
  void name(Exchange& exchange) const;
  net::task<void> refuse(Connection const& connection, base::Error error);

  Handler handler_;
  ErrorPage error_page_;
  ServerOptions options_;
  net::Latch stopping_;
  std::atomic<std::size_t> connections_ = 0;
};

}  // namespace http
