// The program's log: one line an event, to standard error. Callers format the text; nothing that
// is secret may be in it. Thread-safe.
#pragma once

#include <string_view>

namespace base {

enum class LogLevel { debug, info, warning, error };

// `level` is one of "debug", "info", "warning", "error"; false for anything else.
bool set_log_level(std::string_view level);

void log(LogLevel level, std::string_view text);
inline void log_debug(std::string_view text) {
  log(LogLevel::debug, text);
}
inline void log_info(std::string_view text) {
  log(LogLevel::info, text);
}
inline void log_warning(std::string_view text) {
  log(LogLevel::warning, text);
}
inline void log_error(std::string_view text) {
  log(LogLevel::error, text);
}

}  // namespace base
