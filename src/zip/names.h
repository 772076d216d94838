// The names of entries: how a key becomes a name inside the zip, and how names are kept apart. All
// rules are here; docs/inside/zip-format.md lists them for users. Pure: the same names in the same
// order give the same result on any machine.
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

// Makes a whole path safe. A '/' at its end, the mark of a directory, is kept.
//
// Both rules: a leading drive letter loses its colons; backslashes and control characters (C0, DEL,
// C1) become '_', and so does a segment "..".
// exact: leading slashes go; all other bytes stay, invalid UTF-8 too.
// portable: one leading slash goes; empty and "." segments, and each of : * ? " < > |, become '_';
// invalid UTF-8 becomes U+FFFD; a segment that ends in a dot or a space gets a '_' at its end, one
// that Windows reserves (CON, nul.txt, COM1 …) at the end of its stem; a segment longer than 255
// bytes is shortened to that in its stem, so that its extension stays.
//
// An empty result becomes "_". A name over max_name_bytes loses its innermost folders, then the end
// of its last segment's stem. Every key gets a name.
std::string clean_name(std::string_view raw, NameRule rule);

// A name for messages: valid UTF-8, and only the beginning of a long one.
std::string shown_name(std::string_view name);

// Unicode's caseless form of a text, composed; a text that is not UTF-8 stays as it is.
std::string caseless(std::string_view text);

// Keeps the names of one archive apart. Portable names are the same when their case-folded NFC
// forms are (Windows and macOS unpack them over each other), exact ones when their bytes are.
//
// Holds 16 bytes for each name and folder, in tables that are at least 7/16 full. Two different
// names with one fingerprint (2^-128) would cost a needless "(2)", never a file.
class NameSet {
 public:
  explicit NameSet(NameRule rule) : rule_(rule) {}

  // Remembers the folders that a cleaned name is in, and the folder that a directory is. The caller
  // notes all names of the archive before the first call of unique().
  void note_folders(std::string_view name);

  // The name, changed if it is taken: the second "name.ext" becomes "name (2).ext", with the next
  // free number, and so does a file with the name of a folder. Folders and stem are cut as in
  // clean_name() if the longer name would pass its limits. nullopt for a directory that the archive
  // already has.
  std::optional<std::string> unique(std::string_view name);

  std::size_t memory_bytes() const;

 private:
  std::string comparable(std::string_view name) const;
  bool claim_file(std::string_view name);

  NameRule rule_;
  base::FingerprintSet folders_;      // folders that names are in, or that are directory entries
  base::FingerprintSet files_;        // names given out
  base::FingerprintSet directories_;  // directory entries given out
  std::string last_folder_;           // noted last; names of one folder come in a row
  // The next number to try for a name that was taken, so that 100,000 equal names need 100,000
  // steps.
  std::map<base::Fingerprint, std::uint32_t> next_number_;
};

}  // namespace zip
