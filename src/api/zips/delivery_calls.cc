#include "api/zips/delivery_calls.h"

#include "api/zips/reply.h"
#include "api/zips/zips.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "http/router.h"
#include "notify/webhooks.h"

#include <boost/json.hpp>

namespace api {

namespace json = boost::json;

namespace {

// Empty while it goes on.
std::string_view event_of(store::Job const& job) {
  if (!store::has_ended(job.state)) return "";
  if (job.state == store::JobState::cancelled) return "zip.cancelled";
  return job.state == store::JobState::success ? "zip.succeeded" : "zip.failed";
}

// A link that was ended during its listing tells nothing.
std::string_view event_of(store::Stream const& stream) {
  if (stream.state == store::StreamState::listing) return "";
  return stream.state == store::StreamState::ready ? "stream.ready" : "stream.failed";
}

std::string_view state_of(store::Delivery const& delivery) {
  switch (delivery.state) {
    case store::JobState::retry:
      return "retrying";
    case store::JobState::success:
      return "delivered";
    case store::JobState::failure:
      return "failed";
    default:
      return "pending";
  }
}

json::object delivery_reply(store::Delivery const& delivery, std::string_view event) {
  json::object reply{{"id", delivery.id},
                     {"event", nullptr},
                     {"state", state_of(delivery)},
                     {"createdAt", base::rfc3339(delivery.created_at)},
                     {"attempts", delivery.attempts},
                     {"lastStatus", nullptr},
                     {"lastError", nullptr},
                     {"nextAttemptAt", nullptr}};
  if (!event.empty()) reply["event"] = event;
  if (delivery.last_status != 0) reply["lastStatus"] = delivery.last_status;
  if (!delivery.error.empty()) reply["lastError"] = base::to_utf8(delivery.error);
  if (delivery.state == store::JobState::retry)
    reply["nextAttemptAt"] = base::rfc3339(delivery.next_attempt_at);
  return reply;
}

net::task<void> answer_deliveries(Service const& service, http::Exchange& exchange,
                                  std::string owner_id, std::string_view event) {
  auto const find = [&] { return service.deliveries.deliveries_of(owner_id); };
  std::vector<store::Delivery> const found = co_await service.context.blocking.get(find);
  json::array list;
  for (store::Delivery const& delivery : found) list.push_back(delivery_reply(delivery, event));
  json::object const reply{{"deliveries", std::move(list)}};
  co_await answer(exchange, json::serialize(reply));
}

std::string body_text(store::Delivery const& delivery, std::string_view event,
                      std::string_view thing, json::object object) {
  json::object const body{{"id", delivery.id},
                          {"event", event},
                          {"createdAt", base::rfc3339(base::unix_now())},
                          {thing, std::move(object)}};
  return json::serialize(body);
}

}  // namespace

net::task<void> list_zip_deliveries(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job const job = co_await find_own_job(service, account, std::move(id));
  co_await answer_deliveries(service, exchange, job.id, event_of(job));
}

net::task<void> list_stream_deliveries(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Stream const stream = co_await find_own_stream(service, account, std::move(id));
  co_await answer_deliveries(service, exchange, stream.id, event_of(stream));
}

net::task<void> get_webhook_secret(Service const& service, http::Exchange& exchange) {
  accounts::Account const asking = co_await authorize(service, exchange);
  auto const find = [&] { return service.context.store.find_account(asking.id); };
  auto const account = co_await service.context.blocking.get(find);
  if (!account) throw base::Error(base::Fault::not_found, "the account is gone");
  json::object const reply{{"secret", notify::webhook_secret(service.context.keys, *account)}};
  co_await answer(exchange, json::serialize(reply));
}

std::optional<std::string> delivery_body(Service const& service, store::Delivery const& delivery) {
  store::JobStore& store = service.context.store;
  if (auto const job = store.find_job_state(delivery.owner_id)) {
    std::string_view const event = event_of(*job);
    if (event.empty()) return std::nullopt;
    return body_text(delivery, event, "zip", zip_reply(service, *job));
  }
  auto const stream = store.find_stream(delivery.owner_id);
  if (!stream) return std::nullopt;
  std::string_view const event = event_of(*stream);
  if (event.empty()) return std::nullopt;
  return body_text(delivery, event, "stream", stream_reply(service, *stream, delivery.link_base));
}

}  // namespace api
