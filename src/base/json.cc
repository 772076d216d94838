#include "base/json.h"

#include "base/error.h"
#include "base/limits.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <sodium.h>

namespace base {
namespace {

boost::json::value parse(std::string_view text, boost::system::error_code& error) {
  boost::json::parse_options options;
  options.max_depth = limits::max_json_depth;
  boost::json::value parsed = boost::json::parse(text, error, {}, options);
  // The parser takes texts with escapes through buffers on the stack.
  constexpr std::size_t used_stack_bytes = 32 * 1024;
  sodium_stackzero(used_stack_bytes);
  return parsed;
}

}  // namespace

boost::json::value parse_json(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  boost::json::value parsed = parse(text, error);
  if (error)
    throw Error(Fault::bad_input, fmt::format("{} is no valid JSON: {}", what, error.message()));
  return parsed;
}

std::optional<boost::json::value> try_parse_json(std::string_view text) {
  boost::system::error_code error;
  boost::json::value parsed = parse(text, error);
  if (error) return std::nullopt;
  return parsed;
}

}  // namespace base
