#include "s3/s3_store.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"
#include "http/url.h"
#include "net/deadline.h"
#include "s3/understood.h"

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr std::string_view product = "s3zipper/0.1";

std::uint64_t size_of(std::span<std::string_view const> body) {
  std::uint64_t size = 0;
  for (std::string_view const piece : body) size += piece.size();
  return size;
}

std::string hash_of(std::string_view body) {
  return base::hex(base::sha256(body));
}

bool is_passing(Action action) {
  return action == Action::retry || action == Action::slow_down;
}

// An empty `allowed` allows any bucket.
bool is_among(std::vector<std::string> const& allowed, std::string const& bucket) {
  return allowed.empty() || std::ranges::find(allowed, bucket) != allowed.end();
}

// The hash for Content-MD5; empty if there is no body. Yields, as the loop has other work, too.
net::task<std::string> md5_of(std::span<std::string_view const> body) {
  constexpr std::size_t step_bytes = 1 * limits::MiB;
  if (body.empty()) co_return std::string();
  base::Hasher hasher(base::Hasher::Kind::md5);
  for (std::string_view piece : body) {
    while (!piece.empty()) {
      std::string_view const step = piece.substr(0, step_bytes);
      hasher.update(step);
      piece.remove_prefix(step.size());
      co_await net::yield();
    }
  }
  std::string const digest = hasher.finish();
  co_return base::base64(base::as_bytes(digest));
}

}  // namespace

S3Store::S3Store(Shared& shared, http::ConnectionPool& pool, aws::Endpoint endpoint,
                 aws::Credentials credentials, std::string_view made_for)
    : shared_(shared),
      pool_(pool),
      endpoint_(std::move(endpoint)),
      endpoint_url_(aws::to_url(endpoint_)),
      credentials_(std::move(credentials)),
      user_agent_(made_for.empty() ? std::string(product)
                                   : fmt::format("{} ({})", product, made_for)),
      clock_(shared.clocks.of(endpoint_url_)) {}

void S3Store::set_link(std::string_view url) {
  http::Url const parts = http::parse_url(url, {"http", "https"});
  aws::Target target;
  target.tls = parts.scheme == "https";
  target.host = parts.host;
  target.connect_host = parts.host;
  target.port = parts.port.value_or(target.tls ? 443 : 80);
  target.host_header = http::authority(parts);
  target.path = parts.target;
  link_ = std::move(target);
}

net::task<std::vector<ListedBucket>> S3Store::list_buckets() {
  Outgoing outgoing{.call = Call::list_buckets, .object = {}, .build = s3::list_buckets};
  Reply const reply = co_await call(std::move(outgoing));
  std::vector<ListedBucket> buckets = parse_buckets(reply.body);
  auto const is_not_allowed = [this](ListedBucket const& bucket) {
    return !is_among(shared_.allowed_buckets, bucket.name) ||
           !is_among(credentials_.allowed_buckets, bucket.name);
  };
  std::erase_if(buckets, is_not_allowed);
  co_return buckets;
}

net::task<Headed> S3Store::head_object(ObjectName object) {
  if (link_) co_return co_await head_by_link(std::move(object));
  HeadOptions const options{object.version_id, true, requester_pays_};
  auto const build = [&](aws::Target const& target) { return s3::head_object(target, options); };
  Outgoing outgoing{
      .call = Call::head_object, .object = object, .build = build, .may_find_nothing = true};
  Reply reply = co_await call(std::move(outgoing));
  Headed headed;
  headed.is_deleted = reply.nothing && is_delete_marker(reply.head);
  if (reply.nothing) co_return headed;
  if (!object_size(reply.head)) {
    std::uint64_t const size = co_await ask_for_size(object);
    reply.head.headers.set("Content-Length", std::to_string(size));
  }
  auto const parse = [&reply] { return parse_object(Call::head_object, reply.head); };
  headed.object = understood(object.bucket, object.key, parse);
  co_return headed;
}

