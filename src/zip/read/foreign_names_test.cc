#include "zip/read/foreign_names.h"

#include <gtest/gtest.h>

namespace zip {
namespace {

constexpr unsigned dos = 0, unix_system = 3, ntfs = 10;

std::string readable(std::string name, unsigned system = dos, std::uint16_t flags = 0) {
  ListedEntry entry;
  entry.name = std::move(name);
  entry.version_made_by = static_cast<std::uint16_t>(system << 8U | 20U);
  entry.flags = flags;
  return readable_name(entry);
}

TEST(ReadableName, is_of_code_page_437_unless_it_is_utf8) {
  EXPECT_EQ(readable("plain.txt"), "plain.txt");
  EXPECT_EQ(readable("Gr\x81\xE1"
                     "e.txt"),
            "Grüße.txt");
  EXPECT_EQ(readable("\x80\xFF\xE3\xB0"), "Ç\u00A0π░") << "the ends, two and three bytes";
  EXPECT_EQ(readable("\x81", unix_system), "ü");
  EXPECT_EQ(readable("Grüße.txt"), "Grüße.txt") << "UTF-8 that does not say so";
  EXPECT_EQ(readable("Grüße.txt", dos, 1U << 11U), "Grüße.txt");
}

TEST(ReadableName, has_folders_where_windows_wrote_backslashes) {
  EXPECT_EQ(readable("a\\b\\c.txt"), "a/b/c.txt");
  EXPECT_EQ(readable("a\\", ntfs), "a/") << "a directory";
  EXPECT_EQ(readable("..\\x"), "../x") << "so that it is seen to lead out";
  EXPECT_EQ(readable("a\\b", unix_system), "a\\b") << "a character like any";
}

}  // namespace
}  // namespace zip
