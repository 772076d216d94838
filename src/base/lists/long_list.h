// A list of small rows that may be millions: it grows at its end without being copied, and lies in
// blocks of base/lists/list_memory.h. Rows keep their places.
//
// Not thread-safe while it changes; may be read from any thread. A list that was moved from is
// given a new value or dropped.
#pragma once

#include "base/lists/list_memory.h"

#include <cstddef>
#include <new>
#include <type_traits>
#include <vector>

namespace base {

template <typename Row>
class LongList {
  static_assert(std::is_trivially_copyable_v<Row> && std::is_trivially_destructible_v<Row>,
                "rows are dropped block by block");

 public:
  explicit LongList(ListMemory& memory = list_memory()) : memory_(&memory) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  Row& operator[](std::size_t index) { return *at(index); }
  Row const& operator[](std::size_t index) const { return *at(index); }
  Row const& back() const { return (*this)[size_ - 1]; }

  void push_back(Row const& row) {
    if (size_ == blocks_.size() * rows_per_block) blocks_.push_back(memory_->take());
    new (place(size_)) Row(row);
    ++size_;
  }
  // Drops the rows from `count` on; `count` is at most size().
  void shrink(std::size_t count) {
    size_ = count;
    blocks_.resize((count + rows_per_block - 1) / rows_per_block);
  }
  // Gives back the memory of rows before `index`, block by block: they are not read again.
  void free_before(std::size_t index) {
    for (; (freed_ + 1) * rows_per_block <= index; ++freed_) blocks_[freed_] = {};
  }

 private:
  static constexpr std::size_t rows_per_block = ListMemory::block_bytes / sizeof(Row);

  void* place(std::size_t index) const {
    return blocks_[index / rows_per_block].bytes() + index % rows_per_block * sizeof(Row);
  }
  Row* at(std::size_t index) const {
    memory_->used(sizeof(Row));
    return std::launder(static_cast<Row*>(place(index)));
  }

  ListMemory* memory_;
  std::vector<ListMemory::Block> blocks_;
  std::size_t size_ = 0;
  std::size_t freed_ = 0;  // blocks
};

}  // namespace base
