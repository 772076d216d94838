#include "http/conditions.h"

#include "base/text.h"

#include <algorithm>

namespace http {

namespace {

constexpr std::string_view weak = "W/";

// Whether the list has the ETag, or is "*". Weak tags match in a weak comparison only.
bool lists(std::string_view list, std::string_view etag, bool strongly) {
  return std::ranges::any_of(base::split(list, ','), [&](std::string_view one) {
    one = base::trim(one);
    if (!strongly && one.starts_with(weak)) one.remove_prefix(weak.size());
    return one == "*" || one == etag;
  });
}

}  // namespace

std::optional<int> failed_condition(Headers const& request, Validators const& current) {
  auto const date = [&](std::string_view name) {
    return base::parse_http_date(base::trim(request.get(name)));
  };
  if (auto const wanted = request.find("if-match")) {
    if (!lists(*wanted, current.etag, true)) return 412;
  } else if (auto const time = date("if-unmodified-since")) {
    if (current.modified > *time) return 412;
  }
  if (request.find("if-none-match")) {
    if (has_already(request, current.etag)) return 304;
  } else if (auto const time = date("if-modified-since")) {
    if (current.modified <= *time) return 304;
  }
  return std::nullopt;
}

bool has_already(Headers const& request, std::string_view etag) {
  auto const unwanted = request.find("if-none-match");
  return unwanted && lists(*unwanted, etag, false);
}

bool if_range_holds(Headers const& request, Validators const& current) {
  auto const line = request.find("if-range");
  if (!line) return true;
  std::string_view const wanted = base::trim(*line);
  return wanted == current.etag || base::parse_http_date(wanted) == current.modified;
}

}  // namespace http
