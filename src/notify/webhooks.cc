#include "notify/webhooks.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "net/deadline.h"
#include "net/every.h"
#include "store/master_keys.h"

#include <exception>

#include <fmt/format.h>

namespace notify {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

http::Request request_of(http::WebUrl const& url, store::Delivery const& delivery,
                         std::string_view body, std::string_view secret) {
  base::UnixSeconds const now = base::unix_now();
  http::Request request;
  request.method = "POST";
  request.target = url.target;
  request.headers.add("Host", url.host);
  request.headers.add("User-Agent", "s3zipper/0.1");
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Content-Length", std::to_string(body.size()));
  request.headers.add("Connection", "close");
  request.headers.add("S3zipper-Delivery", delivery.id);
  request.headers.add("S3zipper-Timestamp", std::to_string(now));
  request.headers.add("S3zipper-Signature", webhook_signature(secret, now, body));
  return request;
}

// Lets a receiver write more than a head. The text does not matter.
net::task<void> read_rest(http::ClientConnection& connection) {
  try {
    net::task<std::string> reading = connection.read_whole_body(limits::webhook_answer_bytes);
    co_await net::with_deadline(std::move(reading), limits::webhook_answer_time, "the answer");
  } catch (Error const& error) {
    base::log_debug(fmt::format("what a receiver said: {}", error.what()));
  }
}

// Whether the present configuration refuses the URL.
bool is_refusal(Error const& error) {
  return error.fault() == Fault::forbidden || error.fault() == Fault::bad_input;
}

std::string failure_text(Error const& error, http::WebUrl const& url) {
  // The message of net::connect() speaks of object stores.
  if (error.fault() != Fault::forbidden) return error.what();
  return fmt::format(
      "{} has no public address; this server's configuration "
      "(webhook.allowed_networks) does not allow another",
      url.address.host);
}

}  // namespace

std::string seal_webhook_url(accounts::Keys const& keys, std::string_view delivery_id,
                             std::string_view url) {
  return keys.seal(url, store::webhook_context(delivery_id));
}

store::Delivery renewed_delivery(accounts::Keys const& keys, store::Delivery const& earlier,
                                 base::UnixSeconds now) {
  base::Secret const url = keys.open(earlier.sealed_url, store::webhook_context(earlier.id));
  store::Delivery delivery;
  delivery.id = base::random_uuid();
  delivery.owner_id = earlier.owner_id;
  delivery.account_id = earlier.account_id;
  delivery.host = earlier.host;
  delivery.sealed_url = seal_webhook_url(keys, delivery.id, url.reveal());
  delivery.link_base = earlier.link_base;
  delivery.created_at = now;
  return delivery;
}

std::string webhook_secret(accounts::Keys const& keys, accounts::Account const& account) {
  return keys.webhook_secret(account.id, account.generation);
}

std::string webhook_signature(std::string_view secret, base::UnixSeconds timestamp,
                              std::string_view body) {
  std::string const text = fmt::format("{}.{}", timestamp, body);
  return "v1=" + base::hex(base::hmac_sha256(base::as_bytes(secret), text));
}

std::chrono::seconds webhook_pause(int attempts) {
  constexpr base::Backoff pauses{.first = limits::webhook_first_pause,
                                 .longest = limits::webhook_longest_pause,
                                 .growth = limits::webhook_pause_growth};
  return std::chrono::ceil<std::chrono::seconds>(pauses.pause_after(attempts));
}

void Webhooks::start(net::Executor const& loop) {
  net::spawn_detached(loop, run(), "webhooks");
}

net::task<void> Webhooks::run() {
  net::TaskGroup sending(co_await net::this_loop());
  auto const work = [&] { return look(sending); };
  co_await net::every(limits::webhook_look_interval, "webhooks", work);
}

