#include "api/routes.h"

#include "api/account/account_calls.h"
#include "api/account/browse_calls.h"
#include "api/account/key_calls.h"
#include "api/account/own_account.h"
#include "api/admin/admin_calls.h"
#include "api/admin/all_zips.h"
#include "api/compat/replies.h"
#include "api/compat/start_calls.h"
#include "api/compat/task_calls.h"
#include "api/files/file_calls.h"
#include "api/files/recipient.h"
#include "api/links/error_url.h"
#include "api/links/link.h"
#include "api/links/quiet_page.h"
#include "api/links/signed_link.h"
#include "api/open_server.h"
#include "api/openapi.h"
#include "api/ops/health.h"
#include "api/ops/metrics.h"
#include "api/sign_in/registration_calls.h"
#include "api/sign_in/session_calls.h"
#include "api/zips/account_events.h"
#include "api/zips/delivery_calls.h"
#include "api/zips/download_call.h"
#include "api/zips/estimate.h"
#include "api/zips/report_calls.h"
#include "api/zips/run_again.h"
#include "api/zips/zip_events.h"
#include "api/zips/zips.h"
#include "base/service_limits.h"

#include <algorithm>
#include <iterator>
#include <memory>

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

using EstimateCall = net::task<void> (*)(Service const&, Estimating&, http::Exchange&);

http::Handler estimate_call(Service const& service, std::shared_ptr<Estimating> estimating,
                            EstimateCall call) {
  return [&service, estimating = std::move(estimating), call](Exchange& exchange) {
    return call(service, *estimating, exchange);
  };
}

http::Handler account_events(Service const& service) {
  return [&service, watched = std::make_shared<WatchedAccounts>()](Exchange& exchange) {
    return watch_zips(service, *watched, exchange);
  };
}

// Makes handlers of the API's calls.
struct With {
  Service const& service;

  template <class Call>
  http::Handler operator()(Call call) const {
    return [&lent = service, call](Exchange& exchange) { return call(lent, exchange); };
  }
  template <class Call>
  http::Handler operator()(Call call, int version) const {
    return [&lent = service, call, version](Exchange& exchange) {
      return call(lent, version, exchange);
    };
  }
};

// S3zipper's own calls, and links.
std::vector<http::Route> compatible_routes(Service const& service) {
  With const with{service};
  return {
      {"POST", "/gentoken", with(gentoken)},         {"POST", "/tokenv2", with(gentoken)},
      {"POST", "/v1/zipstart", with(zipstart, 1)},   {"POST", "/v2/zipstart", with(zipstart, 2)},
      {"POST", "/v1/streamzip", with(streamzip, 1)}, {"POST", "/v2/streamzip", with(streamzip, 2)},
      {"POST", "/v1/zipstate", with(zipstate)},      {"POST", "/v2/zipstate", with(zipstate)},
      {"POST", "/v1/zipresult", with(zipresult)},    {"POST", "/v2/zipresult", with(zipresult)},
      {"GET", "/stream/*", with(download)},          {"GET", "/z/*", with(signed_download)},
  };
}

// The native calls on zips, and on streams, which are links here.
std::vector<http::Route> zip_routes(Service const& service) {
  With const with{service};
  auto const contents = std::make_shared<ContentsCache>(limits::kept_contents_bytes);
  auto const with_contents = [&](FileCall call) { return file_call(service, contents, call); };
  auto const estimating = std::make_shared<Estimating>();
  return {
      {"GET", "/api/events", account_events(service)},
      {"POST", "/api/zips", with(create_zip)},
      {"GET", "/api/zips", with(list_zips)},
      {"GET", "/api/zips/{id}", with(get_zip)},
      {"POST", "/api/zips/estimate", estimate_call(service, estimating, estimate_zip)},
      {"GET", "/api/zips/{id}/request", with(zip_request)},
      {"GET", "/api/zips/{id}/report", with(zip_report)},
      {"POST", "/api/zips/{id}/cancel", with(cancel_zip)},
      {"POST", "/api/zips/{id}/retry", with(retry_zip)},
      {"POST", "/api/zips/{id}/again", with(make_zip_again)},
      {"GET", "/api/zips/{id}/events", with(watch_zip)},
      {"GET", "/api/zips/{id}/deliveries", with(list_zip_deliveries)},
      {"GET", "/api/zips/{id}/files", with_contents(list_zip_files)},
      {"GET", "/api/zips/{id}/files/*", with_contents(take_zip_file)},
      {"POST", "/api/streams", with(post_stream)},
      {"GET", "/api/streams", with(list_links)},
      {"GET", "/api/streams/{id}", with(get_link)},
      {"POST", "/api/streams/estimate", estimate_call(service, estimating, estimate_link)},
      {"GET", "/api/streams/{id}/request", with(link_request)},
      {"GET", "/api/streams/{id}/report", with(link_report)},
      {"GET", "/api/streams/{id}/files", with_contents(list_link_files)},
      {"GET", "/api/streams/{id}/files/*", with_contents(take_link_file)},
      {"POST", "/api/streams/{id}/revoke", with(revoke_link)},
      {"GET", "/api/streams/{id}/deliveries", with(list_link_deliveries)},
      {"GET", "/api/shared/{target}/{signature}", with(about_shared)},
      {"GET", "/api/shared/{target}/{signature}/files", with_contents(list_shared_files)},
  };
}

