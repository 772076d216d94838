// The records of a CSV file (RFC 4180), in whatever pieces its bytes come: fields in quotes may
// hold commas, line feeds and doubled quotes. Lines end in LF or CRLF. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

class CsvRecords {
 public:
  using Fields = std::vector<std::string>;
  // A record and the line, from 1, that it begins on.
  using Take = std::function<void(Fields& fields, std::uint64_t line)>;

  // `most_bytes`: the bound of one record. Messages begin with "NAME line N: ".
  CsvRecords(std::string name, std::size_t most_bytes)
      : name_(std::move(name)), most_bytes_(most_bytes) {}

  // Error{bad_input}: a quote where none belongs, or a record too long. Blank lines are passed
  // over.
  void feed(std::string_view bytes, Take const& take);
  void finish(Take const& take);
  std::uint64_t line() const { return line_; }  // the one at hand

 private:
  enum class Place : std::uint8_t { field_start, unquoted, quoted, after_quote };

  void add(char c, Take const& take);
  void end_field();
  void end_record(Take const& take);
  [[noreturn]] void refuse(std::string_view why) const;

  std::string name_;
  std::size_t most_bytes_;
  Place place_ = Place::field_start;
  Fields fields_;
  std::string field_;
  std::size_t record_bytes_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t record_line_ = 1;
  bool was_quoted_ = false;  // the field at hand
};

}  // namespace archive
