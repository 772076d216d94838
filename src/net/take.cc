#include "net/take.h"

#include "base/error.h"
#include "net/event.h"

#include <memory>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace net {
namespace {

struct Waiting {
  explicit Waiting(Executor const& executor) : arrived(executor) {}
  base::Budget::Grant grant;
  bool granted = false;
  Event arrived;
};

}  // namespace

task<base::Budget::Grant> take(base::Budget& budget, std::uint64_t bytes,
                               base::Budget::Urgency urgency, std::string payer) {
  if (auto at_once = budget.try_take(bytes, urgency)) co_return std::move(*at_once);
  Executor const executor = co_await boost::asio::this_coro::executor;
  auto const waiting = std::make_shared<Waiting>(executor);
  // The grant may come from another thread. If the waiting task has been cancelled by then, the
  // handler's copy of `waiting` is the last one, and the bytes go back with it.
  auto const on_grant = [executor, waiting](base::Budget::Grant grant) {
    auto shared = std::make_shared<base::Budget::Grant>(std::move(grant));
    boost::asio::post(executor, [waiting, shared] {
      waiting->grant = std::move(*shared);
      waiting->granted = true;
      waiting->arrived.notify_all();
    });
  };
  base::Budget::Ticket const ticket = budget.request(bytes, urgency, on_grant, payer);
  try {
    while (!waiting->granted) co_await waiting->arrived.wait();
  } catch (...) {
    budget.withdraw(ticket);
    throw;
  }
  co_return std::move(waiting->grant);
}

}  // namespace net
