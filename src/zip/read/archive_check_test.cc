// The strict check passes all archives of our writer, at every size, and no others.
#include "zip/read/archive_check.h"

#include "base/error.h"
#include "zip/testing/sample_archives.h"

#include <functional>
#include <iostream>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace zip {
namespace {

std::string refusal(std::string const& archive) {
  try {
    check_archive(source_of(archive));
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::corrupt) << error.what();
    return error.what();
  }
  return "";
}

std::vector<SampleEntry> samples() {
  return {{"dir/", "", Form::directory},
          {"dir/a.txt", "hello"},
          {"b", std::string(70'000, 'b'), Form::stored_blocks},
          {"\xC3\xA4", "umlaut", Form::stored, -5},
          {"\xFFnot utf-8", "", Form::stored, 5'000'000'000}};
}

TEST(ArchiveCheck, passes_what_we_write) {
  EXPECT_EQ(refusal(sample_archive({})), "");
  EXPECT_EQ(refusal(sample_archive(samples())), "");
  EXPECT_EQ(check_archive(source_of(sample_archive(samples()))).size(), samples().size());
  for (std::size_t const size : {0U, 1U, 65'534U, 65'535U, 65'536U, 131'070U, 131'071U}) {
    for (Form const form : {Form::stored, Form::stored_blocks})
      EXPECT_EQ(refusal(sample_archive({{"n", std::string(size, 'c'), form}})), "") << size;
  }
}

TEST(ArchiveCheck, passes_archives_over_4_GiB) {
  constexpr std::uint64_t max32 = 0xFFFFFFFF;
  ZeroArchive stored({{.name = "a", .size = 3},
                      {.name = "large", .size = max32},
                      {.name = "b", .size = 70'000, .form = Form::stored_blocks}});
  EXPECT_EQ(check_archive(stored.source()).size(), 3U);
  // The largest object with 4-byte descriptor sizes, and the smallest with 8-byte ones.
  for (std::uint64_t const size : {4'294'639'630U, 4'294'639'631U}) {
    ZeroArchive blocks({{.name = "large", .size = size, .form = Form::stored_blocks},
                        {.name = "next", .size = 1}});
    EXPECT_EQ(blocks.layout().descriptor(0).size, size == 4'294'639'630U ? 16U : 24U);
    EXPECT_EQ(check_archive(blocks.source()).size(), 2U);
  }
}

TEST(ArchiveCheck, passes_random_archives_and_refuses_each_changed_byte) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    std::cout << "seed " << seed << "\n";
    std::mt19937 random(seed);
    std::vector<SampleEntry> entries(random() % 8);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      SampleEntry& entry = entries[i];
      entry.form = static_cast<Form>(random() % 3);
      entry.name = fmt::format("{}{}{}", i, random() % 2 ? "\xC3\xB6" : "",
                               entry.form == Form::directory ? "/" : "");
      std::size_t const size = entry.form == Form::directory ? 0 : random() % 200;
      for (std::size_t n = 0; n < size; ++n) entry.content += static_cast<char>(random());
      entry.modified = static_cast<std::int64_t>(random()) * 2 - 2'000'000'000;
    }
    std::string const good = sample_archive(entries);
    EXPECT_EQ(refusal(good), "");
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string archive = good;
      archive[at] = static_cast<char>(archive[at] + static_cast<int>(1 + random() % 255));
      EXPECT_NE(refusal(archive), "") << "byte " << at << " of " << good.size();
    }
  }
}

// Inserts bytes and moves the offsets of all that follows: a gap that only a strict reader sees.
void insert(std::string& archive, Layout const& layout, std::uint64_t at, std::string_view bytes) {
  auto const move = [&](std::uint64_t field, std::uint64_t offset) {
    if (offset >= at) put(archive, field, bytes_of(offset + bytes.size(), 4));
  };
  for (std::size_t i = 0; i < layout.entry_count(); ++i)
    move(layout.central_header(i).offset + 42, layout.local(i).offset);
  move(layout.end_records().offset + 16, layout.central_directory().offset);
  archive.insert(at, bytes);
}

struct Fault {
  std::string what;
  // Damages an archive of samples().
  std::function<void(std::string& archive, Layout const& layout)> damage;
  std::string message;
};

auto in_local(std::size_t entry, std::size_t at, std::uint64_t value, std::size_t bytes) {
  return [=](std::string& archive, Layout const& layout) {
    put(archive, layout.local(entry).offset + at, bytes_of(value, bytes));
  };
}
auto in_descriptor(std::size_t at, std::uint64_t value) {
  return [=](std::string& archive, Layout const& layout) {
    put(archive, layout.descriptor(2).offset + at, bytes_of(value, 1));
  };
}

TEST(ArchiveCheck, names_each_fault) {
  std::string const a = "zip entry \"dir/a.txt\": ";
  std::string const b = "zip entry \"b\": ";
  std::string const other = "its local header has another ";
  std::string const own = " than its central one";
  std::vector<Fault> const faults{
      {"a gap",
       [](std::string& archive, Layout const& layout) {
         insert(archive, layout, layout.local(2).offset, "gap");
       },
       b + "3 bytes before it belong to no entry"},
      {"a gap at the end",
       [](std::string& archive, Layout const& layout) {
         insert(archive, layout, layout.central_directory().offset, "gap");
       },
       "zip: 3 bytes before the central directory belong to no entry"},
      {"an overlap",
       [](std::string& archive, Layout const& layout) {
         put(archive, layout.central_header(1).offset + 42, bytes_of(0, 4));
       },
       a + "it overlaps the entry before it"},
      {"no header", in_local(1, 0, 0, 1), a + "there is no local header at its place"},
      {"a long name", in_local(4, 26, 0xFFFF, 2),
       "zip entry \"\xEF\xBF\xBDnot utf-8\": it reaches into the central directory"},
      {"name", in_local(1, 30, 'D', 1), a + other + "name" + own},
      {"flags", in_local(1, 6, 8, 2), a + other + "set of flags" + own},
      {"method", in_local(1, 8, 8, 2), a + other + "method" + own},
      {"time", in_local(1, 10, 0, 1), a + other + "MS-DOS time" + own},
      {"CRC", in_local(1, 14, 0, 4), a + other + "CRC-32" + own},
      {"CRC beside a descriptor", in_local(2, 14, 1, 4), b + other + "CRC-32" + own},
      {"size", in_local(1, 22, 6, 4), a + other + "size" + own},
      {"sizes beside a descriptor", in_local(2, 18, 70'010, 4), b + other + "size" + own},
      {"timestamp", in_local(1, 30 + 9 + 5, 0, 1), a + other + "timestamp" + own},
      {"a time of access", in_local(1, 30 + 9 + 4, 3, 1), a + other + "timestamp" + own},
      {"another extra field", in_local(1, 30 + 9, 0x7875, 2),
       a + "its local header has extra fields that we do not write"},
      {"version", in_local(1, 4, 20, 2), a + "its local header needs version 20, not 10"},
      {"data",
       [](std::string& archive, Layout const& layout) { put(archive, layout.data(1).offset, "J"); },
       a + "its bytes have the CRC-32 8d11dae2, but 3610a686 is listed"},
      {"the first block's length",
       [](std::string& archive, Layout const& layout) {
         put(archive, layout.data(2).offset + 1, bytes_of(1, 2));
       },
       b + "its stored deflate block 0 has a wrong header"},
      {"the second block is not the last",
       [](std::string& archive, Layout const& layout) {
         put(archive, layout.data(2).offset + 65'540, bytes_of(0, 1));
       },
       b + "its stored deflate block 1 has a wrong header"},
      {"descriptor", in_descriptor(0, 0), b + "its descriptor is not behind its data"},
      {"descriptor's CRC", in_descriptor(4, 1),
       b + "its descriptor does not agree with its central header"},
      {"descriptor's compressed size", in_descriptor(8, 1),
       b + "its descriptor does not agree with its central header"},
      {"descriptor's size", in_descriptor(12, 1),
       b + "its descriptor does not agree with its central header"}};
  std::vector<SampleEntry> const entries = samples();
  Layout const layout = layout_of(entries);
  for (Fault const& fault : faults) {
    std::string archive = sample_archive(entries);
    fault.damage(archive, layout);
    EXPECT_EQ(refusal(archive), fault.message) << fault.what;
  }
  EXPECT_EQ(refusal(sample_archive({{"n", "1"}, {"m", ""}, {"n", "2"}})),
            "zip entry \"n\": two entries have this name");
}

// Entries may stand in another order than their data: nothing is lost, but we do not write it.
TEST(ArchiveCheck, wants_the_list_in_the_order_of_the_data) {
  std::vector<SampleEntry> const entries{{"1", "one"}, {"2", "two"}};
  std::string archive = sample_archive(entries);
  Layout const layout = layout_of(entries);
  base::Extent const first = layout.central_header(0);
  std::string const header = archive.substr(first.offset, first.size);
  archive.erase(first.offset, first.size);
  archive.insert(first.offset + layout.central_header(1).size, header);
  EXPECT_EQ(list_archive(source_of(archive)).entries.size(), 2U);
  EXPECT_EQ(refusal(archive), fmt::format("zip entry \"2\": {} bytes before it belong to no entry",
                                          layout.local(1).offset));
}

}  // namespace
}  // namespace zip