// The native calls on the account, its keys, its usage and its buckets.
std::vector<http::Route> account_routes(Service const& service) {
  With const with{service};
  return {
      {"GET", "/api/account", with(get_account)},
      {"GET", "/api/account/webhook-secret", with(get_webhook_secret)},
      {"POST", "/api/account/rotate", with(rotate_account)},
      {"PUT", "/api/account/credentials", with(keep_credentials)},
      {"DELETE", "/api/account/credentials", with(erase_credentials)},
      {"PUT", "/api/account/error-url", with(put_error_url)},
      {"DELETE", "/api/account/error-url", with(delete_error_url)},
      {"PUT", "/api/account/password", with(put_password)},
      {"GET", "/api/account/sessions", with(list_sessions)},
      {"DELETE", "/api/account/sessions/{id}", with(end_session)},
      {"DELETE", "/api/account", with(delete_account)},
      {"GET", "/api/keys", with(list_keys)},
      {"POST", "/api/keys", with(create_key)},
      {"PUT", "/api/keys/{userKey}", with(rename_key)},
      {"DELETE", "/api/keys/{userKey}", with(revoke_key)},
      {"POST", "/api/keys/{userKey}/rotate", with(rotate_key)},
      {"GET", "/api/usage", with(get_usage)},
      {"GET", "/api/buckets", with(get_buckets)},
      {"GET", "/api/buckets/{bucket}/objects", with(get_objects)},
      {"POST", "/api/browse", with(browse)},
  };
}

// The calls of the site on those who use it, and those of administrators.
std::vector<http::Route> people_routes(Service const& service) {
  With const with{service};
  return {
      {"GET", "/session", with(get_session)},
      {"POST", "/session", with(sign_in)},
      {"POST", "/session/link", with(sign_in_by_link)},
      {"DELETE", "/session", with(sign_out)},
      {"POST", "/registration", with(register_account)},
      {"POST", "/registration/confirm", with(confirm_account)},
      {"POST", "/registration/reset", with(ask_for_password)},
      {"POST", "/registration/password", with(set_forgotten_password)},
      {"POST", "/setup", with(set_up)},
      {"GET", "/api/admin/accounts", with(list_accounts)},
      {"POST", "/api/admin/accounts/{id}/disable", with(disable_account)},
      {"POST", "/api/admin/accounts/{id}/enable", with(enable_account)},
      {"POST", "/api/admin/accounts/{id}/delete", with(delete_account_of)},
      {"POST", "/api/admin/accounts/{id}/reset", with(reset_password)},
      {"POST", "/api/admin/invitations", with(invite)},
      {"GET", "/api/admin/system", with(get_system)},
      {"GET", "/api/admin/zips", with(list_unended_zips)},
      {"POST", "/api/admin/zips/{id}/cancel", with(cancel_any_zip)},
  };
}

// The calls on the program itself.
std::vector<http::Route> program_routes(Service const& service) {
  With const with{service};
  return {
      {"GET", "/api/openapi.json", with(get_openapi)},
      {"GET", "/healthz", healthz},
      {"GET", "/readyz", with(readyz)},
      {"GET", "/metrics", with(metrics_for_trusted)},
  };
}

std::vector<http::Route> routes_without_accounts(Service const& service) {
  With const with{service};
  return {{"POST", "/v2/s3zip", with(zipstart, 2)}, {"POST", "/v2/status", with(zip_status)}};
}

}  // namespace

std::vector<http::Route> routes(Service const& service) {
  std::vector<http::Route> all = compatible_routes(service);
  auto const append = [&all](std::vector<http::Route> more) {
    std::ranges::move(more, std::back_inserter(all));
  };
  append(zip_routes(service));
  append(account_routes(service));
  append(people_routes(service));
  append(program_routes(service));
  if (service.open) append(routes_without_accounts(service));
  return all;
}

http::Handler handler(Service const& service, std::vector<http::Route> further,
                      http::Handler otherwise) {
  std::vector<http::Route> own = routes(service);
  std::ranges::move(further, std::back_inserter(own));
  http::Router all(std::move(own), std::move(otherwise));
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
