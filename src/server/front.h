// An HTTP server of the program at an address: the API's, the metrics', the sandbox's.
#pragma once

#include "http/server.h"
#include "net/listener.h"
#include "net/stream.h"
#include "net/task_group.h"
#include "net/tls_server.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace server {

// An HTTP server on an address, for as long as the Front lives; with `tls`, which is borrowed,
// https.
class Front {
 public:
  Front(std::vector<net::Executor> const& loops, std::string const& address, http::Handler handler,
        http::ErrorPage error_page, http::ServerOptions options = {}, net::TlsServer* tls = nullptr)
      : address_(net::parse_address(address)),
        scheme_(tls == nullptr ? "http" : "https"),
        server_(std::move(handler), std::move(error_page), std::move(options)),
        listener_(loops, address_, {.server = tls}) {}

  void start(net::Executor const& loop) {
    auto const serve = [this](std::unique_ptr<net::Stream> stream) {
      return server_.serve(std::move(stream));
    };
    net::spawn_detached(loop, listener_.run(serve), "listener");
  }
  void stop() {
    listener_.stop();
    server_.stop();
  }
  std::size_t connection_count() const { return server_.connection_count(); }
  std::uint16_t port() const { return listener_.port(); }
  std::string url() const { return fmt::format("{}://{}:{}", scheme_, shown_host(), port()); }

 private:
  std::string shown_host() const {
    return address_.host.find(':') == std::string::npos ? address_.host : '[' + address_.host + ']';
  }

  net::Address address_;
  std::string_view scheme_;
  http::Server server_;
  net::Listener listener_;
};

}  // namespace server
