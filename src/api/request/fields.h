// The fields of a request body, whatever its type: urlencoded, multipart or JSON. Names match
// without regard to case; flags and numbers may come as strings, numbers or booleans.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

class Fields {
 public:
  // Error{unsupported_media_type} for another type, {bad_input} for a body that is not of its type,
  // naming the field if one is at fault.
  static Fields parse(std::string_view content_type, std::string_view body);

  // The one value; empty if the field is absent or empty. Error{bad_input}, which names the field,
  // if it has several values or is no UTF-8 text.
  std::string text(std::string_view name) const;
  // All values: repeated keys, `name[]`, `name[0]`, a JSON list. Empty ones are left out.
  std::vector<std::string> list(std::string_view name) const;
  // The next three are nullopt, or the fallback, if the field is absent or empty; see
  // loose_values.h for how they may be written.
  bool flag(std::string_view name, bool fallback) const;
  std::optional<double> number(std::string_view name) const;
  // A whole number that is not negative.
  std::optional<std::uint64_t> count(std::string_view name) const;

  // The first field that asks for a zip with a password, as it is spelled; empty if none does.
  std::string const& protection() const { return protection_; }

 private:
  struct Values {
    std::vector<std::string> texts;
    bool structured = false;  // a JSON object, or a list of anything but texts
  };
  void add(std::string_view name, std::string value);
  void note_protection(std::string_view name, std::string_view value);
  void add_json(std::string_view body);
  Values const* find(std::string_view name, std::string_view wanted) const;

  std::map<std::string, Values, std::less<>> values_;  // names in lower case
  std::string protection_;
};

}  // namespace api
