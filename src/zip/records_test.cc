// Golden bytes of each record, drawn field by field as the APPNOTE's tables list them.
#include "zip/records.h"

#include "base/text.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace zip {
namespace {

constexpr std::int64_t leap_day = 1'709'210'096;  // 2024-02-29T12:34:56Z
constexpr std::uint32_t some_crc = 0xCAFEBABE;
constexpr std::uint64_t max32 = 0xFFFFFFFF;

// Hex digits, spaces and line ends of a drawing, joined without the white space.
std::string drawn(std::vector<std::string_view> const& fields) {
  std::string out;
  for (std::string_view const field : fields) {
    for (char const c : field) {
      if (c != ' ') out += c;
    }
  }
  return out;
}

std::string hex(std::string_view bytes) {
  return base::hex(base::as_bytes(bytes));
}

Layout layout_of(std::vector<Entry> const& entries) {
  Layout layout;
  for (Entry const& entry : entries) layout.add(entry);
  layout.finish();
  return layout;
}

std::string local_header(Entry const& entry) {
  std::string out;
  append_local_header(out, layout_of({entry}), 0, some_crc);
  return hex(out);
}

std::string descriptor(Entry const& entry) {
  std::string out;
  append_descriptor(out, layout_of({entry}), 0, some_crc);
  return hex(out);
}

std::string central_header(Layout const& layout, std::size_t index) {
  std::string out;
  append_central_header(out, layout, index, some_crc);
  return hex(out);
}

std::string end_records(Layout const& layout) {
  std::string out;
  append_end_records(out, layout);
  return hex(out);
}

TEST(LocalHeader, of_a_stored_entry) {
  EXPECT_EQ(local_header({.name = "a.txt", .size = 11, .modified = leap_day}),
            drawn({
                "504b0304",      // signature
                "0a00",          // version needed 1.0
                "0000",          // flags: none
                "0000",          // method 0
                "5c64",          // 12:34:56: 12 << 11 | 34 << 5 | 28
                "5d58",          // 2024-02-29: 44 << 9 | 2 << 5 | 29
                "bebafeca",      // CRC-32
                "0b000000",      // compressed size
                "0b000000",      // uncompressed size
                "0500",          // name length
                "0900",          // extra length
                "612e747874",    // a.txt
                "5554 0500 01",  // extended timestamp: 5 bytes, modification time only
                "f079e065",      // 1709210096
            }));
}

TEST(LocalHeader, of_stored_blocks_leaves_crc_and_sizes_to_the_descriptor) {
  EXPECT_EQ(local_header(
                {.name = "b", .size = 65'536, .modified = leap_day, .form = Form::stored_blocks}),
            drawn({
                "504b0304",               // signature
                "1400",                   // version needed 2.0
                "0800",                   // flags: bit 3, descriptor
                "0800",                   // method 8
                "5c64 5d58",              // time, date
                "00000000",               // CRC-32: in the descriptor
                "00000000",               // compressed size: there too
                "00000000",               // uncompressed size: there too
                "0100",                   // name length
                "0900",                   // extra length
                "62",                     // b
                "5554 0500 01 f079e065",  // extended timestamp
            }));
}

TEST(LocalHeader, of_a_directory) {
  EXPECT_EQ(local_header({.name = "d/", .size = 0, .modified = leap_day, .form = Form::directory}),
            drawn({
                "504b0304",               // signature
                "1400",                   // version needed 2.0
                "0000",                   // flags: none
                "0000",                   // method 0
                "5c64 5d58",              // time, date
                "00000000",               // CRC-32 of nothing
                "00000000",               // compressed size
                "00000000",               // uncompressed size
                "0200",                   // name length
                "0900",                   // extra length
                "642f",                   // d/
                "5554 0500 01 f079e065",  // extended timestamp
            }));
}

TEST(LocalHeader, of_4_GiB_stored_has_both_sizes_in_a_zip64_field_that_comes_first) {
  EXPECT_EQ(local_header({.name = "s", .size = max32 + 1, .modified = leap_day}),
            drawn({
                "504b0304",               // signature
                "2d00",                   // version needed 4.5
                "0000",                   // flags: none
                "0000",                   // method 0
                "5c64 5d58",              // time, date
                "bebafeca",               // CRC-32
                "ffffffff",               // compressed size: in the ZIP64 field
                "ffffffff",               // uncompressed size: there too
                "0100",                   // name length
                "1d00",                   // extra length
                "73",                     // s
                "0100 1000",              // ZIP64: 16 bytes
                "0000000001000000",       // uncompressed size
                "0000000001000000",       // compressed size
                "5554 0500 01 f079e065",  // extended timestamp
            }));
}

TEST(LocalHeader, of_4_GiB_in_blocks_announces_a_descriptor_of_8_byte_sizes) {
  EXPECT_EQ(
      local_header(
          {.name = "b", .size = max32 + 1, .modified = leap_day, .form = Form::stored_blocks}),
      drawn({
          "504b0304",               // signature
          "2d00",                   // version needed 4.5
          "0800",                   // flags: bit 3, descriptor
          "0800",                   // method 8
          "5c64 5d58",              // time, date
          "00000000",               // CRC-32: in the descriptor
          "ffffffff",               // compressed size: ZIP64
          "ffffffff",               // uncompressed size: ZIP64
          "0100",                   // name length
          "1d00",                   // extra length
          "62",                     // b
          "0100 1000",              // ZIP64: 16 bytes
          "0000000000000000",       // uncompressed size: in the descriptor
          "0000000000000000",       // compressed size: there too
          "5554 0500 01 f079e065",  // extended timestamp
      }));
}

TEST(LocalHeader, bit_11_is_set_for_names_that_are_utf8_and_not_ascii) {
  auto const flags = [](std::string_view name) {
    return local_header({.name = name, .size = 0}).substr(12, 4);
  };
  EXPECT_EQ(flags("plain.txt"), "0000");
  EXPECT_EQ(flags("h\u00F6he.txt"), "0008");
  EXPECT_EQ(flags("\u65E5\u672C"), "0008");
  EXPECT_EQ(flags("latin1-\xF6"), "0000") << "not UTF-8, so it must not say that it is";
  EXPECT_EQ(local_header({.name = "\u00E9", .size = 0, .form = Form::stored_blocks}).substr(12, 4),
            "0808");
}

TEST(LocalHeader, dos_times_are_utc_and_clamped_to_what_the_format_has) {
  auto const time_and_date = [](std::int64_t modified) {
    return local_header({.name = "t", .size = 0, .modified = modified}).substr(20, 8);
  };
  EXPECT_EQ(time_and_date(315'532'800), "00002100") << "1980-01-01 00:00:00";
  EXPECT_EQ(time_and_date(315'532'799), "00002100") << "a second earlier";
  EXPECT_EQ(time_and_date(0), "00002100");
  EXPECT_EQ(time_and_date(INT64_MIN), "00002100");
  EXPECT_EQ(time_and_date(315'532'801), "00002100") << "odd seconds round down";
  EXPECT_EQ(time_and_date(315'532'802), "01002100");
  EXPECT_EQ(time_and_date(4'354'819'199), "7dbf9fff") << "2107-12-31 23:59:58";
  EXPECT_EQ(time_and_date(4'354'819'200), "7dbf9fff");
  EXPECT_EQ(time_and_date(INT64_MAX), "7dbf9fff");
}

TEST(LocalHeader, the_timestamp_field_is_there_from_1970_to_2038) {
  auto const extra = [](std::int64_t modified) {
    return local_header({.name = "t", .size = 0, .modified = modified}).substr(62);
  };
  EXPECT_EQ(extra(0), "555405000100000000");
  EXPECT_EQ(extra(INT32_MAX), "5554050001ffffff7f");
  EXPECT_EQ(extra(std::int64_t{INT32_MAX} + 1), "");
  EXPECT_EQ(extra(-1), "");
}

TEST(Descriptor, has_4_byte_sizes_below_4_GiB) {
  EXPECT_EQ(descriptor({.name = "b", .size = 65'536, .form = Form::stored_blocks}),
            drawn({
                "504b0708",  // signature
                "bebafeca",  // CRC-32
                "0a000100",  // compressed size: 65,536 and two headers
                "00000100",  // uncompressed size
            }));
}

TEST(Descriptor, has_8_byte_sizes_with_the_local_zip64_field) {
  EXPECT_EQ(descriptor({.name = "b", .size = max32, .form = Form::stored_blocks}),
            drawn({
                "504b0708",          // signature
                "bebafeca",          // CRC-32
                "0400050001000000",  // compressed size: 65,537 headers more
                "ffffffff00000000",  // uncompressed size
            }));
}

TEST(Descriptor, only_stored_blocks_have_one) {
  EXPECT_EQ(descriptor({.name = "s", .size = 5}), "");
  EXPECT_EQ(descriptor({.name = "d/", .size = 0, .form = Form::directory}), "");
}

// The largest object whose blocks stay at 0xFFFFFFFF bytes has a 4-byte descriptor, as Java's
// ZipInputStream reads 8-byte sizes only above; its central header needs ZIP64 all the same.
TEST(Descriptor, turns_to_8_bytes_when_the_blocks_pass_4_GiB_minus_1) {
  Entry const last{.name = "b", .size = 4'294'639'630, .form = Form::stored_blocks};
  Entry const first{.name = "b", .size = 4'294'639'631, .form = Form::stored_blocks};
  ASSERT_EQ(compressed_size(last), max32);
  EXPECT_EQ(descriptor(last), drawn({"504b0708 bebafeca", "ffffffff", "0e00fbff"}));
  EXPECT_EQ(local_header(last).substr(36, 16), "0000000000000000");
  EXPECT_EQ(descriptor(first),
            drawn({"504b0708 bebafeca", "0000000001000000", "0f00fbff00000000"}));
  EXPECT_EQ(local_header(first).substr(36, 16), "ffffffffffffffff");
}

TEST(CentralHeader, of_a_stored_entry) {
  Layout const layout =
      layout_of({{.name = "first", .size = 100, .modified = leap_day},
                 {.name = "\u00FC", .size = 11, .modified = leap_day, .form = Form::stored}});
  EXPECT_EQ(central_header(layout, 1),
            drawn({
                "504b0102",               // signature
                "3f03",                   // made by: Unix, 6.3
                "0a00",                   // version needed 1.0
                "0008",                   // flags: bit 11, UTF-8
                "0000",                   // method 0
                "5c64 5d58",              // time, date
                "bebafeca",               // CRC-32
                "0b000000",               // compressed size
                "0b000000",               // uncompressed size
                "0200",                   // name length
                "0900",                   // extra length
                "0000",                   // comment length
                "0000",                   // disk
                "0000",                   // internal attributes
                "0000a481",               // external attributes: 0100644
                "90000000",               // local header at 30 + 5 + 9 + 100
                "c3bc",                   // ü
                "5554 0500 01 f079e065",  // extended timestamp
            }));
}

TEST(CentralHeader, of_a_directory_and_of_stored_blocks) {
  Layout const layout =
      layout_of({{.name = "d/", .size = 0, .modified = leap_day, .form = Form::directory},
                 {.name = "d/b", .size = 0, .modified = leap_day, .form = Form::stored_blocks}});
  EXPECT_EQ(central_header(layout, 0),
            drawn({
                "504b0102 3f03",          // signature, made by
                "1400",                   // version needed 2.0
                "0000 0000",              // flags, method
                "5c64 5d58",              // time, date
                "00000000",               // CRC-32 of nothing
                "00000000 00000000",      // sizes
                "0200 0900 0000",         // lengths of name, extra, comment
                "0000 0000",              // disk, internal attributes
                "1000ed41",               // external attributes: 040755 and MS-DOS's directory bit
                "00000000",               // local header's offset
                "642f",                   // d/
                "5554 0500 01 f079e065",  // extended timestamp
            }));
  EXPECT_EQ(central_header(layout, 1),
            drawn({
                "504b0102 3f03",          // signature, made by
                "1400",                   // version needed 2.0
                "0800 0800",              // flags: descriptor; method 8
                "5c64 5d58",              // time, date
                "bebafeca",               // CRC-32: here it is known
                "05000000",               // compressed size: one empty block
                "00000000",               // uncompressed size
                "0300 0900 0000",         // lengths of name, extra, comment
                "0000 0000",              // disk, internal attributes
                "0000a481",               // external attributes: 0100644
                "29000000",               // local header at 30 + 2 + 9
                "642f62",                 // d/b
                "5554 0500 01 f079e065",  // extended timestamp
            }));
}

TEST(CentralHeader, lists_in_zip64_only_what_does_not_fit) {
  Layout const layout = layout_of({
      {.name = "s", .size = max32 + 1, .modified = -1},
      {.name = "b", .size = 4'294'639'631, .modified = -1, .form = Form::stored_blocks},
      {.name = "t", .size = 3, .modified = -1},
  });
  std::string const start = drawn({"504b0102 3f03 2d00"});
  std::string const dos_start = drawn({"00002100"});
  EXPECT_EQ(central_header(layout, 0), drawn({
                                           start, "0000 0000", dos_start,
                                           "bebafeca",            // CRC-32
                                           "ffffffff ffffffff",   // sizes: in ZIP64
                                           "0100 1400 0000",      // lengths of name, extra, comment
                                           "0000 0000 0000a481",  // disk, attributes
                                           "00000000",            // local header's offset: fits
                                           "73",                  // s
                                           "0100 1000",           // ZIP64: 16 bytes
                                           "0000000001000000",    // uncompressed size
                                           "0000000001000000",    // compressed size
                                       }));
  EXPECT_EQ(central_header(layout, 1),
            drawn({
                start, "0800 0800", dos_start,
                "bebafeca",            // CRC-32
                "ffffffff",            // compressed size: in ZIP64
                "0f00fbff",            // uncompressed size: fits
                "0100 1400 0000",      // lengths of name, extra, comment
                "0000 0000 0000a481",  // disk, attributes
                "ffffffff",            // local header's offset: in ZIP64
                "62",                  // b
                "0100 1000",           // ZIP64: 16 bytes
                "0000000001000000",    // compressed size
                "3300000001000000",    // local header's offset: 30 + 1 + 20 + 2^32
            }));
  EXPECT_EQ(central_header(layout, 2), drawn({
                                           start, "0000 0000", dos_start,
                                           "bebafeca",            // CRC-32
                                           "03000000 03000000",   // sizes: fit
                                           "0100 0c00 0000",      // lengths of name, extra, comment
                                           "0000 0000 0000a481",  // disk, attributes
                                           "ffffffff",            // local header's offset: in ZIP64
                                           "74",                  // t
                                           "0100 0800",           // ZIP64: 8 bytes
                                           "7e00000002000000",    // 51 + 2^32 + 51 + 2^32 + 24
                                       }));
}

TEST(CentralHeader, repeats_sizes_in_zip64_after_an_entry_of_exactly_4_GiB_minus_1) {
  Layout const layout = layout_of({{.name = "s", .size = 3, .modified = -1},
                                   {.name = "m", .size = max32, .modified = -1},
                                   {.name = "t", .size = 3, .modified = -1}});
  EXPECT_EQ(central_header(layout, 0).substr(56, 8), drawn({"0100 0000"})) << "before: no ZIP64";
  EXPECT_EQ(central_header(layout, 2), drawn({
                                           "504b0102 3f03 2d00", "0000 0000 00002100",
                                           "bebafeca",            // CRC-32
                                           "ffffffff ffffffff",   // sizes: in ZIP64
                                           "0100 1c00 0000",      // name, extra, comment
                                           "0000 0000 0000a481",  // disk, attributes
                                           "ffffffff",            // offset: in ZIP64
                                           "74",                  // t
                                           "0100 1800",           // ZIP64: 24 bytes
                                           "0300000000000000",    // uncompressed size
                                           "0300000000000000",    // compressed size
                                           "5400000001000000",    // 31 + 3 + 51 + 2^32 - 1
                                       }));
}

TEST(EndRecords, of_an_empty_archive) {
  EXPECT_EQ(end_records(layout_of({})), drawn({
                                            "504b0506",   // signature
                                            "0000 0000",  // this disk, disk of the directory
                                            "0000 0000",  // entries here, entries
                                            "00000000",   // size of the central directory
                                            "00000000",   // its offset
                                            "0000",       // comment length
                                        }));
}

TEST(EndRecords, of_two_entries) {
  Layout const layout = layout_of({{.name = "a", .size = 1}, {.name = "b", .size = 2}});
  EXPECT_EQ(end_records(layout), drawn({
                                     "504b0506",   // signature
                                     "0000 0000",  // this disk, disk of the directory
                                     "0200 0200",  // entries here, entries
                                     "70000000",   // 2 x (46 + 1 + 9)
                                     "53000000",   // 2 x (30 + 1 + 9) + 3
                                     "0000",       // comment length
                                 }));
}

TEST(EndRecords, of_65535_entries_need_zip64_for_the_count_alone) {
  Layout const layout = layout_of(std::vector<Entry>(65'535, {.name = "a", .size = 0}));
  EXPECT_EQ(end_records(layout), drawn({
                                     "504b0606",           // signature of the ZIP64 end record
                                     "2c00000000000000",   // 44 bytes follow
                                     "3f03 2d00",          // made by, version needed 4.5
                                     "00000000 00000000",  // this disk, disk of the directory
                                     "ffff000000000000",   // entries here
                                     "ffff000000000000",   // entries
                                     "c8ff370000000000",   // 65,535 x 56
                                     "d8ff270000000000",   // 65,535 x 40
                                     "504b0607",           // signature of the locator
                                     "00000000",           // disk of the ZIP64 end record
                                     "a0ff5f0000000000",   // its offset: 65,535 x 96
                                     "01000000",           // number of disks
                                     "504b0506",           // signature of the end record
                                     "0000 0000",          // disks
                                     "ffff ffff",          // entries: in the ZIP64 record
                                     "c8ff3700",           // size of the central directory: fits
                                     "d8ff2700",           // its offset: fits
                                     "0000",               // comment length
                                 }));
}

TEST(EndRecords, of_a_directory_beyond_4_GiB_need_zip64_for_the_offset_alone) {
  Layout const layout = layout_of({{.name = "a", .size = 0xF0000000, .modified = -1},
                                   {.name = "b", .size = 0x0FFFFFC1, .modified = -1}});
  ASSERT_EQ(layout.central_directory().offset, max32);
  EXPECT_EQ(end_records(layout), drawn({
                                     "504b0606 2c00000000000000 3f03 2d00 00000000 00000000",
                                     "0200000000000000",  // entries here
                                     "0200000000000000",  // entries
                                     "5e00000000000000",  // 2 x (46 + 1)
                                     "ffffffff00000000",  // offset of the central directory
                                     "504b0607 00000000",
                                     "5d00000001000000",  // offset of the ZIP64 end record
                                     "01000000",          // number of disks
                                     "504b0506 0000 0000",
                                     "0200 0200",  // entries: fit
                                     "5e000000",   // size of the central directory: fits
                                     "ffffffff",   // offset: in the ZIP64 record
                                     "0000",
                                 }));
}

TEST(EndRecords, one_byte_below_4_GiB_need_no_zip64) {
  Layout const layout = layout_of({{.name = "a", .size = 0xF0000000, .modified = -1},
                                   {.name = "b", .size = 0x0FFFFFC0, .modified = -1}});
  ASSERT_EQ(layout.central_directory().offset, max32 - 1);
  EXPECT_EQ(layout.end_records().size, 22U);
  EXPECT_EQ(layout_of(std::vector<Entry>(65'534, {.name = "a", .size = 0})).end_records().size,
            22U);
}

}  // namespace
}  // namespace zip
