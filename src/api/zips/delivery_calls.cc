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

// The event of the job's end; empty while it goes on.
std::string_view event_of(store::Job const& job) {
  if (!store::has_ended(job.state)) return "";
  if (job.state == store::JobState::cancelled) return "zip.cancelled";
  return job.state == store::JobState::done ? "zip.succeeded" : "zip.failed";
}

// The event of the listing's end; empty for a link that was ended during its listing.
std::string_view event_of(store::Link const& link) {
  if (link.state == store::LinkState::listing) return "";
  return link.state == store::LinkState::ready ? "stream.ready" : "stream.failed";
}

std::string_view state_of(store::Delivery const& delivery) {
  switch (delivery.state) {
    case store::MessageState::waiting:
      return "pending";
    case store::MessageState::retrying:
      return "retrying";
    case store::MessageState::sent:
      return "delivered";
    case store::MessageState::failed:
      break;
  }
  return "failed";
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
  if (delivery.state == store::MessageState::retrying)
    reply["nextAttemptAt"] = base::rfc3339(delivery.due_at);
  return reply;
}

net::task<void> answer_deliveries(Service const& service, http::Exchange& exchange,
                                  std::string owner_id, std::string_view event) {
  auto const delivery = co_await service.store.outbox.find_delivery(std::move(owner_id));
  json::array list;
  if (delivery) list.push_back(delivery_reply(*delivery, event));
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

net::task<void> list_link_deliveries(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link const link = co_await find_own_link(service, account, std::move(id));
  co_await answer_deliveries(service, exchange, link.id, event_of(link));
}

net::task<void> get_webhook_secret(Service const& service, http::Exchange& exchange) {
  accounts::Account const asking = co_await authorize(service, exchange);
  auto const account = co_await service.store.accounts.find(store::AccountKey::id, asking.id);
  if (!account) throw base::Error(base::Fault::not_found, "the account is gone");
  json::object const reply{{"secret", notify::webhook_secret(service.keys, *account)}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<std::optional<std::string>> delivery_body(Service const& service,
                                                    store::Delivery const& delivery) {
  if (auto const job = co_await service.store.jobs.find(delivery.owner_id)) {
    std::string_view const event = event_of(*job);
    if (event.empty()) co_return std::nullopt;
    co_return body_text(delivery, event, "zip", zip_reply(service, *job));
  }
  auto const link = co_await service.store.links.find(delivery.owner_id);
  if (!link) co_return std::nullopt;
  std::string_view const event = event_of(*link);
  if (event.empty()) co_return std::nullopt;
  co_return body_text(delivery, event, "stream", link_reply(service, *link, delivery.link_base));
}

}  // namespace api
