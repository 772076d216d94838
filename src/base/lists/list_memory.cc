#include "base/lists/list_memory.h"

#include "base/error.h"
#include "base/limits.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace base {
namespace {

[[noreturn]] void throw_no_room(std::string const& folder, int error) {
  throw Error(Fault::unavailable,
              fmt::format("a long list of files has no room in memory, nor in a file in {}: {}",
                          folder, std::generic_category().message(error)));
}

int make_nameless_file(std::string const& folder) {
  std::string path = folder + "/s3zipper-lists-XXXXXX";
  int const file = ::mkostemp(path.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) throw_no_room(folder, errno);
  ::unlink(path.c_str());
  return file;
}

}  // namespace

ListMemory& list_memory() {
  static ListMemory memory;
  return memory;
}

ListMemory::~ListMemory() {
  close_file();
}

void ListMemory::set_options(Options options) {
  std::scoped_lock const lock(mutex_);
  options_ = std::move(options);
}

ListMemory::Block ListMemory::take() {
  std::unique_lock lock(mutex_);
  if (options_.heap_bytes - std::min(heap_used_, options_.heap_bytes) >= block_bytes) {
    auto bytes = std::make_unique_for_overwrite<char[]>(block_bytes);
    heap_used_ += block_bytes;
    return {this, bytes.release(), false};
  }
  if (free_.empty()) grow_file();
  char* const bytes = free_.back();
  free_.pop_back();
  lock.unlock();
  used(block_bytes);
  return {this, bytes, true};
}

void ListMemory::give_back(Block& block) {
  std::unique_ptr<char[]> freed;
  std::scoped_lock const lock(mutex_);
  if (!block.in_file_) {
    freed.reset(block.bytes_);
    heap_used_ -= block_bytes;
    return;
  }
  free_.push_back(block.bytes_);  // has room: grow_file() has reserved it
  if (free_.size() * block_bytes == segments_.size() * limits::list_file_step_bytes) close_file();
}

// The caller holds the lock.
void ListMemory::grow_file() {
  std::uint64_t const size = segments_.size() * limits::list_file_step_bytes;
  if (size >= options_.file_bytes) throw_no_room(options_.folder, EFBIG);
  constexpr std::size_t blocks = limits::list_file_step_bytes / block_bytes;
  segments_.reserve(segments_.size() + 1);
  free_.reserve((segments_.size() + 1) * blocks);
  if (file_ < 0) file_ = make_nameless_file(options_.folder);
  auto const offset = static_cast<off_t>(size);
  int error = ::posix_fallocate(file_, offset, limits::list_file_step_bytes);
  void* place = MAP_FAILED;
  if (error == 0) {
    place = ::mmap(nullptr, limits::list_file_step_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_,
                   offset);
    if (place == MAP_FAILED) error = errno;
  }
  if (error != 0) {
    if (segments_.empty()) close_file();
    throw_no_room(options_.folder, error);
  }
  segments_.push_back(static_cast<char*>(place));
  // take() takes the last block first.
  for (std::size_t i = blocks; i-- > 0;) free_.push_back(segments_.back() + i * block_bytes);
  file_in_use_ = true;
}

void ListMemory::close_file() noexcept {
  if (file_ < 0) return;
  file_in_use_ = false;
  for (char* const segment : segments_) ::munmap(segment, limits::list_file_step_bytes);
  segments_.clear();
  free_.clear();
  ::close(file_);
  file_ = -1;
}

void ListMemory::count_use(std::size_t bytes) const {
  std::uint64_t const window =
      std::max(limits::least_list_window_bytes, options_.heap_bytes / limits::list_window_fraction);
  if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes < window) return;
  used_.store(0, std::memory_order_relaxed);
  let_go();
}

// MADV_DONTNEED takes the pages of a shared file mapping out of the process; their content stays
// with the file, and the next access finds it (madvise(2)).
void ListMemory::let_go() const {
  std::scoped_lock const lock(mutex_);
  for (char* const segment : segments_)
    ::madvise(segment, limits::list_file_step_bytes, MADV_DONTNEED);
}

std::uint64_t ListMemory::heap_bytes() const {
  std::scoped_lock const lock(mutex_);
  return heap_used_;
}

std::uint64_t ListMemory::file_bytes() const {
  std::scoped_lock const lock(mutex_);
  return segments_.size() * limits::list_file_step_bytes;
}

}  // namespace base
