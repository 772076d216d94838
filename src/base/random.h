// Randomness from the operating system (through libsodium).
#pragma once

#include <cstdint>
#include <string>

namespace base {

std::string random_uuid();                    // version 4, lower case
std::string random_text(std::size_t length);  // A-Z a-z 0-9, 5.95 bits a character
std::string random_bytes(std::size_t count);
std::uint64_t random_below(std::uint64_t bound);  // 0 … bound-1; 0 for bound 0
double random_fraction();                         // of [0, 1)

}  // namespace base