net::task<void> Webhooks::look(net::TaskGroup& sending) {
  std::vector<store::Delivery> due = co_await store_.outbox.due_deliveries(base::unix_now());
  for (store::Delivery& delivery : due) {
    bool const room = under_way_.size() < limits::webhooks_at_once;
    if (room && under_way_.insert(delivery.id).second) sending.spawn(deliver(std::move(delivery)));
  }
}

net::task<void> Webhooks::deliver(store::Delivery delivery) {
  std::string const id = delivery.id;
  try {
    Outcome outcome = co_await send(delivery);
    co_await keep(std::move(delivery), std::move(outcome));
  } catch (Error const& error) {
    base::log_error(fmt::format("webhook delivery {}: {}", id, error.what()));
  }
  under_way_.erase(id);
}

net::task<Webhooks::Outcome> Webhooks::send(store::Delivery delivery) {
  Outcome outcome;
  std::optional<http::WebUrl> url;
  try {
    Message message = co_await prepare(delivery);
    url = parse_webhook_url(message.url, allowed_);
    http::Request request = request_of(*url, delivery, message.body, message.secret);
    net::task<void> posting =
        post(*url, std::move(request), std::move(message.body), outcome.attempt.status);
    co_await net::with_deadline(std::move(posting), limits::webhook_timeout, "the webhook");
  } catch (Error const& error) {
    bool const gone = error.fault() == Fault::gone || error.fault() == Fault::corrupt;
    // Trouble of the store is no attempt.
    if (!url && !gone && !is_refusal(error)) throw;
    outcome.attempt.error = url ? failure_text(error, *url) : error.what();
    outcome.final = !url && gone;
  }
  int const status = outcome.attempt.status;
  if (status >= 200 && status < 300) {
    outcome.attempt.error.clear();
  } else if (status != 0) {
    outcome.attempt.error = fmt::format("the receiver answered {}", status);
  }
  co_return outcome;
}

net::task<Webhooks::Message> Webhooks::prepare(store::Delivery const& delivery) const {
  auto const account = co_await store_.accounts.find(store::AccountKey::id, delivery.account_id);
  if (!account || account->disabled) throw Error(Fault::gone, "the account is disabled");
  net::task<std::optional<std::string>> telling = body_(delivery);
  std::optional<std::string> body = co_await std::move(telling);
  if (!body) throw Error(Fault::gone, "there is nothing to tell any more");
  base::Secret const url = keys_.open(delivery.sealed_url, store::webhook_context(delivery.id));
  co_return Message{url.reveal(), *std::move(body), webhook_secret(keys_, *account)};
}

net::task<void> Webhooks::post(http::WebUrl url, http::Request request, std::string body,
                               int& status) {
  std::unique_ptr<net::Stream> stream;
  if (url.tls) {
    stream = co_await net::connect_tls(url.address, tls_, url.address.host, allowed_);
  } else {
    stream = co_await net::connect(url.address, allowed_);
  }
  http::ClientConnection connection(std::move(stream));
  std::string_view const pieces[] = {body};
  http::Response const answer = co_await connection.exchange(request, pieces);
  status = answer.status;
  co_await read_rest(connection);
}

net::task<void> Webhooks::keep(store::Delivery delivery, Outcome outcome) {
  int const attempts = delivery.attempts + 1;
  bool const delivered = outcome.attempt.error.empty();
  bool const ends = delivered || outcome.final || attempts >= limits::webhook_attempts;
  base::UnixSeconds const next = base::unix_now() + webhook_pause(attempts).count();
  if (ends) {
    co_await store_.outbox.end_delivery(delivery.id, outcome.attempt);
  } else {
    co_await store_.outbox.put_off_delivery(delivery.id, outcome.attempt, next);
  }
  std::string const what = delivered ? "delivered" : outcome.attempt.error;
  std::string const line = fmt::format("webhook delivery {} to {}, attempt {}: {}", delivery.id,
                                       delivery.host, attempts, what);
  delivered ? base::log_info(line) : base::log_warning(line);
}

}  // namespace notify
