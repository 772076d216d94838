// The layout against a plain walk over its pieces: at every boundary of the format, and on random
// archives. Nothing of the size of the entries exists; all is arithmetic.
#include "zip/layout.h"

#include "base/error.h"
#include "zip/records.h"

#include <deque>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace zip {
namespace {

constexpr std::uint64_t max32 = 0xFFFFFFFF;

Layout layout_of(std::vector<Entry> const& entries) {
  Layout layout;
  for (Entry const& entry : entries) layout.add(entry);
  layout.finish();
  return layout;
}

std::string written(Layout const& layout, Piece const& piece) {
  std::string out;
  switch (piece.kind) {
    case PieceKind::local_header:
      append_local_header(out, layout, piece.entry, 1);
      break;
    case PieceKind::descriptor:
      append_descriptor(out, layout, piece.entry, 1);
      break;
    case PieceKind::central_header:
      append_central_header(out, layout, piece.entry, 1);
      break;
    case PieceKind::end_records:
      append_end_records(out, layout);
      break;
    case PieceKind::data:
      break;
  }
  return out;
}

// The pieces that the entries must become, by the drawing in layout.h.
std::vector<std::pair<PieceKind, std::size_t>> expected_pieces(Layout const& layout) {
  std::vector<std::pair<PieceKind, std::size_t>> expected;
  for (std::size_t i = 0; i < layout.entry_count(); ++i) {
    Entry const entry = layout.entry(i);
    expected.emplace_back(PieceKind::local_header, i);
    if (entry.size > 0 || entry.form == Form::stored_blocks)
      expected.emplace_back(PieceKind::data, i);
    if (entry.form == Form::stored_blocks) expected.emplace_back(PieceKind::descriptor, i);
  }
  for (std::size_t i = 0; i < layout.entry_count(); ++i)
    expected.emplace_back(PieceKind::central_header, i);
  expected.emplace_back(PieceKind::end_records, layout.entry_count());
  return expected;
}

base::Extent extent_of(Layout const& layout, Piece const& piece) {
  switch (piece.kind) {
    case PieceKind::local_header:
      return layout.local_header(piece.entry);
    case PieceKind::data:
      return layout.data(piece.entry);
    case PieceKind::descriptor:
      return layout.descriptor(piece.entry);
    case PieceKind::central_header:
      return layout.central_header(piece.entry);
    case PieceKind::end_records:
      return layout.end_records();
  }
  return {};
}

// The piece must be found from its first, middle and last byte and by its entry, and its bytes must
// have the planned size.
void check_sought(Layout const& layout, Piece const& piece) {
  for (std::uint64_t const inside : {std::uint64_t{0}, piece.size / 2, piece.size - 1})
    ASSERT_EQ(layout.piece_at(piece.offset + inside), piece);
  ASSERT_EQ(extent_of(layout, piece), (base::Extent{piece.offset, piece.size}));
  if (piece.kind != PieceKind::data) {
    ASSERT_EQ(written(layout, piece).size(), piece.size);
  } else {
    ASSERT_EQ(piece.size, compressed_size(layout.entry(piece.entry)));
    ASSERT_EQ(layout.entry_at(piece.offset), piece.entry);
    ASSERT_EQ(layout.local(piece.entry).offset, layout.local_header(piece.entry).offset);
    ASSERT_EQ(layout.local(piece.entry).end(), layout.descriptor(piece.entry).end());
  }
  if (piece.kind == PieceKind::central_header)
    ASSERT_EQ(layout.central_entry_at(piece.offset), piece.entry);
}

// The pieces must be the expected ones, follow each other without gap from 0 to the end, be found
// from any offset in them, and have the size of the bytes that are written for them. In a large
// archive every 13th piece is sought, which meets each kind and each place in it.
void check_layout(Layout const& layout) {
  std::size_t const sought = layout.entry_count() > 1'000 ? 13 : 1;
  std::size_t walked = 0;
  std::uint64_t offset = 0;
  std::optional<Piece> piece = layout.piece_at(0);
  for (auto const& [kind, entry] : expected_pieces(layout)) {
    ASSERT_TRUE(piece.has_value());
    ASSERT_EQ(piece->kind, kind);
    ASSERT_EQ(piece->entry, entry);
    ASSERT_EQ(piece->offset, offset);
    ASSERT_GT(piece->size, 0U);
    if (walked++ % sought == 0) check_sought(layout, *piece);
    if (::testing::Test::HasFatalFailure()) return;
    offset = piece->end();
    piece = layout.next(*piece);
  }
  EXPECT_FALSE(piece.has_value());
  EXPECT_EQ(offset, layout.size());
  EXPECT_EQ(layout.piece_at(offset), std::nullopt);
  EXPECT_EQ(layout.piece_at(UINT64_MAX), std::nullopt);
  EXPECT_EQ(layout.central_directory().end(), layout.end_records().offset);
}

TEST(Layout, holds_any_count_of_entries) {
  for (std::size_t const count : {0U, 1U, 2U, 63U, 64U, 65U, 65'534U, 65'535U, 65'536U, 70'000U}) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i)
      names.push_back(fmt::format("{}{}", i, i % 4 == 3 ? "/" : ""));
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < count; ++i)
      entries.push_back({.name = names[i],
                         .size = i % 4 == 3 ? 0 : i % 5,
                         .modified = static_cast<std::int64_t>(i),
                         .form = i % 4 == 3   ? Form::directory
                                 : i % 4 == 2 ? Form::stored_blocks
                                              : Form::stored});
    Layout const layout = layout_of(entries);
    SCOPED_TRACE(count);
    check_layout(layout);
    ASSERT_EQ(layout.entry_count(), count);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(layout.entry(i), entries[i]);
    EXPECT_EQ(layout.end_records().size, count < 65'535 ? 22U : 98U);
  }
}

