// The rules of API.md's "Names inside the zip", one small function each.
#include "zip/names.h"

#include "base/error.h"
#include "base/text.h"
#include "base/visible_text.h"
#include "zip/format.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <utf8proc.h>

namespace zip {
namespace {

// Linux, macOS and Windows all take a segment of this size: 255 bytes, or UTF-16 units, which are
// never more.
constexpr std::size_t max_segment_bytes = 255;
// A longer "extension" is a sentence with a dot in it.
constexpr std::size_t max_extension_bytes = 17;
// Room for " (4294967295)" if a stem must be shortened for its number. It is the same for all
// numbers, so that names that differ only in their cut-off parts share one count.
constexpr std::size_t number_room_bytes = 13;

// A segment as "stem" and ".extension"; the latter may be empty.
struct Segment {
  std::string_view stem;
  std::string_view extension;
};

Segment split_extension(std::string_view segment) {
  std::size_t const dot = segment.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {segment, {}};
  std::string_view const extension = segment.substr(dot);
  bool const plausible = extension.size() >= 2 && extension.size() <= max_extension_bytes &&
                         extension.find(' ') == std::string_view::npos;
  if (!plausible) return {segment, {}};
  return {segment.substr(0, dot), extension};
}

// The longest prefix of at most `max_bytes` that ends between two UTF-8 sequences.
std::string_view cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  auto const is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  while (max_bytes > 0 && is_continuation(text[max_bytes])) --max_bytes;
  return text.substr(0, max_bytes);
}

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Removes the root that would make the path absolute.
void strip_root(std::string& path, NameRule rule) {
  std::size_t const slashes = std::min(path.find_first_not_of('/'), path.size());
  path.erase(0, rule == NameRule::exact ? slashes : std::min<std::size_t>(slashes, 1));
  // All colons go: the rest must not be a drive again.
  if (path.empty() || !is_letter(path[0])) return;
  while (path.size() > 1 && path[1] == ':') path.erase(1, 1);
}

// U+0080 to U+009F are two bytes in UTF-8, C2 80 to C2 9F.
bool is_c1_control(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) >= 0x80 &&
         static_cast<unsigned char>(text[1]) <= 0x9F;
}

std::string replace_characters(std::string_view path, NameRule rule) {
  constexpr std::string_view refused_by_windows = ":*?\"<>|";
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    char const c = path[i];
    if (is_c1_control(path.substr(i))) {
      out += '_';
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') {
      out += '_';
    } else if (rule == NameRule::portable && refused_by_windows.find(c) != std::string_view::npos) {
      out += '_';
    } else {
      out += c;
    }
  }
  return out;
}

// Windows opens a device by its name, whatever follows the first dot and in any folder (Microsoft,
// "Naming files, paths and namespaces").
bool is_reserved(std::string_view stem) {
  constexpr std::array<std::string_view, 6> devices{"con", "prn",    "aux",
                                                    "nul", "conin$", "conout$"};
  constexpr std::array<std::string_view, 13> ports{"0", "1", "2", "3",      "4",      "5",     "6",
                                                   "7", "8", "9", "\u00B9", "\u00B2", "\u00B3"};
  if (stem.empty() || std::string_view("cCpPaAnNlL").find(stem[0]) == std::string_view::npos)
    return false;
  std::string const name = base::to_lower(stem.substr(0, stem.find_last_not_of(' ') + 1));
  if (std::find(devices.begin(), devices.end(), name) != devices.end()) return true;
  if (!name.starts_with("com") && !name.starts_with("lpt")) return false;
  return std::find(ports.begin(), ports.end(), std::string_view(name).substr(3)) != ports.end();
}

bool ends_badly(std::string_view segment) {
  return segment.ends_with('.') || segment.ends_with(' ');
}

std::string portable_segment(std::string_view text) {
  if (text.empty() || text == "." || text == "..") return "_";
  std::string segment(text);
  std::size_t const stem_end = std::min(segment.find('.'), segment.size());
  if (is_reserved(std::string_view(segment).substr(0, stem_end))) segment.insert(stem_end, 1, '_');
  if (ends_badly(segment)) segment += '_';
  if (segment.size() <= max_segment_bytes) return segment;
  auto const [stem, extension] = split_extension(segment);
  std::string shortened(cut(stem, max_segment_bytes - extension.size()));
  shortened += extension;
  if (ends_badly(shortened)) shortened.back() = '_';
  return shortened;
}

// Printable ASCII that both rules leave alone, the slash aside.
constexpr std::array<bool, 256> plain_characters = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = ' '; c <= '~'; ++c) plain[c] = true;
  for (char const c : std::string_view("/\\:*?\"<>|")) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}();

bool is_plain_segment(std::string_view segment) {
  constexpr std::size_t longest_device = 7;  // "conout$"
  std::string_view const stem = segment.substr(0, segment.find('.'));
  bool const may_be_device = stem.size() <= longest_device || stem.ends_with(' ');
  return !segment.empty() && !ends_badly(segment) && segment.size() <= max_segment_bytes &&
         !(may_be_device && is_reserved(stem));
}

