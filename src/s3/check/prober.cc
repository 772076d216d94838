#include "s3/check/prober.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "net/deadline.h"
#include "s3/messages/requests.h"

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr int most_tries = 4;
// Pauses between two tries have their full length, so that a server has time to come back.
constexpr double pause_fraction = 1;

}  // namespace

std::string Prober::Reply::said() const {
  if (!error) return fmt::format("it answers {}", head.status);
  return fmt::format("{} {}", error->status, error->code);
}

Prober::Prober(Shared& shared, http::ConnectionPool& pool, aws::Endpoint endpoint,
               aws::Credentials credentials, std::string bucket)
    : shared_(shared),
      pool_(pool),
      endpoint_(std::move(endpoint)),
      credentials_(std::move(credentials)),
      bucket_(std::move(bucket)),
      clock_(shared.clocks.of(aws::to_url(endpoint_))) {}

net::task<void> Prober::find_region() {
  http::Request request = head_bucket(target());
  Reply const reply = co_await send(std::move(request));
  if (reply.error && reply.error->status == 404) {
    Attempt const attempt{Call::head_bucket, bucket_, "", endpoint_.region};
    throw make_error(attempt, *reply.error);
  }
  std::string const region = bucket_region(reply.head);
  if (endpoint_.aws && !region.empty()) endpoint_ = aws::in_region(endpoint_, region);
}

net::task<Prober::Reply> Prober::send(http::Request request, std::string body) {
  constexpr bool is_signed = true;
  return send_anyhow(std::move(request), std::move(body), is_signed);
}

net::task<Prober::Reply> Prober::send_presigned(http::Request request) {
  constexpr auto life = std::chrono::minutes(5);
  std::string const query =
      shared_.signer.presign(request, credentials_, endpoint_.region, life, clock_->now());
  request.target = std::string(request.path()) + "?" + query;
  constexpr bool is_signed = false;
  return send_anyhow(std::move(request), "", is_signed);
}

net::task<Prober::Reply> Prober::send_anyhow(http::Request request, std::string body,
                                             bool is_signed) {
  bool clock_corrected = false;
  base::UnixSeconds clock_offset = clock_->offset();
  for (int tries = 1;; ++tries) {
    if (stopped_) throw base::Cancelled();
    if (is_signed) {
      std::string_view const hash = body.empty() ? aws::empty_payload_hash : aws::unsigned_payload;
      shared_.signer.sign_headers(request, credentials_, endpoint_.region, hash,
                                  base::unix_now() + clock_offset);
    }
    std::optional<Reply> reply;
    std::optional<Error> failure;
    try {
      net::task<Reply> sending = send_once(request, body);
      reply = co_await net::with_deadline(std::move(sending), limits::s3_upload_timeout, "a probe");
    } catch (Error const& error) {
      if (!is_transient(error) || tries == most_tries) throw;
      failure = error;
    }
    if (is_signed && reply && reply->error && !clock_corrected) {
      auto const better = clock_->correct(*reply->error, clock_offset, aws::to_url(endpoint_));
      clock_corrected = better.has_value();
      clock_offset = better.value_or(clock_offset);
      if (clock_corrected) continue;
    }
    if (reply && reply->error && is_signed && is_in_other_region(*reply->error)) {
      endpoint_ = aws::in_region(endpoint_, reply->error->region);
      continue;
    }
    bool const can_say_more = reply && reply->error && !body.empty() && is_signed;
    if (can_say_more && may_want_checksum(*reply->error) && !request.headers.find("content-md5")) {
      request.headers.add("Content-MD5", base::base64(base::md5(body)));
      continue;
    }
    bool const busy = reply && reply->head.status == 503 && tries < most_tries;
    if (!failure && !busy) co_return std::move(*reply);
    co_await net::sleep(retry_delay(tries, pause_fraction));
  }
}

// A HEAD gets no document, which is the only place where some stores tell the region.
bool Prober::is_in_other_region(ErrorReply const& error) {
  Attempt const attempt{Call::head_bucket, bucket_, "", endpoint_.region};
  bool const is_redirect = decide(attempt, error).action == Action::redirect;
  if (!is_redirect || error.region.empty()) return false;
  return std::exchange(may_move_, false);
}

net::task<Prober::Reply> Prober::send_once(http::Request request, std::string body) {
  aws::Target const where = target();
  http::Origin origin{{where.connect_host, where.port}, where.tls ? where.host : ""};
  auto lease = co_await pool_.acquire(std::move(origin));
  lease->stream().set_idle_timeout(shared_.idle_timeout);
  std::vector<std::string_view> pieces;
  if (!body.empty()) pieces.push_back(body);
  Reply reply;
  reply.head = co_await lease->exchange(request, pieces);
  reply.body = co_await lease->read_whole_body(limits::max_reply_body_bytes);
  bool const is_object = request.method == "GET" && reply.head.status < 300;
  reply.error = find_error(reply.head, is_object ? "" : std::string_view(reply.body));
  co_return reply;
}

}  // namespace s3
