#include "api/ops/redirect.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;

namespace {

net::task<void> redirect(std::string const& public_url, std::uint16_t port,
                         http::Exchange& exchange) {
  http::Request const& request = exchange.request();
  if (request.method != "GET" && request.method != "HEAD")
    throw Error(Fault::forbidden, "this server takes calls by https:// only");
  http::Response head;
  head.status = 308;
  head.headers.add("Location", https_url(request, public_url, port));
  head.headers.add("Content-Type", "text/plain; charset=utf-8");
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.respond(std::move(head), "this server speaks https:// only\n");
}

}  // namespace

http::Handler redirect_to_https(std::string public_url, std::uint16_t port) {
  return [public_url = std::move(public_url), port](http::Exchange& exchange) {
    return redirect(public_url, port, exchange);
  };
}

std::string https_url(http::Request const& request, std::string_view public_url,
                      std::uint16_t port) {
  if (public_url.starts_with("https://")) return fmt::format("{}{}", public_url, request.target);
  std::string_view host = base::trim(request.headers.get("host"));
  std::size_t const colon = host.rfind(':');
  bool const has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
  if (has_port) host = host.substr(0, colon);
  if (host.empty()) throw Error(Fault::bad_input, "send a Host header: the address begins with it");
  std::string const shown_port = port == 443 ? "" : fmt::format(":{}", port);
  return fmt::format("https://{}{}{}", host, shown_port, request.target);
}

}  // namespace api
