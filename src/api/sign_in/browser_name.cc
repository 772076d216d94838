#include "api/sign_in/browser_name.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace api {
namespace {

using Names = std::array<std::pair<std::string_view, std::string_view>, 7>;

// A mark of the header, and what it means: the first that is there counts, as browsers name those
// that they descend from, too.
constexpr Names browsers{{{"Edg/", "Edge"},
                          {"OPR/", "Opera"},
                          {"Firefox/", "Firefox"},
                          {"FxiOS/", "Firefox"},
                          {"CriOS/", "Chrome"},
                          {"Chrome/", "Chrome"},
                          {"Safari/", "Safari"}}};
constexpr Names systems{{{"iPhone", "iPhone"},
                         {"iPad", "iPad"},
                         {"Android", "Android"},
                         {"Windows", "Windows"},
                         {"Mac OS X", "macOS"},
                         {"CrOS", "ChromeOS"},
                         {"Linux", "Linux"}}};

std::string_view find(Names const& names, std::string_view user_agent) {
  for (auto const& [mark, name] : names) {
    if (user_agent.find(mark) != std::string_view::npos) return name;
  }
  return "";
}

}  // namespace

std::string browser_name(std::string_view user_agent) {
  std::string_view const browser = find(browsers, user_agent);
  std::string_view const system = find(systems, user_agent);
  std::string const name(browser.empty() ? "a browser" : browser);
  return system.empty() ? name : fmt::format("{} on {}", name, system);
}

}  // namespace api
