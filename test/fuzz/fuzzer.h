// A fuzzer: what is done with one input, and what must be true of it whatever the input is. Each
// file NAME.cc of this folder registers one of that name. Linked with libfuzzer.cc it is a program
// that looks for inputs (./dev fuzz NAME); linked with replay.cc, all of them together are a test
// that goes through the inputs kept in corpus/ (ctest: fuzz.seeds).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct Fuzzer {
  std::string_view name;
  void (*run)(std::string_view input);
};

// All that are linked in.
std::vector<Fuzzer>& fuzzers();

class Registered {
 public:
  Registered(std::string_view name, void (*run)(std::string_view)) {
    fuzzers().push_back({name, run});
  }
};

// Stops the program, which is what a finding is, and prints `what` is not so.
void require(bool condition, char const* what);

// Cuts the first line off `input`; all of it where there is only one. Inputs of several parts are
// texts that a person can write: corpus/ holds them.
std::string_view take_line(std::string_view& input);

// Bytes of an input as they decide something: 0 once there are no more.
class Choices {
 public:
  explicit Choices(std::string_view input) : rest_(input) {}
  std::uint8_t byte();
  std::uint64_t number(std::size_t bytes);
  std::string text(std::size_t size);  // what is left of them where there are fewer
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace fuzz
