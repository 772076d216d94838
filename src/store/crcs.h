// CRC-32s of objects that were read before, by archive::object_id(); accounts.h says what holds for
// every call. They are a cache: a call may have a hundred thousand, in several transactions.
#pragma once

#include "base/clock.h"
#include "net/task.h"

#include <cstdint>
#include <string>
#include <vector>

namespace store {

inline constexpr std::size_t object_id_bytes = 16;

// The CRC of an object's first `prefix_bytes`: all of it, or up to a segment's end.
struct CrcRow {
  std::string object_id;  // of object_id_bytes
  std::uint64_t prefix_bytes = 0;
  std::uint32_t crc = 0;
  bool operator==(CrcRow const&) const = default;
};

class Crcs {
 public:
  virtual ~Crcs() = default;

  virtual net::task<void> remember(std::vector<CrcRow> rows, base::UnixSeconds now) = 0;
  // All rows of these objects, in the order of id and prefix; a found row counts as used.
  virtual net::task<std::vector<CrcRow>> find(std::vector<std::string> object_ids,
                                              base::UnixSeconds now) = 0;
};

}  // namespace store
