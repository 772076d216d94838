#include "archive/deliver/walk.h"

#include "base/limits.h"
#include "zip/blocks.h"

#include <algorithm>

namespace archive {

using base::Extent;
using zip::Form;

Extents overlap(std::vector<Extent> const& wanted, Extent extent) {
  Extents parts;
  auto stretch = std::ranges::upper_bound(wanted, extent.offset, {}, &Extent::end);
  for (; stretch != wanted.end() && stretch->offset < extent.end(); ++stretch) {
    std::uint64_t const begin = std::max(stretch->offset, extent.offset);
    std::uint64_t const end = std::min(stretch->end(), extent.end());
    if (begin < end) parts.push_back({begin, end - begin});
  }
  return parts;
}

namespace {

// The object bytes behind a stretch of the entry's data, given by offsets within that data. The
// header of a deflate block goes out with the block's first byte: a stretch that ends inside a
// header takes that byte in.
Extent object_bytes(zip::Entry const& entry, Extent encoded) {
  if (entry.form != Form::stored_blocks) return encoded;
  std::uint64_t const begin = zip::object_offset_at(encoded.offset);
  std::uint64_t const last = zip::object_offset_at(encoded.end() - 1);
  return {begin, std::min(last + 1, entry.size) - begin};
}

bool wants_any(std::vector<Extent> const& wanted, Extent extent) {
  return !overlap(wanted, extent).empty();
}

bool needs_crc(PlannedArchive const& archive, std::vector<Extent> const& wanted,
               std::size_t entry) {
  zip::Layout const& layout = archive.plan.layout();
  Form const form = layout.entry(entry).form;
  if (form == Form::directory || archive.crcs.is_settled(entry)) return false;
  Extent const header = layout.local_header(entry);
  return (form == Form::stored && wants_any(wanted, header)) ||
         wants_any(wanted, layout.descriptor(entry)) ||
         wants_any(wanted, layout.central_header(entry));
}

// Adds the steps for bytes of the entry's object that are wanted themselves; `steps` is empty
// before.
void add_wanted_steps(Plan const& plan, std::vector<Extent> const& wanted, std::size_t entry,
                      std::deque<Step>& steps) {
  zip::Entry const planned = plan.layout().entry(entry);
  Extent const data = plan.layout().data(entry);
  for (Extent const part : overlap(wanted, data)) {
    Extent const object = object_bytes(planned, {part.offset - data.offset, part.size});
    // Two stretches that meet in one block's header share its first byte.
    if (!steps.empty() && object.offset < steps.back().end) {
      steps.back().end = object.end();
    } else {
      steps.push_back({.entry = entry, .begin = object.offset, .end = object.end()});
    }
  }
  if (!steps.empty() && steps.front().begin == 0) steps.front().crc_before = 0;
}

// A step that begins in mid-object and ends with it begins at a running CRC instead, if one is
// near, so that the object is checked: a CRC that S3 has told is not checked by itself.
void begin_at_prefix(PlannedArchive const& archive, Step& step) {
  bool const to_end = step.end == archive.plan.layout().entry(step.entry).size;
  if (step.begin == 0 || !to_end || archive.crcs.is_checked(step.entry)) return;
  PrefixCrc const before = archive.crcs.longest_prefix(step.entry, step.begin);
  std::uint64_t const most = std::min(base::limits::max_crc_reads, step.end - step.begin);
  if (before.bytes == 0 || step.begin - before.bytes > most) return;
  step.begin = before.bytes;
  step.crc_before = before.crc;
}

// The one step that computes the CRC, and has the bytes from `first` on.
Step crc_step(PlannedArchive const& archive, std::size_t entry, std::uint64_t first) {
  PrefixCrc const before = archive.crcs.longest_prefix(entry, first);
  return {.entry = entry,
          .begin = before.bytes,
          .end = archive.plan.layout().entry(entry).size,
          .needs_crc = true,
          .crc_before = before.crc};
}

// The entries from the first to the last whose central header is wanted; in several stretches, all
// between them.
CentralEntries wanted_central_entries(zip::Layout const& layout,
                                      std::vector<Extent> const& wanted) {
  Extents const parts = overlap(wanted, layout.central_directory());
  if (parts.empty()) return {};
  return {layout.central_entry_at(parts.front().offset),
          layout.central_entry_at(parts.back().end() - 1) + 1};
}

// How many bytes of the entry's object are read for its CRC only.
std::uint64_t reads_for_crc(PlannedArchive const& archive, std::vector<Extent> const& wanted,
                            std::size_t entry) {
  if (!needs_crc(archive, wanted, entry)) return 0;
  std::uint64_t const size = archive.plan.layout().entry(entry).size;
  std::deque<Step> steps;
  add_wanted_steps(archive.plan, wanted, entry, steps);
  Step const step = crc_step(archive, entry, steps.empty() ? size : steps.front().begin);
  std::uint64_t reads = step.end - step.begin;
  for (Step const& own : steps) reads -= own.end - own.begin;
  return reads;
}

}  // namespace

Walk::Walk(PlannedArchive const& archive, std::vector<Extent> wanted)
    : archive_(archive),
      wanted_(std::move(wanted)),
      central_(wanted_central_entries(archive.plan.layout(), wanted_)) {}

std::optional<Step> Walk::next() {
  if (steps_.empty()) {
    if (auto const entry = next_wanted_entry()) plan_steps(*entry);
  }
  if (steps_.empty()) return next_for_directory();
  Step const step = steps_.front();
  steps_.pop_front();
  return step;
}

std::optional<std::size_t> Walk::next_wanted_entry() {
  zip::Layout const& layout = archive_.plan.layout();
  if (entry_ == archive_.plan.entry_count()) return std::nullopt;
  std::uint64_t const here = layout.local(entry_).offset;
  while (stretch_ < wanted_.size() && wanted_[stretch_].end() <= here) ++stretch_;
  if (stretch_ == wanted_.size() || wanted_[stretch_].offset >= layout.central_directory().offset) {
    entry_ = archive_.plan.entry_count();
    return std::nullopt;
  }
  if (wanted_[stretch_].offset > here) entry_ = layout.entry_at(wanted_[stretch_].offset);
  return entry_++;
}

void Walk::plan_steps(std::size_t entry) {
  add_wanted_steps(archive_.plan, wanted_, entry, steps_);
  if (needs_crc(archive_, wanted_, entry)) {
    std::uint64_t const size = archive_.plan.layout().entry(entry).size;
    std::uint64_t const first = steps_.empty() ? size : steps_.front().begin;
    steps_.assign(1, crc_step(archive_, entry, first));
  } else if (steps_.empty()) {
    steps_.push_back({.entry = entry});
  } else if (steps_.size() == 1) {
    begin_at_prefix(archive_, steps_.front());
  }
}

std::optional<Step> Walk::next_for_directory() {
  while (central_.next < central_.end) {
    std::size_t const entry = central_.next++;
    // Entries of the first round are being read already.
    bool const in_first_round = wants_any(wanted_, archive_.plan.layout().local(entry));
    if (in_first_round || !needs_crc(archive_, wanted_, entry)) continue;
    return crc_step(archive_, entry, archive_.plan.layout().entry(entry).size);
  }
  return std::nullopt;
}

std::uint64_t reads_for_crcs(PlannedArchive const& archive, Extent wanted, std::uint64_t enough) {
  zip::Layout const& layout = archive.plan.layout();
  std::vector<Extent> const stretch{wanted};
  std::uint64_t const locals_end = layout.central_directory().offset;
  std::size_t first = 0;  // entry of which a byte is wanted
  std::size_t end = 0;    // behind the last one; those between are wanted whole
  std::uint64_t reads = 0;
  if (wanted.offset < locals_end) {
    first = layout.entry_at(wanted.offset);
    end = layout.entry_at(std::min(wanted.end(), locals_end) - 1) + 1;
    reads = reads_for_crc(archive, stretch, first);
    if (end - first > 1) reads += reads_for_crc(archive, stretch, end - 1);
  }
  CentralEntries central = wanted_central_entries(layout, stretch);
  for (; central.next < central.end && reads <= enough; ++central.next) {
    bool const counted = first <= central.next && central.next < end;
    if (!counted) reads += reads_for_crc(archive, stretch, central.next);
  }
  return reads;
}

}  // namespace archive
