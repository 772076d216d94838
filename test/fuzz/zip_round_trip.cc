// Entries of any kind, written by our writer: the strict check passes the archive and lists what
// was meant; after a change of any byte it refuses it.
#include "base/digest.h"
#include "base/error.h"
#include "fuzzer.h"
#include "zip/read/archive_check.h"
#include "zip/testing/sample_archives.h"

#include <set>

namespace {

std::vector<zip::SampleEntry> chosen_entries(fuzz::Choices& choices) {
  std::vector<zip::SampleEntry> entries;
  std::set<std::string> names;
  for (std::size_t count = choices.byte() % 12; count > 0; --count) {
    zip::SampleEntry entry;
    entry.form = static_cast<zip::Form>(choices.byte() % 3);
    entry.modified = static_cast<std::int64_t>(choices.number(5)) - (std::int64_t{1} << 36);
    entry.name = choices.text(1 + choices.byte() % 40);
    // Neither is ever a name: clean_name() sees to it.
    std::erase(entry.name, '\0');
    while (entry.name.ends_with('/')) entry.name.pop_back();
    if (entry.name.empty()) entry.name = "_";
    if (entry.form == zip::Form::directory) {
      entry.name += '/';
    } else {
      // Around the size of a block in a few, small in most.
      std::uint8_t const kind = choices.byte();
      std::size_t const size = kind < 250 ? kind : 65'530 + choices.byte() % 10;
      entry.content = choices.text(8) + std::string(size, 'x');
    }
    if (names.insert(entry.name).second) entries.push_back(std::move(entry));
  }
  return entries;
}

void require_same(zip::ListedEntry const& listed, zip::SampleEntry const& entry) {
  fuzz::require(listed.name == entry.name, "the name is listed");
  fuzz::require(listed.size == entry.content.size(), "the size is listed");
  fuzz::require(listed.crc == base::crc32(0, entry.content), "the CRC-32 is listed");
  if (listed.has_timestamp) fuzz::require(listed.modified == entry.modified, "the time is listed");
  bool const holds = entry.modified >= 0 && entry.modified <= INT32_MAX;
  fuzz::require(listed.has_timestamp == holds, "a time that a timestamp can hold has one");
}

bool passes(std::string_view archive) {
  try {
    check_archive(zip::source_of(archive));
    return true;
  } catch (base::Error const&) {
    return false;
  }
}

void run(std::string_view input) {
  fuzz::Choices choices(input);
  std::uint64_t const place = choices.number(4);
  std::uint8_t const change = choices.byte();
  std::vector<zip::SampleEntry> const entries = chosen_entries(choices);
  std::string archive = sample_archive(entries);
  std::vector<zip::ListedEntry> const listed = check_archive(zip::source_of(archive));
  fuzz::require(listed.size() == entries.size(), "all entries are listed");
  for (std::size_t i = 0; i < entries.size(); ++i) require_same(listed[i], entries[i]);
  if (change == 0) return;
  char& byte = archive[place % archive.size()];
  byte = static_cast<char>(byte + change);
  fuzz::require(!passes(archive), "a changed byte is seen");
}

fuzz::Registered const registered("zip_round_trip", run);

}  // namespace