TEST(Layout, an_empty_archive_is_its_end_record) {
  EXPECT_EQ(layout_of({}).size(), 22U);
}

TEST(Layout, zip64_begins_where_a_number_no_longer_fits) {
  for (Form const form : {Form::stored, Form::stored_blocks}) {
    for (std::uint64_t const size : {max32 - 1, max32, max32 + 1, std::uint64_t{4'294'639'630},
                                     std::uint64_t{4'294'639'631}, std::uint64_t{1} << 45}) {
      SCOPED_TRACE(fmt::format("form {}, size {}", static_cast<int>(form), size));
      Layout const layout = layout_of({{.name = "small", .size = 1},
                                       {.name = "large", .size = size, .form = form},
                                       {.name = "after", .size = 1}});
      check_layout(layout);
      bool const in_local = form == Form::stored ? size >= max32 : layout.data(1).size > max32;
      EXPECT_EQ(layout.local_header(1).size, 30U + 5 + 9 + (in_local ? 20 : 0));
      EXPECT_EQ(layout.descriptor(1).size, form == Form::stored ? 0U : in_local ? 24U : 16U);
      bool const size_escaped = size >= max32;
      bool const data_escaped = layout.data(1).size >= max32;
      std::uint64_t const extra =
          size_escaped || data_escaped ? 4 + (size_escaped ? 8 : 0) + (data_escaped ? 8 : 0) : 0;
      EXPECT_EQ(layout.central_header(1).size, 46U + 5 + 9 + extra);
      bool const offset_escaped = layout.local(2).offset >= max32;
      bool const repeated = size == max32 || layout.data(1).size == max32;
      EXPECT_EQ(layout.central_header(2).size, 46U + 5 + 9 +
                                                   (!offset_escaped ? 0
                                                    : repeated      ? 28
                                                                    : 12));
      EXPECT_EQ(layout.local_header(2).size, 30U + 5 + 9) << "a small entry's own sizes fit";
      EXPECT_EQ(layout.end_records().size, layout.central_directory().offset >= max32 ? 98U : 22U);
    }
  }
}

// An entry whose offset is just below, at and above 0xFFFFFFFF.
TEST(Layout, zip64_follows_an_offset_byte_by_byte) {
  constexpr std::uint64_t header = 30 + 1 + 9;
  for (std::uint64_t const offset : {max32 - 2, max32 - 1, max32, max32 + 1}) {
    Layout const layout = layout_of({{.name = "a", .size = 0x80000000},
                                     {.name = "b", .size = offset - 0x80000000 - 2 * header},
                                     {.name = "c", .size = 0}});
    ASSERT_EQ(layout.local(2).offset, offset);
    check_layout(layout);
    EXPECT_EQ(layout.central_header(2).size, 46U + 1 + 9 + (offset >= max32 ? 12 : 0));
  }
}

TEST(Layout, the_size_of_the_central_directory_alone_can_need_zip64) {
  // 65,483 headers of 65,590 bytes are over 4 GiB; the local ones, and so the offset, still fit.
  std::string const name(max_name_bytes, 'n');
  for (std::size_t const count : {65'482U, 65'483U}) {
    Layout const layout = layout_of(std::vector<Entry>(count, {.name = name, .size = 0}));
    ASSERT_LT(layout.central_directory().offset, max32);
    EXPECT_EQ(layout.central_directory().size, count * (46 + 65'535 + 9));
    EXPECT_EQ(layout.end_records().size, count == 65'482 ? 22U : 98U);
    EXPECT_EQ(layout.central_entry_at(layout.central_directory().end() - 1), count - 1);
  }
}

TEST(Layout, random_archives_are_walked_and_sought_alike) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::cout << "seed " << seed << "\n";
    std::mt19937_64 random(seed);
    std::deque<std::string> names;
    std::vector<Entry> entries;
    std::size_t const count = random() % 400;
    for (std::size_t i = 0; i < count; ++i) {
      Form const form = static_cast<Form>(random() % 3);
      names.emplace_back(1 + random() % 300, random() % 5 == 0 ? '\xC3' : 'x');
      if (form == Form::directory) names.back() += '/';
      std::uint64_t const size = form == Form::directory ? 0 : (random() >> (24 + random() % 40));
      auto const modified = static_cast<std::int64_t>(random() % (std::uint64_t{1} << 33));
      entries.push_back({.name = names.back(), .size = size, .modified = modified, .form = form});
    }
    Layout const layout = layout_of(entries);
    SCOPED_TRACE(fmt::format("seed {}", seed));
    check_layout(layout);
    for (int i = 0; i < 1'000; ++i) {
      std::uint64_t const offset = random() % layout.size();
      std::optional<Piece> const piece = layout.piece_at(offset);
      ASSERT_TRUE(piece.has_value());
      ASSERT_LE(piece->offset, offset);
      ASSERT_GT(piece->end(), offset);
    }
  }
}

TEST(Layout, says_beforehand_how_large_it_would_be) {
  std::mt19937_64 random(7);
  Layout layout;
  std::vector<Entry> entries;
  std::string const name(20, 'n');
  for (int i = 0; i < 600; ++i) {
    bool const huge = i == 100 || i == 300;  // from here on, offsets and sizes need ZIP64
    Entry const entry{.name = name,
                      .size = huge ? max32 + 1 : random() % 1000 + 1,
                      .form = random() % 2 == 0 ? Form::stored : Form::stored_blocks};
    std::uint64_t const expected = layout.size_with(entry);
    layout.add(entry);
    entries.push_back(entry);
    ASSERT_EQ(layout_of(entries).size(), expected) << i;
  }
}

base::Fault fault_of_adding(Entry const& entry) {
  Layout layout;
  try {
    layout.add(entry);
  } catch (base::Error const& error) {
    EXPECT_EQ(layout.entry_count(), 0U);
    return error.fault();
  }
  return base::Fault::internal;
}

TEST(Layout, refuses_entries_that_the_format_cannot_hold) {
  std::string const long_name(max_name_bytes + 1, 'n');
  EXPECT_EQ(fault_of_adding({.name = long_name, .size = 0}), base::Fault::bad_input);
  EXPECT_EQ(fault_of_adding({.name = "", .size = 0}), base::Fault::bad_input);
  EXPECT_EQ(fault_of_adding({.name = "d", .size = 0, .form = Form::directory}),
            base::Fault::bad_input);
  EXPECT_EQ(fault_of_adding({.name = "d/", .size = 1, .form = Form::directory}),
            base::Fault::bad_input);
  EXPECT_EQ(fault_of_adding({.name = "f/", .size = 0}), base::Fault::bad_input);
  EXPECT_EQ(fault_of_adding({.name = "f", .size = UINT64_MAX}), base::Fault::too_large);
}

TEST(Layout, refuses_to_grow_beyond_what_offsets_can_say) {
  std::uint64_t const quarter = max_archive_bytes / 4;
  Layout layout;
  for (int i = 0; i < 3; ++i) layout.add({.name = "f", .size = quarter});
  EXPECT_THROW(layout.add({.name = "f", .size = quarter}), base::Error);
  layout.add({.name = "f", .size = quarter - 1'000});
  layout.finish();
  EXPECT_LE(layout.size(), max_archive_bytes);
  check_layout(layout);
}

TEST(LayoutDeathTest, is_built_first_and_read_then) {
  Layout layout;
  layout.add({.name = "a", .size = 1});
  EXPECT_DEATH(layout.size(), "finished");
  layout.finish();
  EXPECT_DEATH(layout.add({.name = "b", .size = 1}), "finished");
  EXPECT_DEATH(layout.entry_at(layout.central_directory().offset), "before the central directory");
  EXPECT_DEATH(layout.central_entry_at(0), "in the central directory");
}

}  // namespace
}  // namespace zip
