// A JSON object of a request to the native API, read strictly: a value of the wrong type or out of
// range, and a field that nothing asked for, are errors that name the field by its path,
// "sources[3].name". A field that is null counts as absent.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

namespace api {

// A request's body, which must be an object. Error{bad_input}.
boost::json::object parse_body(std::string_view text);

class JsonItem;

// Borrows the value, which outlives it. All but check_all_known() throw Error{bad_input} that names
// the field.
class JsonObject {
 public:
  // `path`: that of the object itself, such as "target"; empty for the body.
  JsonObject(boost::json::object const& object, std::string path)
      : object_(object), path_(std::move(path)) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Empty if the field is absent.
  std::string text(std::string_view name) const;
  // The index of the text among the choices; 0 if the field is absent.
  std::size_t choice(std::string_view name, std::initializer_list<std::string_view> choices) const;
  bool flag(std::string_view name, bool fallback) const;
  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least,
                                      std::uint64_t most) const;
  std::optional<JsonObject> object(std::string_view name) const;
  // A list's items; none if the field is absent.
  std::vector<JsonItem> items(std::string_view name) const;
  // A list of texts, none of them empty.
  std::vector<std::string> texts(std::string_view name) const;
  // An object's fields, each a text.
  std::vector<std::pair<std::string, std::string>> text_fields(std::string_view name) const;

  std::string path_of(std::string_view name) const;
  // Call when all fields have been asked for: Error{bad_input} for one that has not.
  void check_all_known() const;

 private:
  boost::json::value const* find(std::string_view name) const;

  boost::json::object const& object_;
  std::string path_;
  mutable std::set<std::string, std::less<>> known_;
};

// An item of a list.
class JsonItem {
 public:
  JsonItem(boost::json::value const& value, std::string path)
      : value_(value), path_(std::move(path)) {}

  std::string const& path() const { return path_; }
  bool is_text() const { return value_.is_string(); }
  std::string text() const;  // not empty
  JsonObject object() const;

 private:
  boost::json::value const& value_;
  std::string path_;
};

// Throws Error{bad_input}, which begins with the field's path.
[[noreturn]] void refuse_field(std::string_view path, std::string_view why);

}  // namespace api
