// Memory for lists of millions of rows, in blocks of one size: from the heap up to an allowance,
// and past it in a mapped file. Only recently used pages of the file stay in the process's memory;
// the others come back from the page cache, or the disk, when they are read.
//
//   heap, heap_bytes at most | segments of the file, each mapped as a whole and cut into blocks
//
// The file has no name and mode 0600, so that it ends with the process, however that ends. Its
// space is reserved before it is mapped: a full disk is an Error, never a signal. It grows as
// needed, and is given back when no block lies in it.
//
// Thread-safe; the users of the blocks guard their content.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace base {

class ListMemory {
 public:
  static constexpr std::size_t block_bytes = 64 * 1024;

  struct Options {
    std::string folder;  // the file is made in it
    // The size of all blocks in the heap.
    std::uint64_t heap_bytes = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t file_bytes = 0;  // the file's size at most, rounded up to a segment
  };

  // block_bytes bytes, aligned for any type, of any content; the block's end gives them back.
  class Block {
   public:
    Block() = default;
    Block(Block&& other) noexcept
        : memory_(std::exchange(other.memory_, nullptr)),
          bytes_(std::exchange(other.bytes_, nullptr)),
          in_file_(other.in_file_) {}
    Block& operator=(Block&& other) noexcept {
      std::swap(memory_, other.memory_);
      std::swap(bytes_, other.bytes_);
      std::swap(in_file_, other.in_file_);
      return *this;
    }
    ~Block() {
      if (memory_ != nullptr) memory_->give_back(*this);
    }
    char* bytes() const { return bytes_; }

   private:
    friend class ListMemory;
    Block(ListMemory* memory, char* bytes, bool in_file)
        : memory_(memory), bytes_(bytes), in_file_(in_file) {}
    ListMemory* memory_ = nullptr;
    char* bytes_ = nullptr;
    bool in_file_ = false;
  };

  // Without options, all blocks come from the heap, without a bound.
  ListMemory() = default;
  explicit ListMemory(Options options) { set_options(std::move(options)); }
  ~ListMemory();  // after its blocks
  ListMemory(ListMemory const&) = delete;
  ListMemory& operator=(ListMemory const&) = delete;

  // The options apply to blocks taken from now on.
  void set_options(Options options);

  // Throws Error{unavailable} where the heap's allowance is used up and the file cannot grow.
  Block take();

  // Counts bytes of lists that are being used: after enough of them, pages of the file are let go,
  // which does not disturb readers or writers. Costs nothing if there is no file.
  void used(std::size_t bytes) const {
    if (file_in_use_.load(std::memory_order_relaxed)) count_use(bytes);
  }

  std::uint64_t heap_bytes() const;  // of blocks in the heap
  std::uint64_t file_bytes() const;  // of the file

 private:
  void give_back(Block& block);
  void grow_file();
  void close_file() noexcept;
  void count_use(std::size_t bytes) const;
  void let_go() const;

  Options options_;
  mutable std::mutex mutex_;  // guards all members below but the atomics
  std::uint64_t heap_used_ = 0;
  int file_ = -1;
  std::vector<char*> segments_;  // of the file, in its order
  std::vector<char*> free_;      // blocks of the file
  mutable std::atomic<bool> file_in_use_ = false;
  mutable std::atomic<std::uint64_t> used_ = 0;  // since pages were let go
};

// The process's lists. A server sets its options before the first list is made.
ListMemory& list_memory();

}  // namespace base
