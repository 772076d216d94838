// The program around one fuzzer: libFuzzer's main() calls this for each input.
#include "fuzzer.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  // Never null: the program's own texts never are.
  std::string_view const input(size > 0 ? reinterpret_cast<char const*>(data) : "", size);
  fuzz::fuzzers().front().run(input);
  return 0;
}
