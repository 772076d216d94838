// Adds entries up and finds offsets again; see layout.h.
#include "zip/layout.h"

#include "base/error.h"
#include "zip/blocks.h"
#include "zip/names.h"
#include "zip/records.h"

#include <algorithm>
#include <ranges>

namespace zip {
namespace {

// At most this many central headers are walked to find one; a sample costs 8 bytes.
constexpr std::size_t sample_step = 64;

constexpr std::uint64_t max_end_records_size =
    zip64_end_size + zip64_end_locator_size + end_of_central_dir_size;

void check_entry(Entry const& entry) {
  auto const refuse = [&entry](char const* reason) {
    throw base::Error(base::Fault::bad_input,
                      "zip entry \"" + shown_name(entry.name) + "\": " + reason);
  };
  if (entry.name.empty()) refuse("the name is empty");
  if (entry.name.size() > max_name_bytes) refuse("the name is longer than 65,535 bytes");
  if (entry.name.ends_with('/') != (entry.form == Form::directory))
    refuse("a name ends in '/' exactly where the entry is a directory");
  if (entry.form == Form::directory && entry.size != 0) refuse("a directory has no data");
}

}  // namespace

std::uint64_t compressed_size(Entry const& entry) {
  return entry.form == Form::stored_blocks ? blocks_size(entry.size) : entry.size;
}

Layout::Growth Layout::growth_by(Entry const& entry) const {
  base::check(!finished_, "a finished layout takes no entries");
  check_entry(entry);
  // The size is checked first, so that the sums below do not overflow.
  if (entry.size <= max_archive_bytes / 2) {
    Growth const growth{
        .local_size = local_header_size(entry) + compressed_size(entry) + descriptor_size(entry),
        .header_size = central_header_size(entry, central_offset_, repeats_sizes(rows_.size()))};
    if (growth.local_size + growth.header_size + max_end_records_size <=
        max_archive_bytes - central_offset_ - central_size_)
      return growth;
  }
  throw base::Error(base::Fault::too_large, "zip entry \"" + shown_name(entry.name) +
                                                "\": the archive grows over 2^63 bytes");
}

std::uint64_t Layout::size_with(Entry const& entry) const {
  Growth const growth = growth_by(entry);
  base::Extent const central{central_offset_ + growth.local_size,
                             central_size_ + growth.header_size};
  return central.end() + end_records_size(rows_.size() + 1, central);
}

void Layout::add(Entry const& entry) {
  static_assert(sizeof(Row) < bytes_per_entry, "a row and its part of a sample");
  Growth const growth = growth_by(entry);
  bool const escape_like =
      entry.size == zip64_escape_32 || compressed_size(entry) == zip64_escape_32;
  if (escape_like) escape_like_ = std::min(escape_like_, rows_.size());
  if (rows_.size() % sample_step == 0) central_samples_.push_back(central_size_);
  rows_.push_back({.name = entry.name.data(),
                   .size = entry.size,
                   .modified = entry.modified,
                   .local_offset = central_offset_,
                   .name_size = static_cast<std::uint16_t>(entry.name.size()),
                   .form = entry.form});
  central_offset_ += growth.local_size;
  central_size_ += growth.header_size;
}

void Layout::finish() {
  base::check(!finished_, "a layout is finished once");
  finished_ = true;
}

std::uint64_t Layout::size() const {
  return end_records().end();
}

Entry Layout::entry(std::size_t index) const {
  Row const& found = row(index);
  return {.name = {found.name, found.name_size},
          .size = found.size,
          .modified = found.modified,
          .form = found.form};
}

base::Extent Layout::local_header(std::size_t index) const {
  return {row(index).local_offset, local_header_size(entry(index))};
}

base::Extent Layout::data(std::size_t index) const {
  return {local_header(index).end(), compressed_size(entry(index))};
}

base::Extent Layout::descriptor(std::size_t index) const {
  return {data(index).end(), descriptor_size(entry(index))};
}

base::Extent Layout::local(std::size_t index) const {
  std::uint64_t const offset = row(index).local_offset;
  return {offset, local_end(index) - offset};
}

base::Extent Layout::central_header(std::size_t index) const {
  std::uint64_t const size = central_size_of(index);
  std::size_t walked = index / sample_step * sample_step;
  std::uint64_t offset = central_offset_ + central_samples_[index / sample_step];
  for (; walked < index; ++walked) offset += central_size_of(walked);
  return {offset, size};
}

base::Extent Layout::central_directory() const {
  base::check(finished_, "the layout is finished");
  return {central_offset_, central_size_};
}

base::Extent Layout::end_records() const {
  base::Extent const central = central_directory();
  return {central.end(), end_records_size(rows_.size(), central)};
}

std::size_t Layout::entry_at(std::uint64_t offset) const {
  base::check(offset < central_directory().offset, "the offset is before the central directory");
  auto const begin_of = [this](std::size_t index) { return rows_[index].local_offset; };
  auto const indices = std::views::iota(std::size_t{0}, rows_.size());
  return *std::ranges::upper_bound(indices, offset, {}, begin_of) - 1;
}

std::size_t Layout::central_entry_at(std::uint64_t offset) const {
  base::Extent const central = central_directory();
  base::check(offset >= central.offset && offset < central.end(),
              "the offset is in the central directory");
  auto const sample =
      std::upper_bound(central_samples_.begin(), central_samples_.end(), offset - central.offset) -
      1;
  std::size_t index = static_cast<std::size_t>(sample - central_samples_.begin()) * sample_step;
  std::uint64_t end = central.offset + *sample;
  for (;; ++index) {
    end += central_size_of(index);
    if (offset < end) return index;
  }
}

std::optional<Piece> Layout::piece_at(std::uint64_t offset) const {
  if (offset >= size()) return std::nullopt;
  if (offset < central_offset_) return local_piece(entry_at(offset), offset);
  if (offset >= end_records().offset) return end_piece();
  std::size_t const index = central_entry_at(offset);
  return central_piece(index, central_header(index).offset);
}

std::optional<Piece> Layout::next(Piece const& piece) const {
  if (piece.kind == PieceKind::end_records) return std::nullopt;
  std::uint64_t const offset = piece.end();
  if (piece.kind == PieceKind::central_header) {
    if (piece.entry + 1 == rows_.size()) return end_piece();
    return central_piece(piece.entry + 1, offset);
  }
  if (offset < local_end(piece.entry)) return local_piece(piece.entry, offset);
  if (piece.entry + 1 == rows_.size()) return central_piece(0, offset);
  return local_piece(piece.entry + 1, offset);
}

Layout::Row const& Layout::row(std::size_t index) const {
  base::check(finished_ && index < rows_.size(), "the layout is finished and has this entry");
  return rows_[index];
}

std::uint64_t Layout::central_size_of(std::size_t index) const {
  return central_header_size(entry(index), row(index).local_offset, repeats_sizes(index));
}

std::uint64_t Layout::local_end(std::size_t index) const {
  return index + 1 < rows_.size() ? row(index + 1).local_offset : central_offset_;
}

Piece Layout::local_piece(std::size_t index, std::uint64_t offset) const {
  auto const piece = [index](PieceKind kind, base::Extent extent) {
    return Piece{kind, index, extent.offset, extent.size};
  };
  base::Extent const header = local_header(index);
  if (offset < header.end()) return piece(PieceKind::local_header, header);
  base::Extent const contents = data(index);
  if (offset < contents.end()) return piece(PieceKind::data, contents);
  return piece(PieceKind::descriptor, descriptor(index));
}

Piece Layout::central_piece(std::size_t index, std::uint64_t offset) const {
  return {PieceKind::central_header, index, offset, central_size_of(index)};
}

Piece Layout::end_piece() const {
  base::Extent const end = end_records();
  return {PieceKind::end_records, rows_.size(), end.offset, end.size};
}

}  // namespace zip
