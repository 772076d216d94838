// S3Store's reaction to calls that fail: it waits and tries again while its patience lasts, follows
// the bucket to its region, corrects its clock.
#include "base/limits.h"
#include "base/random.h"
#include "s3/messages/faults.h"
#include "s3/s3_store.h"

#include <algorithm>

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;
using std::chrono::milliseconds;

namespace {

using Clock = Patience::Clock;

// A store that has gone away may have lost its name meanwhile.
bool is_about_name(Error const& error) {
  return error.code() == net::no_such_host;
}

// "…; tried 12 times in 30 s", or "…; tried for 30 s" if another read of the object was trying.
Error with_tries(Error const& error, int tries, Clock::duration time) {
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  if (tries < 2 && seconds < 1) return error;
  std::string const how = tries < 2 ? fmt::format("for {} s", seconds)
                                    : fmt::format("{} times in {} s", tries, seconds);
  return {error.fault(), fmt::format("{}; tried {}", error.what(), how), error.code()};
}

}  // namespace

net::task<void> S3Store::after_error(CallHistory& history, ErrorReply reply) {
  Decision const decision = decide(history.attempt(), reply);
  Error error = make_error(history.attempt(), reply);
  switch (decision.action) {
    case Action::slow_down:
      shared_.window.slow_down();
      break;
    case Action::retry:
      break;
    case Action::redirect:
      co_await follow_redirect(history, reply, error);
      co_return;
    case Action::not_found:
    case Action::fail:
      bool const replaced = co_await replace_credentials(history, reply, error);
      if (replaced) co_return;
      patience_.note_sign_of_life();
      if (history.turn) ailing_.note_recovery(history.name());
      give_up(history.call, error);
  }
  co_await pause(history, std::move(error), reply.retry_after);
}

net::task<void> S3Store::follow_redirect(CallHistory& history, ErrorReply const& reply,
                                         Error const& error) {
  // A presigned URL is good for its own place alone.
  if (link_ || ++history.redirects >= limits::max_redirects) give_up(history.call, error);
  std::string const& bucket = history.object.bucket;
  std::string region = reply.region;
  if (region.empty() && history.call != Call::head_bucket) {
    bucket_regions_.erase(bucket);
    co_await find_region(bucket);
    region = region_of(bucket);
  }
  if (region.empty() || region == history.region) give_up(history.call, error);
  shared_.counts.redirected(history.call);
  bucket_regions_.insert_or_assign(bucket, region);
}

net::task<void> S3Store::after_failure(CallHistory& history, Error error) {
  std::string const context = fmt::format("{} {}", traits(history.call).name, history.name());
  return pause(history, base::with_context(context, error));
}

net::task<void> S3Store::pause(CallHistory& history, Error error,
                               std::optional<std::chrono::seconds> retry_after) {
  ++history.tries;
  Clock::time_point const failed_at = Clock::now();
  // A try that took longer than the idle timeout had moved bytes before.
  if (!history.since)
    history.since =
        patience_.note_failure(std::max(history.begun, failed_at - shared_.idle_timeout));
  Clock::time_point const since = *history.since;
  if (failed_at >= patience_.end_of(since))
    give_up(history.call, with_tries(error, history.tries, failed_at - since));
  shared_.counts.retried(history.call, error.fault());
  if (history.call == Call::get_object && !history.turn) {
    history.turn = co_await ailing_.take_turn(history.name());
    if (!history.turn) co_return;  // another read of the object has got through
  }
  int& failures = history.turn ? history.turn->failures() : history.failures;
  milliseconds const delay = retry_delay(failures++, base::random_fraction(), retry_after);
  Clock::time_point const end = patience_.end_of(since);
  auto const left = std::chrono::ceil<milliseconds>(end - Clock::now());
  if (patience_.is_worth_telling(since, failed_at))
    shared_.warn(fmt::format("{}; trying on for {} s", error.what(),
                             std::chrono::ceil<std::chrono::seconds>(left).count()));
  co_await patience_.pause(std::min(delay, left));
  bool const was_limited = patience_.end_of(since) < end;
  if (left.count() <= 0 || (was_limited && Clock::now() >= patience_.end_of(since)))
    give_up(history.call, with_tries(error, history.tries, Clock::now() - since));
}

