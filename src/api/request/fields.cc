#include "api/request/fields.h"

#include "api/request/loose_values.h"
#include "api/request/protection.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "http/forms.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
using base::Error;
using base::Fault;

namespace {

// A scalar as the text that a form would carry; nullopt for a list or an object.
std::optional<std::string> scalar_text(json::value const& value) {
  switch (value.kind()) {
    case json::kind::string:
      return std::string(value.get_string());
    case json::kind::bool_:
      return std::string(value.get_bool() ? "true" : "false");
    case json::kind::int64:
      return std::to_string(value.get_int64());
    case json::kind::uint64:
      return std::to_string(value.get_uint64());
    case json::kind::double_:
      return fmt::format("{}", value.get_double());
    default:
      return std::nullopt;
  }
}

}  // namespace

Fields Fields::parse(std::string_view content_type, std::string_view body) {
  Fields fields;
  std::string const type = http::media_type(content_type);
  if (type == "application/json") {
    fields.add_json(body);
  } else if (type == "application/x-www-form-urlencoded") {
    for (http::Field& field : http::parse_urlencoded(body))
      fields.add(field.name, std::move(field.value));
  } else if (type == "multipart/form-data") {
    for (http::Field& field : http::parse_multipart(content_type, body))
      fields.add(field.name, std::move(field.value));
  } else {
    throw Error(Fault::unsupported_media_type,
                "Content-Type must be application/x-www-form-urlencoded, multipart/form-data or "
                "application/json");
  }
  return fields;
}

// A field that is left empty, or is false, asks for nothing.
void Fields::note_protection(std::string_view name, std::string_view value) {
  bool const asks = !value.empty() && !base::equals_ignoring_case(value, "false");
  if (asks && protection_.empty() && asks_for_protection(name)) protection_ = name;
}

void Fields::add(std::string_view name, std::string value) {
  note_protection(name, value);
  if (name.ends_with(']')) name = name.substr(0, name.find('['));
  values_[base::to_lower(name)].texts.push_back(std::move(value));
}

void Fields::add_json(std::string_view body) {
  json::value const parsed = base::parse_json(body, "the body");
  if (!parsed.is_object()) throw Error(Fault::bad_input, "the JSON body must be an object");
  for (auto const& [name, value] : parsed.get_object()) {
    Values& values = values_[base::to_lower(name)];
    if (value.is_null()) continue;
    note_protection(name, scalar_text(value).value_or("a list or an object"));
    if (auto text = scalar_text(value)) {
      values.texts.push_back(*std::move(text));
    } else if (value.is_array()) {
      for (json::value const& item : value.get_array()) {
        auto item_text = scalar_text(item);
        if (!item_text) values.structured = true;
        if (item_text) values.texts.push_back(*std::move(item_text));
      }
    } else {
      values.structured = true;
    }
  }
}

Fields::Values const* Fields::find(std::string_view name, std::string_view wanted) const {
  auto const found = values_.find(base::to_lower(name));
  if (found == values_.end()) return nullptr;
  if (found->second.structured)
    throw Error(Fault::bad_input, fmt::format("{} must be {}", name, wanted));
  return &found->second;
}

std::string Fields::text(std::string_view name) const {
  Values const* const values = find(name, "a text");
  if (values == nullptr || values->texts.empty()) return "";
  if (values->texts.size() > 1)
    throw Error(Fault::bad_input, fmt::format("{} must be given once", name));
  if (!base::is_utf8(values->texts.front()))
    throw Error(Fault::bad_input, fmt::format("{} is no UTF-8 text", name));
  return values->texts.front();
}

std::vector<std::string> Fields::list(std::string_view name) const {
  Values const* const values = find(name, "a text or a list of texts");
  if (values == nullptr) return {};
  std::vector<std::string> texts = values->texts;
  std::erase(texts, "");
  return texts;
}

bool Fields::flag(std::string_view name, bool fallback) const {
  std::string const value = text(name);
  if (base::trim(value).empty()) return fallback;
  auto const flag = loose_flag(value);
  if (!flag) throw Error(Fault::bad_input, fmt::format("{} must be true or false", name));
  return *flag;
}

std::optional<double> Fields::number(std::string_view name) const {
  std::string const value = text(name);
  if (base::trim(value).empty()) return std::nullopt;
  auto const number = loose_number(value);
  if (!number) throw Error(Fault::bad_input, fmt::format("{} must be a number", name));
  return number;
}

std::optional<std::uint64_t> Fields::count(std::string_view name) const {
  std::string const value = text(name);
  if (base::trim(value).empty()) return std::nullopt;
  auto const count = loose_count(value);
  if (!count) throw Error(Fault::bad_input, fmt::format("{} must be a whole number", name));
  return count;
}

}  // namespace api
