// The reads of S3Store: GETs of a stretch of one version of an object, which continue where they
// broke off.
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/etag.h"
#include "s3/messages/faults.h"
#include "s3/s3_store.h"
#include "s3/understood.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// Counts the bytes that a read has brought, however it ends.
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

// Stores may round one time up to seconds in one place and down in another.
constexpr base::UnixSeconds rounding_seconds = 1;

[[noreturn]] void refuse_changed(ObjectName const& object) {
  throw Error(Fault::changed,
              fmt::format("{} has changed since it was listed", shown(object.bucket, object.key)));
}

bool is_same_version(ObjectRange const& from, http::Response const& head) {
  std::string_view const etag = head.headers.get("etag");
  if (!from.etag.empty() && !etag.empty() && !is_same_etag(etag, from.etag)) return false;
  // A strong tag in the very spelling of the listing settles it.
  bool const settled = !etag.empty() && !is_weak_etag(etag) && quoted_etag(etag) == from.etag;
  auto const modified = base::parse_http_date(base::trim(head.headers.get("last-modified")));
  if (settled || !modified || from.modified == 0) return true;
  return std::abs(*modified - from.modified) <= rounding_seconds;
}

// True if the store unpacks a compressed object: it sends another size, whatever the range.
bool is_unpacked(http::Response const& head) {
  http::Headers const& headers = head.headers;
  return headers.get("x-goog-stored-content-encoding") == "gzip" &&
         headers.get("content-encoding").empty();
}

// Whether the answer might differ with Accept-Encoding: gzip: a store, or a proxy, that unpacks
// knows neither ranges nor the size.
bool may_be_unpacked(http::Response const& head, ObjectRange const& from,
                     std::optional<std::uint64_t> content_length) {
  return is_unpacked(head) || (head.status == 200 && content_length != from.object_size);
}

// Whether the head announces the range `wanted`; `content_length` is unknown if only the body's end
// tells it.
bool sends(http::Response const& head, ObjectRange const& from, base::Extent wanted,
           std::optional<std::uint64_t> content_length) {
  if (content_length && *content_length != wanted.size) return false;
  if (head.status == 206) {
    auto const range = content_range(head);
    return range && range->range == wanted;
  }
  // A store may ignore the Range of a whole object.
  return wanted == base::Extent{0, from.object_size};
}

// Checks that an answer with a body has just the requested bytes, of the requested version.
void check_answer(ObjectName const& object, ObjectRange const& from, base::Extent wanted,
                  http::Response const& head, std::optional<std::uint64_t> content_length) {
  if (!is_same_version(from, head)) refuse_changed(object);
  std::string const name = shown(object.bucket, object.key);
  if (is_unpacked(head)) {
    throw Error(Fault::corrupt, name +
                                    ": the store unpacks the object on the way, though it was "
                                    "asked with Accept-Encoding: gzip");
  }
  auto const range = head.status == 206 ? content_range(head) : std::nullopt;
  auto const total = head.status == 206 ? (range ? range->total : std::nullopt) : content_length;
  if (total && *total != from.object_size) {
    throw Error(Fault::changed,
                fmt::format("{} has {} bytes now; {} were listed", name, *total, from.object_size));
  }
  if (sends(head, from, wanted, content_length)) return;
  throw Error(Fault::changed, fmt::format("{}: asked for {} bytes at {}, the store sends others",
                                          name, wanted.size, wanted.offset));
}

}  // namespace

// Stores behind a content network may tell no Content-Length in answers to HEAD: a GET of the first
// byte tells the size behind its range.
net::task<std::uint64_t> S3Store::ask_for_size(ObjectName object) {
  std::optional<std::uint64_t> size;
  try {
    Reply const reply = co_await ask_for_first_byte(object);
    size = object_size(reply.head);
  } catch (Error const& error) {
    if (error.code() != "InvalidRange") throw;
    size = 0;  // the object has no first byte
  }
  if (!size)
    throw Error(Fault::corrupt, fmt::format("{}: the store does not tell how large the object is",
                                            shown(object.bucket, object.key)));
  co_return *size;
}

net::task<S3Store::Reply> S3Store::ask_for_first_byte(ObjectName object) {
  GetOptions options;
  options.range = base::Extent{0, 1};
  options.version_id = object.version_id;
  options.requester_pays = requester_pays_;
  options.packed = true;
  auto const build = [&options](aws::Target const& target) {
    return s3::get_object(target, options);
  };
  Outgoing outgoing{
      .call = Call::get_object, .object = std::move(object), .build = build, .leaves_body = true};
  co_return co_await call(std::move(outgoing));
}

net::task<Headed> S3Store::head_by_link(ObjectName object) {
  Reply reply = co_await ask_for_first_byte(object);
  auto const size = object_size(reply.head);
  if (!size)
    throw Error(Fault::corrupt, fmt::format("{}: the store does not tell how large the object is",
                                            shown(object.bucket, object.key)));
  reply.head.headers.set("Content-Length", std::to_string(*size));
  auto const parse = [&reply] { return parse_object(Call::head_object, reply.head); };
  Headed headed;
  headed.object = understood(object.bucket, object.key, parse);
  co_return headed;
}

