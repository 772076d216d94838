#include "api/zips/create.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "notify/webhooks.h"

#include <utility>

#include <fmt/format.h>

namespace api {
namespace {

// The second task of a chain, where the request asks for a mail; its id, or nothing.
std::string insert_mail(Service const& service, std::string const& address,
                        CreateContext const& context, std::string const& owner_id) {
  if (address.empty()) return "";
  store::Mail mail;
  mail.id = base::random_uuid();
  mail.owner_id = owner_id;
  mail.account_id = context.account.id;
  mail.api_version = context.api_version;
  mail.address = address;
  mail.link_base = context.link_base;
  mail.created_at = base::unix_now();
  service.context.store.insert_mail(mail);
  return mail.id;
}

// Also where the create call is a repeated one: the first may have broken off before this.
void insert_delivery(Service const& service, std::string const& url, CreateContext const& context,
                     std::string const& owner_id) {
  if (url.empty()) return;
  store::Delivery delivery;
  delivery.id = base::random_uuid();
  delivery.owner_id = owner_id;
  delivery.account_id = context.account.id;
  delivery.host = notify::parse_webhook_url(url, service.rules.webhook_networks).host;
  delivery.sealed_url = notify::seal_webhook_url(service.context.keys, delivery.id, url);
  delivery.link_base = context.link_base;
  delivery.created_at = base::unix_now();
  service.deliveries.insert_delivery(delivery);
}

// `insert` puts the row into the store, and returns the id of the one that is there.
template <class Insert>
net::task<Created> insert_once(Service const& service, ZipRequest const& asked,
                               CreateContext const& context, std::string id, Insert insert) {
  Created created;
  created.live = service.context.board.open(id);
  auto const insert_all = [&] {
    created.id = insert();
    created.is_new = created.id == id;
    if (created.is_new) created.mail_id = insert_mail(service, asked.mail_to, context, id);
    insert_delivery(service, asked.webhook, context, created.id);
  };
  co_await service.context.blocking.run(insert_all);
  co_return created;
}

}  // namespace

net::task<Created> create_job(Service const& service, ZipRequest asked, CreateContext context,
                              std::string id) {
  store::Job job;
  job.id = id;
  job.account_id = context.account.id;
  job.api_version = context.api_version;
  job.target_bucket = asked.request.bucket;
  job.target_key = asked.request.target_key;
  job.request = archive::encode(asked.request);
  job.sealed_credentials = store::seal_credentials(service.context.keys, id, asked.credentials);
  job.created_at = base::unix_now();
  job.expiry = asked.expiry;
  auto const insert = [&] { return service.context.store.insert_job_once(job, context.once); };
  Created created = co_await insert_once(service, asked, context, std::move(id), insert);
  if (created.is_new) service.runner.wake();
  co_return created;
}

net::task<Created> create_stream(Service const& service, ZipRequest asked, CreateContext context,
                                 std::string id) {
  store::Stream stream;
  stream.id = id;
  stream.account_id = context.account.id;
  stream.api_version = context.api_version;
  stream.request = archive::encode(asked.request);
  stream.sealed_credentials = store::seal_credentials(service.context.keys, id, asked.credentials);
  stream.file_name = asked.file_name;
  stream.created_at = base::unix_now();
  stream.expires_at = stream.created_at + std::int64_t{asked.request.link_hours} * 3600;
  auto const insert = [&] {
    return service.context.store.insert_stream_once(stream, context.once);
  };
  Created created = co_await insert_once(service, asked, context, std::move(id), insert);
  if (created.is_new) service.streams.begin_listing(created.id);
  co_return created;
}

}  // namespace api