net::task<Written> S3Store::put_object(ObjectName object, PutOptions options,
                                       std::span<std::string_view const> body) {
  // Answers to create_upload show whether a store takes checksums; here there was none.
  if (aws::known_abilities(endpoint_).crc32_checksums != aws::Ability::yes) options.crc32.reset();
  auto const build = [options = std::move(options)](aws::Target const& target) {
    return s3::put_object(target, options);
  };
  Outgoing outgoing{.call = Call::put_object,
                    .object = object,
                    .build = build,
                    .body = body,
                    .payload_hash = std::string(aws::unsigned_payload),
                    .timeout = limits::s3_upload_timeout};
  Reply const reply = co_await call(std::move(outgoing));
  shared_.counts.written_bytes.add(size_of(body));
  auto const parse = [&reply] { return parse_written(Call::put_object, reply.head); };
  co_return understood(object.bucket, object.key, parse);
}

net::task<CreatedUpload> S3Store::create_upload(ObjectName object, CreateUploadOptions options) {
  auto const build = [options = std::move(options)](aws::Target const& target) {
    return s3::create_upload(target, options);
  };
  Outgoing outgoing{.call = Call::create_upload, .object = object, .build = build};
  Reply const reply = co_await call(std::move(outgoing));
  auto const parse = [&reply] { return parse_created_upload(reply.head, reply.body); };
  CreatedUpload created = understood(object.bucket, object.key, parse);
  created.maybe_twice = reply.maybe_twice;
  co_return created;
}

net::task<Written> S3Store::upload_part(ObjectName object, PartOptions options,
                                        std::span<std::string_view const> body) {
  auto const build = [options = std::move(options)](aws::Target const& target) {
    return s3::upload_part(target, options);
  };
  Outgoing outgoing{.call = Call::upload_part,
                    .object = object,
                    .build = build,
                    .body = body,
                    .payload_hash = std::string(aws::unsigned_payload),
                    .timeout = limits::s3_upload_timeout};
  Reply const reply = co_await call(std::move(outgoing));
  shared_.counts.written_bytes.add(size_of(body));
  auto const parse = [&reply] { return parse_written(Call::upload_part, reply.head); };
  co_return understood(object.bucket, object.key, parse);
}

net::task<CompletedUpload> S3Store::complete_upload(ObjectName object, CompleteOptions options) {
  RequestWithBody const once = s3::complete_upload(target(object), options);
  auto const build = [&options](aws::Target const& target) {
    return s3::complete_upload(target, options).head;
  };
  std::string_view const body[] = {once.body};
  Outgoing outgoing{.call = Call::complete_upload,
                    .object = object,
                    .build = build,
                    .body = body,
                    .payload_hash = hash_of(once.body),
                    .timeout = limits::s3_complete_timeout};
  Reply const reply = co_await call(std::move(outgoing));
  auto const parse = [&reply] { return parse_completed_upload(reply.head, reply.body); };
  co_return understood(object.bucket, object.key, parse);
}

net::task<void> S3Store::delete_object(ObjectName object) {
  auto const build = [](aws::Target const& target) { return s3::delete_object(target); };
  Outgoing outgoing{.call = Call::delete_object,
                    .object = std::move(object),
                    .build = build,
                    .may_find_nothing = true};
  co_await call(std::move(outgoing));
}

net::task<void> S3Store::abort_upload(ObjectName object, std::string upload_id) {
  auto const build = [&upload_id](aws::Target const& target) {
    return s3::abort_upload(target, upload_id);
  };
  for (int round = 0; round < limits::max_abort_rounds; ++round) {
    Outgoing outgoing{
        .call = Call::abort_upload, .object = object, .build = build, .may_find_nothing = true};
    Reply const reply = co_await call(std::move(outgoing));
    if (reply.nothing) co_return;
    auto const left = co_await list_parts(object, upload_id);
    if (!left) co_return;
    co_await patience_.pause(retry_delay(round, base::random_fraction()));
  }
  throw Error(Fault::unavailable,
              fmt::format("{}: the upload is still there after {} aborts",
                          shown(object.bucket, object.key), limits::max_abort_rounds));
}

