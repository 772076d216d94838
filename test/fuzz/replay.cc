// Runs every fuzzer once over each input that is kept for it: fuzz_replay CORPUS [NAME]
//
// CORPUS/NAME/ holds the inputs of the fuzzer NAME: texts as they are, and .hex files, which are
// hex digits with white space and comments ('#' to the end of the line). Prints the input it is at,
// so that the last line names the one at fault.
//
//   fuzz_replay --unhex FILE    prints the bytes that a .hex file stands for
#include "fuzzer.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

std::string contents(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string from_hex(std::string_view text) {
  std::string digits;
  while (!text.empty()) {
    std::string_view const line = fuzz::take_line(text);
    for (char const c : line.substr(0, line.find('#'))) {
      if (c != ' ') digits += c;
    }
  }
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string input_of(std::filesystem::path const& path) {
  std::string const text = contents(path);
  return path.extension() == ".hex" ? from_hex(text) : text;
}

std::size_t replay(fuzz::Fuzzer const& fuzzer, std::filesystem::path const& folder) {
  std::size_t count = 0;
  fuzzer.run("");
  for (auto const& entry : std::filesystem::directory_iterator(folder)) {
    std::cout << entry.path().string() << '\n' << std::flush;
    fuzzer.run(input_of(entry.path()));
    ++count;
  }
  fuzz::require(count > 0, "a fuzzer has inputs to begin with");
  return count;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count < 2) return 64;
  std::string_view const first = arguments[1];
  if (first == "--unhex" && argument_count == 3) {
    std::cout << input_of(arguments[2]);
    return 0;
  }
  std::size_t count = 0;
  for (fuzz::Fuzzer const& fuzzer : fuzz::fuzzers()) {
    bool const wanted = argument_count < 3 || fuzzer.name == arguments[2];
    if (wanted) count += replay(fuzzer, std::filesystem::path(first) / fuzzer.name);
  }
  std::cout << count << " inputs\n";
  return 0;
}
