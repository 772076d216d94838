#include "api/compat/start_calls.h"

#include "accounts/tokens.h"
#include "api/caller.h"
#include "api/compat/replies.h"
#include "api/large_body.h"
#include "api/request/kept_credentials.h"
#include "api/request/protection.h"
#include "api/secret_check.h"
#include "api/zips/accept.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "net/latch.h"

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// Answers within a second, however long the listing takes: with the size seen so far. What is not
// being listed, as all workers are busy, is not waited for.
net::task<std::uint64_t> size_so_far(std::shared_ptr<store::LiveZip> live, bool is_being_listed) {
  if (!is_being_listed) co_return live->progress.bytes_total;
  std::vector<net::Latch*> const selected{&live->selected};
  co_await net::wait_any(selected, limits::start_reply_wait);
  co_return live->progress.bytes_total;
}

net::task<ZipRequest> parse_request(Service const& service, accounts::Account const& account,
                                    Fields const& fields, std::string_view acl) {
  std::optional<store::UnsealedCredentials> const kept =
      co_await store::find_kept(service.store.user_keys, service.keys, account.id);
  ZipRequestRules const rules = rules_with(service.rules, kept);
  ZipRequest asked = parse_zip_request(fields, acl, rules);
  use_kept(asked.request, asked.credentials, kept, rules, "awsEndpoint");
  co_return asked;
}

ZipId zip_id_of(Service const& service) {
  return service.open ? ZipId::added : ZipId::left_out;
}

}  // namespace

net::task<void> gentoken(Service const& service, http::Exchange& exchange) {
  Fields const fields = co_await read_fields(exchange, limits::max_small_body_bytes);
  std::string const user_key = fields.text("userKey");
  base::Secret const user_secret(fields.text("userSecret"));
  if (user_key.empty()) throw Error(Fault::bad_input, "userKey is required");
  if (user_secret.empty()) throw Error(Fault::bad_input, "userSecret is required");
  auto const proven = co_await check_secret(service, exchange, user_key, user_secret);
  if (!proven) throw Error(Fault::unauthorized, "userKey or userSecret is wrong");
  co_await note_key_use(service, exchange, proven->key);
  accounts::TokenClaims const claims{proven->account.id, user_key, proven->generation};
  std::string const token = accounts::issue_token(claims, service.keys, base::unix_now());
  co_await answer(exchange, token_reply(token));
}

net::task<void> zipstart(Service const& service, int api_version, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  LargeBody const body = co_await read_large_body(service, exchange, account.id);
  Fields const fields = fields_of(exchange, body.text);
  check_asks_no_protection(exchange.request());
  std::string_view const acl = exchange.request().headers.get("x-amz-acl");
  ZipRequest asked = co_await parse_request(service, account, fields, acl);
  std::string id = base::random_uuid();
  asked.request.target_key = target_key(fields, api_version, id);
  Terms terms{.account = account, .api_version = api_version, .link_base = {}, .once = {}};
  bool const is_begun = service.runner.has_room();
  Accepted const job =
      co_await accept_job(service, exchange, std::move(asked), std::move(terms), std::move(id));
  std::uint64_t const size = co_await size_so_far(job.live, is_begun);
  co_await answer(exchange, start_reply(TaskKind::job, api_version, job.id, size, job.mail_id,
                                        zip_id_of(service)));
}

net::task<void> streamzip(Service const& service, int api_version, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  LargeBody const body = co_await read_large_body(service, exchange, account.id);
  Fields const fields = fields_of(exchange, body.text);
  check_asks_no_protection(exchange.request());
  ZipRequest asked = co_await parse_request(service, account, fields, "");
  Terms terms{.account = account,
              .api_version = api_version,
              .link_base = base_url(service, exchange),
              .once = {}};
  Accepted const link = co_await accept_link(service, exchange, std::move(asked), std::move(terms),
                                             base::random_uuid());
  std::uint64_t const size = co_await size_so_far(link.live, true);
  co_await answer(exchange, start_reply(TaskKind::stream, api_version, link.id, size, link.mail_id,
                                        zip_id_of(service)));
}

}  // namespace api
