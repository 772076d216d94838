#include "api/zips/zip_events.h"

#include "api/zips/zip_watch.h"
#include "api/zips/zips.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/forms.h"
#include "http/router.h"
#include "net/latch.h"

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

using Clock = std::chrono::steady_clock;

// A browser's EventSource cannot send an Authorization header: it brings the token in the query.
std::string token_in_query(http::Request const& request) {
  for (http::Field const& field : http::parse_urlencoded(request.query()))
    if (field.name == "access_token") return field.value;
  return "";
}

net::task<accounts::Account> authorize_watcher(Service const& service, http::Exchange& exchange) {
  std::string const token = token_in_query(exchange.request());
  bool const by_header = exchange.request().headers.find("authorization").has_value();
  if (service.open || by_header || token.empty()) co_return co_await authorize(service, exchange);
  co_return co_await authorize_token(service, exchange, token);
}

// `told`: the state that the watcher has heard of; nullopt: none.
std::string event_of(ZipView const& zip, std::optional<store::JobState> told) {
  std::string_view name = "progress";
  if (told != zip.state) name = "state";
  if (store::has_ended(zip.state)) name = "end";
  return fmt::format("event: {}\nid: {}\ndata: {}\n\n", name, zip.id, *zip.json);
}

net::task<void> write_text(http::Exchange& exchange, std::string text) {
  std::string_view const pieces[] = {text};
  co_await exchange.write(pieces);
}

net::task<void> begin(http::Exchange& exchange) {
  http::Response head;
  head.headers.add("Content-Type", "text/event-stream");
  head.headers.add("Cache-Control", "no-store");
  head.headers.add("X-Accel-Buffering", "no");  // nginx would hold events back
  co_await exchange.start(std::move(head));
  auto const pause = std::chrono::milliseconds(limits::event_reconnect_pause);
  co_await write_text(exchange, fmt::format("retry: {}\n\n", pause.count()));
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
  Clock::time_point written_at = Clock::now();
  for (;;) {
    ZipView const zip = co_await watch->look();
    if (zip.gone) break;
    bool const silent = Clock::now() - written_at >= limits::result_heartbeat;
    std::string text = silent ? ":\n\n" : "";
    if (zip.id != last_id) text = event_of(zip, told);
    last_id = zip.id;
    told = zip.state;
    if (!text.empty()) {
      co_await write_text(exchange, std::move(text));
      written_at = Clock::now();
    }
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
  co_await begin(exchange);
  if (exchange.request().method != "HEAD") {
    std::shared_ptr<ZipWatch> watch = service.watches.open(service, job);
    co_await tell(std::move(watch), service.account_watch.ended(account.id), exchange);
  }
  co_await exchange.finish();
}

}  // namespace api
