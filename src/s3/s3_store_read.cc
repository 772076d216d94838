// The reads of S3Store: GETs of a stretch of one version of an object, which go on where they broke
// off.
#include "base/limits.h"
#include "s3/faults.h"
#include "s3/s3_store.h"

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// Counts what a read has brought when it ends, however that happens.
struct CountArrived {
  CountArrived(base::Counter& counter, Landing const& into)
      : counter_(counter), into_(into), before_(into.arrived) {}
  ~CountArrived() { counter_.add(into_.arrived - before_); }
  CountArrived(CountArrived const&) = delete;
  CountArrived& operator=(CountArrived const&) = delete;

 private:
  base::Counter& counter_;
  Landing const& into_;
  std::size_t const before_;
};

// That an answer with a body carries just the bytes asked for, of the version asked for.
void check_range(ObjectName const& object, ObjectRange const& from, http::ByteRange wanted,
                 http::Response const& head, std::optional<std::uint64_t> content_length) {
  std::string_view const etag = head.headers.get("etag");
  if (!from.etag.empty() && !etag.empty() && etag != from.etag) {
    throw Error(Fault::changed, fmt::format("{} has changed since it was listed",
                                            shown(object.bucket, object.key)));
  }
  // A store may ignore the Range of a whole object.
  ContentRange sent{{0, content_length.value_or(0)}, content_length};
  if (head.status == 206) sent = content_range(head).value_or(ContentRange());
  if (sent.total && *sent.total != from.object_size) {
    throw Error(Fault::changed,
                fmt::format("{} has {} bytes now; {} were listed", shown(object.bucket, object.key),
                            *sent.total, from.object_size));
  }
  if (sent.range == wanted && content_length == wanted.size) return;
  throw Error(Fault::changed,
              fmt::format("{}: asked for {} bytes at {}, the store sends others",
                          shown(object.bucket, object.key), wanted.size, wanted.offset));
}

}  // namespace

net::task<void> S3Store::read(ObjectRange from, Landing& into) {
  ObjectName const object{std::string(from.bucket), std::string(from.key)};
  Trouble trouble(Call::get_object, object);
  int resumes = 0;
  if (from.hedge) shared_.counts.hedged_gets.add();
  while (into.arrived < into.room.size()) {
    std::size_t const before = into.arrived;
    trouble.region = region_of(object.bucket);
    std::optional<ErrorReply> refusal;
    std::optional<Error> failure;
    CountArrived const counted(shared_.counts.read_bytes, into);
    try {
      refusal = co_await read_once(object, from, into);
    } catch (Error const& error) {
      if (!is_transient(error.fault())) give_up(trouble.call, error);
      failure = error;
    }
    // It goes on, if slowly.
    if (into.arrived > before && ++resumes <= limits::max_resumes) trouble.retries = 0;
    if (refusal) co_await after_error(trouble, *refusal);
    if (failure) co_await after_failure(trouble, *failure);
  }
  shared_.window.succeeded();
  shared_.counts.succeeded(trouble.call);
}

net::task<std::optional<ErrorReply>> S3Store::read_once(ObjectName const& object, ObjectRange from,
                                                        Landing& into) {
  Window::Use const use(shared_.window);
  Target const where = target(object);
  std::string const region = region_of(object.bucket);
  http::ByteRange const wanted{from.offset + into.arrived, into.room.size() - into.arrived};
  GetOptions options;
  options.range = wanted;
  options.if_match = from.etag;
  options.version_id = from.version_id;
  options.requester_pays = requester_pays_;
  http::Request request = s3::get_object(where, options);
  auto lease = co_await connect(where);
  std::span<std::string_view const> const no_body;
  http::Response const head =
      co_await exchange(lease, request, region, empty_payload_hash, no_body);
  if (head.status < 200 || head.status > 299) {
    std::string const body = co_await lease->read_whole_body(limits::max_reply_body_bytes);
    auto refusal = find_error(head, body);
    if (refusal) co_return refusal;
  }
  check_range(object, from, wanted, head, lease->content_length());
  while (into.arrived < into.room.size()) {
    std::size_t const got = co_await lease->read_body(into.room.subspan(into.arrived));
    if (got == 0) throw Error(Fault::disconnected, "the body ended early");
    into.add(got);
  }
  co_return std::nullopt;
}

}  // namespace s3
