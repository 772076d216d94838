// Keep-alive connections of one event loop, by origin. A lease gives its connection back at its
// end, if it is fit for another request; idle connections are closed after
// limits::pooled_connection_idle.
#pragma once

#include "http/client.h"
#include "net/connect.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace net {
class TlsClient;
}

namespace http {

struct Origin {
  net::Address address;
  std::string tls_name = {};  // the name that the certificate must have; empty: plain HTTP
  bool operator==(Origin const&) const = default;
};

class ConnectionPool {
 public:
  class Lease {
   public:
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();
    ClientConnection& operator*() const { return *connection_; }
    ClientConnection* operator->() const { return connection_.get(); }
    // True if the connection has carried a request before: the server may have closed it in the
    // same moment, so a failure before the first byte of an answer is no sign of trouble.
    bool reused() const { return reused_; }

   private:
    friend class ConnectionPool;
    struct Home;
    Lease(std::weak_ptr<Home> home, Origin origin, std::unique_ptr<ClientConnection> connection,
          bool reused);
    void give_back();
    std::weak_ptr<Home> home_;  // the pool may die first
    Origin origin_;
    std::unique_ptr<ClientConnection> connection_;
    bool reused_ = false;
  };

  // `tls` is borrowed and outlives the pool; `allowed`: see net::connect().
  ConnectionPool(net::Executor const& loop, net::TlsClient const& tls,
                 std::vector<net::Network> allowed = {});
  ~ConnectionPool();

  net::task<Lease> acquire(Origin origin);
  // These may be called from any thread.
  std::size_t idle_count() const;
  std::size_t open_count() const;  // connections that carry a request, and idle ones

 private:
  std::shared_ptr<Lease::Home> home_;
};

}  // namespace http
