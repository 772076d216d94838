#include "http/pool.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/deadline.h"
#include "net/task_group.h"
#include "net/tls.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>

namespace http {

using std::chrono::steady_clock;

namespace {
// A server hardly closes within this time: a look would cost a system call for each small object.
constexpr auto just_used_time = std::chrono::milliseconds(100);
}  // namespace

struct ConnectionPool::Lease::Home {
  struct Idle {
    Origin origin;
    std::unique_ptr<ClientConnection> connection;
    steady_clock::time_point since;
  };

  Home(net::TlsClient const& client, std::vector<net::Network> networks)
      : tls(client), allowed(std::move(networks)) {}

  // Takes the most recently used connection: the others get a chance to grow old.
  std::unique_ptr<ClientConnection> take(Origin const& origin) {
    for (;;) {
      auto const found = std::find_if(idle.rbegin(), idle.rend(),
                                      [&](Idle const& one) { return one.origin == origin; });
      if (found == idle.rend()) return nullptr;
      std::unique_ptr<ClientConnection> connection = std::move(found->connection);
      auto const since = found->since;
      idle.erase(std::next(found).base());
      idle_count = idle.size();
      bool const just_used = steady_clock::now() - since < just_used_time;
      if (just_used || connection->fresh()) return connection;
    }
  }

  void sweep() {
    auto const oldest = steady_clock::now() - base::limits::pooled_connection_idle;
    while (!idle.empty() && idle.front().since < oldest) idle.pop_front();
    idle_count = idle.size();
  }

  // Closes idle connections at the loop's end, which would else wait for their timeout.
  void close() {
    closed = true;
    idle.clear();
    idle_count = 0;
  }

  net::TlsClient const& tls;
  std::vector<net::Network> const allowed;
  std::deque<Idle> idle;  // the oldest first
  bool closed = false;
  // Other threads read the counts.
  std::atomic<std::size_t> idle_count = 0;
  std::atomic<std::size_t> leased_count = 0;
};

namespace {

template <class Home>
net::task<void> sweep_now_and_then(std::weak_ptr<Home> pool) {
  try {
    for (;;) {
      co_await net::sleep(base::limits::pooled_connection_idle / 3);
      std::shared_ptr<Home> const home = pool.lock();
      if (!home) co_return;
      home->sweep();
    }
  } catch (base::Cancelled const&) {
    if (std::shared_ptr<Home> const home = pool.lock()) home->close();
  }
}

}  // namespace

ConnectionPool::Lease::Lease(std::weak_ptr<Home> home, Origin origin,
                             std::unique_ptr<ClientConnection> connection, bool reused)
    : home_(std::move(home)),
      origin_(std::move(origin)),
      connection_(std::move(connection)),
      reused_(reused) {}

ConnectionPool::Lease::Lease(Lease&&) noexcept = default;

ConnectionPool::Lease& ConnectionPool::Lease::operator=(Lease&& other) noexcept {
  give_back();
  home_ = std::move(other.home_);
  origin_ = std::move(other.origin_);
  connection_ = std::move(other.connection_);
  reused_ = other.reused_;
  return *this;
}

ConnectionPool::Lease::~Lease() {
  give_back();
}

void ConnectionPool::Lease::give_back() {
  std::unique_ptr<ClientConnection> connection = std::move(connection_);
  std::shared_ptr<Home> const home = home_.lock();
  if (!connection || !home) return;
  --home->leased_count;
  if (home->closed || !connection->reusable()) return;
  home->idle.push_back({origin_, std::move(connection), steady_clock::now()});
  home->idle_count = home->idle.size();
}

ConnectionPool::ConnectionPool(net::Executor const& loop, net::TlsClient const& tls,
                               std::vector<net::Network> allowed)
    : home_(std::make_shared<Lease::Home>(tls, std::move(allowed))) {
  net::spawn_detached(loop, sweep_now_and_then(std::weak_ptr(home_)), "connection pool");
}

ConnectionPool::~ConnectionPool() = default;

net::task<ConnectionPool::Lease> ConnectionPool::acquire(Origin origin) {
  std::unique_ptr<ClientConnection> connection = home_->take(origin);
  bool const reused = connection != nullptr;
  if (!reused) {
    std::unique_ptr<net::Stream> stream;
    if (origin.tls_name.empty()) {
      stream = co_await net::connect(origin.address, home_->allowed);
    } else {
      stream =
          co_await net::connect_tls(origin.address, home_->tls, origin.tls_name, home_->allowed);
    }
    connection = std::make_unique<ClientConnection>(std::move(stream));
  }
  ++home_->leased_count;
  Lease lease(home_, std::move(origin), std::move(connection), reused);
  co_return lease;
}

std::size_t ConnectionPool::idle_count() const {
  return home_->idle_count;
}

std::size_t ConnectionPool::open_count() const {
  return home_->idle_count + home_->leased_count;
}

}  // namespace http
