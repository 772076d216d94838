// The rules for the keys below a folder that go into a zip: globs that include and exclude. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archive {

struct KeyRule {
  bool include = true;
  std::string glob;
  bool operator==(KeyRule const&) const = default;
};

// The last rule that matches decides. A key that none matches goes in, unless the first rule
// includes: then only included keys do.
bool takes(std::vector<KeyRule> const& rules, std::string_view key);

// `*` matches any characters, slashes too; `?` one character; [abc] and [a-z] one of these; [!a-z]
// one that is none of these; all else itself. The whole text must match. A '[' that is never closed
// matches itself.
bool matches_glob(std::string_view glob, std::string_view text);

}  // namespace archive
