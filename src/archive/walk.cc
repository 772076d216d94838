#include "archive/walk.h"

#include "zip/blocks.h"

#include <algorithm>

namespace archive {

using zip::Extent;
using zip::Form;

std::vector<Extent> overlap(std::vector<Extent> const& wanted, Extent extent) {
  std::vector<Extent> parts;
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

}  // namespace

Walk::Walk(Plan const& plan, std::vector<Extent> wanted)
    : plan_(plan),
      wanted_(std::move(wanted)),
      wants_directory_(wants(plan.layout().central_directory())) {}

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
  zip::Layout const& layout = plan_.layout();
  if (entry_ == plan_.entry_count()) return std::nullopt;
  std::uint64_t const here = layout.local(entry_).offset;
  while (stretch_ < wanted_.size() && wanted_[stretch_].end() <= here) ++stretch_;
  if (stretch_ == wanted_.size() || wanted_[stretch_].offset >= layout.central_directory().offset) {
    entry_ = plan_.entry_count();
    return std::nullopt;
  }
  if (wanted_[stretch_].offset > here) entry_ = layout.entry_at(wanted_[stretch_].offset);
  return entry_++;
}

void Walk::plan_steps(std::size_t entry) {
  zip::Entry const planned = plan_.layout().entry(entry);
  Extent const data = plan_.layout().data(entry);
  for (Extent const part : overlap(wanted_, data)) {
    Extent const object = object_bytes(planned, {part.offset - data.offset, part.size});
    // Two stretches that meet in one block's header share its first byte.
    if (!steps_.empty() && object.offset < steps_.back().end) {
      steps_.back().end = object.end();
    } else {
      steps_.push_back({entry, object.offset, object.end(), false, 0});
    }
  }
  if (needs_crc(entry)) {
    std::uint64_t const first = steps_.empty() ? planned.size : steps_.front().begin;
    PrefixCrc const before = plan_.crcs().longest_prefix(entry, first);
    steps_.assign(1, {entry, before.bytes, planned.size, true, before.crc});
  } else if (steps_.empty()) {
    steps_.push_back({entry, 0, 0, false, 0});
  }
}

bool Walk::needs_crc(std::size_t entry) const {
  if (plan_.layout().entry(entry).form == Form::directory || plan_.crcs().whole(entry))
    return false;
  bool const in_header = plan_.layout().entry(entry).form == Form::stored;
  return (in_header && wants(plan_.layout().local_header(entry))) ||
         wants(plan_.layout().descriptor(entry)) ||
         (wants_directory_ && wants(plan_.layout().central_header(entry)));
}

std::optional<Step> Walk::next_for_directory() {
  if (!wants_directory_) return std::nullopt;
  while (directory_entry_ < plan_.entry_count()) {
    std::size_t const entry = directory_entry_++;
    // Those of the first round are being read already.
    if (wants(plan_.layout().local(entry)) || !needs_crc(entry)) continue;
    std::uint64_t const size = plan_.layout().entry(entry).size;
    PrefixCrc const before = plan_.crcs().longest_prefix(entry, size);
    return Step{entry, before.bytes, size, true, before.crc};
  }
  return std::nullopt;
}

bool Walk::wants(Extent extent) const {
  return !overlap(wanted_, extent).empty();
}

}  // namespace archive