net::task<std::string> S3Store::presign(ObjectName object, std::chrono::seconds life) {
  // We cannot redirect a link: the region must be right.
  if (endpoint_.aws) co_await find_region(object.bucket);
  aws::Target const where = target(object);
  http::Request const request = s3::get_object(where);
  std::string const region = region_of(object.bucket);
  std::string const query =
      shared_.signer.presign(request, signing_credentials(), region, life, now());
  co_return aws::to_url(where) + "?" + query;
}

net::task<std::string> S3Store::url(ObjectName object) {
  if (endpoint_.aws) co_await find_region(object.bucket);
  co_return aws::to_url(target(object));
}

net::task<void> S3Store::find_region(std::string bucket) {
  if (bucket_regions_.contains(bucket)) co_return;
  Outgoing outgoing{.call = Call::head_bucket,
                    .object = {bucket, ""},
                    .build = [](aws::Target const& target) { return s3::head_bucket(target); }};
  CallHistory history(outgoing.call, outgoing.object);
  std::string region;
  for (bool answered = false; !answered;) {
    Tried const tried = co_await try_once(outgoing, history);
    if (tried.failure) {
      co_await after_failure(history, *tried.failure);
      continue;
    }
    region = bucket_region(tried.reply.head);
    auto const error = find_error(tried.reply.head, "");
    // A refusal names the region as well; only a store in trouble does not.
    answered = !error || !is_passing(decide(history.attempt(), *error).action);
    if (!answered) {
      co_await after_error(history, *error);
    } else if (error) {
      shared_.counts.failed(history.call, decide(history.attempt(), *error).fault);
    } else {
      shared_.counts.succeeded(history.call);
    }
  }
  if (region.empty()) region = endpoint_.region;
  bucket_regions_.insert_or_assign(std::move(bucket), std::move(region));
}

std::string const& S3Store::region_of(std::string_view bucket) const {
  auto const known = bucket_regions_.find(bucket);
  return known == bucket_regions_.end() ? endpoint_.region : known->second;
}

aws::Credentials S3Store::signing_credentials() const {
  return signs_with_own() ? shared_.own.get(now()) : credentials_;
}

void S3Store::check_allowed(std::string const& bucket) const {
  bool const by_server = is_among(shared_.allowed_buckets, bucket);
  if (by_server && is_among(credentials_.allowed_buckets, bucket)) return;
  std::string_view const refusal =
      by_server ? "the credentials that the account keeps here are not for the bucket"
                : "this server's configuration (ec2.allowed_buckets) does not allow the bucket";
  throw Error(Fault::forbidden, fmt::format("{} {}", refusal, bucket));
}

aws::Target S3Store::target(ObjectName const& object) const {
  if (!object.bucket.empty()) check_allowed(object.bucket);
  if (link_) return *link_;
  auto const known = bucket_regions_.find(object.bucket);
  if (known == bucket_regions_.end()) return aws::target_of(endpoint_, object.bucket, object.key);
  return aws::target_of(aws::in_region(endpoint_, known->second), object.bucket, object.key);
}

// ---- one call, as often as it takes

