// Text that many small records point into: one allocation for thousands of keys, freed together.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace base {

class Arena {
 public:
  // A copy of `text` that lives as long as the arena.
  std::string_view store(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() > room_) grow(text.size());
    char* const place = next_;
    std::memcpy(place, text.data(), text.size());
    next_ += text.size();
    room_ -= text.size();
    return {place, text.size()};
  }

  std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  void grow(std::size_t needed) {
    constexpr std::size_t block_bytes = 256 * 1024;
    room_ = needed > block_bytes ? needed : block_bytes;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    next_ = blocks_.back().get();
    memory_bytes_ += room_;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t room_ = 0;
  std::size_t memory_bytes_ = 0;
};

}  // namespace base
