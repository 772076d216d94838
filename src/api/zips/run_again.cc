#include "api/zips/run_again.h"

#include "api/request/kept_credentials.h"
#include "api/request/made_by.h"
#include "api/request/s3_fields.h"
#include "api/state_names.h"
#include "api/zips/accept.h"
#include "api/zips/reply.h"
#include "api/zips/zips.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "http/router.h"
#include "notify/webhooks.h"
#include "store/sealed_credentials.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// The credentials that the body brings; empty ones if it brings none, or there is no body.
net::task<aws::Credentials> read_credentials(http::Exchange& exchange) {
  base::Secret const body(co_await exchange.read_whole_body(limits::max_small_body_bytes));
  if (body.empty()) co_return aws::Credentials();
  json::object const parsed = parse_body(body.reveal());
  JsonObject const object(parsed, "");
  aws::Credentials credentials = read_credentials_field(object);
  object.check_all_known();
  co_return credentials;
}

// The credentials for a job that is run anew, and whether these are the account's kept ones.
struct Found {
  aws::Credentials credentials;
  bool are_kept = false;
};

void check_outlive_zip(aws::Credentials const& brought, store::Job const& job) {
  if (job.expiry.after_hours != 0 && !brought.session_token.empty())
    refuse_field("credentials.sessionToken",
                 "ends before the zip, which expires, is to be deleted: bring credentials without "
                 "one, or keep some with the account");
}

// Those that the request brings, else those that the account keeps if they are for the zip's object
// store, else the server's own.
net::task<Found> find_credentials(Service const& service, aws::Credentials brought,
                                  store::Job const& job) {
  bool const brings = !brought.access_key.empty();
  if (brings) check_outlive_zip(brought, job);
  ZipRequestRules const& rules = service.rules;
  auto const kept =
      co_await store::find_kept(service.store.user_keys, service.keys, job.account_id);
  if (!kept && !rules.own_credentials && !brings)
    refuse_field("credentials",
                 "is required: the zip's were erased when it ended, and the account keeps none");
  archive::Request request = archive::decode_request(job.request);
  // The default object store has no name there; another that is kept must not take its place.
  if (request.endpoint.empty()) request.endpoint = rules.default_endpoint;
  std::string const endpoint = request.endpoint;
  Found found{.credentials = std::move(brought), .are_kept = !brings && kept.has_value()};
  use_kept(request, found.credentials, kept, rules, "credentials");
  if (request.endpoint != endpoint)
    refuse_field("credentials",
                 "is required: those that the account keeps are for another store than the zip's");
  co_return found;
}

void check_may_run_anew(store::Job const& job) {
  bool const failed =
      job.state == store::JobState::failed || job.state == store::JobState::cancelled;
  if (!failed)
    throw Error(Fault::conflict, fmt::format("the zip is {}; only one that failed or was cancelled "
                                             "can be tried again",
                                             native_name(job.state)));
  if (job.cleaning)
    throw Error(Fault::conflict,
                "what is left of the zip in the bucket is still being removed; try again when its "
                "\"cleaning\" is false");
}

net::task<void> run_anew(Service const& service, store::Retry retry) {
  base::UnixSeconds const now = base::unix_now();
  auto const earlier = co_await service.store.outbox.find_delivery(retry.job_id);
  if (earlier) retry.delivery = notify::renewed_delivery(service.keys, *earlier, now);
  bool const runs_anew = co_await service.store.jobs.retry(std::move(retry), now);
  if (!runs_anew) throw Error(Fault::conflict, "the zip is being tried again already");
}

}  // namespace

net::task<void> zip_request(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job const job = co_await find_own_whole_job(service, account, std::move(id));
  AskedBesides const besides{.expires_after_hours = job.expiry.after_hours};
  json::object const call = made_by(archive::decode_request(job.request), besides);
  co_await answer(exchange, json::serialize(call));
}

net::task<void> link_request(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link const link = co_await find_own_link(service, account, std::move(id));
  AskedBesides const besides{.file_name = link.file_name};
  json::object const call = made_by(archive::decode_request(link.request), besides);
  co_await answer(exchange, json::serialize(call));
}

net::task<void> retry_zip(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  aws::Credentials brought = co_await read_credentials(exchange);
  store::Job job = co_await find_own_whole_job(service, account, std::move(id));
  check_may_run_anew(job);
  Found const found = co_await find_credentials(service, std::move(brought), job);
  store::Retry retry;
  retry.uses_kept_credentials = found.are_kept;
  retry.job_id = job.id;
  retry.sealed_credentials = store::seal_credentials(service.keys, job.id, found.credentials);
  co_await run_anew(service, std::move(retry));
  service.runner.wake();
  base::log_info(fmt::format("job {}: is tried again", job.id), {{"request_id", exchange.id()}});
  job = co_await find_own_job(service, account, job.id);
  co_await answer(exchange, json::serialize(zip_reply(service, job)));
}

net::task<void> make_zip_again(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  aws::Credentials brought = co_await read_credentials(exchange);
  store::Job const former = co_await find_own_whole_job(service, account, std::move(id));
  Found found = co_await find_credentials(service, std::move(brought), former);
  ZipRequest asked;
  asked.request = archive::decode_request(former.request);
  asked.credentials = std::move(found.credentials);
  asked.expiry.after_hours = former.expiry.after_hours;
  asked.expiry.uses_kept_credentials = found.are_kept;
  Terms terms{.account = account, .api_version = former.api_version, .link_base = {}, .once = {}};
  Accepted const accepted = co_await accept_job(service, exchange, std::move(asked),
                                                std::move(terms), base::random_uuid());
  store::Job const job = co_await find_own_job(service, account, accepted.id);
  constexpr int created = 201;
  co_await answer(exchange, json::serialize(zip_reply(service, job)), created);
}

}  // namespace api
