#include "api/zips/native_call.h"

#include "api/large_body.h"
#include "api/request/kept_credentials.h"
#include "api/request/protection.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;

namespace {

// The key in the body or in the header; an empty one is none.
std::string idempotency_key(http::Request const& request, std::string const& of_body) {
  auto const header = request.headers.find("idempotency-key");
  if (!header || header->empty()) return of_body;
  std::string key = checked_idempotency_key("Idempotency-Key", std::string(*header));
  if (!of_body.empty() && of_body != key)
    refuse_field("idempotencyKey", "is another one than the header Idempotency-Key has");
  return key;
}

}  // namespace

net::task<NativeCall> read_native_call(Service const& service, http::Exchange& exchange,
                                       NativeKind kind, accounts::Account const& account) {
  check_asks_no_protection(exchange.request());
  LargeBody body = co_await read_large_body(service, exchange, account.id);
  json::object const parsed = parse_body(body.text.reveal());
  std::optional<store::UnsealedCredentials> const kept =
      co_await store::find_kept(service.store.user_keys, service.keys, account.id);
  ZipRequestRules const rules = rules_with(service.rules, kept);
  NativeCall asked{.native = parse_native_request({parsed, ""}, kind, rules),
                   .terms = {.account = account,
                             .api_version = 2,
                             .link_base = base_url(service, exchange),
                             .once = {}},
                   .memory = {}};
  ZipRequest& zip = asked.native.zip;
  bool const brought = !zip.credentials.access_key.empty();
  use_kept(zip.request, zip.credentials, kept, rules, "endpoint");
  zip.expiry.uses_kept_credentials = !brought && kept.has_value();
  asked.terms.once.key = idempotency_key(exchange.request(), asked.native.idempotency_key);
  // The hash is keyed, as the body may hold secrets.
  base::Sha256 const hash = base::sha256(body.text.reveal());
  std::string const text = fmt::format("request {} {}", exchange.route(), base::hex(hash));
  asked.terms.once.request_hash = service.keys.link_signature(text);
  asked.memory = std::move(body.memory);
  co_return asked;
}

}  // namespace api
