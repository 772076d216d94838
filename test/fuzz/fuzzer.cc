#include "fuzzer.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace fuzz {

std::vector<Fuzzer>& fuzzers() {
  static std::vector<Fuzzer> all;
  return all;
}

void require(bool condition, char const* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: not so: %s\n", what);
  std::abort();
}

std::string_view take_line(std::string_view& input) {
  std::size_t const end = std::min(input.find('\n'), input.size());
  std::string_view const line = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return line;
}

std::uint8_t Choices::byte() {
  if (rest_.empty()) return 0;
  auto const value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint64_t Choices::number(std::size_t bytes) {
  std::uint64_t value = 0;
  for (; bytes > 0; --bytes) value = value << 8 | byte();
  return value;
}

std::string Choices::text(std::size_t size) {
  std::string const taken(rest_.substr(0, size));
  rest_.remove_prefix(taken.size());
  return taken;
}

}  // namespace fuzz
