// Quirks: ways in which stores that speak S3's language, and proxies before them, answer otherwise
// than S3 does, though they work. Unlike faults, they are always in force. docs/guides/sandbox.md
// lists them.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

enum class Quirk {
  // ETags
  unquoted_etags,
  bare_etags,
  weak_etags,
  weakened_etags,
  suffixed_etags,
  upper_case_etags,
  no_etags,
  // heads and documents
  chunked_bodies,
  head_without_length,
  gzip_unpacked,
  no_last_modified,
  short_status_line,
  namespace_prefix,
  no_region_header,
  // listings in pages
  small_pages,
  empty_pages,
  repeated_token,
  missing_token,
  repeated_keys,
  descending_keys,
  utf16_order,
  ignored_prefix,
  // refusals
  checksum_required,
  delete_marker_405,
  delete_marker_404,
  redirect_by_endpoint,
  redirect_by_location,
  archived_tiers,
  other_clock,
};
inline constexpr std::size_t quirk_count = static_cast<std::size_t>(Quirk::other_clock) + 1;

std::string_view name_of(Quirk quirk);  // "unquoted-etags"

// The quirks of one bucket.
class Quirks {
 public:
  bool has(Quirk quirk) const { return set_.test(static_cast<std::size_t>(quirk)); }
  bool any() const { return set_.any(); }
  void add(Quirk quirk) { set_.set(static_cast<std::size_t>(quirk)); }
  void add(Quirks const& others) { set_ |= others.set_; }
  bool operator==(Quirks const&) const = default;

 private:
  std::bitset<quirk_count> set_;
};

// Throws Error{config}: "there is no quirk \"x\": …", which lists all quirks.
Quirks parse_quirks(std::vector<std::string> const& names);

}  // namespace sandbox
