#include "aws/sources/ini.h"

#include "base/error.h"
#include "base/text.h"

#include <limits>

#include <fmt/format.h>

namespace aws {

using base::Error;
using base::Fault;

namespace {

[[noreturn]] void throw_line(std::string const& file, std::size_t number,
                             std::string_view problem) {
  throw Error(Fault::config, fmt::format("{}, line {}: {}", file, number, problem));
}

// A value whose lines are still coming in.
struct Open {
  std::string key;
  std::size_t indent = 0;  // of its first line
  std::size_t number = 0;  // of its first line
  std::string text;        // lines after the first begin with a line break
};

class Parser {
 public:
  explicit Parser(std::string const& file) : file_(file) {}

  void take(std::string_view line, std::size_t number);
  IniSections end();

 private:
  void begin_section(std::string_view content, std::size_t number);
  void begin_value(std::string_view content, std::size_t number);
  void end_value();
  void add(std::string key, std::string value, std::size_t number);
  void add_block();

  std::string const& file_;
  IniSections sections_;
  IniSections::mapped_type* section_ = nullptr;
  std::optional<Open> open_;
  std::size_t indent_ = std::numeric_limits<std::size_t>::max();  // of the last line that began
};

void Parser::take(std::string_view line, std::size_t number) {
  std::string_view const content = base::trim(line);
  if (content.starts_with('#') || content.starts_with(';')) return;
  if (content.empty()) {
    if (open_) open_->text += '\n';
    return;
  }
  std::size_t const indent = line.find_first_not_of(" \t");
  if (open_ && indent > open_->indent) {
    open_->text.append("\n").append(content);
    return;
  }
  end_value();
  indent_ = indent;
  if (content.starts_with('[')) {
    begin_section(content, number);
  } else {
    begin_value(content, number);
  }
}

void Parser::begin_section(std::string_view content, std::size_t number) {
  std::size_t const close = content.rfind(']');
  if (close == std::string_view::npos) throw_line(file_, number, "the ']' of a section is missing");
  std::string const name(base::trim(content.substr(1, close - 1)));
  if (name.empty()) throw_line(file_, number, "the name of a section is missing");
  auto const [at, is_new] = sections_.try_emplace(name);
  if (!is_new)
    throw_line(file_, number, fmt::format("the section [{}] is there twice", base::to_utf8(name)));
  section_ = &at->second;
}

void Parser::begin_value(std::string_view content, std::size_t number) {
  if (section_ == nullptr) throw_line(file_, number, "a value before the first [section]");
  std::size_t const delimiter = content.find_first_of("=:");
  if (delimiter == std::string_view::npos || delimiter == 0)
    throw_line(file_, number, "not like key = value");
  open_ = Open{.key = base::to_lower(base::trim(content.substr(0, delimiter))),
               .indent = indent_,
               .number = number,
               .text = std::string(base::trim(content.substr(delimiter + 1)))};
}

void Parser::end_value() {
  if (!open_) return;
  while (open_->text.ends_with('\n')) open_->text.pop_back();
  if (open_->text.starts_with('\n')) {
    add_block();
  } else {
    add(open_->key, open_->text, open_->number);
  }
  open_.reset();
}

void Parser::add(std::string key, std::string value, std::size_t number) {
  if (section_->contains(key))
    throw_line(file_, number, fmt::format("the key {} is there twice", base::to_utf8(key)));
  section_->emplace(std::move(key), std::move(value));
}

// Adds lines like "key = value" below a key without a value of its own.
void Parser::add_block() {
  add(open_->key, "", open_->number);
  for (std::string_view const line : base::split(open_->text, '\n')) {
    if (line.empty()) continue;
    std::size_t const equals = line.find('=');
    if (equals == std::string_view::npos)
      throw_line(file_, open_->number,
                 fmt::format("below {} stands what is not like key = value", open_->key));
    std::string key = fmt::format("{}.{}", open_->key, base::trim(line.substr(0, equals)));
    section_->insert_or_assign(std::move(key), std::string(base::trim(line.substr(equals + 1))));
  }
}

IniSections Parser::end() {
  end_value();
  // The section DEFAULT holds values for all sections that do not set them.
  auto const defaults = sections_.find("DEFAULT");
  if (defaults == sections_.end()) return std::move(sections_);
  auto const values = std::move(defaults->second);
  sections_.erase(defaults);
  for (auto& [name, section] : sections_) section.insert(values.begin(), values.end());
  return std::move(sections_);
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

IniSections parse_ini(std::string_view text, std::string const& file) {
  Parser parser(file);
  std::size_t number = 0;
  for (std::string_view const line : base::split(text, '\n')) parser.take(line, ++number);
  return parser.end();
}

std::optional<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (quote == '\0' && is_space(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (++i == text.size()) return std::nullopt;
      bool const is_plain = quote == '"' && text[i] != '"' && text[i] != '\\';
      if (is_plain) words.back() += '\\';
      words.back() += text[i];
    } else {
      words.back() += c;
    }
  }
  if (quote != '\0') return std::nullopt;
  return words;
}

}  // namespace aws
