#include "sandbox/faults/wire.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "net/deadline.h"
#include "net/latch.h"
#include "sandbox/faults/quirky_answer.h"

#include <algorithm>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

namespace sandbox {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::uint64_t step_most_bytes = 1 * base::limits::MiB;
// Slow connections move a little every 5 ms: even enough for a client, and cheap.
constexpr std::uint64_t steps_per_second = 200;
constexpr auto white_space_interval = milliseconds(50);
constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// "bytes 0-9/100" with its first and last moved by `by`.
std::string moved_range(std::string_view range, std::int64_t by) {
  constexpr std::string_view unit = "bytes ";
  std::size_t const dash = range.find('-');
  std::size_t const slash = range.find('/');
  if (!range.starts_with(unit) || dash > slash || slash == std::string_view::npos)
    return std::string(range);
  auto const first = base::parse_uint(range.substr(unit.size(), dash - unit.size())).value_or(0);
  auto const last = base::parse_uint(range.substr(dash + 1, slash - dash - 1)).value_or(0);
  auto const offset = static_cast<std::uint64_t>(by);  // the sum is right modulo 2^64
  return fmt::format("bytes {}-{}{}", first + offset, last + offset, range.substr(slash));
}

}  // namespace

net::task<void> Pace::wait(std::uint64_t bytes) {
  if (bytes_per_second_ == 0) co_return;
  auto const now = steady_clock::now();
  if (!start_) start_ = now;
  passed_ += bytes;
  double const seconds = static_cast<double>(passed_) / static_cast<double>(bytes_per_second_);
  auto const due = *start_ + std::chrono::duration_cast<steady_clock::duration>(
                                 std::chrono::duration<double>(seconds));
  if (due <= now) co_return;
  auto const rest = std::chrono::duration_cast<microseconds>(due - now);
  co_await net::sleep(rest);
}

std::uint64_t Pace::step_bytes() const {
  if (bytes_per_second_ == 0) return step_most_bytes;
  return std::clamp<std::uint64_t>(bytes_per_second_ / steps_per_second, 1, step_most_bytes);
}

Wire::Wire(http::Exchange& exchange, Faults const& faults) : exchange_(exchange), faults_(faults) {}

void Wire::set_quirks(Quirks const& quirks) {
  quirks_ = quirks;
  if (quirks_.has(Quirk::other_clock)) exchange_.promise("Date", base::http_date(now()));
}

base::UnixSeconds Wire::now() const {
  constexpr auto ahead = std::chrono::seconds(std::chrono::hours(2));
  return base::unix_now() + (quirks_.has(Quirk::other_clock) ? ahead.count() : 0);
}

void Wire::bend(Strikes const& strikes, std::string bucket) {
  strikes_ = strikes;
  bucket_ = std::move(bucket);
  in_ = out_ = Pace(strikes.bytes_per_second);
  watches_outage_ = faults_.can_go_away(bucket_);
  bent_ = rule() != nullptr || strikes.bytes_per_second > 0 || watches_outage_;
}

net::task<std::size_t> Wire::read_body(std::span<char> into) {
  std::size_t const got = co_await exchange_.read_body(into);
  co_await in_.wait(got);
  co_return got;
}

net::task<std::string> Wire::read_whole_body(std::uint64_t limit) {
  std::string body = co_await exchange_.read_whole_body(limit);
  co_await in_.wait(body.size());
  co_return body;
}

net::task<void> Wire::discard_body() {
  std::vector<char> buffer(64 * base::limits::KiB);
  std::size_t got = 1;
  while (got > 0) got = co_await exchange_.read_body(buffer);
}

void Wire::cut() {
  throw base::Cancelled();
}

void Wire::reset() {
  exchange_.stream().reset();
  throw base::Cancelled();
}

net::task<void> Wire::stall(std::optional<milliseconds> time) {
  if (time) {
    co_await net::sleep(*time);
    co_return;
  }
  constexpr auto longer_than_any_client = std::chrono::hours(24);
  net::Stream& stream = exchange_.stream();
  stream.set_idle_timeout(longer_than_any_client);
  net::Executor const loop = co_await net::this_loop();
  auto const close = [&stream] { stream.close(); };
  auto const listening = exchange_.stopping().listen(loop, close);
  try {
    std::vector<char> ignored(64 * base::limits::KiB);
    std::size_t got = 1;
    while (got > 0) got = co_await stream.read_some(ignored);
  } catch (base::Error const& error) {
    base::log_debug(fmt::format("sandbox: a stalled connection ended: {}", error.what()));
  }
  cut();
}

net::task<void> Wire::respond(http::Response head, std::string body) {
  if (quirks_.any()) body = spell_document(std::move(body), quirks_);
  if (!bent_) {
    if (quirks_.any()) spell_head(head, quirks_, request().method);
    co_await exchange_.respond(std::move(head), std::move(body));
    co_return;
  }
  bool const is_document = head.status == 200 && !body.empty();
  bool const spaced = is_document && does(FaultKind::white_space);
  if (is_document && !replacement_.empty()) body = replacement_;
  if (!spaced && !head.headers.find("content-length") && head.status != 204 && head.status != 304)
    head.headers.set("Content-Length", std::to_string(body.size()));
  co_await start(std::move(head));
  std::string_view rest = body;
  if (spaced) {
    if (!rule()->before_declaration) {
      std::string_view const first[] = {declaration};
      co_await exchange_.write(first);
    }
    co_await send_white_space();
    if (!rule()->before_declaration && rest.starts_with(declaration))
      rest.remove_prefix(declaration.size());
  }
  std::string_view const pieces[] = {rest};
  co_await write(pieces);
  co_await finish();
}

