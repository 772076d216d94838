// The fields of one TOML table, read one by one: a value of a wrong kind, and a key that no call
// has read, are errors that name the table and the key.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace sandbox {

class TomlFields {
 public:
  // `table` is borrowed; `where` is its name in errors: "faults.toml: fault 3".
  TomlFields(toml::table const& table, std::string where)
      : table_(table), where_(std::move(where)) {}

  std::optional<std::string> text(std::string_view key);
  std::optional<bool> truth(std::string_view key);
  std::optional<double> real(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  // A whole number, or a text such as "8 MiB".
  std::optional<std::uint64_t> size(std::string_view key);
  // A text, or a list of texts.
  std::vector<std::string> texts(std::string_view key);
  // True where the key holds this text; any other value is left to another reader.
  bool is_text(std::string_view key, std::string_view text);

  bool has(std::string_view key) const { return table_.contains(key); }
  void reject_unread(std::string_view what) const;
  // Throws Error{config}.
  [[noreturn]] void reject(std::string_view key, std::string_view problem) const;
  void rename(std::string where) { where_ = std::move(where); }

 private:
  toml::node const* take(std::string_view key);

  toml::table const& table_;
  std::string where_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace sandbox
