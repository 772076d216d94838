// Erases memory before it is freed: secrets pass through strings of many kinds (request bodies,
// JSON, header lines), and what is freed would stay readable, in a core dump say, until something
// else happens to lie there. Linked into the program only, for all of its code.
//
// Large blocks are not erased: they hold the objects' bytes, which pass at full speed. Who keeps a
// large text with secrets uses base::Secret. The sanitizers bring a heap of their own.
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string.h>

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) && \
    !__has_feature(memory_sanitizer)

namespace {

constexpr std::size_t largest_erased = 64 * 1024;

void erase_and_free(void* block) noexcept {
  if (block == nullptr) return;
  std::size_t const size = malloc_usable_size(block);
  if (size <= largest_erased) explicit_bzero(block, size);
  std::free(block);
}

}  // namespace

void operator delete(void* block) noexcept {
  erase_and_free(block);
}
void operator delete[](void* block) noexcept {
  erase_and_free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  erase_and_free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  erase_and_free(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  erase_and_free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  erase_and_free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  erase_and_free(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  erase_and_free(block);
}

#endif
