#include "store/erasing_clock.h"

#include "base/log.h"
#include "base/text.h"

#include <cstdlib>

#include <fmt/format.h>

namespace store {
namespace {

constexpr char const* setting = "erasing_clock";
constexpr base::UnixSeconds day = 24 * 3600;
// A look that changes nothing but its time is written this seldom.
constexpr base::UnixSeconds written_each = 600;

std::string to_text(ErasingClock const& clock) {
  return fmt::format("{} {} {}", clock.believed, clock.doubted_at, clock.looked_at);
}

// A clock that was never looked at, if to_text() has not made the text.
ErasingClock parse(std::string_view text) {
  std::vector<std::string_view> const words = base::split(text, ' ');
  if (words.size() != 3) return {};
  base::UnixSeconds times[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    auto const number = base::parse_uint(words[i]);
    if (!number) return {};
    times[i] = static_cast<base::UnixSeconds>(*number);
  }
  return {.believed = times[0], .doubted_at = times[1], .looked_at = times[2]};
}

void tell(ErasingClock const& before, ErasingClock const& after) {
  if (after.is_doubted() && after.doubted_at != before.doubted_at) {
    base::log_warning(
        fmt::format("the clock shows {}, and showed {} when it was last believed: nothing is "
                    "erased for its age "
                    "until a day has gone by, or until: s3zipper clock confirm",
                    base::rfc3339(after.doubted_at), base::rfc3339(after.believed)));
  } else if (before.is_doubted() && !after.is_doubted()) {
    base::log_info("the clock is believed again: what is old is erased");
  }
}

}  // namespace

ErasingClock looked_at(ErasingClock clock, base::UnixSeconds now) {
  bool const fits = clock.believed == 0 || now - clock.believed <= day;
  bool const day_has_passed =
      clock.is_doubted() && now - clock.looked_at <= day && now - clock.doubted_at >= day;
  if (fits || day_has_passed) return {.believed = now, .doubted_at = 0, .looked_at = now};
  bool const moved_again = std::abs(now - clock.looked_at) > day;
  if (!clock.is_doubted() || moved_again) clock.doubted_at = now;
  clock.looked_at = now;
  return clock;
}

net::task<ErasingClock> read_erasing_clock(Upkeep& upkeep) {
  std::optional<std::string> const text = co_await upkeep.get_setting(setting);
  co_return parse(text.value_or(""));
}

net::task<base::UnixSeconds> time_to_erase_by(Upkeep& upkeep, base::UnixSeconds now) {
  ErasingClock const clock = co_await read_erasing_clock(upkeep);
  co_return looked_at(clock, now).believed;
}

net::task<base::UnixSeconds> look_at_clock(Upkeep& upkeep, base::UnixSeconds now) {
  ErasingClock const before = co_await read_erasing_clock(upkeep);
  ErasingClock const after = looked_at(before, now);
  bool const is_due = std::abs(now - before.looked_at) >= written_each;
  if (is_due || after.doubted_at != before.doubted_at)
    co_await upkeep.set_setting(setting, to_text(after));
  tell(before, after);
  co_return after.believed;
}

net::task<void> confirm_clock(Upkeep& upkeep, base::UnixSeconds now) {
  return upkeep.set_setting(setting, to_text({.believed = now, .doubted_at = 0, .looked_at = now}));
}

}  // namespace store
