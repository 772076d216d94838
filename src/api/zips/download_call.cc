#include "api/zips/download_call.h"

#include "api/large_body.h"
#include "api/links/error_url.h"
#include "api/links/link.h"
#include "api/links/quiet_page.h"
#include "api/request/form_json.h"
#include "api/request/kept_credentials.h"
#include "api/request/native_request.h"
#include "api/zips/accept.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"
#include "http/forms.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// The body of a request, and the token that a form has in it.
struct Asked {
  json::object body;
  std::string token;
};

Asked parse_form(http::Request const& request, std::string_view body) {
  std::string_view const type = request.headers.get("content-type");
  std::vector<http::Field> fields = http::media_type(type) == "multipart/form-data"
                                        ? http::parse_multipart(type, body)
                                        : http::parse_urlencoded(body);
  Asked asked;
  auto const take_token = [&asked](http::Field const& field) {
    if (field.name != "token") return false;
    asked.token = field.value;
    return true;
  };
  std::erase_if(fields, take_token);
  asked.body = form_to_json(fields);
  return asked;
}

Asked parse_asked(http::Request const& request, std::string_view body) {
  if (is_form(request)) return parse_form(request, body);
  return {parse_body(body), ""};
}

// A page's form cannot set a header: its token is a field. Then any client may have sent the body.
bool has_token_in_body(Service const& service, http::Request const& request) {
  return !service.open && is_form(request) && !request.headers.find("authorization");
}

void check_is_one(archive::Request const& request) {
  if (request.is_split())
    refuse_field("split", "is not for downloads in one call: there is one answer");
}

// The hash by which a request that is sent again with the same idempotency key is known.
std::string hash_of(Service const& service, json::object const& body) {
  base::Secret const text(json::serialize(body));
  return service.keys.link_signature("download " + base::hex(base::sha256(text.reveal())));
}

// An unauthorized answer here is the object store's, which does not know the credentials; this
// server knows the client.
net::task<void> send(Service const& service, http::Exchange& exchange, std::string link_id,
                     std::string file_name) {
  // Content-Location tells where the rest can be had if the answer breaks off.
  store::Link link;
  link.id = std::move(link_id);
  link.file_name = std::move(file_name);
  http::Headers place;
  place.add("Content-Location",
            link_urls(service.keys, base_path(service, exchange), link).front());
  std::optional<Error> refusal;
  try {
    net::task<void> sending = send_download(service, exchange, link.id, 0, std::move(place));
    co_await std::move(sending);
  } catch (Error const& error) {
    if (error.fault() != Fault::unauthorized) throw;
    refusal = Error(Fault::forbidden, std::string(error.message()));
  }
  if (refusal) throw *refusal;
}

// Answers the download that an account asks for.
net::task<void> download_for(Service const& service, http::Exchange& exchange,
                             accounts::Account account, json::object body) {
  std::optional<store::UnsealedCredentials> const kept =
      co_await store::find_kept(service.store.user_keys, service.keys, account.id);
  ZipRequestRules const rules = rules_with(service.rules, kept);
  NativeRequest native = parse_native_request({body, ""}, NativeKind::stream, rules);
  if (auto const header = exchange.request().headers.find("idempotency-key"))
    native.idempotency_key = checked_idempotency_key("Idempotency-Key", std::string(*header));
  ZipRequest& zip = native.zip;
  use_kept(zip.request, zip.credentials, kept, rules, "endpoint");
  check_is_one(zip.request);
  std::string file_name = zip.file_name;
  Terms terms{
      .account = account,
      .api_version = 2,
      .link_base = base_url(service, exchange),
      .once = {.key = std::move(native.idempotency_key), .request_hash = hash_of(service, body)}};
  Accepted const link = co_await accept_link(service, exchange, std::move(zip), std::move(terms),
                                             base::random_uuid());
  co_await send(service, exchange, link.id, std::move(file_name));
}

}  // namespace

bool asks_for_download(http::Request const& request) {
  bool asks = false;
  for (http::Field const& field : http::parse_urlencoded(request.query())) {
    if (field.name != "download")
      refuse_field("the query", fmt::format("has no field {}", base::in_quotes(field.name)));
    asks = field.value == "1" || field.value == "true";
    if (!asks && field.value != "0" && field.value != "false")
      refuse_field("download", "must be 1 or 0");
  }
  return asks;
}

net::task<void> download_at_once(Service const& service, http::Exchange& exchange) {
  http::Request const& request = exchange.request();
  bool const token_in_body = has_token_in_body(service, request);
  accounts::Account account;
  if (!token_in_body) account = co_await authorize(service, exchange);
  Asked asked;
  if (token_in_body) {
    base::Secret const body(co_await exchange.read_whole_body(limits::max_small_body_bytes));
    asked = parse_asked(request, body.reveal());
  } else {
    LargeBody const body = co_await read_large_body(service, exchange, account.id);
    asked = parse_asked(request, body.text.reveal());
  }
  if (token_in_body) account = co_await authorize_token(service, exchange, std::move(asked.token));
  FindOwner owner = account_by_id(account.id);
  net::task<void> sending =
      download_for(service, exchange, std::move(account), std::move(asked.body));
  co_await with_error_url(service, exchange, std::move(owner), std::move(sending));
}

}  // namespace api
