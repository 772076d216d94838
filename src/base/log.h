// The log: lines to standard error with a UTC time, through spdlog, as texts for people or as JSON,
// one object a line. Thread-safe. Secrets never go here; a client's texts are quoted or escaped.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace base {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

// More about a line, in a form that programs find. A field with an empty text is left out.
struct LogField {
  std::string_view name;  // a-z and _
  std::variant<std::string_view, std::uint64_t> value;
};

// `level` is one of "debug", "info", "warning", "error"; false for anything else.
bool set_log_level(std::string_view level);
// "text" or "json"; false for anything else.
bool set_log_format(std::string_view format);
// Whether lines of this level are written: callers ask before they make a costly line.
bool logs(LogLevel level);

void log(LogLevel level, std::string_view text, std::initializer_list<LogField> fields = {});
inline void log_debug(std::string_view text, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::debug, text, fields);
}
inline void log_info(std::string_view text, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::info, text, fields);
}
inline void log_warning(std::string_view text, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::warning, text, fields);
}
inline void log_error(std::string_view text, std::initializer_list<LogField> fields = {}) {
  log(LogLevel::error, text, fields);
}

// The line for these texts; exposed for tests. text_line() gives the part behind time and level,
// json_line() the whole object; `time_ms` counts from 1970 UTC.
std::string text_line(std::string_view text, std::span<LogField const> fields);
std::string json_line(std::int64_t time_ms, LogLevel level, std::string_view text,
                      std::span<LogField const> fields);

}  // namespace base
