#include "api/zips/retry_call.h"

#include "api/request/kept_credentials.h"
#include "api/request/s3_fields.h"
#include "api/state_names.h"
#include "api/zips/reply.h"
#include "api/zips/zips.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
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
  base::Secret const body(co_await exchange.read_whole_body(limits::max_request_body_bytes));
  if (body.empty()) co_return aws::Credentials();
  json::object const parsed = parse_body(body.reveal());
  JsonObject const object(parsed, "");
  aws::Credentials credentials = read_credentials_field(object);
  object.check_all_known();
  co_return credentials;
}

// If the request brings no credentials, takes those that the account keeps, if they are for the
// zip's object store, or the server's own.
void complete(aws::Credentials& credentials, std::string const& encoded_request,
              std::optional<store::UnsealedCredentials> const& kept, ZipRequestRules const& rules) {
  if (!kept && !rules.own_credentials && credentials.access_key.empty())
    refuse_field("credentials",
                 "is required: the zip's were erased when it ended, and the account keeps none");
  archive::Request request = archive::decode_request(encoded_request);
  // The default object store has no name there; another that is kept must not take its place.
  if (request.endpoint.empty()) request.endpoint = rules.default_endpoint;
  std::string const endpoint = request.endpoint;
  use_kept(request, credentials, kept, rules, "credentials");
  if (request.endpoint != endpoint)
    refuse_field("credentials",
                 "is required: those that the account keeps are for another store than the zip's");
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

net::task<void> retry_zip(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  aws::Credentials credentials = co_await read_credentials(exchange);
  store::Job job = co_await find_own_job(service, account, std::move(id));
  check_may_run_anew(job);
  std::optional<store::UnsealedCredentials> const kept =
      co_await store::find_kept(service.store.user_keys, service.keys, account.id);
  std::optional<store::Job> const whole = co_await service.store.jobs.find_whole(job.id);
  if (!whole) throw Error(Fault::not_found, "there is no zip with this id");
  bool const brought = !credentials.access_key.empty();
  if (job.expiry.after_hours != 0 && brought && !credentials.session_token.empty())
    refuse_field("credentials.sessionToken",
                 "ends before the zip, which expires, is to be deleted: bring credentials without "
                 "one, or keep some with the account");
  complete(credentials, whole->request, kept, service.rules);
  store::Retry retry;
  retry.uses_kept_credentials = !brought && kept.has_value();
  retry.job_id = job.id;
  retry.sealed_credentials = store::seal_credentials(service.keys, job.id, credentials);
  co_await run_anew(service, std::move(retry));
  service.runner.wake();
  base::log_info(fmt::format("job {}: is tried again", job.id), {{"request_id", exchange.id()}});
  job = co_await find_own_job(service, account, job.id);
  co_await answer(exchange, json::serialize(zip_reply(service, job)));
}

}  // namespace api