net::task<void> Wire::send_white_space() {
  auto const end = steady_clock::now() + *rule()->time;
  std::string_view const space[] = {" "};
  do {
    co_await exchange_.write(space);
    co_await net::sleep(white_space_interval);
  } while (steady_clock::now() < end);
}

net::task<void> Wire::start(http::Response head) {
  if (does(FaultKind::lost_answer)) reset();
  if (watches_outage_ && faults_.is_away(bucket_, steady_clock::now())) reset();
  if (bent_) bend_head(head);
  if (quirks_.any()) spell_head(head, quirks_, request().method);
  chunked_ = !head.headers.find("content-length");
  co_await exchange_.start(std::move(head));
}

// Only answers without an error are bent: an error stays an error.
void Wire::bend_head(http::Response& head) {
  std::uint64_t const length = head.headers.find_uint("content-length").value_or(0);
  choose_stop(length);
  if (rule() == nullptr || head.status >= 300) return;
  auto const by = static_cast<std::uint64_t>(rule()->by);
  if (does(FaultKind::wrong_range) && head.headers.find("content-range"))
    head.headers.set("Content-Range", moved_range(head.headers.get("content-range"), rule()->by));
  if (does(FaultKind::short_body)) {
    body_end_ = length - std::min(by, length);
    head.headers.set("Content-Length", std::to_string(body_end_));
  }
  if (does(FaultKind::long_body)) {
    padding_ = by;
    head.headers.set("Content-Length", std::to_string(length + by));
  }
}

void Wire::choose_stop(std::uint64_t body_bytes) {
  if (rule() == nullptr || !rule()->after) return;
  stop_at_ = *rule()->after;
  if (stop_at_ == FaultRule::random_place)
    stop_at_ = body_bytes == 0 ? 0 : strikes_.answer.random % body_bytes;
}

net::task<void> Wire::stop_here() {
  stop_at_ = never;
  if (does(FaultKind::reset)) reset();
  if (does(FaultKind::cut)) cut();
  co_await stall(rule()->time);
}

// Gives the part of `wanted` that may be sent now; 0: the body ends here.
net::task<std::uint64_t> Wire::next_step(std::uint64_t wanted) {
  if (watches_outage_ && faults_.is_away(bucket_, steady_clock::now())) reset();
  if (sent_ == stop_at_) co_await stop_here();
  std::uint64_t const most = std::min(stop_at_, body_end_) - sent_;
  std::uint64_t const step = std::min({wanted, most, out_.step_bytes()});
  co_await out_.wait(step);
  sent_ += step;
  co_return step;
}

net::task<void> Wire::write(std::span<std::string_view const> pieces) {
  if (!bent_ || is_head()) {
    co_await exchange_.write(pieces);
    co_return;
  }
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      std::uint64_t const step = co_await next_step(piece.size());
      if (step == 0) co_return;
      std::string_view const now[] = {piece.substr(0, step)};
      co_await exchange_.write(now);
      piece.remove_prefix(step);
    }
  }
}

// A chunked body cannot use sendfile: its bytes must pass through here.
net::task<void> Wire::copy_file(int file, std::uint64_t offset, std::uint64_t count) {
  std::vector<char> buffer(64 * base::limits::KiB);
  while (count > 0) {
    std::size_t const wanted = std::min<std::uint64_t>(count, buffer.size());
    ssize_t const got = ::pread(file, buffer.data(), wanted, static_cast<off_t>(offset));
    if (got <= 0) throw base::Error(base::Fault::internal, "a file is shorter than it was");
    std::string_view const piece[] = {{buffer.data(), static_cast<std::size_t>(got)}};
    co_await write(piece);
    offset += static_cast<std::uint64_t>(got);
    count -= static_cast<std::uint64_t>(got);
  }
}

net::task<void> Wire::write_file(int file, std::uint64_t offset, std::uint64_t count) {
  if (chunked_ && !is_head()) {
    co_await copy_file(file, offset, count);
    co_return;
  }
  if (!bent_ || is_head()) {
    co_await exchange_.write_file(file, offset, count);
    co_return;
  }
  while (count > 0) {
    std::uint64_t const step = co_await next_step(count);
    if (step == 0) co_return;
    co_await exchange_.write_file(file, offset, step);
    offset += step;
    count -= step;
  }
}

net::task<void> Wire::finish() {
  if (padding_ > 0) {
    std::string const filler(std::min(padding_, step_most_bytes), 'x');
    while (padding_ > 0) {
      std::string_view const piece[] = {
          std::string_view(filler).substr(0, std::min<std::uint64_t>(padding_, filler.size()))};
      padding_ -= piece[0].size();
      co_await write(piece);
    }
  }
  // The fault may strike behind the last byte, too.
  if (sent_ == stop_at_) co_await stop_here();
  co_await exchange_.finish();
}

}  // namespace sandbox
