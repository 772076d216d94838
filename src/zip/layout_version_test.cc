// Digests of whole archives, records only, that keep a change of bytes from passing unnoticed.
#include "base/digest.h"
#include "base/text.h"
#include "zip/format.h"
#include "zip/layout.h"
#include "zip/records.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace zip {
namespace {

// All records of an archive, in the order of its pieces.
std::string all_records(std::vector<Entry> const& entries) {
  Layout layout;
  for (Entry const& entry : entries) layout.add(entry);
  layout.finish();
  std::string out;
  for (auto piece = layout.piece_at(0); piece; piece = layout.next(*piece)) {
    auto const crc = static_cast<std::uint32_t>(piece->entry * 2'654'435'761U);
    std::size_t const size_before = out.size();
    switch (piece->kind) {
      case PieceKind::local_header:
        append_local_header(out, layout, piece->entry, crc);
        break;
      case PieceKind::descriptor:
        append_descriptor(out, layout, piece->entry, crc);
        break;
      case PieceKind::central_header:
        append_central_header(out, layout, piece->entry, crc);
        break;
      case PieceKind::end_records:
        append_end_records(out, layout);
        break;
      case PieceKind::data:
        continue;
    }
    EXPECT_EQ(out.size() - size_before, piece->size);
  }
  return out;
}

// If one of these digests changes, archives have changed: give layout_version a new number.
TEST(LayoutVersion, one_has_these_bytes) {
  ASSERT_EQ(layout_version, 1);
  std::vector<std::string> names;
  for (int i = 0; i < 70'000; ++i)
    names.push_back(fmt::format("folder/{}{}{}", i, i % 7 == 0 ? "\u00E4" : "", i % 3 ? "" : "/"));
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < names.size(); ++i) {
    bool const directory = i % 3 == 0;
    Form const form = directory ? Form::directory : i % 3 == 1 ? Form::stored : Form::stored_blocks;
    // Some objects are over 4 GiB, and the times reach from before 1980 to after 2107.
    std::uint64_t const size = directory ? 0 : i % 1'000 == 1 ? i << 20 : i;
    std::int64_t const modified = static_cast<std::int64_t>(i) * 70'000 - 100'000'000;
    entries.push_back({.name = names[i], .size = size, .modified = modified, .form = form});
  }
  auto const digest = [](std::vector<Entry> const& list) {
    return base::hex(base::sha256(all_records(list)));
  };
  EXPECT_EQ(digest(entries), "00f9816062bd42e6e73969466bef51298e82fcf473f56460aea5ce9858afe1fe");
  EXPECT_EQ(digest({entries.begin(), entries.begin() + 1'000}),
            "8b3f0cb16d8b1dfd213c8d4a312bae520e6cc5ee18fb194657aea45a1676dd43");
}

}  // namespace
}  // namespace zip
