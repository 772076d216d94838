#include "api/session_cookie.h"

#include "base/service_limits.h"
#include "base/text.h"

#include <chrono>

#include <fmt/format.h>

namespace api {
namespace {

std::string_view cookie_name(bool https) {
  return https ? "__Host-s3zipper-session" : "s3zipper-session";
}

void promise_cookie(Service const& service, http::Exchange& exchange, std::string_view value,
                    std::chrono::seconds life) {
  bool const https = is_https(service, exchange);
  exchange.promise("Set-Cookie",
                   fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
                               cookie_name(https), value, life.count(), https ? "; Secure" : ""));
}

}  // namespace

base::Secret session_token(Service const& service, http::Exchange& exchange) {
  std::string_view const name = cookie_name(is_https(service, exchange));
  std::string_view const line = exchange.request().headers.get("cookie");
  for (std::string_view const part : base::split(line, ';')) {
    std::string_view const cookie = base::trim(part);
    if (cookie.size() > name.size() && cookie.starts_with(name) && cookie[name.size()] == '=')
      return base::Secret(std::string(cookie.substr(name.size() + 1)));
  }
  return {};
}

void promise_session_cookie(Service const& service, http::Exchange& exchange,
                            base::Secret const& token) {
  promise_cookie(service, exchange, token.reveal(), base::limits::session_life);
}

void promise_no_session_cookie(Service const& service, http::Exchange& exchange) {
  promise_cookie(service, exchange, "", std::chrono::seconds(0));
}

}  // namespace api
