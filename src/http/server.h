// The server's side of HTTP/1.1: keep-alive, pipelining, Expect: 100-continue, chunked bodies in
// both directions. It knows nothing of what is served.
#pragma once

#include "base/error.h"
#include "http/message.h"
#include "http/reader.h"
#include "net/stream.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace http {

// One request and its answer. Lives as long as the handler runs.
class Exchange {
 public:
  Exchange(net::Stream& stream, MessageReader& reader, Request request, bool keep_alive);

  Request const& request() const { return request_; }
  net::Stream& stream() { return stream_; }

  // The request's body. Reading answers an `Expect: 100-continue` first.
  net::task<std::size_t> read_body(std::span<char> into);
  // The whole of it; Error{too_large} over `limit` bytes, before more is read.
  net::task<std::string> read_whole_body(std::uint64_t limit);
  std::optional<std::uint64_t> content_length() const { return reader_.content_length(); }

  // The whole answer at once.
  net::task<void> respond(Response head, std::string body);

  // Or in pieces: the head, which has its Content-Length or will be chunked; the body; the end.
  // An answer that is not finished is cut: the client sees a transport error.
  net::task<void> start(Response head);
  net::task<void> write(std::span<std::string_view const> pieces);
  net::task<void> write_file(int file, std::uint64_t offset, std::uint64_t count);
  net::task<void> finish();

  bool started() const { return started_; }
  bool complete() const { return finished_ && left_ == 0; }
  // True where the connection can carry another request; reads what is left of a short body.
  net::task<bool> settle();

 private:
  bool is_head() const { return request_.method == "HEAD"; }

  net::Stream& stream_;
  MessageReader& reader_;
  Request request_;
  bool keep_alive_;
  bool expects_continue_;
  bool started_ = false;
  bool finished_ = false;
  bool chunked_ = false;
  std::uint64_t left_ = 0;  // of the announced Content-Length
};

using Handler = std::function<net::task<void>(Exchange&)>;
// What a client is told of an error, before anything else was answered.
using ErrorPage =
    std::function<std::pair<Response, std::string>(base::Error const&, Request const&)>;

class Server {
 public:
  Server(Handler handler, ErrorPage error_page);

  // Serves a connection until it ends; for net::Listener.
  net::task<void> serve(std::unique_ptr<net::Stream> stream);

  // From now on each connection ends with the answer it is at.
  void stop() { stopping_ = true; }
  std::size_t connection_count() const { return connections_; }

 private:
  net::task<void> serve_requests(net::Stream& stream);
  net::task<bool> serve_one(net::Stream& stream, MessageReader& reader, Request request);

  Handler handler_;
  ErrorPage error_page_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> connections_ = 0;
};

}  // namespace http
