#include "base/log.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/visible_text.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace base {
namespace {

constexpr char const* text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v";

std::atomic<LogFormat> format_in_use = LogFormat::text;

spdlog::logger& logger() {
  static std::shared_ptr<spdlog::logger> const instance = [] {
    auto made = spdlog::stderr_color_mt("s3zipper");
    made->set_pattern(text_pattern, spdlog::pattern_time_type::utc);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view name_of(LogLevel level) {
  auto const name = spdlog::level::to_string_view(to_spdlog(level));
  return {name.data(), name.size()};
}

bool is_absent(LogField const& field) {
  auto const* const text = std::get_if<std::string_view>(&field.value);
  return text != nullptr && text->empty();
}

std::string shown(LogField const& field) {
  if (auto const* const number = std::get_if<std::uint64_t>(&field.value))
    return fmt::format("{}", *number);
  auto const text = std::get<std::string_view>(field.value);
  bool const plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  return plain ? std::string(text) : in_quotes(text);
}

std::string with_milliseconds(std::int64_t time_ms) {
  std::string time = rfc3339(time_ms / 1000);
  time.insert(time.size() - 1, fmt::format(".{:03}", time_ms % 1000));
  return time;
}

std::int64_t now_ms() {
  auto const now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

bool set_log_level(std::string_view level) {
  for (LogLevel const candidate :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    if (level != name_of(candidate)) continue;
    logger().set_level(to_spdlog(candidate));
    return true;
  }
  return false;
}

bool set_log_format(std::string_view format) {
  bool const as_json = format == "json";
  if (!as_json && format != "text") return false;
  logger().set_pattern(as_json ? "%v" : text_pattern, spdlog::pattern_time_type::utc);
  format_in_use = as_json ? LogFormat::json : LogFormat::text;
  return true;
}

bool logs(LogLevel level) {
  return logger().should_log(to_spdlog(level));
}

void log(LogLevel level, std::string_view text, std::initializer_list<LogField> fields) {
  if (!logs(level)) return;
  std::span<LogField const> const more(fields.begin(), fields.size());
  std::string const line = format_in_use == LogFormat::json ? json_line(now_ms(), level, text, more)
                                                            : text_line(text, more);
  logger().log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

std::string text_line(std::string_view text, std::span<LogField const> fields) {
  std::string out = visible(text);  // no foreign text begins a line of its own
  for (LogField const& field : fields) {
    if (!is_absent(field)) out += fmt::format(" {}={}", field.name, shown(field));
  }
  return out;
}

std::string json_line(std::int64_t time_ms, LogLevel level, std::string_view text,
                      std::span<LogField const> fields) {
  boost::json::object line{
      {"time", with_milliseconds(time_ms)}, {"level", name_of(level)}, {"message", to_utf8(text)}};
  for (LogField const& field : fields) {
    if (is_absent(field)) continue;
    if (auto const* const number = std::get_if<std::uint64_t>(&field.value)) {
      line.insert_or_assign(field.name, *number);
    } else {
      line.insert_or_assign(field.name, to_utf8(std::get<std::string_view>(field.value)));
    }
  }
  return visible_json(boost::json::serialize(line));
}

}  // namespace base
