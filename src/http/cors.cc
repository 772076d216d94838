#include "http/cors.h"

#include "base/text.h"

#include <algorithm>

namespace http {

namespace {

constexpr std::string_view allow_origin = "Access-Control-Allow-Origin";
// The request headers of calls and downloads.
constexpr char const* request_headers =
    "Authorization, Content-Type, Range, If-Range, If-Match, If-None-Match, If-Modified-Since, "
    "If-Unmodified-Since, Idempotency-Key, X-Amz-Acl";
// The answer headers that a page may see besides the few that it always sees.
constexpr char const* answer_headers =
    "Accept-Ranges, Content-Disposition, Content-Length, Content-Location, Content-Range, ETag, "
    "Retry-After";
// The time in seconds; no browser remembers an answer longer.
constexpr char const* preflight_life = "7200";

net::task<void> answer_preflight(http::Exchange& exchange) {
  http::Response head;
  head.status = 204;
  co_await exchange.respond(std::move(head), "");
}

}  // namespace

bool is_preflight(http::Request const& request) {
  return request.method == "OPTIONS" && request.headers.find("origin") &&
         request.headers.find("access-control-request-method");
}

http::Headers cors_headers(std::span<std::string const> origins, http::Request const& request) {
  http::Headers lines;
  if (origins.empty()) return lines;
  bool const any = std::ranges::find(origins, "*") != origins.end();
  // Answers to requests without an Origin vary, too: with one, the answer would be another.
  if (!any) lines.add("Vary", "Origin");
  auto const origin = request.headers.find("origin");
  if (!origin) return lines;
  auto const is_it = [&](std::string const& allowed) {
    return base::equals_ignoring_case(allowed, *origin);
  };
  if (!any && std::ranges::none_of(origins, is_it)) return lines;
  lines.add(std::string(allow_origin), any ? "*" : std::string(*origin));
  if (is_preflight(request)) {
    lines.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE");
    lines.add("Access-Control-Allow-Headers", request_headers);
    lines.add("Access-Control-Max-Age", preflight_life);
  } else {
    lines.add("Access-Control-Expose-Headers", answer_headers);
  }
  return lines;
}

http::Handler with_cors(std::vector<std::string> origins, http::Handler handler) {
  if (origins.empty()) return handler;
  return [origins = std::move(origins), handler = std::move(handler)](http::Exchange& exchange) {
    http::Headers const lines = cors_headers(origins, exchange.request());
    for (http::Field const& line : lines) exchange.promise(line.name, line.value);
    bool const answered = is_preflight(exchange.request()) && lines.find(allow_origin);
    return answered ? answer_preflight(exchange) : handler(exchange);
  };
}

}  // namespace http