net::task<S3Store::Reply> S3Store::call(Outgoing outgoing) {
  CallHistory history(outgoing.call, outgoing.object);
  std::string const& bucket = outgoing.object.bucket;
  if (shared_.want_checksums.has(endpoint_url_, bucket))
    outgoing.content_md5 = co_await md5_of(outgoing.body);
  bool maybe_twice = false;
  for (;;) {
    Tried tried = co_await try_once(outgoing, history);
    if (tried.failure) {
      maybe_twice = true;
      co_await after_failure(history, *tried.failure);
      continue;
    }
    auto error = find_error(tried.reply.head, tried.reply.body);
    if (!error) {
      patience_.note_sign_of_life();
      shared_.window.succeeded();
      shared_.counts.succeeded(outgoing.call);
      if (!outgoing.content_md5.empty()) shared_.want_checksums.add(endpoint_url_, bucket);
      tried.reply.maybe_twice = maybe_twice;
      co_return std::move(tried.reply);
    }
    if (may_want_checksum(*error) && !outgoing.body.empty() && outgoing.content_md5.empty()) {
      shared_.counts.retried(outgoing.call, Fault::bad_input);
      outgoing.content_md5 = co_await md5_of(outgoing.body);
      continue;
    }
    Decision const decision = decide(history.attempt(), *error);
    // A missing bucket is an error even for calls that may find no object.
    bool const nothing = decision.action == Action::not_found && error->code != "NoSuchBucket";
    if (nothing && outgoing.may_find_nothing) {
      patience_.note_sign_of_life();
      shared_.counts.failed(outgoing.call, decision.fault);
      tried.reply.nothing = true;
      co_return std::move(tried.reply);
    }
    if (correct_clock(history, *error)) continue;
    if (outgoing.call == Call::head_object && error->bare) {
      bool const is_outdated = co_await find_reason(history, *error);
      if (is_outdated) continue;
    }
    co_await after_error(history, *std::move(error));
  }
}

net::task<S3Store::Tried> S3Store::try_once(Outgoing const& outgoing, CallHistory& history) {
  Tried tried;
  std::string what = fmt::format("{} {}", traits(outgoing.call).name,
                                 shown(outgoing.object.bucket, outgoing.object.key));
  history.begun = Patience::Clock::now();
  // A part that takes minutes to send gets them after a failure, too.
  bool const is_long = outgoing.timeout > limits::s3_call_timeout;
  auto const time = is_long ? outgoing.timeout : time_for_try(history, outgoing.timeout);
  try {
    net::task<Reply> trying = attempt(outgoing, history);
    tried.reply = co_await net::with_deadline(std::move(trying), time, std::move(what));
  } catch (base::Cancelled const&) {
    shared_.counts.failed(outgoing.call, Fault::cancelled);
    throw;
  } catch (Error const& error) {
    if (!may_pass(error, history)) give_up(outgoing.call, error);
    tried.failure = error;
  }
  co_return tried;
}

net::task<S3Store::Reply> S3Store::attempt(Outgoing const& outgoing, CallHistory& history) {
  Window::Use const use(shared_.window);
  aws::Target const where = target(outgoing.object);
  history.region = region_of(outgoing.object.bucket);
  http::Request request = outgoing.build(where);
  if (!outgoing.content_md5.empty()) request.headers.add("Content-MD5", outgoing.content_md5);
  if (signs_with_own()) co_await shared_.own.freshen(base::unix_now());
  auto lease = co_await connect(where, history);
  Reply reply;
  reply.head = co_await exchange(lease, request, outgoing.payload_hash, outgoing.body, history);
  note_answer(where);
  bool const has_reply = !outgoing.leaves_body || reply.head.status >= 300;
  if (has_reply) reply.body = co_await lease->read_whole_body(limits::max_reply_body_bytes);
  co_return reply;
}

net::task<http::ConnectionPool::Lease> S3Store::connect(aws::Target const& target,
                                                        CallHistory const& history) {
  http::Origin origin{{target.connect_host, target.port}, target.tls ? target.host : ""};
  auto lease = co_await pool_.acquire(std::move(origin));
  lease->stream().set_idle_timeout(time_for_try(history, shared_.idle_timeout));
  co_return lease;
}

net::task<http::Response> S3Store::exchange(http::ConnectionPool::Lease& lease,
                                            http::Request& request, std::string_view payload_hash,
                                            std::span<std::string_view const> body,
                                            CallHistory& history) {
  request.headers.set("User-Agent", user_agent_);
  if (history.clock_corrections == 0) history.clock_offset = clock_->offset();
  if (signs_with_own()) history.credentials_version = shared_.own.version();
  if (!link_)
    shared_.signer.sign_headers(request, signing_credentials(), history.region, payload_hash,
                                base::unix_now() + history.clock_offset);
  return lease->exchange(request, body);
}

}  // namespace s3
