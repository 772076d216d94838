// One page of a listing, by prefix, delimiter and the place to go on from. Pure.
#pragma once

#include "sandbox/buckets/object.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sandbox {

struct ListQuery {
  std::string prefix;
  std::string delimiter;  // empty: none
  // The page lists keys behind this one. If it is a common prefix itself, no key that starts with
  // it comes: the page before has told that prefix.
  std::string after;
  std::size_t max_items = 1000;  // keys and common prefixes together
};

struct ListPage {
  struct Item {
    std::string key;
    ObjectPointer object;
  };
  std::vector<Item> items;
  std::vector<std::string> common_prefixes;
  bool truncated = false;
  std::string last;  // the last key or common prefix, in the order of bytes
};

ListPage list_page(Index const& index, ListQuery const& query);

// The smallest text that is greater than all that start with `prefix`; empty where there is none.
std::string after_all_of(std::string prefix);

}  // namespace sandbox
