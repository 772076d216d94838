// The orders in which stores list keys, and a check that a list keeps to one of them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace s3 {

// The order of UTF-16's code units, as Java compares texts: U+E000 to U+FFFF come behind all higher
// characters. The keys are UTF-8.
bool is_before_in_utf16(std::string_view a, std::string_view b);

// The order of paths, as stores over a file system walk: '/' comes before all other characters.
bool is_before_in_paths(std::string_view a, std::string_view b);

// A list that continues key by key. It may have any of the orders, but only one: then no key comes
// twice, and the list ends.
class KeyOrder {
 public:
  // False if the key does not come behind all earlier ones.
  bool take(std::string_view key);
  // The last key taken; empty: none.
  std::string const& last() const { return last_; }

 private:
  std::string last_;
  bool bytes_ = true;
  bool utf16_ = true;
  bool paths_ = true;
};

// The state of a listing after its pages so far.
struct ListedSoFar {
  KeyOrder keys = {};
  KeyOrder common_prefixes = {};
  int empty_pages = 0;  // in a row, at the end
};

}  // namespace s3
