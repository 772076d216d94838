#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace base {
namespace {

spdlog::logger& logger() {
  static std::shared_ptr<spdlog::logger> const instance = [] {
    auto made = spdlog::stderr_color_mt("s3zipper");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v", spdlog::pattern_time_type::utc);
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

}  // namespace

bool set_log_level(std::string_view level) {
  for (LogLevel const candidate :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    auto const name = spdlog::level::to_string_view(to_spdlog(candidate));
    if (level != std::string_view(name.data(), name.size())) continue;
    logger().set_level(to_spdlog(candidate));
    return true;
  }
  return false;
}

void log(LogLevel level, std::string_view text) {
  logger().log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace base
