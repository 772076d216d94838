#include "sandbox/faults/fault_rule.h"

#include <algorithm>
#include <array>

namespace sandbox {

FaultClass class_of(FaultKind kind) {
  if (kind >= FaultKind::delay) return FaultClass::pace;
  return kind >= FaultKind::change ? FaultClass::view : FaultClass::answer;
}

std::string_view name_of(FaultKind kind) {
  constexpr std::array<std::string_view, 17> names{
      "error",       "reset",        "stall",       "cut",         "short-body", "long-body",
      "wrong-range", "error-in-200", "white-space", "lost-answer", "away",       "change",
      "vanish",      "wrong-crc32",  "wrong-size",  "delay",       "rate"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<CallTraits> const& call_traits() {
  using T = CallTraits;
  constexpr unsigned on_object = T::bucket | T::key;
  static std::vector<CallTraits> const table{
      {"ListBuckets", T::body},
      {"CreateBucket", T::bucket},
      {"HeadBucket", T::bucket},
      {"DeleteBucket", T::bucket},
      {"GetBucketLocation", T::bucket | T::body},
      {"ListMultipartUploads", T::bucket | T::prefix | T::body},
      {"ListObjects", T::bucket | T::prefix | T::body | T::listing},
      {"ListObjectsV2", T::bucket | T::prefix | T::body | T::listing},
      {"DeleteObjects", T::bucket | T::body},
      {"GetObject", on_object | T::body | T::object | T::view | T::ranged | T::part | T::checksum},
      {"HeadObject", on_object | T::view | T::part | T::listing | T::checksum},
      {"GetObjectAttributes", on_object | T::body | T::view | T::listing | T::checksum},
      {"PutObject", on_object},
      {"CopyObject", on_object | T::body | T::view | T::in_200},
      {"DeleteObject", on_object},
      {"CreateMultipartUpload", on_object | T::body},
      {"UploadPart", on_object | T::part},
      {"UploadPartCopy", on_object | T::body | T::view | T::ranged | T::part | T::in_200},
      {"CompleteMultipartUpload", on_object | T::body | T::in_200},
      {"AbortMultipartUpload", on_object},
      {"ListParts", on_object | T::body},
  };
  return table;
}

CallTraits const* find_call(std::string_view name) {
  auto const found = std::ranges::find(call_traits(), name, &CallTraits::name);
  return found == call_traits().end() ? nullptr : &*found;
}

bool fits_pattern(std::string_view text, std::string_view pattern) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  // Each piece between two stars matches at the first place it fits; the last piece at the end.
  while ((star = pattern.find('*')) != std::string_view::npos) {
    std::size_t const at = text.find(pattern.substr(0, star));
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + star);
    pattern.remove_prefix(star + 1);
  }
  return text.ends_with(pattern);
}

}  // namespace sandbox
