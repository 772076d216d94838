#include "net/listener.h"

#include "base/error.h"
#include "base/log.h"
#include "net/asio_types.h"
#include "net/deadline.h"
#include "net/task_group.h"
#include "net/tcp.h"
#include "net/tls_server.h"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Empty if the client gets no further: it speaks no TLS, or does not trust us.
task<std::unique_ptr<Stream>> open_stream(TcpSocket accepted, ListenerTls tls) {
  Socket socket(std::move(accepted));
  if (tls.server == nullptr) co_return make_tcp_stream(std::move(socket));
  try {
    co_return co_await accept_tls(std::move(socket), *tls.server, tls.handshake);
  } catch (base::Error const& error) {
    base::log_debug(error.what());
    co_return nullptr;
  }
}

task<void> serve_socket(TcpSocket socket, ListenerTls tls, Listener::OnConnection on_connection) {
  std::unique_ptr<Stream> stream = co_await open_stream(std::move(socket), tls);
  if (stream) co_await on_connection(std::move(stream));
}

}  // namespace

struct Listener::State {
  State(std::vector<Executor> all, Address const& address, ListenerTls spoken)
      : loops(std::move(all)), tls(spoken), acceptor(loops.front()) {
    tcp::endpoint const end(asio::ip::make_address(address.host), address.port);
    acceptor.open(end.protocol());
    acceptor.set_option(TcpAcceptor::reuse_address(true));
    acceptor.bind(end);
    acceptor.listen(1024);
  }
  std::vector<Executor> loops;
  ListenerTls tls;
  TcpAcceptor acceptor;
  std::size_t next = 0;
};

Listener::Listener(std::vector<Executor> loops, Address const& address, ListenerTls tls) {
  try {
    state_ = std::make_shared<State>(std::move(loops), address, tls);
  } catch (boost::system::system_error const& error) {
    throw base::Error(base::Fault::config, fmt::format("cannot listen on {}:{}: {}", address.host,
                                                       address.port, error.code().message()));
  }
}

Listener::~Listener() {
  stop();
}

std::uint16_t Listener::port() const {
  return state_->acceptor.local_endpoint().port();
}

task<void> Listener::run(OnConnection on_connection) {
  std::shared_ptr<State> const state = state_;
  auto const as_result = asio::as_tuple(use_task);
  while (state->acceptor.is_open()) {
    Executor const loop = state->loops[state->next++ % state->loops.size()];
    auto [error, socket] = co_await state->acceptor.async_accept(loop, as_result);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (error) {
      // The process is most often out of descriptors: wait for some to be freed rather than spin.
      base::log_warning("accept failed: " + error.message());
      co_await sleep(std::chrono::milliseconds(100));
      continue;
    }
    spawn_detached(loop, serve_socket(std::move(socket), state->tls, on_connection), "connection");
  }
}

void Listener::stop() {
  asio::post(state_->loops.front(), [state = state_] {
    boost::system::error_code ignored;
    state->acceptor.close(ignored);
  });
}

}  // namespace net
