// Finds the known name that a misspelled one may mean. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace base {

// Bytes to insert, remove or replace to make one text of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);
// The first of the most similar names; empty if each would need more than a third of `wanted` to
// change.
std::string_view nearest_name(std::string_view wanted, std::span<std::string_view const> names);

}  // namespace base
