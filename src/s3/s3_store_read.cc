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
  std::string const name = shown(object.bucket, object.key);
  if (from.hedge) shared_.counts.hedged_gets.add();
  if (ailing_.is_ailing(name)) trouble.turn = co_await ailing_.take_turn(name);
  std::size_t well_until = into.arrived;  // bytes since the last trouble are counted from here
  while (into.arrived < into.room.size()) {
    std::optional<ErrorReply> refusal;
    std::optional<Error> failure;
    CountArrived const counted(shared_.counts.read_bytes, into);
    trouble.begun = Patience::Clock::now();
    try {
      refusal = co_await read_once(from, into, trouble);
    } catch (Error const& error) {
      if (!may_pass(error, trouble)) give_up(trouble.call, error);
      failure = error;
    }
    bool const recovered =
        into.arrived == into.room.size() || into.arrived - well_until >= limits::resumed_bytes;
    if (recovered) {
      well_until = into.arrived;
      note_recovery(trouble, name);
    }
    if (refusal && !correct_clock(trouble, *refusal)) co_await after_error(trouble, *refusal);
    if (failure) co_await after_failure(trouble, *failure);
  }
  shared_.window.succeeded();
  shared_.counts.succeeded(trouble.call);
}

// It goes on, if slowly.
void S3Store::note_recovery(Trouble& trouble, std::string const& name) {
  patience_.note_sign_of_life();
  if (trouble.turn) ailing_.note_recovery(name);
  trouble.turn.reset();
  trouble.since.reset();
  trouble.failures = 0;
  trouble.begun = Patience::Clock::now();
}

net::task<std::optional<ErrorReply>> S3Store::read_once(ObjectRange from, Landing& into,
                                                        Trouble& trouble) {
  Window::Use const use(shared_.window);
  ObjectName const& object = trouble.object;
  Target const where = target(object);
  trouble.region = region_of(object.bucket);
  http::ByteRange const wanted{from.offset + into.arrived, into.room.size() - into.arrived};
  GetOptions options;
  options.range = wanted;
  options.if_match = from.etag;
  options.version_id = from.version_id;
  options.requester_pays = requester_pays_;
  http::Request request = s3::get_object(where, options);
  if (signs_with_own()) co_await shared_.own.freshen(base::unix_now());
  auto lease = co_await connect(where, trouble);
  std::span<std::string_view const> const no_body;
  http::Response const head =
      co_await exchange(lease, request, empty_payload_hash, no_body, trouble);
  note_answer(where);
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
