#include "api/zips/accept.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "notify/webhooks.h"
#include "store/sealed_credentials.h"

#include <utility>

#include <fmt/format.h>

namespace api {
namespace {

// The mail that the request asks for.
std::optional<store::Mail> mail_for(ZipRequest const& asked, Terms const& terms,
                                    std::string const& owner_id) {
  if (asked.mail_to.empty()) return std::nullopt;
  store::Mail mail;
  mail.id = base::random_uuid();
  mail.owner_id = owner_id;
  mail.account_id = terms.account.id;
  mail.api_version = terms.api_version;
  mail.address = asked.mail_to;
  mail.link_base = terms.link_base;
  mail.created_at = base::unix_now();
  return mail;
}

std::optional<store::Delivery> delivery_for(Service const& service, ZipRequest const& asked,
                                            Terms const& terms, std::string const& owner_id) {
  if (asked.webhook.empty()) return std::nullopt;
  store::Delivery delivery;
  delivery.id = base::random_uuid();
  delivery.owner_id = owner_id;
  delivery.account_id = terms.account.id;
  delivery.host = notify::parse_webhook_url(asked.webhook, service.rules.webhook_networks).host;
  delivery.sealed_url = notify::seal_webhook_url(service.keys, delivery.id, asked.webhook);
  delivery.link_base = terms.link_base;
  delivery.created_at = base::unix_now();
  return delivery;
}

store::NewJob new_job(Service const& service, ZipRequest const& asked, Terms const& terms,
                      std::string const& id) {
  store::Job job;
  job.id = id;
  job.account_id = terms.account.id;
  job.api_version = terms.api_version;
  job.target_bucket = asked.request.bucket;
  job.target_key = asked.request.target_key;
  job.request = archive::encode(asked.request);
  job.sealed_credentials = store::seal_credentials(service.keys, id, asked.credentials);
  job.created_at = base::unix_now();
  job.expiry = asked.expiry;
  return {.job = std::move(job),
          .once = terms.once,
          .mail = mail_for(asked, terms, id),
          .delivery = delivery_for(service, asked, terms, id)};
}

store::NewLink new_link(Service const& service, ZipRequest const& asked, Terms const& terms,
                        std::string const& id) {
  store::Link link;
  link.id = id;
  link.account_id = terms.account.id;
  link.api_version = terms.api_version;
  link.session = service.links.session();
  link.request = archive::encode(asked.request);
  link.sealed_credentials = store::seal_credentials(service.keys, id, asked.credentials);
  link.file_name = asked.file_name;
  link.created_at = base::unix_now();
  link.expires_at = link.created_at + std::int64_t{asked.request.link_hours} * 3600;
  return {.link = std::move(link),
          .once = terms.once,
          .mail = mail_for(asked, terms, id),
          .delivery = delivery_for(service, asked, terms, id)};
}

std::string id_of(std::optional<store::Mail> const& mail) {
  return mail ? mail->id : "";
}

}  // namespace

net::task<Accepted> accept_job(Service const& service, http::Exchange& exchange, ZipRequest asked,
                               Terms terms, std::string id) {
  Accepted accepted;
  accepted.live = service.live.open(id);
  store::NewJob job = new_job(service, asked, terms, id);
  std::string const mail_id = id_of(job.mail);
  accepted.id = co_await service.store.jobs.create(std::move(job));
  accepted.is_new = accepted.id == id;
  if (accepted.is_new) {
    accepted.mail_id = mail_id;
    service.runner.wake();
  }
  base::log_info(fmt::format("job {}: accepted", accepted.id), {{"request_id", exchange.id()}});
  co_return accepted;
}

net::task<Accepted> accept_link(Service const& service, http::Exchange& exchange, ZipRequest asked,
                                Terms terms, std::string id) {
  Accepted accepted;
  accepted.live = service.live.open(id);
  store::NewLink link = new_link(service, asked, terms, id);
  std::string const mail_id = id_of(link.mail);
  store::Hold hold = link.link.hold();
  accepted.id = co_await service.store.links.create(std::move(link));
  accepted.is_new = accepted.id == id;
  if (accepted.is_new) {
    accepted.mail_id = mail_id;
    service.links.begin_listing(std::move(hold));
  } else {
    // The store's answer to the first call may have been lost.
    co_await service.links.begin_lost_listings();
  }
  base::log_info(fmt::format("stream {}: accepted", accepted.id), {{"request_id", exchange.id()}});
  co_return accepted;
}

}  // namespace api
