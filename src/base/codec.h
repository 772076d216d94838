// A compact binary form for records in the database: whole numbers as LEB128 varints, texts behind
// their length. The reader checks every bound: a damaged record is an error, never a wrong read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

class Encoder {
 public:
  void number(std::uint64_t value);
  void signed_number(std::int64_t value);  // zigzag
  void text(std::string_view value);
  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }

 private:
  std::string out_;
};

// Texts point into `bytes`. Every call throws Error{corrupt} if the bytes end early.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number();
  std::int64_t signed_number();
  std::string_view text();
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace base