bool S3Store::correct_clock(CallHistory& history, ErrorReply const& reply) {
  if (history.clock_corrections >= limits::max_clock_corrections) return false;
  auto const offset = clock_->correct(reply, history.clock_offset, endpoint_url_);
  if (!offset) return false;
  history.clock_offset = *offset;
  ++history.clock_corrections;
  shared_.counts.retried(history.call, Fault::config);
  return true;
}

net::task<bool> S3Store::replace_credentials(CallHistory& history, ErrorReply const& reply,
                                             Error const& error) {
  if (!signs_with_own() || !have_credentials_ended(reply) || history.credentials_replaced)
    co_return false;
  history.credentials_replaced = true;
  bool replaced = false;
  std::optional<Error> none;
  try {
    replaced = co_await shared_.own.replace(history.credentials_version);
  } catch (Error const& asking) {
    none.emplace(error.fault(),
                 fmt::format("{}; there are no new ones: {}", error.what(), asking.what()),
                 error.code());
  }
  if (none) give_up(history.call, *none);
  if (replaced) shared_.counts.retried(history.call, error.fault());
  co_return replaced;
}

net::task<bool> S3Store::find_reason(CallHistory& history, ErrorReply& bare) {
  Action const action = decide(history.attempt(), bare).action;
  bool const says_enough =
      action != Action::fail && (action != Action::redirect || !bare.region.empty());
  if (says_enough) co_return false;
  if (!has_learned_region(history)) bare = co_await ask_for_reason(history, std::move(bare));
  bool const is_outdated = bare.bare && has_learned_region(history);
  if (!is_outdated || ++history.redirects >= limits::max_redirects) co_return false;
  shared_.counts.redirected(history.call);
  co_return true;
}

bool S3Store::has_learned_region(CallHistory const& history) const {
  return region_of(history.object.bucket) != history.region;
}

net::task<ErrorReply> S3Store::ask_for_reason(CallHistory const& history, ErrorReply bare) {
  ObjectRange const first_byte{.bucket = history.object.bucket,
                               .key = history.object.key,
                               .etag = {},
                               .offset = 0,
                               .object_size = 1,
                               .version_id = history.object.version_id};
  base::Extent const range{0, 1};
  Manner const manner{.conditional = false};
  Window::Use const use(shared_.window);
  CallHistory asking(Call::get_object, history.object);
  asking.begun = Clock::now();
  std::optional<ErrorReply> reason;
  // The GET has two tries, as the HEAD's connection may be closing at this moment.
  bool again = true;
  for (int tries = 0; again && tries < 2; ++tries) {
    again = false;
    try {
      Opened opened = co_await open_get(first_byte, range, manner, asking);
      reason = std::move(opened.refusal);
    } catch (Error const& error) {
      // Without an answer only the status is known.
      again = is_transient(error);
    }
  }
  if (!reason || reason->bare) co_return std::move(bare);
  bool const tells_region = !reason->region.empty() && reason->region != history.region;
  bool const is_reason = reason->status == bare.status || tells_region;
  co_return is_reason ? *std::move(reason) : std::move(bare);
}

void S3Store::note_answer(aws::Target const& where) {
  patience_.note_answer();
  if (!answered_hosts_.contains(where.connect_host)) answered_hosts_.insert(where.connect_host);
}

bool S3Store::may_pass(Error const& error, CallHistory const& history) const {
  if (is_transient(error)) return true;
  return is_about_name(error) && answered_hosts_.contains(target(history.object).connect_host);
}

milliseconds S3Store::time_for_try(CallHistory const& history, milliseconds most) const {
  if (!history.since) return most;
  auto const left =
      std::chrono::ceil<milliseconds>(patience_.end_of(*history.since) - Clock::now());
  return std::min<milliseconds>(most, std::max<milliseconds>(left, limits::least_try_time));
}

void S3Store::give_up(Call call, Error const& error) {
  has_given_up_ = has_given_up_ || is_trouble(error.fault());
  shared_.counts.failed(call, error.fault());
  throw error;
}

}  // namespace s3
