#include "api/zips/account_events.h"

#include "api/zips/event_stream.h"
#include "base/service_limits.h"
#include "net/latch.h"

#include <memory>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

// "hello" and "resync" have no data of their own, but an event without data is none.
std::string plain_event(std::string_view name, std::uint64_t id) {
  return fmt::format("event: {}\nid: {}\ndata: {{}}\n\n", name, id);
}

std::string events_of(ZipNews const& news) {
  std::string text;
  if (news.missed) text += plain_event("resync", news.last);
  for (ZipNews::Change const& change : news.changes)
    text += fmt::format("event: zip\nid: {}\ndata: {}\n\n", change.number, *change.json);
  return text;
}

// Tells events until the account ends, the server stops, or the client is gone.
net::task<void> tell(AccountZips& zips, std::uint64_t last, net::Latch& account_ended,
                     http::Exchange& exchange) {
  EventStream events(exchange);
  for (;;) {
    std::vector<net::Latch*> latches{&exchange.stopping(), &account_ended};
    co_await net::wait_any(std::move(latches), limits::account_event_interval);
    if (exchange.stopping().is_set() || account_ended.is_set()) break;
    // A client has nothing to say meanwhile: a connection that is not quiet has been closed.
    if (!exchange.stream().quiet()) break;
    co_await zips.look();
    ZipNews const news = zips.news(last);
    last = news.last;
    co_await events.write(events_of(news));
  }
}

net::task<void> watch(Service const& service, WatchedAccounts& accounts, std::string account_id,
                      http::Exchange& exchange) {
  std::unique_ptr<WatchedAccounts::Seat> const seat = accounts.open(service, account_id);
  std::shared_ptr<net::Latch> const ended = service.account_watch.ended(account_id);
  // The client may read a list after "hello": events tell all that changes behind it.
  co_await seat->zips().look();
  std::uint64_t const last = seat->zips().last();
  co_await begin_events(exchange);
  std::string greeting = plain_event("hello", last);
  if (exchange.request().headers.find("last-event-id")) greeting += plain_event("resync", last);
  EventStream events(exchange);
  co_await events.write(std::move(greeting));
  co_await tell(seat->zips(), last, *ended, exchange);
}

}  // namespace

net::task<void> watch_zips(Service const& service, WatchedAccounts& accounts,
                           http::Exchange& exchange) {
  accounts::Account const account = co_await authorize_watcher(service, exchange);
  exchange.end_connection();
  if (exchange.request().method == "HEAD") {
    co_await begin_events(exchange);
  } else {
    co_await watch(service, accounts, account.id, exchange);
  }
  co_await exchange.finish();
}

}  // namespace api
