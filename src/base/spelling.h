// Which of the known names somebody may have meant. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace base {

// Characters to insert, take away or replace to make one of the other (Levenshtein), by bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);
// The first of the most similar names; empty where none is similar: a third of it would have to
// change.
std::string_view nearest_name(std::string_view wanted, std::span<std::string_view const> names);

}  // namespace base
