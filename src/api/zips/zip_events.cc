#include "api/zips/zip_events.h"

#include "api/zips/event_stream.h"
#include "api/zips/zip_watch.h"
#include "api/zips/zips.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/router.h"
#include "net/latch.h"

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

// `told`: the state that the watcher has heard of; nullopt: none.
std::string event_of(ZipView const& zip, std::optional<store::JobState> told) {
  std::string_view name = "progress";
  if (told != zip.state) name = "state";
  if (store::has_ended(zip.state)) name = "end";
  return fmt::format("event: {}\nid: {}\ndata: {}\n\n", name, zip.id, *zip.json);
}

net::task<void> wait_for_news(ZipWatch const& watch, net::Latch& account_ended,
                              http::Exchange& exchange) {
  std::vector<net::Latch*> latches{&exchange.stopping(), &account_ended};
  // A latch that is set already says nothing new.
  if (!watch.ended().is_set()) latches.push_back(&watch.ended());
  co_await net::wait_any(std::move(latches), limits::event_interval);
}

// Tells events until the end has been told, the account ends, the server stops, or the client is
// gone.
net::task<void> tell(std::shared_ptr<ZipWatch> watch, std::shared_ptr<net::Latch> account_ended,
                     http::Exchange& exchange) {
  std::uint64_t last_id = 0;
  std::optional<store::JobState> told;
  EventStream events(exchange);
  for (;;) {
    ZipView const zip = co_await watch->look();
    if (zip.gone) break;
    std::string text;
    if (zip.id != last_id) text = event_of(zip, told);
    last_id = zip.id;
    told = zip.state;
    co_await events.write(std::move(text));
    bool const over = exchange.stopping().is_set() || account_ended->is_set();
    if (store::has_ended(zip.state) || over) break;
    // A client has nothing to say meanwhile: a connection that is not quiet has been closed.
    if (!exchange.stream().quiet()) break;
    co_await wait_for_news(*watch, *account_ended, exchange);
  }
}

}  // namespace

net::task<void> watch_zip(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize_watcher(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job const job = co_await find_own_job(service, account, std::move(id));
  exchange.end_connection();
  auto const last_heard = base::parse_uint(exchange.request().headers.get("last-event-id"));
  if (store::has_ended(job.state) && last_heard == end_event_id(job)) {
    http::Response head;
    head.status = 204;  // the one answer after which an EventSource does not come again
    co_await exchange.respond(std::move(head), "");
    co_return;
  }
  co_await begin_events(exchange);
  if (exchange.request().method != "HEAD") {
    std::shared_ptr<ZipWatch> watch = service.watches.open(service, job);
    co_await tell(std::move(watch), service.account_watch.ended(account.id), exchange);
  }
  co_await exchange.finish();
}

}  // namespace api
