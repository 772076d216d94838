// The names of entries: what a key becomes inside the zip, and how names are kept apart. All rules
// are here; docs/inside/zip-format.md lists them for users. Pure: the same names in the same order
// give the same result on any machine.
//
//   1. clean_name() makes each name safe by itself;
//   2. NameSet::note_folders() hears of every cleaned name of the archive;
//   3. NameSet::unique() gives each its final name, in the order of the entries.
#pragma once

#include "base/lists/fingerprint_set.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zip {

enum class NameRule : std::uint8_t {
  portable,  // can be unpacked on Windows, macOS and Linux without losing a file
  exact,     // the key as it is, but for what would be unsafe to unpack
};

// Makes a whole path safe. A '/' at its end, which says that the entry is a directory, is kept.
//
// Both rules: a leading drive letter loses its colons; backslashes and control characters (C0, DEL,
// C1) become '_', and so does a segment "..".
// exact: leading slashes go; all other bytes stay, invalid UTF-8 too.
// portable: one leading slash goes; empty and "." segments, and each of : * ? " < > |, become '_';
// invalid UTF-8 becomes U+FFFD; a segment that ends in a dot or a space gets a '_' at its end, one
// that Windows reserves (CON, nul.txt, COM1 …) at the end of its stem; a segment longer than 255
// bytes is shortened to that in its stem, so that its extension stays.
//
// A name of nothing becomes "_". One longer than max_name_bytes loses its innermost folders, then
// the end of its last segment's stem. Whatever the key, there is a name.
std::string clean_name(std::string_view raw, NameRule rule);

// A name as messages show it: valid UTF-8, and only the beginning of a long one.
std::string shown_name(std::string_view name);

// Keeps the names of one archive apart. Portable names are the same when their case-folded NFC
// forms are (Windows and macOS unpack them over each other), exact ones when their bytes are.
//
// Holds 16 bytes for each name and folder, in tables that are at least 7/16 full. Two different
// names with one fingerprint (2^-128) would cost a needless "(2)", never a file.
class NameSet {
 public:
  explicit NameSet(NameRule rule) : rule_(rule) {}

  // Remembers the folders that a cleaned name is in and, of a directory, the folder that it is.
  // All names of the archive come here before the first goes to unique().
  void note_folders(std::string_view name);

  // The name, changed where it is taken: the second "name.ext" becomes "name (2).ext", the next
  // free number is used, and so is a file's name that a folder has. Folders and stem give way where
  // the longer name would pass the limits of clean_name(), as they do there. A directory that the
  // archive already has is nothing to add again: nullopt.
  std::optional<std::string> unique(std::string_view name);

  std::size_t memory_bytes() const;

 private:
  std::string comparable(std::string_view name) const;
  bool claim_file(std::string_view name);

  NameRule rule_;
  base::FingerprintSet folders_;      // that names are in, or that are directory entries
  base::FingerprintSet files_;        // names given out
  base::FingerprintSet directories_;  // directory entries given out
  std::string last_folder_;           // noted last; names of one folder come one after another
  // The next number to try for a name that was taken, so that 100,000 equal names need 100,000
  // steps.
  std::map<base::Fingerprint, std::uint32_t> next_number_;
};

}  // namespace zip
