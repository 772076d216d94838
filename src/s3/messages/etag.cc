#include "s3/messages/etag.h"

#include "base/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace s3 {
namespace {

constexpr std::string_view weak_mark = "W/";

// Suffixes of Apache, Jetty, Varnish and their like.
constexpr std::array<std::string_view, 6> suffixes{"--gzip", "-gzip", ";gzip",
                                                   "-br",    "-zstd", "-df"};

bool has_weak_mark(std::string_view text) {
  return text.starts_with(weak_mark) || text.starts_with("w/");
}

// The text within the quotes, which some stores leave out, or escape once more.
std::string_view opaque_tag(std::string_view text) {
  text = base::trim(text);
  if (has_weak_mark(text)) text.remove_prefix(weak_mark.size());
  for (std::string_view const quote : {std::string_view("\""), std::string_view("&quot;")}) {
    if (text.size() >= 2 * quote.size() && text.starts_with(quote) && text.ends_with(quote))
      return text.substr(quote.size(), text.size() - 2 * quote.size());
  }
  return text;
}

std::string_view without_suffix(std::string_view tag) {
  for (std::string_view const suffix : suffixes) {
    if (tag.size() > suffix.size() && tag.ends_with(suffix))
      return tag.substr(0, tag.size() - suffix.size());
  }
  return tag;
}

// S3's tags are an MD5, perhaps with the count of an upload's parts behind it.
bool is_hex(std::string_view tag) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF-";
  return tag.find_first_not_of(digits) == std::string_view::npos;
}

}  // namespace

std::string quoted_etag(std::string_view text) {
  std::string_view const tag = opaque_tag(text);
  if (tag.empty()) return {};
  return fmt::format("{}\"{}\"", is_weak_etag(text) ? weak_mark : "", tag);
}

bool is_weak_etag(std::string_view etag) {
  return has_weak_mark(base::trim(etag));
}

bool is_same_etag(std::string_view a, std::string_view b) {
  std::string_view const one = without_suffix(opaque_tag(a));
  std::string_view const other = without_suffix(opaque_tag(b));
  return one == other || (is_hex(one) && base::equals_ignoring_case(one, other));
}

}  // namespace s3
