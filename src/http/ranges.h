// The Range header of a GET (RFC 9110, section 14). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace http {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(ByteRange const&) const = default;
};

// The ranges that `header` asks of a body of `size` bytes, cut to what exists, in its order.
// nullopt: not a valid bytes range, to be ignored (the answer is 200). Empty: none of them can be
// satisfied (the answer is 416).
std::optional<std::vector<ByteRange>> parse_range(std::string_view header, std::uint64_t size);

}  // namespace http
