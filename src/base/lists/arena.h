// Text that many small records point into: one allocation for thousands of keys, freed together. It
// lies in blocks of base/lists/list_memory.h; longer texts have heap of their own.
#pragma once

#include "base/lists/list_memory.h"

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace base {

class Arena {
 public:
  explicit Arena(ListMemory& memory = list_memory()) : memory_(&memory) {}

  // A copy of `text` that lives as long as the arena.
  std::string_view store(std::string_view text) {
    if (text.empty()) return {};
    char* const place = room_for(text.size());
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }

  std::size_t memory_bytes() const {
    return blocks_.size() * ListMemory::block_bytes + long_bytes_;
  }

 private:
  char* room_for(std::size_t size) {
    if (size > ListMemory::block_bytes) {
      long_texts_.push_back(std::make_unique_for_overwrite<char[]>(size));
      long_bytes_ += size;
      return long_texts_.back().get();
    }
    if (size > room_) {
      blocks_.push_back(memory_->take());
      next_ = blocks_.back().bytes();
      room_ = ListMemory::block_bytes;
    }
    room_ -= size;
    return std::exchange(next_, next_ + size);
  }

  ListMemory* memory_;
  std::vector<ListMemory::Block> blocks_;
  std::vector<std::unique_ptr<char[]>> long_texts_;
  std::size_t long_bytes_ = 0;
  char* next_ = nullptr;
  std::size_t room_ = 0;
};

}  // namespace base
