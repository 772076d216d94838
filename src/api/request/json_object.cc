#include "api/request/json_object.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace api {

namespace json = boost::json;

namespace {

std::string text_of(json::value const& value, std::string_view path) {
  if (!value.is_string()) refuse_field(path, "must be a text");
  return std::string(value.get_string());
}

json::object const& object_of(json::value const& value, std::string_view path) {
  if (!value.is_object()) refuse_field(path, "must be an object");
  return value.get_object();
}

}  // namespace

json::object parse_body(std::string_view text) {
  json::value parsed = base::parse_json(text, "the body");
  if (!parsed.is_object()) throw base::Error(base::Fault::bad_input, "the body must be an object");
  return std::move(parsed.get_object());
}

void refuse_field(std::string_view path, std::string_view why) {
  throw base::Error(base::Fault::bad_input, fmt::format("{} {}", path, why));
}

std::string JsonObject::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

json::value const* JsonObject::find(std::string_view name) const {
  known_.emplace(name);
  json::value const* const value = object_.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string JsonObject::text(std::string_view name) const {
  json::value const* const value = find(name);
  return value == nullptr ? "" : text_of(*value, path_of(name));
}

std::size_t JsonObject::choice(std::string_view name,
                               std::initializer_list<std::string_view> choices) const {
  json::value const* const value = find(name);
  if (value == nullptr) return 0;
  auto const found = std::ranges::find(choices, text_of(*value, path_of(name)));
  if (found == choices.end())
    refuse_field(path_of(name), fmt::format("must be one of: {}", fmt::join(choices, ", ")));
  return static_cast<std::size_t>(found - choices.begin());
}

bool JsonObject::flag(std::string_view name, bool fallback) const {
  json::value const* const value = find(name);
  if (value == nullptr) return fallback;
  if (!value->is_bool()) refuse_field(path_of(name), "must be true or false");
  return value->get_bool();
}

std::optional<std::uint64_t> JsonObject::number(std::string_view name, std::uint64_t least,
                                                std::uint64_t most) const {
  json::value const* const value = find(name);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  auto const number = value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  if (!value->is_number() || error || number < least || number > most)
    refuse_field(path_of(name), fmt::format("must be a whole number from {} to {}", least, most));
  return number;
}

std::optional<JsonObject> JsonObject::object(std::string_view name) const {
  json::value const* const value = find(name);
  if (value == nullptr) return std::nullopt;
  std::string path = path_of(name);
  json::object const& object = object_of(*value, path);
  return JsonObject(object, std::move(path));
}

std::vector<JsonItem> JsonObject::items(std::string_view name) const {
  json::value const* const value = find(name);
  if (value == nullptr) return {};
  if (!value->is_array()) refuse_field(path_of(name), "must be a list");
  std::vector<JsonItem> items;
  for (json::value const& item : value->get_array())
    items.emplace_back(item, fmt::format("{}[{}]", path_of(name), items.size()));
  return items;
}

std::vector<std::string> JsonObject::texts(std::string_view name) const {
  std::vector<std::string> texts;
  for (JsonItem const& item : items(name)) texts.push_back(item.text());
  return texts;
}

std::vector<std::pair<std::string, std::string>> JsonObject::text_fields(
    std::string_view name) const {
  json::value const* const value = find(name);
  if (value == nullptr) return {};
  std::vector<std::pair<std::string, std::string>> fields;
  for (auto const& [key, text] : object_of(*value, path_of(name)))
    fields.emplace_back(key, text_of(text, fmt::format("{}.{}", path_of(name), key)));
  return fields;
}

void JsonObject::check_all_known() const {
  for (auto const& field : object_) {
    if (known_.contains(field.key())) continue;
    std::string const name = base::in_quotes(std::string_view(field.key()));
    refuse_field(path_.empty() ? "the body" : path_, fmt::format("has no field {}", name));
  }
}

std::string JsonItem::text() const {
  std::string text = text_of(value_, path_);
  if (text.empty()) refuse_field(path_, "must not be empty");
  return text;
}

JsonObject JsonItem::object() const {
  return {object_of(value_, path_), path_};
}

}  // namespace api
