// The program's heap: jemalloc, which passes blocks of 256 KiB and more on from GET to GET without
// going to the kernel for each, and takes half the time of glibc's for small ones. The sanitizers
// bring a heap of their own.
//
// Freed blocks are erased: secrets pass through strings of many kinds (request bodies, JSON, header
// lines), and would stay readable, in a core dump say, until something else happens to lie there.
// This is linked into the program only, for all of its code. Large blocks are not erased: they hold
// the objects' bytes, which pass at full speed. Code that keeps a large text with secrets uses
// base::Secret.
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string.h>

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) && \
    !__has_feature(memory_sanitizer)

// jemalloc reads this at its start. Freed pages stay until the server gives them back, now and
// then: jemalloc's own decay takes some even from a download under way, and a download that finds
// no pages of an earlier one spends half of its CPU on having them made and cleared. So there is no
// thread for that either: it was woken for many freed blocks, and held the locks that other threads
// waited for. Large pages make pages cheaper.
//
// One arena for all threads and sizes, which makes a block of free pages of any size: a block that
// one download is done with serves the next, and is still in the processor's cache. With more
// arenas each keeps as much as its threads' downloads ever needed at once. Threads seldom wait for
// the one, as each keeps freed blocks for itself, up to those of TLS.
extern "C" char const* malloc_conf;
char const* malloc_conf =
    "thp:always,narenas:1,oversize_threshold:0,lg_extent_max_active_fit:64,"
    "dirty_decay_ms:-1,muzzy_decay_ms:0,tcache_max:131072";

namespace {

constexpr std::size_t largest_erased = 64 * 1024;

void erase_and_free(void* block, std::size_t size) noexcept {
  if (size <= largest_erased) explicit_bzero(block, size);
  std::free(block);
}

void erase_and_free(void* block) noexcept {
  if (block != nullptr) erase_and_free(block, malloc_usable_size(block));
}

}  // namespace

void operator delete(void* block) noexcept {
  erase_and_free(block);
}
void operator delete[](void* block) noexcept {
  erase_and_free(block);
}
void operator delete(void* block, std::size_t size) noexcept {
  if (block != nullptr) erase_and_free(block, size);
}
void operator delete[](void* block, std::size_t size) noexcept {
  if (block != nullptr) erase_and_free(block, size);
}
void operator delete(void* block, std::align_val_t) noexcept {
  erase_and_free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  erase_and_free(block);
}
void operator delete(void* block, std::size_t size, std::align_val_t) noexcept {
  if (block != nullptr) erase_and_free(block, size);
}
void operator delete[](void* block, std::size_t size, std::align_val_t) noexcept {
  if (block != nullptr) erase_and_free(block, size);
}

#endif