net::task<void> S3Store::read(ObjectRange from, Landing& into) {
  ObjectName object{std::string(from.bucket), std::string(from.key)};
  CallHistory history(Call::get_object, std::move(object));
  if (from.hedge) shared_.counts.hedged_gets.add();
  // Names are made only while some objects are ailing.
  if (!ailing_.empty() && ailing_.is_ailing(history.name()))
    history.turn = co_await ailing_.take_turn(history.name());
  std::size_t well_until = into.arrived;  // bytes since the last failure count from here
  while (into.arrived < into.room.size()) {
    std::optional<ErrorReply> refusal;
    std::optional<Error> failure;
    CountArrived const counted(shared_.counts.read_bytes, into);
    history.begun = Patience::Clock::now();
    try {
      refusal = co_await read_once(from, into, history);
    } catch (base::Cancelled const&) {
      shared_.counts.failed(history.call, Fault::cancelled);
      throw;
    } catch (Error const& error) {
      if (!may_pass(error, history)) give_up(history.call, error);
      failure = error;
    }
    bool const recovered =
        into.arrived == into.room.size() || into.arrived - well_until >= limits::resumed_bytes;
    if (recovered) {
      well_until = into.arrived;
      note_recovery(history);
    }
    if (refusal && !correct_clock(history, *refusal)) co_await after_error(history, *refusal);
    if (failure) co_await after_failure(history, *failure);
  }
  shared_.window.succeeded();
  shared_.counts.succeeded(history.call);
}

// Called when the read has moved on, if slowly.
void S3Store::note_recovery(CallHistory& history) {
  patience_.note_sign_of_life();
  if (history.turn) ailing_.note_recovery(history.name());
  history.turn.reset();
  history.since.reset();
  history.failures = 0;
  history.begun = Patience::Clock::now();
}

net::task<S3Store::Opened> S3Store::open_get(ObjectRange from, base::Extent wanted, Manner manner,
                                             CallHistory& history) {
  aws::Target const where = target(history.object);
  history.region = region_of(history.object.bucket);
  GetOptions options;
  options.range = wanted;
  if (manner.conditional) options.if_match = from.etag;
  options.version_id = from.version_id;
  options.requester_pays = requester_pays_;
  options.packed = manner.packed;
  http::Request request = s3::get_object(where, options);
  if (signs_with_own()) co_await shared_.own.freshen(base::unix_now());
  Opened opened;
  opened.connection = co_await connect(where, history);
  std::span<std::string_view const> const no_body;
  http::ConnectionPool::Lease& lease = *opened.connection;
  opened.head = co_await exchange(lease, request, aws::empty_payload_hash, no_body, history);
  note_answer(where);
  if (opened.head.status < 200 || opened.head.status > 299) {
    std::string const body = co_await lease->read_whole_body(limits::max_reply_body_bytes);
    opened.refusal = find_error(opened.head, body);
  }
  co_return opened;
}

net::task<std::optional<ErrorReply>> S3Store::read_once(ObjectRange from, Landing& into,
                                                        CallHistory& history) {
  Window::Use const use(shared_.window);
  ObjectName const& object = history.object;
  base::Extent const wanted{from.offset + into.arrived, into.room.size() - into.arrived};
  Manner manner = manners_[object.bucket];
  // No If-Match holds for a weak tag (RFC 9110, 13.1.1).
  if (is_weak_etag(from.etag)) manner.conditional = false;
  Opened opened = co_await open_get(from, wanted, manner, history);
  std::optional<ErrorReply> const unmatched =
      opened.refusal && opened.refusal->status == 412 ? opened.refusal : std::nullopt;
  if (unmatched && manner.conditional && !from.etag.empty()) {
    // The object has changed, or the store does not know its own tag: a GET without If-Match tells.
    manner.conditional = false;
    opened = co_await open_get(from, wanted, manner, history);
    bool const is_same =
        !opened.refusal && is_same_etag(opened.head.headers.get("etag"), from.etag);
    if (!opened.refusal && !is_same) co_return unmatched;
  }
  if (!opened.refusal && !manner.packed &&
      may_be_unpacked(opened.head, from, (*opened.connection)->content_length())) {
    manner.packed = true;
    opened = co_await open_get(from, wanted, manner, history);
  }
  if (opened.refusal) co_return opened.refusal;
  check_answer(object, from, wanted, opened.head, (*opened.connection)->content_length());
  if (!is_weak_etag(from.etag)) manners_[object.bucket] = manner;
  co_await receive(object, *opened.connection, into);
  co_return std::nullopt;
}

net::task<void> S3Store::receive(ObjectName const& object, http::ConnectionPool::Lease& lease,
                                 Landing& into) {
  bool const ends_when_told = lease->content_length().has_value();
  while (into.arrived < into.room.size()) {
    std::size_t const got = co_await lease->read_body(into.room.subspan(into.arrived));
    if (got == 0) throw Error(Fault::disconnected, "the body ended early");
    // The last bytes count once the body has ended behind them.
    bool const is_last = into.arrived + got == into.room.size();
    if (is_last && !ends_when_told) co_await expect_end(object, lease);
    into.add(got);
  }
}

net::task<void> S3Store::expect_end(ObjectName const& object, http::ConnectionPool::Lease& lease) {
  std::array<char, 1> more{};
  std::size_t const got = co_await lease->read_body(more);
  if (got > 0)
    throw Error(Fault::changed, fmt::format("{}: the store sends more bytes than were asked for",
                                            shown(object.bucket, object.key)));
}

}  // namespace s3
