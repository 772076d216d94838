#include "sandbox/buckets/virtual_manifest.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/plain_path.h"

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr base::UnixSeconds modified = 1'704'067'200;  // 2024-01-01, on every start
constexpr std::uint64_t max_objects = 10'000'000;

[[noreturn]] void reject(std::string_view declaration, std::string_view problem) {
  throw base::Error(base::Fault::config,
                    fmt::format("virtual object '{}': {}", declaration, problem));
}

// The key with its {FIRST..LAST}.
struct Pattern {
  std::string_view before, behind;
  std::uint64_t first = 0, last = 0;
  std::size_t width = 0;
  bool counts = false;
};

Pattern parse_pattern(std::string_view key) {
  Pattern pattern{.before = key, .behind = {}};
  std::size_t const open = key.find('{');
  std::size_t const dots = key.find("..", open == std::string_view::npos ? key.size() : open);
  std::size_t const close = key.find('}', dots == std::string_view::npos ? key.size() : dots);
  if (close == std::string_view::npos) return pattern;
  std::string_view const first = key.substr(open + 1, dots - open - 1);
  auto const from = base::parse_uint(first);
  auto const to = base::parse_uint(key.substr(dots + 2, close - dots - 2));
  if (!from || !to) return pattern;
  pattern = {.before = key.substr(0, open),
             .behind = key.substr(close + 1),
             .first = *from,
             .last = *to,
             .width = first.starts_with('0') ? first.size() : 0,
             .counts = true};
  return pattern;
}

void add(Index& index, std::string key, std::uint64_t size, std::string_view declaration) {
  if (key.empty() || key.size() > base::limits::max_key_bytes)
    reject(declaration, "the key is empty or longer than 1,024 bytes");
  Object object = computed_object(key, size, modified);
  index.insert_or_assign(std::move(key), std::make_shared<Object const>(std::move(object)));
}

}  // namespace

void add_virtual_objects(VirtualBuckets& buckets, std::string_view declaration) {
  std::size_t const equals = declaration.rfind('=');
  std::size_t const slash = declaration.find('/');
  if (equals == std::string_view::npos || slash == std::string_view::npos || slash > equals)
    reject(declaration, "expected BUCKET/KEY=SIZE");
  auto const size = base::parse_size(base::trim(declaration.substr(equals + 1)));
  if (!size) reject(declaration, "the size is not a number of bytes");
  std::string_view const bucket = base::trim(declaration.substr(0, slash));
  if (!is_served_bucket_name(bucket)) reject(declaration, "this is no name for a bucket");
  Pattern const pattern = parse_pattern(declaration.substr(slash + 1, equals - slash - 1));
  Index& index = buckets[std::string(bucket)];
  if (!pattern.counts) return add(index, std::string(pattern.before), *size, declaration);
  if (pattern.last < pattern.first || pattern.last - pattern.first >= max_objects)
    reject(declaration, fmt::format("the range is empty or over {} objects", max_objects));
  for (std::uint64_t number = pattern.first; number <= pattern.last; ++number) {
    std::string key =
        fmt::format("{}{:0{}}{}", pattern.before, number, pattern.width, pattern.behind);
    add(index, std::move(key), *size, declaration);
  }
}

void add_virtual_manifest(VirtualBuckets& buckets, std::string_view text) {
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (!line.empty() && !line.starts_with('#')) add_virtual_objects(buckets, line);
  }
}

}  // namespace sandbox
