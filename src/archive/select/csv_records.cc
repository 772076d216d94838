#include "archive/select/csv_records.h"

#include "base/error.h"

#include <fmt/format.h>

namespace archive {

void CsvRecords::refuse(std::string_view why) const {
  throw base::Error(base::Fault::bad_input, fmt::format("{} line {}: {}", name_, line_, why));
}

void CsvRecords::feed(std::string_view bytes, Take const& take) {
  for (char const c : bytes) add(c, take);
}

void CsvRecords::add(char c, Take const& take) {
  if (++record_bytes_ > most_bytes_) refuse(fmt::format("it has over {} bytes", most_bytes_));
  if (place_ == Place::quoted) {
    if (c == '\n') ++line_;
    if (c == '"') {
      place_ = Place::after_quote;
    } else {
      field_ += c;
    }
    return;
  }
  if (c == '\n') {
    end_record(take);
  } else if (c == ',') {
    end_field();
  } else if (c == '"') {
    if (place_ == Place::unquoted)
      refuse("a quote inside a field that does not begin with one: write \"a \"\"b\"\" c\"");
    if (place_ == Place::after_quote) field_ += '"';
    was_quoted_ = true;
    place_ = Place::quoted;
  } else if (place_ == Place::after_quote) {
    if (c != '\r') refuse("text behind a field's closing quote");
  } else {
    field_ += c;
    place_ = Place::unquoted;
  }
}

void CsvRecords::end_field() {
  fields_.push_back(std::move(field_));
  field_.clear();
  was_quoted_ = false;
  place_ = Place::field_start;
}

void CsvRecords::end_record(Take const& take) {
  // The CR of a CRLF.
  if (!was_quoted_ && field_.ends_with('\r')) field_.pop_back();
  bool const blank = fields_.empty() && field_.empty() && !was_quoted_;
  end_field();
  if (!blank) take(fields_, record_line_);
  fields_.clear();
  record_bytes_ = 0;
  record_line_ = ++line_;
}

void CsvRecords::finish(Take const& take) {
  if (place_ == Place::quoted) {
    line_ = record_line_;
    refuse("a quote that is never closed");
  }
  if (record_bytes_ > 0) end_record(take);
}

}  // namespace archive
