#include "archive/key_rules.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace archive {
namespace {

// Bytes of the UTF-8 character at the front; 1 if there is none.
std::size_t character_size(std::string_view text) {
  auto const is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  std::size_t size = 1;
  if (static_cast<unsigned char>(text.front()) < 0xC0) return size;
  while (size < text.size() && size < 4 && is_continuation(text[size])) ++size;
  return size;
}

// "[a-z]" at the front of a glob.
struct Set {
  std::string_view members;  // between the brackets, without the '!'
  bool negated = false;
  std::size_t size = 0;  // of the whole
};

std::optional<Set> set_at(std::string_view glob) {
  Set set;
  std::size_t begin = 1;
  set.negated = glob.size() > begin && glob[begin] == '!';
  if (set.negated) ++begin;
  // A ']' right at the beginning is a member.
  std::size_t const end = glob.find(']', begin + 1);
  if (end == std::string_view::npos) return std::nullopt;
  set.members = glob.substr(begin, end - begin);
  set.size = end + 1;
  return set;
}

// UTF-8 keeps the order of characters, so ranges compare as texts.
bool has(Set const& set, std::string_view character) {
  bool found = false;
  std::string_view rest = set.members;
  while (!rest.empty()) {
    std::string_view const first = rest.substr(0, character_size(rest));
    rest.remove_prefix(first.size());
    std::string_view last = first;
    if (rest.size() > 1 && rest.front() == '-') {
      rest.remove_prefix(1);
      last = rest.substr(0, character_size(rest));
      rest.remove_prefix(last.size());
    }
    found = found || (first <= character && character <= last);
  }
  return found != set.negated;
}

// The bytes of the glob and of the text that one step takes, unless it is a '*'.
struct Step {
  std::size_t glob = 0;
  std::size_t text = 0;
};

std::optional<Step> step(std::string_view glob, std::string_view text) {
  if (glob.empty() || text.empty()) return std::nullopt;
  if (glob.front() == '?') return Step{1, character_size(text)};
  if (glob.front() == '[') {
    if (auto const set = set_at(glob)) {
      std::size_t const size = character_size(text);
      if (!has(*set, text.substr(0, size))) return std::nullopt;
      return Step{set->size, size};
    }
  }
  if (glob.front() != text.front()) return std::nullopt;
  return Step{1, 1};
}

// The bytes at the front of a glob that stand for themselves.
std::string_view literal_at(std::string_view glob) {
  return glob.substr(0, glob.find_first_of("*?["));
}

// Where the text behind a '*' can go on, at the earliest: at a character where the glob's literal
// bytes are. nullopt: nowhere.
std::optional<std::string_view> next_place(std::string_view text, std::string_view glob) {
  std::string_view const literal = literal_at(glob);
  if (literal.empty()) return text;
  // In linear time, unlike std::string_view::find().
  void const* const found = memmem(text.data(), text.size(), literal.data(), literal.size());
  if (found == nullptr) return std::nullopt;
  while (text.data() < found) text.remove_prefix(character_size(text));
  return text;
}

}  // namespace

bool matches_glob(std::string_view glob, std::string_view text) {
  // The place of the last '*': it takes one character more, and the rest is tried again. Earlier
  // ones never need more.
  std::optional<std::string_view> star_glob;
  std::string_view star_text;
  while (!text.empty()) {
    if (!glob.empty() && glob.front() == '*') {
      glob.remove_prefix(1);
      star_glob = glob;
      star_text = text;
    } else if (auto const taken = step(glob, text)) {
      glob.remove_prefix(taken->glob);
      text.remove_prefix(taken->text);
    } else if (star_glob) {
      star_text.remove_prefix(character_size(star_text));
      auto const place = next_place(star_text, *star_glob);
      if (!place) return false;
      glob = *star_glob;
      star_text = text = *place;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*') == std::string_view::npos;
}

bool takes(std::vector<KeyRule> const& rules, std::string_view key) {
  if (rules.empty()) return true;
  auto const matches = [key](KeyRule const& rule) { return matches_glob(rule.glob, key); };
  auto const last = std::find_if(rules.rbegin(), rules.rend(), matches);
  return last == rules.rend() ? !rules.front().include : last->include;
}

}  // namespace archive
