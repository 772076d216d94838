#include "api/routes.h"

#include "api/account/account_calls.h"
#include "api/account/browse_calls.h"
#include "api/compat/replies.h"
#include "api/compat/start_calls.h"
#include "api/compat/task_calls.h"
#include "api/files/file_calls.h"
#include "api/links/error_url.h"
#include "api/links/link.h"
#include "api/links/quiet_page.h"
#include "api/links/signed_link.h"
#include "api/open_server.h"
#include "api/openapi.h"
#include "api/ops/health.h"
#include "api/ops/metrics.h"
#include "api/zips/account_events.h"
#include "api/zips/delivery_calls.h"
#include "api/zips/download_call.h"
#include "api/zips/report_calls.h"
#include "api/zips/retry_call.h"
#include "api/zips/zip_events.h"
#include "api/zips/zips.h"
#include "base/limits.h"

#include <memory>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
namespace {

using http::Exchange;

net::task<void> not_yet(Exchange&) {
  throw base::Error(base::Fault::unavailable, "the server is starting; try again in a moment");
}

// A 401 on a link is the object store's refusal of the credentials: a person cannot log in there.
int status_of(base::Error const& error, http::Request const& request) {
  int const status = base::traits(error.fault()).http_status;
  return status == 401 && is_link(request.path()) ? 403 : status;
}

net::task<void> post_stream(Service const& service, Exchange& exchange) {
  return asks_for_download(exchange.request()) ? download_at_once(service, exchange)
                                               : create_link(service, exchange);
}

using FileCall = net::task<void> (*)(Service const&, ContentsCache&, Exchange&);

http::Handler file_call(Service const& service, std::shared_ptr<ContentsCache> contents,
                        FileCall call) {
  return [&service, contents = std::move(contents), call](Exchange& exchange) {
    return call(service, *contents, exchange);
  };
}

http::Handler account_events(Service const& service) {
  return [&service, watched = std::make_shared<WatchedAccounts>()](Exchange& exchange) {
    return watch_zips(service, *watched, exchange);
  };
}

}  // namespace

http::Router routes(Service const& service) {
  auto const with = [&service](auto call) {
    return [&service, call](Exchange& exchange) { return call(service, exchange); };
  };
  auto const with_version = [&service](auto call, int version) {
    return
        [&service, call, version](Exchange& exchange) { return call(service, version, exchange); };
  };
  auto const contents = std::make_shared<ContentsCache>(limits::kept_contents_bytes);
  auto const with_contents = [&](FileCall call) { return file_call(service, contents, call); };
  std::vector<http::Route> all{
      {"POST", "/gentoken", with(gentoken)},
      {"POST", "/tokenv2", with(gentoken)},
      {"POST", "/v1/zipstart", with_version(zipstart, 1)},
      {"POST", "/v2/zipstart", with_version(zipstart, 2)},
      {"POST", "/v1/streamzip", with_version(streamzip, 1)},
      {"POST", "/v2/streamzip", with_version(streamzip, 2)},
      {"POST", "/v1/zipstate", with(zipstate)},
      {"POST", "/v2/zipstate", with(zipstate)},
      {"POST", "/v1/zipresult", with(zipresult)},
      {"POST", "/v2/zipresult", with(zipresult)},
      {"GET", "/stream/*", with(download)},
      {"GET", "/z/*", with(signed_download)},
      {"GET", "/api/events", account_events(service)},
      {"POST", "/api/zips", with(create_zip)},
      {"GET", "/api/zips", with(list_zips)},
      {"GET", "/api/zips/{id}", with(get_zip)},
      {"GET", "/api/zips/{id}/report", with(zip_report)},
      {"POST", "/api/zips/{id}/cancel", with(cancel_zip)},
      {"POST", "/api/zips/{id}/retry", with(retry_zip)},
      {"GET", "/api/zips/{id}/events", with(watch_zip)},
      {"GET", "/api/zips/{id}/deliveries", with(list_zip_deliveries)},
      {"GET", "/api/zips/{id}/files", with_contents(list_zip_files)},
      {"GET", "/api/zips/{id}/files/*", with_contents(take_zip_file)},
      {"POST", "/api/streams", with(post_stream)},
      {"GET", "/api/streams", with(list_links)},
      {"GET", "/api/streams/{id}", with(get_link)},
      {"GET", "/api/streams/{id}/report", with(link_report)},
      {"GET", "/api/streams/{id}/files", with_contents(list_link_files)},
      {"GET", "/api/streams/{id}/files/*", with_contents(take_link_file)},
      {"POST", "/api/streams/{id}/revoke", with(revoke_link)},
      {"GET", "/api/streams/{id}/deliveries", with(list_link_deliveries)},
      {"GET", "/api/account", with(get_account)},
      {"GET", "/api/account/webhook-secret", with(get_webhook_secret)},
      {"POST", "/api/account/rotate", with(rotate_account)},
      {"PUT", "/api/account/credentials", with(keep_credentials)},
      {"DELETE", "/api/account/credentials", with(erase_credentials)},
      {"PUT", "/api/account/error-url", with(put_error_url)},
      {"DELETE", "/api/account/error-url", with(delete_error_url)},
      {"GET", "/api/usage", with(get_usage)},
      {"GET", "/api/buckets", with(get_buckets)},
      {"GET", "/api/buckets/{bucket}/objects", with(get_objects)},
      {"POST", "/api/browse", with(browse)},
      {"GET", "/api/openapi.json", with(get_openapi)},
      {"GET", "/healthz", healthz},
      {"GET", "/readyz", with(readyz)},
      {"GET", "/metrics", with(metrics_for_trusted)},
  };
  if (service.open) {
    all.push_back({"POST", "/v2/s3zip", with_version(zipstart, 2)});
    all.push_back({"POST", "/v2/status", with(zip_status)});
  }
  return http::Router(std::move(all));
}

http::Handler api_handler(Service const& service) {
  http::Router all = routes(service);
  if (!service.open) return all;
  return only_by_own_names(service, std::move(all));
}

http::Router routes_at_start(Monitor& monitor) {
  auto const ready = [&monitor](Exchange& exchange) { return readyz_at_start(monitor, exchange); };
  return http::Router({{"GET", "/healthz", healthz},
                       {"GET", "/readyz", ready},
                       {"GET", "/*", not_yet},
                       {"POST", "/*", not_yet},
                       {"PUT", "/*", not_yet},
                       {"DELETE", "/*", not_yet}});
}

std::pair<http::Response, std::string> error_page(base::Error const& error,
                                                  http::Exchange const& exchange) {
  http::Request const& request = exchange.request();
  http::Response head;
  head.status = status_of(error, request);
  if (!exchange.failure_url().empty())
    return {see_error_url(exchange.failure_url(), head.status, exchange.id()), ""};
  if (head.status == 429 || head.status == 503) head.headers.add("Retry-After", "5");
  if (head.status == 401) head.headers.add("WWW-Authenticate", "Bearer");
  head.headers.add("Cache-Control", "no-store");
  Telling const telling = telling_of(request);
  if (telling != Telling::in_full) {
    std::string body = quiet_body(telling, exchange.id(), head);
    return {std::move(head), std::move(body)};
  }
  head.headers.add("Content-Type", "application/json");
  return {std::move(head), error_reply(full_words(error))};
}

}  // namespace api
