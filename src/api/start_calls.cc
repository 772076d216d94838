#include "api/start_calls.h"

#include "accounts/tokens.h"
#include "api/kept.h"
#include "api/replies.h"
#include "api/secret_check.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "net/latch.h"

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

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

net::task<ZipRequest> parse_request(Service const& service, accounts::Account const& account,
                                    Fields const& fields, std::string_view acl) {
  std::optional<jobs::Kept> const kept = co_await jobs::find_kept(service.context, account.id);
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
  auto const account = co_await check_secret(service, exchange, user_key, user_secret);
  if (!account) throw Error(Fault::unauthorized, "userKey or userSecret is wrong");
  std::string const token = accounts::issue_token(*account, service.context.keys, base::unix_now());
  co_await answer(exchange, token_reply(token));
}

net::task<void> zipstart(Service const& service, int api_version, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  Fields const fields = co_await read_fields(exchange, limits::max_request_body_bytes);
  std::string_view const acl = exchange.request().headers.get("x-amz-acl");
  ZipRequest asked = co_await parse_request(service, account, fields, acl);
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
  ZipRequest asked = co_await parse_request(service, account, fields, "");
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
