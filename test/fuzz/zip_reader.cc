// Any bytes as an archive. What the strict check passes, our writer makes again byte for byte of
// the list alone: so the check lets nothing through that we do not write. And each listed entry is
// read: never more of it than is listed, and all of it where the check has passed.
#include "base/error.h"
#include "fuzzer.h"
#include "zip/read/archive_check.h"
#include "zip/read/entry_reader.h"
#include "zip/records.h"

namespace {

// Piece by piece, so that the reader sees its input end anywhere.
zip::Source pieces_of(std::string_view archive, std::size_t step) {
  auto const read = [=](base::Extent wanted) {
    return archive.substr(wanted.offset, std::min<std::uint64_t>(wanted.size, step));
  };
  return {archive.size(), read};
}

zip::Form form_of(zip::ListedEntry const& entry) {
  if (entry.is_directory()) return zip::Form::directory;
  return entry.method == zip::method_deflated ? zip::Form::stored_blocks : zip::Form::stored;
}

void require_ours(std::string_view archive, std::vector<zip::ListedEntry> const& entries) {
  zip::Layout layout;
  for (zip::ListedEntry const& entry : entries)
    layout.add({entry.name, entry.size, *entry.modified, form_of(entry)});
  layout.finish();
  fuzz::require(layout.size() == archive.size(), "the archive has the size of its entries");
  for (auto piece = layout.piece_at(0); piece; piece = layout.next(*piece)) {
    std::string record;
    std::uint32_t const crc = piece->entry < entries.size() ? entries[piece->entry].crc : 0;
    switch (piece->kind) {
      case zip::PieceKind::local_header:
        append_local_header(record, layout, piece->entry, crc);
        break;
      case zip::PieceKind::descriptor:
        append_descriptor(record, layout, piece->entry, crc);
        break;
      case zip::PieceKind::central_header:
        append_central_header(record, layout, piece->entry, crc);
        break;
      case zip::PieceKind::end_records:
        append_end_records(record, layout);
        break;
      case zip::PieceKind::data:
        continue;
    }
    fuzz::require(archive.substr(piece->offset, piece->size) == record,
                  "a record of a checked archive is as we write it");
  }
}

// False where it is refused.
bool read_entry(std::string_view archive, zip::ListedEntry const& entry) {
  constexpr std::size_t step = 100;
  std::uint64_t given = 0;
  auto const take = [&](std::string_view piece) {
    given += piece.size();
    fuzz::require(given <= entry.size, "no more is given out than is listed");
  };
  try {
    zip::EntryReader reader(entry);
    std::string_view rest = archive.substr(entry.local_offset);
    while (!rest.empty()) {
      std::string_view const piece = rest.substr(0, step);
      reader.feed(piece, take);
      rest.remove_prefix(piece.size());
    }
    reader.finish();
  } catch (base::Error const& error) {
    bool const known =
        error.fault() == base::Fault::corrupt || error.fault() == base::Fault::bad_input;
    fuzz::require(known, "a bad entry is corrupt, or one that cannot be read");
    return false;
  }
  fuzz::require(given == entry.size, "all of an entry is given out");
  return true;
}

void run(std::string_view input) {
  std::vector<zip::ListedEntry> listed;
  try {
    listed = list_archive(zip::source_of(input)).entries;
    fuzz::require(list_archive(pieces_of(input, 7)).entries == listed, "pieces list the same");
    // Entries may share bytes: many large ones would take long.
    constexpr std::size_t most_read = 20;
    for (std::size_t i = 0; i < std::min(listed.size(), most_read); ++i)
      read_entry(input, listed[i]);
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::corrupt, "a bad archive is corrupt");
  }
  try {
    std::vector<zip::ListedEntry> const checked = check_archive(pieces_of(input, 1'000));
    fuzz::require(checked == listed, "what is checked is what is listed");
    for (zip::ListedEntry const& entry : checked)
      fuzz::require(read_entry(input, entry), "a checked entry can be read");
    require_ours(input, checked);
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::corrupt, "a bad archive is corrupt");
  }
}

fuzz::Registered const registered("zip_reader", run);

}  // namespace
