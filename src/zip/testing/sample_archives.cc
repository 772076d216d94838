#include "zip/testing/sample_archives.h"

#include "base/digest.h"
#include "zip/blocks.h"
#include "zip/records.h"

#include <algorithm>

namespace zip {
namespace {

std::string const zeros(1 << 20, '\0');

// The content in stored blocks (RFC 1951, 3.2.4).
std::string in_blocks(std::string_view content) {
  std::string out;
  do {
    std::string_view const block = content.substr(0, 65'535);
    content.remove_prefix(block.size());
    out += content.empty() ? '\1' : '\0';
    out += bytes_of(block.size(), 2);
    out += bytes_of(~block.size(), 2);
    out += block;
  } while (!content.empty());
  return out;
}

std::uint32_t crc_of_zeros(std::uint64_t size) {
  std::uint32_t crc = 0;
  for (std::uint64_t n = 0; size > 0; size -= n) {
    n = std::min<std::uint64_t>(size, zeros.size());
    crc = base::crc32(crc, std::string_view(zeros).substr(0, n));
  }
  return crc;
}

}  // namespace

Layout layout_of(std::vector<SampleEntry> const& entries) {
  Layout layout;
  for (SampleEntry const& entry : entries)
    layout.add({entry.name, entry.content.size(), entry.modified, entry.form});
  layout.finish();
  return layout;
}

std::string sample_archive(std::vector<SampleEntry> const& entries) {
  Layout const layout = layout_of(entries);
  std::string out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    SampleEntry const& entry = entries[i];
    std::uint32_t const crc = base::crc32(0, entry.content);
    append_local_header(out, layout, i, crc);
    out += entry.form == Form::stored_blocks ? in_blocks(entry.content) : entry.content;
    append_descriptor(out, layout, i, crc);
  }
  for (std::size_t i = 0; i < entries.size(); ++i)
    append_central_header(out, layout, i, base::crc32(0, entries[i].content));
  append_end_records(out, layout);
  return out;
}

std::string bytes_of(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (; out.size() < bytes; value >>= 8) out += static_cast<char>(value & 0xFF);
  return out;
}

void put(std::string& archive, std::uint64_t offset, std::string_view bytes) {
  archive.replace(offset, bytes.size(), bytes);
}

ZeroArchive::ZeroArchive(std::vector<Entry> const& entries) {
  for (Entry const& entry : entries) {
    layout_.add(entry);
    crcs_.push_back(crc_of_zeros(entry.size));
  }
  layout_.finish();
}

Source ZeroArchive::source() {
  return {layout_.size(), [this](base::Extent wanted) { return read(wanted); }};
}

std::string_view ZeroArchive::read(base::Extent wanted) {
  Piece const piece = layout_.piece_at(wanted.offset).value();
  std::uint64_t const inside = wanted.offset - piece.offset;
  record_.clear();
  switch (piece.kind) {
    case PieceKind::local_header:
      append_local_header(record_, layout_, piece.entry, crcs_[piece.entry]);
      break;
    case PieceKind::descriptor:
      append_descriptor(record_, layout_, piece.entry, crcs_[piece.entry]);
      break;
    case PieceKind::central_header:
      append_central_header(record_, layout_, piece.entry, crcs_[piece.entry]);
      break;
    case PieceKind::end_records:
      append_end_records(record_, layout_);
      break;
    case PieceKind::data:
      Entry const entry = layout_.entry(piece.entry);
      if (entry.form == Form::stored)
        return std::string_view(zeros).substr(0, std::min(wanted.size, piece.size - inside));
      BlockRun const run = run_at(entry.size, inside);
      if (!run.is_header) return std::string_view(zeros).substr(0, std::min(wanted.size, run.size));
      record_ = run.header_bytes();
      return std::string_view(record_).substr(0, wanted.size);
  }
  return std::string_view(record_).substr(inside, wanted.size);
}

}  // namespace zip
