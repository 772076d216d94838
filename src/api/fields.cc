#include "api/fields.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "http/forms.h"

#include <limits>

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

void Fields::add(std::string_view name, std::string value) {
  if (name.ends_with(']')) name = name.substr(0, name.find('['));
  values_[base::to_lower(name)].texts.push_back(std::move(value));
}

void Fields::add_json(std::string_view body) {
  json::value const parsed = base::parse_json(body, "the body");
  if (!parsed.is_object()) throw Error(Fault::bad_input, "the JSON body must be an object");
  for (auto const& [name, value] : parsed.get_object()) {
    Values& values = values_[base::to_lower(name)];
    if (value.is_null()) continue;
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
  std::string const value = base::to_lower(base::trim(text(name)));
  if (value.empty()) return fallback;
  if (value == "true" || value == "1" || value == "yes" || value == "on") return true;
  if (value == "false" || value == "0" || value == "no" || value == "off") return false;
  throw Error(Fault::bad_input, fmt::format("{} must be true or false", name));
}

std::optional<std::uint64_t> Fields::number(std::string_view name) const {
  std::string const value(base::trim(text(name)));
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") != std::string::npos)
    throw Error(Fault::bad_input, fmt::format("{} must be a whole number", name));
  return base::parse_uint(value).value_or(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace api