// Whether a name is of the common kind that no rule changes. Never true by mistake.
bool is_plain(std::string_view name) {
  if (name.ends_with('/')) name.remove_suffix(1);
  if (name.size() >= max_name_bytes) return false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (plain_characters[static_cast<unsigned char>(name[i])]) continue;
    if (name[i] != '/' || !is_plain_segment(name.substr(begin, i - begin))) return false;
    begin = i + 1;
  }
  return is_plain_segment(name.substr(begin));
}

std::string clean_segment(std::string_view segment, NameRule rule) {
  if (rule == NameRule::portable) return portable_segment(segment);
  return std::string(segment == ".." ? "_" : segment);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

struct Free {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

}  // namespace

std::string caseless(std::string_view text) {
  if (is_ascii(text)) return base::to_lower(text);
  utf8proc_uint8_t* mapped = nullptr;
  utf8proc_ssize_t const size = utf8proc_map(
      base::as_bytes(text).data(), static_cast<utf8proc_ssize_t>(text.size()), &mapped,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  std::unique_ptr<utf8proc_uint8_t, Free> const owner(mapped);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return std::string(text);
  return {owner.get(), owner.get() + size};
}

namespace {

// The name in at most `most_bytes`. Whole folders go, the innermost first, then the last segment's
// stem is cut: the rest of each segment stays as it was cleaned.
std::string fitted(std::string_view name, std::size_t most_bytes) {
  if (name.size() <= most_bytes) return std::string(name);
  std::string_view const slash = name.ends_with('/') ? "/" : "";
  name.remove_suffix(slash.size());
  most_bytes -= slash.size();
  std::size_t const folders_size = name.rfind('/') + 1;  // npos + 1 is 0
  std::string_view const last = name.substr(folders_size);
  std::string_view folders = name.substr(0, folders_size);
  while (!folders.empty() &&
         folders.size() + std::min(last.size(), max_segment_bytes) > most_bytes) {
    folders.remove_suffix(1);
    folders = folders.substr(0, folders.rfind('/') + 1);
  }
  auto const [stem, extension] = split_extension(last);
  std::string out(folders);
  out += cut(stem, most_bytes - folders.size() - extension.size());
  strip_root(out, NameRule::exact);  // the first segment of now may look like a drive
  return out.append(extension).append(slash);
}

}  // namespace

std::string clean_name(std::string_view raw, NameRule rule) {
  if (is_plain(raw)) return std::string(raw);
  bool const directory = raw.ends_with('/');
  std::string path = rule == NameRule::portable ? base::to_utf8(raw) : std::string(raw);
  strip_root(path, rule);
  if (directory && path.ends_with('/')) path.pop_back();
  path = replace_characters(path, rule);

  std::string name;
  name.reserve(path.size() + 1);
  for (std::string_view const segment : base::split(path, '/')) {
    name += clean_segment(segment, rule);
    name += '/';
  }
  if (name == "/") name = "_/";
  if (!directory) name.pop_back();
  return fitted(name, max_name_bytes);
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t shown_bytes = 200;
  if (name.size() <= shown_bytes) return base::visible(name);
  return base::visible(cut(name, shown_bytes)) + "…";
}

void NameSet::note_folders(std::string_view name) {
  std::size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) return;
  if (name.substr(0, slash) == last_folder_) return;
  last_folder_ = name.substr(0, slash);
  std::string folder = comparable(last_folder_);
  // If a folder is known, so are its parents.
  while (folders_.insert(base::fingerprint(folder))) {
    slash = folder.rfind('/');
    if (slash == std::string::npos) return;
    folder.resize(slash);
  }
}

std::optional<std::string> NameSet::unique(std::string_view name) {
  if (name.ends_with('/')) {
    std::string const folder = comparable(name.substr(0, name.size() - 1));
    if (!directories_.insert(base::fingerprint(folder))) return std::nullopt;
    return std::string(name);
  }
  if (claim_file(name)) return std::string(name);

  std::string const taken = fitted(name, max_name_bytes - number_room_bytes);
  if (taken.size() < name.size()) note_folders(taken);
  std::size_t const folder_size = taken.rfind('/') + 1;  // npos + 1 is 0
  std::string begin = taken.substr(0, folder_size);
  auto const [stem, extension] = split_extension(std::string_view(taken).substr(folder_size));
  if (rule_ == NameRule::portable) {
    begin += cut(stem, max_segment_bytes - extension.size() - number_room_bytes);
  } else {
    begin += stem;
  }

  std::string const countable = comparable(begin + std::string(extension));
  std::uint32_t& number = next_number_.try_emplace(base::fingerprint(countable), 2U).first->second;
  for (;;) {
    std::string candidate = fmt::format("{} ({}){}", begin, number++, extension);
    if (claim_file(candidate)) return candidate;
  }
}

std::size_t NameSet::memory_bytes() const {
  // A map's node: the value, three pointers and a colour, and malloc's own 16 bytes.
  std::size_t const node = sizeof(decltype(next_number_)::value_type) + 48;
  return folders_.memory_bytes() + files_.memory_bytes() + directories_.memory_bytes() +
         next_number_.size() * node;
}

std::string NameSet::comparable(std::string_view name) const {
  return rule_ == NameRule::portable ? caseless(name) : std::string(name);
}

bool NameSet::claim_file(std::string_view name) {
  base::Fingerprint const print = base::fingerprint(comparable(name));
  return !folders_.contains(print) && files_.insert(print);
}

}  // namespace zip
