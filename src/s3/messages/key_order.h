// The orders in which stores list keys, and whether a list keeps to one. Pure.
#pragma once

#include <string>
#include <string_view>

namespace s3 {

// That of UTF-16's code units, as Java compares texts: U+E000 to U+FFFF come behind all that is
// above them. The keys are UTF-8.
bool is_before_in_utf16(std::string_view a, std::string_view b);

// That of paths, as stores over a file system walk: '/' comes before all other characters.
bool is_before_in_paths(std::string_view a, std::string_view b);

// A list that goes on key by key. Any of the orders will do, as long as it is one: then no key
// comes twice, and the list ends.
class KeyOrder {
 public:
  // False where the key does not come behind all that were taken.
  bool take(std::string_view key);
  // The one taken last; empty: none.
  std::string const& last() const { return last_; }

 private:
  std::string last_;
  bool bytes_ = true;
  bool utf16_ = true;
  bool paths_ = true;
};

// What the pages of a listing have told.
struct ListedSoFar {
  KeyOrder keys = {};
  KeyOrder common_prefixes = {};
  int empty_pages = 0;  // the last ones
};

}  // namespace s3
