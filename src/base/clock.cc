#include "base/clock.h"

#include "base/text.h"

#include <array>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

namespace base {
namespace {

constexpr std::array<char const*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Whether `text` has the pattern's shape: d stands for a digit; all else must be equal.
bool has_shape(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == 'd' ? !digit : text[i] != pattern[i]) return false;
  }
  return true;
}

int number(std::string_view text, std::size_t at, std::size_t digits) {
  return static_cast<int>(parse_uint(text.substr(at, digits)).value_or(0));
}

std::optional<UnixSeconds> from_parts(UtcTime const& parts) {
  using namespace std::chrono;
  year_month_day const date{year{parts.year}, month{static_cast<unsigned>(parts.month)},
                            day{static_cast<unsigned>(parts.day)}};
  if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) return std::nullopt;
  auto const time =
      sys_days{date} + hours{parts.hour} + minutes{parts.minute} + seconds{parts.second};
  return duration_cast<seconds>(time.time_since_epoch()).count();
}

}  // namespace

UnixSeconds unix_now() {
  return std::time(nullptr);
}

UtcTime utc_time(UnixSeconds time) {
  using namespace std::chrono;
  sys_seconds const point{seconds{time}};
  auto const midnight = floor<days>(point);
  year_month_day const date{midnight};
  hh_mm_ss const clock{point - midnight};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

std::string rfc3339(UnixSeconds time) {
  UtcTime const t = utc_time(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.year, t.month, t.day, t.hour,
                     t.minute, t.second);
}

std::string http_date(UnixSeconds time) {
  using namespace std::chrono;
  UtcTime const t = utc_time(time);
  weekday const day{floor<days>(sys_seconds{seconds{time}})};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[day.c_encoding()], t.day,
                     months[static_cast<std::size_t>(t.month - 1)], t.year, t.hour, t.minute,
                     t.second);
}

std::string amz_date(UnixSeconds time) {
  UtcTime const t = utc_time(time);
  // Each request to S3 has such a date: by hand it takes a tenth of fmt's time.
  std::string out = "yyyymmddThhmmssZ";
  auto const put = [&out](std::size_t at, int value) {
    out[at] = static_cast<char>('0' + value / 10 % 10);
    out[at + 1] = static_cast<char>('0' + value % 10);
  };
  put(0, t.year / 100);
  put(2, t.year);
  put(4, t.month);
  put(6, t.day);
  put(9, t.hour);
  put(11, t.minute);
  put(13, t.second);
  return out;
}

std::optional<UnixSeconds> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || !has_shape(text.substr(0, 19), "dddd-dd-ddTdd:dd:dd"))
    return std::nullopt;
  std::string_view zone = text.substr(19);
  if (zone.front() == '.')
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  auto const local = from_parts({number(text, 0, 4), number(text, 5, 2), number(text, 8, 2),
                                 number(text, 11, 2), number(text, 14, 2), number(text, 17, 2)});
  if (zone == "Z" || !local) return zone == "Z" ? local : std::nullopt;
  bool const is_offset = has_shape(zone, "+dd:dd") || has_shape(zone, "-dd:dd");
  if (!is_offset) return std::nullopt;
  UnixSeconds const offset = number(zone, 1, 2) * 3600 + number(zone, 4, 2) * 60;
  return zone.front() == '+' ? *local - offset : *local + offset;
}

std::optional<UnixSeconds> parse_http_date(std::string_view text) {
  if (text.size() != 29 || !has_shape(text.substr(3, 5), ", dd ") ||
      !has_shape(text.substr(11), " dddd dd:dd:dd GMT"))
    return std::nullopt;
  for (std::size_t month = 0; month < months.size(); ++month) {
    if (text.substr(8, 3) != months[month]) continue;
    return from_parts({number(text, 12, 4), static_cast<int>(month) + 1, number(text, 5, 2),
                       number(text, 17, 2), number(text, 20, 2), number(text, 23, 2)});
  }
  return std::nullopt;
}

std::optional<UnixSeconds> parse_amz_date(std::string_view text) {
  if (!has_shape(text, "ddddddddTddddddZ")) return std::nullopt;
  return from_parts({number(text, 0, 4), number(text, 4, 2), number(text, 6, 2), number(text, 9, 2),
                     number(text, 11, 2), number(text, 13, 2)});
}

}  // namespace base
