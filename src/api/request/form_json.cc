#include "api/request/form_json.h"

#include "api/request/json_object.h"
#include "api/request/loose_values.h"
#include "base/text.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;

namespace {

// The fields that are no text. A form tells nothing of types.
constexpr std::array<std::string_view, 3> lists{"sources", "include", "exclude"};
constexpr std::array<std::string_view, 3> numbers{"link.hours", "split.maxBytes",
                                                  "split.maxEntries"};
constexpr std::array<std::string_view, 3> flags{"link.presign", "report.inZip", "requestPayer"};

template <std::size_t count>
bool is_among(std::array<std::string_view, count> const& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// This bounds the depth, too.
constexpr std::size_t max_name_bytes = 100;

json::value value_of(std::string_view name, std::string const& text) {
  if (!base::is_utf8(text)) refuse_field(name, "is no UTF-8");
  if (is_among(numbers, name)) {
    auto const number = loose_count(text);
    if (!number) refuse_field(name, "must be a whole number");
    return *number;
  }
  if (is_among(flags, name)) {
    auto const flag = loose_flag(text);  // a checkbox that is ticked says "on"
    if (!flag) refuse_field(name, "must be true or false");
    return *flag;
  }
  return json::string(text);
}

// The object in which the path's last segment is a field.
json::object& parent_of(json::object& root, std::string_view path) {
  json::object* object = &root;
  for (std::size_t dot = path.find('.'); dot != path.npos; dot = path.find('.')) {
    json::value& child = (*object)[path.substr(0, dot)];
    if (child.is_null()) child.emplace_object();
    if (!child.is_object()) refuse_field(path, "is a field of what is no object");
    object = &child.get_object();
    path.remove_prefix(dot + 1);
  }
  return *object;
}

void add_lines(json::value& list, std::string_view name, std::string_view text) {
  if (list.is_null()) list.emplace_array();
  for (std::string_view line : base::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) list.get_array().push_back(value_of(name, std::string(line)));
  }
}

}  // namespace

json::object form_to_json(std::span<http::Field const> fields) {
  json::object root;
  for (http::Field const& field : fields) {
    std::string_view name = field.name;
    if (name.ends_with("[]")) name.remove_suffix(2);
    if (field.value.empty()) continue;
    if (name.empty() || name.size() > max_name_bytes || !base::is_utf8(name))
      refuse_field("a field's name", "is none");
    if (is_among(lists, name)) {
      add_lines(root[name], name, field.value);
      continue;
    }
    json::object& parent = parent_of(root, name);
    json::value& value = parent[name.substr(name.rfind('.') + 1)];
    if (!value.is_null()) refuse_field(name, "is given twice");
    value = value_of(name, field.value);
  }
  return root;
}

}  // namespace api
