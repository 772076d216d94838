// One rule of the faults file, as plain data: the requests it means, those of them that it strikes,
// and its effect on them. docs/guides/sandbox.md is the manual. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

enum class FaultKind {
  // the answer
  error,
  reset,
  stall,
  cut,
  short_body,
  long_body,
  wrong_range,
  error_in_200,
  white_space,
  lost_answer,
  away,
  // the object as the request sees it
  change,
  vanish,
  wrong_crc32,
  wrong_size,
  // the pace
  delay,
  rate,
};

// The first rule of a class that strikes a request acts alone; of the class pace, all rules act.
enum class FaultClass { answer, view, pace };
FaultClass class_of(FaultKind kind);
std::string_view name_of(FaultKind kind);  // in the file: "short-body"

// The properties of an S3 call that matter to faults; flags.
struct CallTraits {
  static constexpr unsigned key = 1;         // names one object
  static constexpr unsigned prefix = 2;      // a listing: its prefix stands for the key
  static constexpr unsigned body = 4;        // answers with a body
  static constexpr unsigned object = 8;      // GetObject
  static constexpr unsigned view = 16;       // reads an object
  static constexpr unsigned ranged = 32;     // takes a range of an object
  static constexpr unsigned part = 64;       // takes a part number
  static constexpr unsigned in_200 = 128;    // may answer 200 before it knows how it ends
  static constexpr unsigned listing = 256;   // tells sizes of objects
  static constexpr unsigned checksum = 512;  // tells the checksum of an object
  static constexpr unsigned bucket = 1024;   // names a bucket

  std::string_view name;  // AWS's, such as "GetObject"
  unsigned flags;
};
// All calls that a rule can name.
std::vector<CallTraits> const& call_traits();
// nullptr where there is no such call.
CallTraits const* find_call(std::string_view name);

// First and last byte, both included.
struct ByteSpan {
  std::uint64_t first = 0;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  bool operator==(ByteSpan const&) const = default;
};

struct FaultRule {
  static constexpr std::uint64_t without_end = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::uint64_t random_place = std::numeric_limits<std::uint64_t>::max();

  std::string name;  // in the log; random choices depend on it. By default the rule's number
  FaultKind kind = FaultKind::error;

  // The requests that the rule means.
  std::vector<std::string> calls;    // empty: all
  std::vector<std::string> buckets;  // empty: all
  std::string key;                   // '*' stands for any bytes; empty: any or none
  std::optional<ByteSpan> bytes;     // those that ask for some of these
  std::uint32_t part = 0;            // 0: any or none

  // The rule passes over `skip` of these, then strikes `times` of them, each with `probability`.
  std::uint64_t skip = 0;
  std::uint64_t times = 1;
  double probability = 1;

  // The effect; docs/guides/sandbox.md says which kind uses which field.
  int status = 0;
  std::string code;
  std::string message;
  std::string crc32;
  bool early = false;
  bool carry_out = false;
  bool keep_etag = false;
  bool before_declaration = false;
  std::optional<std::uint64_t> after;  // body bytes, or random_place
  std::optional<std::uint64_t> size;
  std::int64_t by = 1;
  std::uint64_t bytes_per_second = 0;
  std::optional<std::chrono::milliseconds> time;
};

// True where `text` is `pattern`, with any bytes at each '*'.
bool fits_pattern(std::string_view text, std::string_view pattern);

}  // namespace sandbox
