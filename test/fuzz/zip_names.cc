// Keys of any bytes become names: safe ones, which the rules leave alone from then on.
#include "base/error.h"
#include "base/text.h"
#include "fuzzer.h"
#include "zip/format.h"
#include "zip/names.h"

#include <vector>

namespace {

void require_safe(std::string_view name, zip::NameRule rule) {
  fuzz::require(!name.empty() && name.size() <= zip::max_name_bytes, "a name has a length");
  fuzz::require(!name.starts_with('/'), "a name is relative");
  for (char const c : name)
    fuzz::require(c != '\\' && (static_cast<unsigned char>(c) >= ' ') && c != 0x7F,
                  "a name has no backslash and no control character");
  if (name.ends_with('/')) name.remove_suffix(1);
  for (std::string_view const segment : base::split(name, '/')) {
    fuzz::require(segment != "..", "a name does not go up");
    if (rule == zip::NameRule::exact) continue;
    fuzz::require(!segment.empty() && segment != ".", "a portable name has no empty segment");
    fuzz::require(segment.size() <= 255, "a portable segment fits a file system");
    fuzz::require(segment.find_first_of(":*?\"<>|") == std::string_view::npos,
                  "a portable name has no character that Windows refuses");
    fuzz::require(!segment.ends_with('.') && !segment.ends_with(' '),
                  "a portable segment ends in neither dot nor space");
  }
  if (rule == zip::NameRule::portable) fuzz::require(base::is_utf8(name), "it is UTF-8");
}

// One name a line, as one archive has them.
void run_rule(std::string_view input, zip::NameRule rule) {
  std::vector<std::string> cleaned;
  zip::NameSet names(rule);
  while (!input.empty() && cleaned.size() < 50) {
    std::string name;
    try {
      name = clean_name(fuzz::take_line(input), rule);
    } catch (base::Error const& error) {
      fuzz::require(error.fault() == base::Fault::bad_input, "a name too long is bad input");
      continue;
    }
    require_safe(name, rule);
    fuzz::require(clean_name(name, rule) == name, "a clean name stays");
    names.note_folders(name);
    cleaned.push_back(name);
  }
  zip::NameSet given(zip::NameRule::exact);
  for (std::string const& name : cleaned) {
    auto const final_name = names.unique(name);
    if (!final_name) continue;
    require_safe(*final_name, rule);
    fuzz::require(given.unique(*final_name) == final_name, "no name is given twice");
  }
}

void run(std::string_view input) {
  run_rule(input, zip::NameRule::portable);
  run_rule(input, zip::NameRule::exact);
}

fuzz::Registered const registered("zip_names", run);

}  // namespace
