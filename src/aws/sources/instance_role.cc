#include "aws/sources/instance_role.h"

#include "aws/endpoint.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/client.h"
#include "net/connect.h"
#include "net/deadline.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace aws {

namespace json = boost::json;
namespace limits = base::limits;
using base::Error;
using base::Fault;
using std::chrono::seconds;

namespace {

constexpr std::string_view role_path = "/latest/meta-data/iam/security-credentials/";

http::Request request_for(Endpoint const& service, std::string method, std::string target) {
  http::Request request{std::move(method), std::move(target), {}};
  bool const usual = service.port == 80;
  request.headers.add("Host",
                      usual ? service.host : fmt::format("{}:{}", service.host, service.port));
  return request;
}

net::task<std::string> call(Endpoint service, http::Request request) {
  net::Address const address{service.host, service.port};
  http::ClientConnection connection(co_await net::connect(address));
  std::span<std::string_view const> const no_body;
  http::Response const response = co_await connection.exchange(request, no_body);
  std::string body = co_await connection.read_whole_body(limits::max_role_answer_bytes);
  if (response.status == 200) co_return body;
  throw Error(Fault::unavailable, fmt::format("{} {} was answered {}", request.method,
                                              request.target, response.status));
}

net::task<RoleCredentials> ask(Endpoint service) {
  http::Request for_token = request_for(service, "PUT", "/latest/api/token");
  for_token.headers.add("X-aws-ec2-metadata-token-ttl-seconds", "60");
  for_token.headers.add("Content-Length", "0");
  std::string const token = co_await call(service, std::move(for_token));
  http::Request for_name = request_for(service, "GET", std::string(role_path));
  for_name.headers.add("X-aws-ec2-metadata-token", token);
  std::string const names = co_await call(service, std::move(for_name));
  std::string_view const name = base::trim(base::split(names, '\n').front());
  http::Request for_role =
      request_for(service, "GET", fmt::format("{}{}", role_path, base::percent_encode(name)));
  for_role.headers.add("X-aws-ec2-metadata-token", token);
  base::Secret const answer(co_await call(service, std::move(for_role)));
  co_return parse_role_credentials(answer.reveal());
}

std::string text_of(json::object const& object, std::string_view name) {
  json::value const* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().empty())
    throw Error(Fault::unavailable, fmt::format("the role's credentials have no {}", name));
  return std::string(value->get_string());
}

}  // namespace

RoleCredentials parse_role_credentials(std::string_view text) {
  std::optional<json::value> const parsed = base::try_parse_json(text);
  if (!parsed || !parsed->is_object())
    throw Error(Fault::unavailable, "the role's credentials are no JSON object");
  json::object const& object = parsed->get_object();
  if (std::string const code = text_of(object, "Code"); code != "Success")
    throw Error(Fault::unavailable, "the role has no credentials: " + base::in_quotes(code));
  RoleCredentials role;
  role.credentials.access_key = text_of(object, "AccessKeyId");
  role.credentials.secret_key = base::Secret(text_of(object, "SecretAccessKey"));
  role.credentials.session_token = base::Secret(text_of(object, "Token"));
  auto const end = base::parse_rfc3339(text_of(object, "Expiration"));
  if (!end) throw Error(Fault::unavailable, "the role's credentials have no valid Expiration");
  role.expires_at = *end;
  return role;
}

seconds use_of(seconds left) {
  return std::max({seconds(1), left / 2, left - limits::role_renewed_before_end});
}

net::task<seconds> renew_role_credentials(std::string metadata_url, OwnCredentials& own) {
  std::optional<RoleCredentials> role;
  try {
    Endpoint service = custom_endpoint(metadata_url);
    net::task<RoleCredentials> asking = ask(std::move(service));
    role = co_await net::with_deadline(std::move(asking), limits::role_answer_timeout,
                                       "the metadata service");
  } catch (Error const& error) {
    base::log_warning(fmt::format("no credentials of the machine's role: {}", error.what()));
  }
  if (!role) co_return limits::role_retry_pause;
  seconds const left(role->expires_at - base::unix_now());
  own.set(std::move(role->credentials), role->expires_at);
  base::log_info(
      fmt::format("the credentials of the machine's role are good for {} s", left.count()));
  co_return use_of(left);
}

}  // namespace aws
