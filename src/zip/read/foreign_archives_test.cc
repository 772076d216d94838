// Archives of other programs are listed: the output of Python's zipfile and Info-ZIP's zip, as hex
// digits. They are not ours, and the strict rules say so.
#include "base/error.h"
#include "zip/read/archive_check.h"
#include "zip/read/reader.h"
#include "zip/testing/sample_archives.h"

#include <gtest/gtest.h>

namespace zip {
namespace {

constexpr std::int64_t leap_day = 1'709'210'096;  // 2024-02-29T12:34:56Z

// Python 3.11's zipfile: a stored file, a directory with a UTF-8 name, a deflated file with a
// comment; the archive has a comment, too.
constexpr std::string_view by_python =
    "504b03041400000000005c645d5886a61036050000000500000005000000612e74787468656c6c6f504b0304"
    "1400000800005c645d5800000000000000000000000003000000c3a42f504b03041400000008005c645d588f"
    "5d0e5e0600000064000000010000007aaba8a03d0000504b010214031400000000005c645d5886a610360500"
    "000005000000050000000000000000000000800100000000612e747874504b010214031400000800005c645d"
    "58000000000000000000000000030000000000000000001000ed4128000000c3a42f504b0102140314000000"
    "08005c645d588f5d0e5e06000000640000000100000009000000000000008001490000007a6120636f6d6d65"
    "6e74504b050600000000030003009c0000006e0000000e006d61646520627920507974686f6e";

// The same program, writing to a pipe: an entry with a descriptor of 8-byte sizes (force_zip64).
constexpr std::string_view by_python_to_a_pipe =
    "504b03041400080000005c645d58000000000000000000000000040014007769646501001000000000000000"
    "00000000000000000000616263504b0708c241243503000000000000000300000000000000504b0102140314"
    "00080000005c645d58c241243503000000030000000400000000000000000000008001000000007769646550"
    "4b0506000000000100010032000000510000000000";

// zip 3.0: a directory, a deflated and a stored file, with timestamps and user ids.
constexpr std::string_view by_infozip =
    "504b03040a00000000005c645d5800000000000000000000000002001c00642f5554090003f079e065c21703"
    "6b75780b000104000000000400000000504b03041400000008005c645d5879685684060000003c0000000300"
    "1c00642f665554090003f079e065f079e06575780b000104000000000400000000aba8201f0000504b03040a"
    "00000000005c645d581526dbfb010000000100000001001c00675554090003f079e065f079e06575780b0001"
    "0400000000040000000079504b01021e030a00000000005c645d580000000000000000000000000200180000"
    "00000000001000ed4100000000642f5554050003f079e06575780b000104000000000400000000504b01021e"
    "031400000008005c645d5879685684060000003c000000030018000000000001000000a4813c000000642f66"
    "5554050003f079e06575780b000104000000000400000000504b01021e030a00000000005c645d581526dbfb"
    "0100000001000000010018000000000001000000a4817f000000675554050003f079e06575780b0001040000"
    "00000400000000504b05060000000003000300d8000000bb0000000000";

// zip 3.0 from and to a pipe: deflated, 8-byte descriptor, the name "-".
constexpr std::string_view by_infozip_to_a_pipe =
    "504b03042d00080008005583765d00000000ffffffffffffffff010014002d01001000000000000000000000"
    "00000000000000ab0400504b07081526dbfb03000000000000000100000000000000504b01021e032d000800"
    "08005583765d1526dbfb03000000010000000100000000000000010000008011000000002d504b0506000000"
    "00010001002f0000004e0000000000";

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::vector<ListedEntry> listed(std::string_view digits) {
  std::string const archive = from_hex(digits);
  EXPECT_THROW(check_archive(source_of(archive)), base::Error) << "it is not ours";
  return list_archive(source_of(archive)).entries;
}

TEST(ForeignArchives, by_python) {
  auto const entries = listed(by_python);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].name, "a.txt");
  EXPECT_EQ(entries[0].size, 5U);
  EXPECT_EQ(entries[0].crc, 0x3610a686U);
  EXPECT_EQ(entries[0].unix_mode(), 0600U);
  EXPECT_EQ(entries[0].modified, leap_day);
  EXPECT_FALSE(entries[0].has_timestamp);
  EXPECT_EQ(entries[1].name, "\xC3\xA4/");
  EXPECT_TRUE(entries[1].is_directory());
  EXPECT_EQ(entries[1].unix_mode(), 040755U);
  EXPECT_EQ(entries[2].name, "z");
  EXPECT_EQ(entries[2].method, 8);
  EXPECT_EQ(entries[2].size, 100U);
  EXPECT_EQ(entries[2].compressed_size, 6U);
  EXPECT_EQ(entries[2].local_offset, 0x49U);
}

TEST(ForeignArchives, by_python_to_a_pipe) {
  auto const entries = listed(by_python_to_a_pipe);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].name, "wide");
  EXPECT_EQ(entries[0].size, 3U);
  EXPECT_EQ(entries[0].flags, 8);
}

TEST(ForeignArchives, by_infozip) {
  auto const entries = listed(by_infozip);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].name, "d/");
  EXPECT_EQ(entries[1].name, "d/f");
  EXPECT_EQ(entries[1].method, 8);
  EXPECT_EQ(entries[1].size, 60U);
  EXPECT_EQ(entries[1].unix_mode(), 0100644U);
  EXPECT_EQ(entries[1].modified, leap_day);
  EXPECT_TRUE(entries[1].has_timestamp);
  EXPECT_EQ(entries[2].name, "g");
  EXPECT_EQ(entries[2].size, 1U);
}

TEST(ForeignArchives, by_infozip_to_a_pipe) {
  auto const entries = listed(by_infozip_to_a_pipe);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].name, "-");
  EXPECT_EQ(entries[0].size, 1U);
  EXPECT_EQ(entries[0].compressed_size, 3U);
}

// A cut archive, or one behind other bytes, is refused; bytes behind an archive are counted.
TEST(ForeignArchives, cut_anywhere_are_refused) {
  for (std::string_view const digits : {by_python, by_infozip, by_infozip_to_a_pipe}) {
    std::string const archive = from_hex(digits);
    for (std::size_t size = 0; size < archive.size(); ++size)
      EXPECT_THROW(list_archive(source_of(archive.substr(0, size))), base::Error) << size;
    EXPECT_EQ(list_archive(source_of(archive + "x")).end.bytes_behind, 1U);
    EXPECT_THROW(list_archive(source_of("x" + archive)), base::Error);
  }
}

}  // namespace
}  // namespace zip
