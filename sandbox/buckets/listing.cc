#include "sandbox/buckets/listing.h"

#include <string_view>

namespace sandbox {
namespace {

Index::const_iterator first_behind_prefix(Index const& index, std::string const& prefix) {
  std::string const bound = after_all_of(prefix);
  return bound.empty() ? index.end() : index.lower_bound(bound);
}

// The common prefix that hides `key`; empty where the key itself is listed.
std::string_view common_prefix_of(std::string_view key, ListQuery const& query) {
  if (query.delimiter.empty()) return {};
  std::size_t const at = key.find(query.delimiter, query.prefix.size());
  return at == std::string_view::npos ? "" : key.substr(0, at + query.delimiter.size());
}

Index::const_iterator start_of(Index const& index, ListQuery const& query) {
  if (query.after < query.prefix) return index.lower_bound(query.prefix);
  if (!query.after.empty() && common_prefix_of(query.after, query) == query.after)
    return first_behind_prefix(index, query.after);
  return index.upper_bound(query.after);
}

}  // namespace

std::string after_all_of(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

ListPage list_page(Index const& index, ListQuery const& query) {
  ListPage page;
  if (query.max_items == 0) return page;
  auto at = start_of(index, query);
  std::size_t count = 0;
  while (at != index.end() && at->first.starts_with(query.prefix)) {
    if (count == query.max_items) {
      page.truncated = true;
      break;
    }
    ++count;
    std::string_view const common = common_prefix_of(at->first, query);
    if (common.empty()) {
      page.last = at->first;
      page.items.push_back({.key = at->first, .object = at->second});
      ++at;
    } else {
      page.last = common;
      page.common_prefixes.emplace_back(common);
      at = first_behind_prefix(index, page.last);
    }
  }
  return page;
}

}  // namespace sandbox
