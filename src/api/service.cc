#include "api/service.h"

#include "api/request/json_object.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"

namespace api {

using base::Error;
using base::Fault;

OwnAddress called_address(Service const& service, http::Exchange& exchange) {
  return called_as(exchange.request().headers, exchange.stream().peer(), service.trusted_proxies,
                   service.tls);
}

bool is_https(Service const& service, http::Exchange& exchange) {
  OwnAddress const called = called_address(service, exchange);
  // A proxy may speak https for us and not tell.
  OwnAddress const known = parse_base_url(service.public_url);
  bool const by_proxy =
      known.scheme == "https" && base::equals_ignoring_case(called.host, known.host);
  return called.scheme == "https" || by_proxy;
}

std::string base_url(Service const& service, http::Exchange& exchange) {
  if (!service.public_url.empty()) return service.public_url;
  OwnAddress const called = called_address(service, exchange);
  if (called.host.empty())
    throw Error(Fault::bad_input, "send a Host header: the link begins with it");
  return called.scheme + "://" + called.host + called.prefix;
}

std::string base_path(Service const& service, http::Exchange& exchange) {
  return own_address(service, exchange).prefix;
}

OwnAddress own_address(Service const& service, http::Exchange& exchange) {
  if (!service.public_url.empty()) return parse_base_url(service.public_url);
  return called_address(service, exchange);
}

net::task<boost::json::object> read_json(http::Exchange& exchange) {
  base::Secret const body(co_await exchange.read_whole_body(base::limits::max_small_body_bytes));
  co_return parse_body(body.reveal());
}

net::task<Fields> read_fields(http::Exchange& exchange, std::uint64_t limit) {
  base::Secret const body(co_await exchange.read_whole_body(limit));
  co_return fields_of(exchange, body);
}

Fields fields_of(http::Exchange& exchange, base::Secret const& body) {
  return Fields::parse(exchange.request().headers.get("content-type"), body.reveal());
}

net::task<void> answer(http::Exchange& exchange, std::string json, int status) {
  http::Response head;
  head.status = status;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.respond(std::move(head), std::move(json));
}

}  // namespace api
