#include "sandbox/toml_fields.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>

namespace sandbox {

toml::node const* TomlFields::take(std::string_view key) {
  read_.emplace(key);
  return table_.get(key);
}

void TomlFields::reject(std::string_view key, std::string_view problem) const {
  throw base::Error(base::Fault::config, fmt::format("{}: {}: {}", where_, key, problem));
}

void TomlFields::reject_unread(std::string_view what) const {
  for (auto const& [key, value] : table_) {
    if (!read_.contains(key.str())) reject(key.str(), fmt::format("{} has no such key", what));
  }
}

std::optional<std::string> TomlFields::text(std::string_view key) {
  toml::node const* const node = take(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_string()) reject(key, "must be a text");
  return node->value<std::string>();
}

std::optional<bool> TomlFields::truth(std::string_view key) {
  toml::node const* const node = take(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_boolean()) reject(key, "must be true or false");
  return node->value<bool>();
}

std::optional<double> TomlFields::real(std::string_view key) {
  toml::node const* const node = take(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_number()) reject(key, "must be a number");
  return node->value<double>();
}

std::optional<std::int64_t> TomlFields::integer(std::string_view key) {
  toml::node const* const node = take(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_integer()) reject(key, "must be a whole number");
  return node->value<std::int64_t>();
}

std::optional<std::uint64_t> TomlFields::size(std::string_view key) {
  toml::node const* const node = take(key);
  if (node == nullptr) return std::nullopt;
  std::optional<std::uint64_t> bytes;
  if (auto const number = node->value<std::int64_t>(); node->is_integer() && *number >= 0)
    bytes = static_cast<std::uint64_t>(*number);
  if (auto const words = node->value<std::string>(); node->is_string())
    bytes = base::parse_size(*words);
  if (!bytes) reject(key, "must be a number of bytes, such as 65536 or \"64 KiB\"");
  return bytes;
}

std::vector<std::string> TomlFields::texts(std::string_view key) {
  toml::node const* const node = take(key);
  if (node == nullptr) return {};
  if (node->is_string()) return {*node->value<std::string>()};
  std::vector<std::string> found;
  if (toml::array const* const list = node->as_array()) {
    for (toml::node const& item : *list) {
      if (!item.is_string()) reject(key, "must be a text or a list of texts");
      found.push_back(*item.value<std::string>());
    }
  }
  if (found.empty()) reject(key, "must be a text or a list of texts");
  return found;
}

bool TomlFields::is_text(std::string_view key, std::string_view text) {
  toml::node const* const node = table_.get(key);
  if (node == nullptr || !node->is_string() || *node->value<std::string>() != text) return false;
  read_.emplace(key);
  return true;
}

}  // namespace sandbox
