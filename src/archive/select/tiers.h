// Objects that an object store keeps where they cannot be read at once. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace archive {

// These classes answer a GET only after the object has been restored.
constexpr bool is_archive(std::string_view storage_class) {
  return storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE";
}

// Whether only a HEAD tells if an object that was listed can be read: INTELLIGENT_TIERING archives
// by itself, but no object smaller than this (S3 user guide, "How S3 Intelligent-Tiering works").
constexpr bool may_be_archived(std::string_view storage_class, std::uint64_t size) {
  constexpr std::uint64_t least_moved_bytes = 128 * 1024;
  return is_archive(storage_class) ||
         (storage_class == "INTELLIGENT_TIERING" && size >= least_moved_bytes);
}

}  // namespace archive
