// Any bytes as an archive. What the strict check passes, our writer makes again byte for byte of
// the list alone: so the check lets nothing through that we do not write.
#include "base/error.h"
#include "fuzzer.h"
#include "zip/archive_check.h"
#include "zip/records.h"

namespace {

// Piece by piece, so that the reader sees its input end anywhere.
zip::Source pieces_of(std::string_view archive, std::size_t step) {
  auto const read = [=](zip::Extent wanted) {
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

void run(std::string_view input) {
  std::vector<zip::ListedEntry> listed;
  try {
    listed = list_archive(zip::source_of(input)).entries;
    fuzz::require(list_archive(pieces_of(input, 7)).entries == listed, "pieces list the same");
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::corrupt, "a bad archive is corrupt");
  }
  try {
    std::vector<zip::ListedEntry> const checked = check_archive(pieces_of(input, 1'000));
    fuzz::require(checked == listed, "what is checked is what is listed");
    require_ours(input, checked);
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::corrupt, "a bad archive is corrupt");
  }
}

fuzz::Registered const registered("zip_reader", run);

}  // namespace
