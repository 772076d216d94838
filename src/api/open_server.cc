#include "api/open_server.h"

#include "base/error.h"
#include "base/text.h"

#include <utility>

namespace api {
namespace {

bool tells_health(std::string_view path) {
  return path == "/healthz" || path == "/readyz";
}

void check_name(Service const& service, http::Exchange& exchange) {
  http::Request const& request = exchange.request();
  if (tells_health(request.path())) return;
  OwnAddress const called =
      called_as(request.headers, exchange.stream().peer(), service.trusted_proxies, service.tls);
  std::string_view const host = base::trim(request.headers.get("host"));
  std::string_view const url = service.public_url;
  if (is_own_name(host, url) && is_own_name(called.host, url)) return;
  throw base::Error(base::Fault::forbidden,
                    "without accounts, this server is called by its address, as localhost, or by "
                    "the host of public_url; Host names another");
}

}  // namespace

http::Handler only_by_own_names(Service const& service, http::Handler handler) {
  return [&service, handler = std::move(handler)](http::Exchange& exchange) {
    check_name(service, exchange);
    return handler(exchange);
  };
}

bool is_own_name(std::string_view host, std::string_view public_url) {
  std::string const name = name_of(host);
  if (name.empty()) return false;
  if (name == "localhost" || name.ends_with(".localhost") || net::parse_ip(name)) return true;
  return name == name_of(parse_base_url(public_url).host);
}

bool is_of_other_page(http::Headers const& headers, OwnAddress const& own) {
  if (auto const site = headers.find("sec-fetch-site"))
    return *site != "none" && *site != "same-origin";
  auto const origin = headers.find("origin");
  if (!origin) return false;
  OwnAddress const page = parse_base_url(*origin);
  // A proxy may speak https for us and not tell.
  bool const same_scheme = page.scheme == "https" || page.scheme == own.scheme;
  return !same_scheme || !base::equals_ignoring_case(page.host, own.host);
}

}  // namespace api
