#include "sandbox/faults/quirks.h"

#include "base/error.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sandbox {
namespace {

// The names stand in the order of the enumeration.
constexpr std::array<std::string_view, quirk_count> names{
    "unquoted-etags",    "bare-etags",           "weak-etags",
    "weakened-etags",    "suffixed-etags",       "upper-case-etags",
    "no-etags",          "chunked-bodies",       "head-without-length",
    "gzip-unpacked",     "no-last-modified",     "short-status-line",
    "namespace-prefix",  "no-region-header",     "small-pages",
    "empty-pages",       "repeated-token",       "missing-token",
    "repeated-keys",     "descending-keys",      "utf16-order",
    "ignored-prefix",    "checksum-required",    "delete-marker-405",
    "delete-marker-404", "redirect-by-endpoint", "redirect-by-location",
    "archived-tiers",    "other-clock"};

}  // namespace

std::string_view name_of(Quirk quirk) {
  return names.at(static_cast<std::size_t>(quirk));
}

Quirks parse_quirks(std::vector<std::string> const& wanted) {
  Quirks quirks;
  for (std::string const& name : wanted) {
    auto const* const found = std::ranges::find(names, name);
    if (found == names.end())
      throw base::Error(base::Fault::config, fmt::format("there is no quirk \"{}\": there are {}",
                                                         name, fmt::join(names, ", ")));
    quirks.add(static_cast<Quirk>(found - names.begin()));
  }
  return quirks;
}

}  // namespace sandbox
