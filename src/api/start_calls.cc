#include "api/start_calls.h"

#include "accounts/account.h"
#include "accounts/tokens.h"
#include "api/client_address.h"
#include "api/replies.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "net/latch.h"

#include <chrono>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// Right or wrong, the secret is not looked at before the time has passed.
void check_may_try(Service const& service, http::Exchange& exchange, std::string const& user_key,
                   std::string const& address) {
  auto const wait = service.throttle.wait(user_key, address, std::chrono::steady_clock::now());
  if (wait == std::chrono::seconds(0)) return;
  exchange.promise("Retry-After", std::to_string(wait.count()));
  throw Error(
      Fault::throttled,
      fmt::format("too many wrong userKeys or userSecrets; try again in {} s", wait.count()));
}

// Answers within a second, however long the listing takes: with the size seen so far.
net::task<std::uint64_t> size_so_far(std::shared_ptr<jobs::Live> live) {
  std::vector<net::Latch*> const selected{&live->selected};
  co_await net::wait_any(selected, limits::start_reply_wait);
  co_return live->progress.bytes_total;
}

// The second task of a chain, where the request asks for a mail; its id, or nothing.
std::string insert_mail(Service const& service, std::string const& address,
                        std::string const& owner_id, accounts::Account const& account,
                        int api_version, std::string const& link_base) {
  if (address.empty()) return "";
  jobs::Mail mail;
  mail.id = base::random_uuid();
  mail.owner_id = owner_id;
  mail.account_id = account.id;
  mail.api_version = api_version;
  mail.address = address;
  mail.link_base = link_base;
  mail.created_at = base::unix_now();
  service.context.store.insert_mail(mail);
  return mail.id;
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
  std::string const address =
      client_address(exchange.stream().peer(), exchange.request().headers, service.trusted_proxies);
  check_may_try(service, exchange, user_key, address);
  auto const find = [&] { return service.context.store.find_account_by_user_key(user_key); };
  auto const account = co_await service.context.blocking.get(find);
  if (!accounts::verify_secret(account, user_secret.reveal(), service.context.keys)) {
    service.throttle.failed(user_key, address, std::chrono::steady_clock::now());
    throw Error(Fault::unauthorized, "userKey or userSecret is wrong");
  }
  service.throttle.succeeded(user_key, address);
  std::string const token = accounts::issue_token(*account, service.context.keys, base::unix_now());
  co_await answer(exchange, token_reply(token));
}

net::task<void> zipstart(Service const& service, int api_version, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  Fields const fields = co_await read_fields(exchange, limits::max_request_body_bytes);
  std::string_view const acl = exchange.request().headers.get("x-amz-acl");
  ZipRequest asked = parse_zip_request(fields, acl, service.rules);
  jobs::Job job;
  job.id = base::random_uuid();
  job.account_id = account.id;
  job.api_version = api_version;
  asked.request.target_key = target_key(fields, api_version, job.id);
  job.request = archive::encode(asked.request);
  job.sealed_credentials = jobs::seal_credentials(service.context.keys, job.id, asked.credentials);
  job.created_at = base::unix_now();
  std::shared_ptr<jobs::Live> const live = service.context.board.open(job.id);
  auto const insert = [&] {
    service.context.store.insert_job(job);
    return insert_mail(service, asked.mail_to, job.id, account, api_version, "");
  };
  std::string const mail_id = co_await service.context.blocking.get(insert);
  service.runner.wake();
  base::log_info(fmt::format("job {}: accepted", job.id), {{"request_id", exchange.id()}});
  std::uint64_t const size = co_await size_so_far(live);
  co_await answer(
      exchange, start_reply(TaskKind::job, api_version, job.id, size, mail_id, zip_id_of(service)));
}

net::task<void> streamzip(Service const& service, int api_version, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  Fields const fields = co_await read_fields(exchange, limits::max_request_body_bytes);
  ZipRequest asked = parse_zip_request(fields, "", service.rules);
  jobs::Stream stream;
  stream.id = base::random_uuid();
  stream.account_id = account.id;
  stream.api_version = api_version;
  stream.request = archive::encode(asked.request);
  stream.sealed_credentials =
      jobs::seal_credentials(service.context.keys, stream.id, asked.credentials);
  stream.file_name = asked.file_name;
  stream.created_at = base::unix_now();
  stream.expires_at = stream.created_at + std::int64_t{asked.request.link_hours} * 3600;
  std::shared_ptr<jobs::Live> const live = service.context.board.open(stream.id);
  std::string const link_base = base_url(service, exchange.request());
  auto const insert = [&] {
    service.context.store.insert_stream(stream);
    return insert_mail(service, asked.mail_to, stream.id, account, api_version, link_base);
  };
  std::string const mail_id = co_await service.context.blocking.get(insert);
  service.streams.begin_listing(stream.id);
  base::log_info(fmt::format("stream {}: accepted", stream.id), {{"request_id", exchange.id()}});
  std::uint64_t const size = co_await size_so_far(live);
  co_await answer(exchange, start_reply(TaskKind::stream, api_version, stream.id, size, mail_id,
                                        zip_id_of(service)));
}

}  // namespace api
