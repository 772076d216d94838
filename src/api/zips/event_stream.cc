#include "api/zips/event_stream.h"

#include "base/limits.h"
#include "http/forms.h"

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

std::string token_in_query(http::Request const& request) {
  for (http::Field const& field : http::parse_urlencoded(request.query()))
    if (field.name == "access_token") return field.value;
  return "";
}

net::task<void> write_text(http::Exchange& exchange, std::string text) {
  std::string_view const pieces[] = {text};
  co_await exchange.write(pieces);
}

}  // namespace

net::task<accounts::Account> authorize_watcher(Service const& service, http::Exchange& exchange) {
  std::string const token = token_in_query(exchange.request());
  bool const by_header = exchange.request().headers.find("authorization").has_value();
  if (service.open || by_header || token.empty()) co_return co_await authorize(service, exchange);
  co_return co_await authorize_token(service, exchange, token);
}

net::task<void> begin_events(http::Exchange& exchange) {
  http::Response head;
  head.headers.add("Content-Type", "text/event-stream");
  head.headers.add("Cache-Control", "no-store");
  head.headers.add("X-Accel-Buffering", "no");  // nginx would hold events back
  co_await exchange.start(std::move(head));
  auto const pause = std::chrono::milliseconds(limits::event_reconnect_pause);
  co_await write_text(exchange, fmt::format("retry: {}\n\n", pause.count()));
}

net::task<void> EventStream::write(std::string text) {
  bool const silent = Clock::now() - written_at_ >= limits::result_heartbeat;
  if (text.empty() && silent) text = ":\n\n";
  if (text.empty()) co_return;
  co_await write_text(exchange_, std::move(text));
  written_at_ = Clock::now();
}

}  // namespace api
