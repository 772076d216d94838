#include "sandbox/plain_path.h"

#include "aws/endpoint.h"
#include "base/limits.h"
#include "base/text.h"

#include <algorithm>

namespace sandbox {
namespace {

constexpr std::size_t max_segment_bytes = 255;  // NAME_MAX of Linux's file systems

bool is_plain_segment(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." &&
         segment.size() <= max_segment_bytes;
}

}  // namespace

bool is_plain_path(std::string_view key) {
  if (key.size() > base::limits::max_key_bytes || key.find('\0') != std::string_view::npos)
    return false;
  return std::ranges::all_of(base::split(key, '/'), is_plain_segment);
}

bool is_served_bucket_name(std::string_view name) {
  return aws::is_bucket_name(name) && !name.starts_with('.');
}

}  // namespace sandbox
