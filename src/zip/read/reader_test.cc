// Archives of our own layout are listed as they were made; wrong ends and central headers are
// refused, each fault with its own words.
#include "zip/read/reader.h"

#include "base/digest.h"
#include "base/error.h"
#include "zip/read/archive_check.h"
#include "zip/testing/sample_archives.h"

#include <functional>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace zip {
namespace {

std::string message_of(std::function<void()> const& deed) {
  try {
    deed();
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::corrupt) << error.what();
    return error.what();
  }
  return "";
}

std::string refusal(std::string const& archive, Rules rules = Rules::any) {
  return message_of([&] { list_archive(source_of(archive), rules); });
}

std::vector<SampleEntry> samples() {
  return {{"dir/", "", Form::directory},
          {"dir/a.txt", "hello"},
          {"b", std::string(70'000, 'b'), Form::stored_blocks},
          {"\xC3\xA4", "umlaut", Form::stored, -5},
          {"late", "", Form::stored, 5'000'000'000}};
}

TEST(Reader, lists_what_was_written) {
  std::vector<SampleEntry> const entries = samples();
  Listing const listing = list_archive(source_of(sample_archive(entries)), Rules::ours);
  ASSERT_EQ(listing.entries.size(), entries.size());
  Layout const layout = layout_of(entries);
  EXPECT_EQ(listing.end, (End{layout.central_directory(), entries.size(), false}));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ListedEntry const& listed = listing.entries[i];
    SCOPED_TRACE(listed.name);
    EXPECT_EQ(listed.name, entries[i].name);
    EXPECT_EQ(listed.size, entries[i].content.size());
    EXPECT_EQ(listed.compressed_size, layout.data(i).size);
    EXPECT_EQ(listed.method, entries[i].form == Form::stored_blocks ? 8 : 0);
    EXPECT_EQ(listed.crc, base::crc32(0, entries[i].content));
    EXPECT_EQ(listed.local_offset, layout.local(i).offset);
    EXPECT_EQ(listed.is_directory(), entries[i].form == Form::directory);
    EXPECT_EQ(listed.unix_mode(), i == 0 ? 040755U : 0100644U);
    EXPECT_FALSE(listed.is_encrypted());
  }
  EXPECT_EQ(listing.entries[1].modified, 1'709'210'096);
  EXPECT_EQ(listing.entries[3].modified, 315'532'800) << "before 1970 the MS-DOS time alone: 1980";
  EXPECT_FALSE(listing.entries[3].has_timestamp);
  EXPECT_EQ(listing.entries[4].modified, 4'354'819'198) << "the last MS-DOS time, in even seconds";
}

TEST(Reader, an_empty_archive_has_no_entries) {
  EXPECT_TRUE(list_archive(source_of(sample_archive({})), Rules::ours).entries.empty());
}

TEST(Reader, takes_the_central_directory_in_any_pieces) {
  std::string const archive = sample_archive(samples());
  End const end =
      find_end(archive.substr(archive.size() - tail_size(archive.size())), archive.size());
  std::string const directory = archive.substr(end.central.offset, end.central.size);
  auto const whole = list_archive(source_of(archive)).entries;
  for (std::size_t step = 1; step < directory.size(); step += 1 + step / 8) {
    std::vector<ListedEntry> entries;
    DirectoryReader reader(end, Rules::ours);
    for (std::size_t at = 0; at < directory.size(); at += step)
      reader.feed(std::string_view(directory).substr(at, step),
                  [&](ListedEntry entry) { entries.push_back(std::move(entry)); });
    reader.finish();
    EXPECT_EQ(entries, whole) << "pieces of " << step;
  }
}

// Only the end and the central directory are read: 5 TB are listed at once.
TEST(Reader, lists_archives_of_any_size) {
  constexpr std::uint64_t max32 = 0xFFFFFFFF;
  for (std::uint64_t const size : {max32 - 100, max32 - 1, max32, max32 + 1, max32 + 100'000}) {
    for (Form const form : {Form::stored, Form::stored_blocks}) {
      SCOPED_TRACE(fmt::format("{} bytes, form {}", size, static_cast<int>(form)));
      ZeroArchive archive({{.name = "first", .size = 1},
                           {.name = "large", .size = size, .form = form},
                           {.name = "next", .size = 2},
                           {.name = "last", .size = size, .form = form}});
      Listing const listing = list_archive(archive.source(), Rules::ours);
      ASSERT_EQ(listing.entries.size(), 4U);
      for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(listing.entries[i].size, archive.layout().entry(i).size);
        EXPECT_EQ(listing.entries[i].compressed_size, archive.layout().data(i).size);
        EXPECT_EQ(listing.entries[i].local_offset, archive.layout().local(i).offset);
      }
      EXPECT_TRUE(listing.end.zip64);
    }
  }
}

TEST(Reader, lists_around_65_535_entries) {
  for (std::size_t const count : {65'534U, 65'535U, 65'536U}) {
    std::vector<SampleEntry> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back({std::to_string(i), ""});
    std::string archive = sample_archive(entries);
    Listing const listing = list_archive(source_of(archive), Rules::ours);
    EXPECT_EQ(listing.entries.size(), count);
    EXPECT_EQ(listing.end.zip64, count >= 65'535);
  }
}

// Python's zipfile writes no ZIP64 record for 65,535 entries: this number then stands for itself.
TEST(Reader, takes_65_535_entries_without_zip64_from_others) {
  std::vector<SampleEntry> entries;
  for (std::size_t i = 0; i < 65'535; ++i) entries.push_back({std::to_string(i), ""});
  std::string archive = sample_archive(entries);
  archive.erase(archive.size() - 98, 76);
  EXPECT_EQ(list_archive(source_of(archive)).entries.size(), 65'535U);
  EXPECT_EQ(refusal(archive, Rules::ours), "zip: the ZIP64 end record is missing");
}

// An object may be named, and filled, to look like an end record whose comment reaches to the last
// byte of the archive.
TEST(Reader, is_not_misled_by_an_end_record_inside_the_archive) {
  std::size_t fitting = 0;
  for (std::size_t comment_size = 0x0101; comment_size < 0x0600; ++comment_size) {
    if (comment_size % 0x100 == 0) continue;  // names hold no zero bytes
    std::string const record = "PK\5\6" + std::string(16, '\1') + bytes_of(comment_size, 2);
    std::string const archive =
        sample_archive({{"a", record}, {record, ""}, {std::string(400, 'z'), ""}});
    std::size_t const end = archive.size() - 22;
    for (std::size_t at = archive.find(record); at < end; at = archive.find(record, at + 1))
      if (at + comment_size == end) ++fitting;
    EXPECT_EQ(check_archive(source_of(archive)).size(), 3U) << comment_size;
    EXPECT_EQ(list_archive(source_of(archive)).entries.size(), 3U) << comment_size;
  }
  EXPECT_EQ(fitting, 3U) << "in the bytes, and in both headers of the name";
}

TEST(Reader, counts_what_stands_behind_the_end) {
  std::string const archive = sample_archive(samples());
  std::string with_comment = archive + "abc";
  put(with_comment, archive.size() - 2, bytes_of(3, 2));
  for (std::string const& whole : {archive, with_comment}) {
    for (std::string const& more :
         {std::string("x"), std::string(60'000, '\0'), "PK\5\6" + std::string(100, 'j')}) {
      Listing const listing = list_archive(source_of(whole + more));
      EXPECT_EQ(listing.entries, list_archive(source_of(whole)).entries);
      EXPECT_EQ(listing.end.bytes_behind, more.size());
    }
    EXPECT_EQ(list_archive(source_of(whole)).end.bytes_behind, 0U);
  }
  EXPECT_EQ(refusal(archive + std::string(70'000, '\0')),
            "zip: there is no end of central directory: it is cut, or no zip");
}

struct Fault {
  std::string what;
  // Damages an archive of samples().
  std::function<void(std::string& archive, Layout const& layout)> damage;
  std::string message;
};

void expect_refused(std::vector<Fault> const& faults, Rules rules) {
  std::vector<SampleEntry> const entries = samples();
  Layout const layout = layout_of(entries);
  for (Fault const& fault : faults) {
    std::string archive = sample_archive(entries);
    fault.damage(archive, layout);
    EXPECT_EQ(refusal(archive, rules), fault.message) << fault.what;
  }
}

// A number in the end record, which is the archive's last 22 bytes.
auto in_end(std::size_t at, std::uint64_t value, std::size_t bytes) {
  return [=](std::string& archive, Layout const&) {
    put(archive, archive.size() - 22 + at, bytes_of(value, bytes));
  };
}

TEST(Reader, refuses_ends_that_lie) {
  expect_refused(
      {{"nothing", [](std::string& a, auto&) { a.clear(); },
        "zip: there is no end of central directory: it is cut, or no zip"},
       {"21 bytes", [](std::string& a, auto&) { a.resize(21); },
        "zip: there is no end of central directory: it is cut, or no zip"},
       {"the last byte is missing", [](std::string& a, auto&) { a.pop_back(); },
        "zip: there is no end of central directory: it is cut, or no zip"},
       {"another end record as the comment",
        [](std::string& a, auto&) {
          std::string const end = a.substr(a.size() - 22);
          put(a, a.size() - 2, bytes_of(22, 2));
          a += end;
        },
        "zip: 22 bytes stand between the central directory and its end record, or before the "
        "archive"},
       {"disk 1", in_end(4, 1, 2), "zip: it is spread over several disks"},
       {"directory on disk 1", in_end(6, 1, 2), "zip: it is spread over several disks"},
       {"entries on other disks", in_end(8, 4, 2), "zip: it is spread over several disks"},
       {"more entries than room", in_end(8, 0x01000100, 4),
        "zip: the central directory has no room for 256 entries"},
       {"an entry less", in_end(8, 0x00040004, 4),
        "zip: the central directory has more than its 4 entries"},
       {"an entry more", in_end(8, 0x00060006, 4),
        "zip: the central directory has 5 of its 6 entries"},
       {"a directory too long", in_end(12, 0xFFFFFF, 4),
        "zip: the central directory reaches beyond its end record"},
       {"a directory of the longest size", in_end(12, 0xFFFFFFFF, 4),
        "zip: the central directory reaches beyond its end record"},
       {"a directory elsewhere", in_end(16, 0xFFFFFFFF, 4),
        "zip: the central directory reaches beyond its end record"},
       {"bytes in front", [](std::string& a, auto&) { a.insert(0, "#!/bin/sh\n"); },
        "zip: 10 bytes stand between the central directory and its end record, or before the "
        "archive"},
       {"a directory cut by a byte",
        [](std::string& a, Layout const& layout) {
          base::Extent const central = layout.central_directory();
          a.erase(central.end() - 1, 1);
          put(a, a.size() - 22 + 12, bytes_of(central.size - 1, 4));
        },
        "zip: the central directory ends inside a header"}},
      Rules::any);
  expect_refused({{"a byte too many", [](std::string& a, auto&) { a += 'x'; },
                   "zip: there is no end of central directory: it is cut, or no zip"},
                  {"a comment",
                   [](std::string& a, auto&) {
                     put(a, a.size() - 2, bytes_of(3, 2));
                     a += "abc";
                   },
                   "zip: it has a comment, which we write none of"}},
                 Rules::ours);
}

// An archive of ours with ZIP64 end records: they are its last 98 bytes.
auto in_zip64(std::size_t at, std::uint64_t value, std::size_t bytes) {
  return
      [=](std::string& archive) { put(archive, archive.size() - 98 + at, bytes_of(value, bytes)); };
}

TEST(Reader, refuses_zip64_ends_that_lie) {
  std::vector<SampleEntry> entries;
  for (std::size_t i = 0; i < 65'535; ++i) entries.push_back({std::to_string(i), ""});
  std::string const good = sample_archive(entries);
  struct Zip64Fault {
    std::function<void(std::string&)> damage;
    std::string message;
    Rules rules = Rules::any;
  };
  std::vector<Zip64Fault> const faults{
      {in_zip64(0, 0, 4), "zip: the locator points to no ZIP64 end record in front of it"},
      {in_zip64(56 + 8, 0, 8), "zip: the ZIP64 end record is too far from the end"},
      {in_zip64(56 + 8, UINT64_MAX, 8),
       "zip: the locator points to no ZIP64 end record in front of it"},
      {in_zip64(56 + 8, good.size() - 42 - 55, 8),
       "zip: the locator points to no ZIP64 end record in front of it"},
      {in_zip64(4, 45, 8), "zip: the ZIP64 end record does not reach to its locator"},
      {in_zip64(4, UINT64_MAX, 8), "zip: the ZIP64 end record does not reach to its locator"},
      {in_zip64(56 + 4, 1, 4), "zip: it is spread over several disks"},
      {in_zip64(56 + 16, 2, 4), "zip: it is spread over several disks"},
      {in_zip64(16, 1, 4), "zip: the end record and the ZIP64 end record do not agree"},
      {in_zip64(24, 65'536, 8), "zip: it is spread over several disks"},
      {in_zip64(40, 1, 8), "zip: the end record and the ZIP64 end record do not agree"},
      {in_zip64(76 + 10, 7, 2), "zip: the end record and the ZIP64 end record do not agree"},
      {[](std::string& archive) {
         in_zip64(24, UINT64_MAX, 8)(archive);
         in_zip64(32, UINT64_MAX, 8)(archive);
       },
       "zip: the central directory has no room for 18446744073709551615 entries"},
      {[](std::string& archive) {
         in_zip64(76 + 16, 0xFFFFFFFF, 4)(archive);
         in_zip64(48, UINT64_MAX, 8)(archive);
       },
       "zip: the central directory reaches beyond its end record"},
      {in_zip64(14, 20, 2), "zip: the ZIP64 end record is not as we write it", Rules::ours},
      {in_zip64(76 + 16, 0xFFFFFFFF, 4), "zip: the end record hides a number that fits",
       Rules::ours}};
  for (Zip64Fault const& fault : faults) {
    std::string archive = good;
    fault.damage(archive);
    EXPECT_EQ(refusal(archive, fault.rules), fault.message);
  }
}

TEST(Reader, refuses_zip64_records_that_nothing_needs_in_ours_only) {
  std::vector<SampleEntry> const entries = samples();
  std::string archive = sample_archive(entries);
  base::Extent const central = layout_of(entries).central_directory();
  std::string const zip64 = bytes_of(0x06064b50, 4) + bytes_of(44, 8) + bytes_of(831, 2) +
                            bytes_of(45, 2) + bytes_of(0, 8) + bytes_of(5, 8) + bytes_of(5, 8) +
                            bytes_of(central.size, 8) + bytes_of(central.offset, 8) +
                            bytes_of(0x07064b50, 4) + bytes_of(0, 4) + bytes_of(central.end(), 8) +
                            bytes_of(1, 4);
  archive.insert(central.end(), zip64);
  EXPECT_EQ(refusal(archive), "");
  EXPECT_EQ(refusal(archive, Rules::ours), "zip: a ZIP64 end record that nothing needs");
}

// A number in the central header of an entry.
auto in_central(std::size_t entry, std::size_t at, std::uint64_t value, std::size_t bytes) {
  return [=](std::string& archive, Layout const& layout) {
    put(archive, layout.central_header(entry).offset + at, bytes_of(value, bytes));
  };
}

TEST(Reader, refuses_central_headers_that_no_archive_may_have) {
  std::string const a = "zip entry \"dir/a.txt\": ";
  expect_refused(
      {{"signature", in_central(1, 0, 0, 1),
        "zip: the central directory holds what is no central header"},
       {"two sizes", in_central(1, 24, 6, 4), a + "it is stored, but its two sizes differ"},
       {"far away", in_central(1, 42, 0xFFFFFFFF, 4), a + "it reaches into the central directory"},
       {"too large",
        [](std::string& archive, Layout const& layout) {
          in_central(1, 20, 100'000, 4)(archive, layout);
          in_central(1, 24, 100'000, 4)(archive, layout);
        },
        a + "it reaches into the central directory"},
       {"another disk", in_central(1, 34, 1, 2), a + "it stands on another disk"},
       {"a zero byte", in_central(1, 46 + 3, 0, 1),
        "zip entry \"dir\": the name goes on behind a zero byte"},
       {"no UTF-8", in_central(3, 46, 0xFF, 1),
        "zip entry \"\xEF\xBF\xBD\xEF\xBF\xBD\": the name is said to be UTF-8, and is not"},
       {"masked numbers", in_central(1, 8, 1 << 13, 2), a + "its local header is encrypted"},
       {"extra over its header", in_central(1, 46 + 9 + 2, 6, 2),
        a + "the extra field 0x5455 is longer than its header"},
       {"extra below its header", in_central(1, 46 + 9 + 2, 4, 2),
        a + "its extra fields end inside a field's header"},
       {"an empty ZIP64 field",
        [](std::string& archive, Layout const& layout) {
          in_central(1, 46 + 9, 1, 2)(archive, layout);
          in_central(1, 42, 0xFFFFFFFF, 4)(archive, layout);
        },
        a + "its ZIP64 field is too short"},
       {"a name longer than the directory", in_central(4, 28, 0xFFFF, 2),
        "zip: the central directory ends inside a header"},
       {"no name",
        [](std::string& archive, Layout const& layout) {
          in_central(4, 28, 0, 2)(archive, layout);
          in_central(4, 32, 4, 2)(archive, layout);
        },
        "zip: an entry has no name"}},
      Rules::any);
}

TEST(Reader, refuses_central_headers_that_we_do_not_write) {
  std::string const a = "zip entry \"dir/a.txt\": ";
  std::string const b = "zip entry \"b\": ";
  expect_refused(
      {{"method", in_central(1, 10, 12, 2), a + "we do not write method 12"},
       {"method of a directory", in_central(0, 10, 8, 2),
        "zip entry \"dir/\": a directory has no data, no CRC-32 and method 0"},
       {"CRC of a directory", in_central(0, 16, 1, 1),
        "zip entry \"dir/\": a directory has no data, no CRC-32 and method 0"},
       {"size of blocks", in_central(2, 20, 70'015, 4),
        b + "its compressed size is not that of stored deflate blocks"},
       {"compressed", in_central(2, 20, 100, 4),
        b + "its compressed size is not that of stored deflate blocks"},
       {"a descriptor of a stored entry", in_central(1, 8, 8, 2),
        a + "its flags are 0x0008, not 0x0000"},
       {"no descriptor of blocks", in_central(2, 8, 0, 2), b + "its flags are 0x0000, not 0x0008"},
       {"UTF-8 unsaid", in_central(3, 8, 0, 2),
        "zip entry \"\xC3\xA4\": its flags are 0x0000, not 0x0800"},
       {"UTF-8 of ASCII", in_central(1, 8, 0x800, 2), a + "its flags are 0x0800, not 0x0000"},
       {"another extra field", in_central(1, 46 + 9, 0x7875, 2),
        a + "it has extra fields that we do not write, or in another order"},
       {"a ZIP64 field", in_central(1, 46 + 9, 1, 2),
        a + "it has a ZIP64 field that it does not need"},
       {"no time", in_central(1, 14, 0, 2), a + "its MS-DOS time is no time"},
       {"another time", in_central(1, 12, 0, 2), a + "its two times do not agree"},
       {"a time of access", in_central(1, 46 + 9 + 4, 3, 1),
        a + "its timestamp is not as we write it"},
       {"a time before 1970", in_central(1, 46 + 9 + 8, 0xFF, 1),
        a + "its timestamp is not as we write it"},
       {"a time that wants a timestamp", in_central(3, 12, 0x5d585c64, 4),
        "zip entry \"\xC3\xA4\": its timestamp is missing"},
       {"made by DOS", in_central(1, 5, 0, 1),
        a + "it is of version 0x003f and needs 10, not 0x033f and 10"},
       {"needs 2.0", in_central(1, 6, 20, 2),
        a + "it is of version 0x033f and needs 20, not 0x033f and 10"},
       {"mode", in_central(1, 40, 0100600, 2),
        a + "its attributes are not those of our files and directories"},
       {"a text", in_central(1, 36, 1, 2),
        a + "its attributes are not those of our files and directories"},
       {"a comment",
        [](std::string& archive, Layout const& layout) {
          archive.insert(layout.central_directory().end(), "hi");
          in_central(4, 32, 2, 2)(archive, layout);
          in_end(12, layout.central_directory().size + 2, 4)(archive, layout);
        },
        "zip entry \"late\": it has a comment"}},
      Rules::ours);
}

// An entry of exactly 0xFFFFFFFF bytes before it makes both sizes stand beside the offset.
TEST(Reader, holds_zip64_fields_to_exactly_what_does_not_fit) {
  std::uint64_t const max32 = 0xFFFFFFFF;
  for (std::uint64_t const size : {max32, max32 + 1}) {
    ZeroArchive archive({{.name = "large", .size = size}, {.name = "s", .size = 5}});
    base::Extent const header = archive.layout().central_header(1);
    Source const good = archive.source();
    std::string piece;
    using Puts = std::vector<std::pair<std::size_t, std::string>>;
    auto const listed_with = [&](Puts const& puts) {
      Source damaged = good;
      damaged.read = [&](base::Extent wanted) {
        std::string_view const read = good.read(wanted);
        if (wanted.offset != header.offset) return read;
        piece = read;
        for (auto const& [at, bytes] : puts) put(piece, at, bytes);
        return std::string_view(piece);
      };
      return message_of([&] { list_archive(damaged, Rules::ours); });
    };
    EXPECT_EQ(listed_with({}), "");
    bool const repeats = size == max32;
    std::string const small = "zip entry \"s\": ";
    EXPECT_EQ(listed_with({{24, bytes_of(repeats ? 5 : max32, 4)}}),
              repeats ? small + "it has a ZIP64 field that it does not need"
                      : small + "its ZIP64 field is too short");
    EXPECT_EQ(listed_with({{42, bytes_of(5, 4)}}),
              small + "it has a ZIP64 field that it does not need");
    // Another extra field stands in its place: the escapes are then the numbers themselves.
    EXPECT_EQ(listed_with({{47, bytes_of(0x7875, 2)}}),
              repeats ? small + "it reaches into the central directory"
                      : small + "its ZIP64 field is missing");
    // The field holds the offset alone, though it has room for three numbers.
    std::string const offset = bytes_of(archive.layout().local(1).offset, 8);
    EXPECT_EQ(listed_with({{20, bytes_of(5, 4)}, {24, bytes_of(5, 4)}, {51, offset}}),
              repeats ? small + "its ZIP64 field does not hold exactly what does not fit" : "");
  }
}

// Randomly changed bytes cause only Error{corrupt}; listed entries stay within the archive.
TEST(Reader, survives_random_damage) {
  std::string const good = sample_archive(samples());
  std::uint64_t const from = good.size() - 600;
  std::string archive = good;
  std::mt19937 random(1);
  for (int i = 0; i < 10'000; ++i) {
    archive.replace(from, std::string::npos, good, from);
    for (std::uint32_t n = 1 + random() % 4; n > 0; --n)
      archive[from + random() % 600] = static_cast<char>(random());
    message_of([&] {
      Listing const listing = list_archive(source_of(archive));
      for (ListedEntry const& entry : listing.entries)
        ASSERT_LE(entry.local_offset + entry.compressed_size, listing.end.central.offset);
    });
  }
}

}  // namespace
}  // namespace zip
