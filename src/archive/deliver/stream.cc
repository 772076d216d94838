#include "archive/deliver/stream.h"

#include "archive/deliver/fetch.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "s3/messages/faults.h"
#include "zip/blocks.h"
#include "zip/records.h"

#include <array>
#include <span>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Extent;
using zip::Form;

namespace {

class Streamer {
 public:
  Streamer(net::Executor const& loop, Delivery delivery, Sink& sink)
      : archive_(delivery.archive),
        plan_(archive_->plan),
        crcs_(archive_->crcs),
        layout_(plan_.layout()),
        wanted_(delivery.wanted),
        progress_(delivery.progress),
        keep_crcs_(std::move(delivery.keep_crcs)),
        sink_(sink),
        fetcher_(loop, delivery.store, *delivery.budget, archive_, delivery.wanted) {}
  ~Streamer();

  net::task<void> run() {
    for (;;) {
      if (!fetcher_.step_ready() && has_read_) co_await flush();
      std::optional<Step> const step = co_await fetcher_.next_step();
      if (!step) break;
      co_await deliver(*step);
    }
    co_await deliver_directory();
    co_await flush();
  }

 private:
  net::task<void> deliver(Step step);
  net::task<void> deliver_directory();
  net::task<std::optional<std::uint32_t>> deliver_data(Step step, bool hold_header);
  void settle_crc(Step const& step, std::optional<std::uint32_t> crc);
  std::uint32_t continue_crc(std::size_t entry, std::uint32_t crc, Block const& block);
  std::string shown(std::size_t entry) const;
  void count(Step const& step);

  void emit_header(std::size_t entry, std::uint32_t crc);
  void emit_descriptor(std::size_t entry);
  std::uint32_t crc_of(std::size_t entry) const;
  void emit_block(std::size_t entry, Block const& block);
  void emit_stored_blocks(std::size_t entry, Block const& block);
  void emit_record(std::uint64_t offset, std::string bytes);
  void emit(Slice const& slice);
  std::uint64_t least_to_read(bool hold_header) const;
  net::task<void> flush_if_full();
  net::task<void> flush_before_waiting(std::uint64_t least);
  net::task<void> flush();

  std::shared_ptr<PlannedArchive> archive_;
  Plan const& plan_;
  Crcs& crcs_;
  zip::Layout const& layout_;
  std::vector<Extent> wanted_;
  LiveProgress* progress_;
  std::function<net::task<void>()> keep_crcs_;
  Sink& sink_;
  Fetcher fetcher_;
  std::vector<Slice> pending_;
  std::uint64_t pending_bytes_ = 0;
  bool has_read_ = false;  // something of an object
  std::optional<std::size_t> last_entry_;
  // The latest running CRCs, for the download that resumes this one: a ring.
  std::array<EntryCrc, limits::crc_places_of_download> places_;
  std::size_t next_place_ = 0;
};

// The destructor keeps the places, as a client that leaves cancels its download.
Streamer::~Streamer() {
  std::size_t const count = std::min(next_place_, places_.size());
  for (EntryCrc const& place : std::span(places_).first(count))
    crcs_.learn_prefix(place.entry, place.prefix);
}

net::task<void> Streamer::deliver(Step step) {
  bool const first = last_entry_ != step.entry;
  last_entry_ = step.entry;
  zip::Entry const entry = layout_.entry(step.entry);
  std::optional<std::uint32_t> const known = crcs_.whole(step.entry);
  // A header waits for a CRC that is not known yet: that of a small entry is held back until its
  // one block is there; a sink that takes bytes in any order gets the header last.
  bool const hold_header = entry.form == Form::stored && !known && step.needs_crc;
  if (first && !hold_header) emit_header(step.entry, known.value_or(0));
  auto const crc = co_await deliver_data(step, hold_header && sink_.in_order());
  settle_crc(step, crc);
  if (hold_header && !sink_.in_order()) emit_header(step.entry, *crc);
  if (first) emit_descriptor(step.entry);
  count(step);
  co_await flush_if_full();
}

// Hands on the step's blocks; gives the CRC-32 of the object up to the step's end, if the CRC of
// the bytes before the step is known.
net::task<std::optional<std::uint32_t>> Streamer::deliver_data(Step step, bool hold_header) {
  base::check(!hold_header || step.end - step.begin <= limits::segment_bytes,
              "only an entry of one block can be held back");
  std::optional<std::uint32_t> crc = step.crc_before;
  for (std::uint64_t offset = step.begin; offset < step.end;) {
    std::uint64_t const least = least_to_read(hold_header);
    if (!fetcher_.block_ready(least)) co_await flush_before_waiting(least);
    Block const block = co_await fetcher_.next_block(least);
    has_read_ = true;
    offset += block.bytes.size();
    if (crc) crc = continue_crc(step.entry, *crc, block);
    if (hold_header) emit_header(step.entry, *crc);
    emit_block(step.entry, block);
    if (progress_ != nullptr) progress_->bytes_done += block.bytes.size();
    co_await flush_if_full();
  }
  if (hold_header && step.begin == step.end) emit_header(step.entry, *crc);
  co_return crc;
}

// Carries the CRC-32 over the block; running values are kept for later downloads.
std::uint32_t Streamer::continue_crc(std::size_t entry, std::uint32_t crc, Block const& block) {
  std::string_view bytes = block.bytes;
  std::uint64_t const end = block.offset + bytes.size();
  std::uint64_t const kept = end / limits::crc_segment_bytes * limits::crc_segment_bytes;
  if (kept > block.offset) {
    crc = base::crc32(crc, bytes.substr(0, kept - block.offset));
    bytes.remove_prefix(kept - block.offset);
    if (kept < layout_.entry(entry).size) crcs_.learn_prefix(entry, {kept, crc});
  }
  crc = base::crc32(crc, bytes);
  bool const new_segment = end / limits::segment_bytes > block.offset / limits::segment_bytes;
  if (new_segment && end < layout_.entry(entry).size)
    places_[next_place_++ % places_.size()] = {entry, {end, crc}};
  return crc;
}

// Learns the CRC of the whole object, if it is at hand; Error{corrupt} if another one is on record.
void Streamer::settle_crc(Step const& step, std::optional<std::uint32_t> crc) {
  zip::Entry const entry = layout_.entry(step.entry);
  if (!crc || step.end != entry.size || entry.form == Form::directory) return;
  if (crcs_.learn_whole(step.entry, entry.size, *crc)) return;
  throw base::Error(base::Fault::corrupt,
                    fmt::format("{}: its bytes have the CRC-32 {:08x}, but {:08x} is on record",
                                shown(step.entry), *crc, crcs_.whole(step.entry).value()));
}

std::string Streamer::shown(std::size_t entry) const {
  PlannedEntry const object = plan_.entry(entry);
  return s3::shown(object.bucket, object.key);
}

void Streamer::count(Step const& step) {
  if (progress_ != nullptr && step.end == layout_.entry(step.entry).size) ++progress_->entries_done;
}

net::task<void> Streamer::deliver_directory() {
  base::Extent const directory = layout_.central_directory();
  for (Extent const part : overlap(wanted_, directory)) {
    std::string bytes;
    std::size_t entry = layout_.central_entry_at(part.offset);
    std::uint64_t begin = layout_.central_header(entry).offset;
    std::uint64_t end = begin;
    for (; end < part.end(); ++entry) {
      std::size_t const before = bytes.size();
      zip::append_central_header(bytes, layout_, entry, crc_of(entry));
      end += bytes.size() - before;
      if (bytes.size() < limits::directory_piece_bytes && end < part.end()) continue;
      emit_record(begin, std::move(bytes));
      bytes.clear();
      begin = end;
      co_await flush();
    }
  }
  std::string records;
  zip::append_end_records(records, layout_);
  emit_record(layout_.end_records().offset, std::move(records));
}

void Streamer::emit_header(std::size_t entry, std::uint32_t crc) {
  std::string bytes;
  zip::append_local_header(bytes, layout_, entry, crc);
  emit_record(layout_.local_header(entry).offset, std::move(bytes));
}

void Streamer::emit_descriptor(std::size_t entry) {
  if (overlap(wanted_, layout_.descriptor(entry)).empty()) return;
  std::string bytes;
  zip::append_descriptor(bytes, layout_, entry, crc_of(entry));
  emit_record(layout_.descriptor(entry).offset, std::move(bytes));
}

// The entry's descriptor or central header is wanted: the walk has made its CRC known.
std::uint32_t Streamer::crc_of(std::size_t entry) const {
  if (layout_.entry(entry).form == Form::directory) return 0;
  std::optional<std::uint32_t> const crc = crcs_.whole(entry);
  base::check(crc.has_value(), "a CRC is known before it is written");
  if (!crcs_.is_settled(entry)) {
    // Another download of the link has just found this out.
    throw base::Error(base::Fault::corrupt, shown(entry) +
                                                ": its bytes do not have the CRC-32 on "
                                                "record");
  }
  return *crc;
}

void Streamer::emit_block(std::size_t entry, Block const& block) {
  if (layout_.entry(entry).form == Form::stored_blocks) return emit_stored_blocks(entry, block);
  emit({layout_.data(entry).offset + block.offset, block.bytes, block.owner});
}

void Streamer::emit_stored_blocks(std::size_t entry, Block const& block) {
  std::uint64_t const size = layout_.entry(entry).size;
  std::uint64_t const data = layout_.data(entry).offset;
  std::uint64_t const end = block.offset + block.bytes.size();
  // The header of a deflate block goes out with the block's first byte.
  std::uint64_t at = zip::encoded_offset_of(block.offset);
  if (block.offset % zip::max_block_data == 0) at -= zip::block_header_size;
  auto const headers = std::make_shared<std::vector<zip::BlockRun>>();
  headers->reserve(block.bytes.size() / zip::max_block_data + 2);  // views into it must stay
  for (std::uint64_t object_offset = block.offset; object_offset < end;) {
    zip::BlockRun const run = zip::run_at(size, at);
    if (run.is_header) {
      headers->push_back(run);
      emit({data + at, headers->back().header_bytes(), headers});
    } else {
      std::uint64_t const count = std::min(run.size, end - object_offset);
      emit({data + at, block.bytes.substr(object_offset - block.offset, count), block.owner});
      object_offset += count;
    }
    at += run.size;
  }
}

void Streamer::emit_record(std::uint64_t offset, std::string bytes) {
  auto const owner = std::make_shared<std::string const>(std::move(bytes));
  emit({offset, *owner, owner});
}

void Streamer::emit(Slice const& slice) {
  for (Extent const part : overlap(wanted_, {slice.offset, slice.bytes.size()})) {
    pending_.push_back(
        {part.offset, slice.bytes.substr(part.offset - slice.offset, part.size), slice.owner});
    pending_bytes_ += part.size;
  }
}

std::uint64_t Streamer::least_to_read(bool hold_header) const {
  if (hold_header) return limits::held_entry_bytes;
  return has_read_ ? limits::arrival_bytes : 1;  // the client's first bytes go out at once
}

net::task<void> Streamer::flush_if_full() {
  if (fetcher_.holds_enough() || pending_.size() >= limits::max_slices_held) co_await flush();
}

// Nothing goes out before the first bytes of an object are there: until then a sink can still tell
// a fault, such as an object that has changed, instead of breaking off.
net::task<void> Streamer::flush_before_waiting(std::uint64_t least) {
  if (!has_read_) co_return;
  // Small objects come in bursts: they go out together, a write of one costs more than the object.
  if (pending_bytes_ < limits::gathered_bytes) {
    bool const ready = co_await fetcher_.block_within(least, limits::gather_time);
    if (ready) co_return;
  }
  co_await flush();
}

net::task<void> Streamer::flush() {
  std::vector<Slice> slices = std::exchange(pending_, {});
  pending_bytes_ = 0;
  if (!slices.empty()) co_await sink_.write(std::move(slices));
  fetcher_.let_go();
  if (keep_crcs_) {
    co_await keep_crcs_();
  } else if (crcs_.has_much_news()) {
    crcs_.take_news();  // no keep_crcs_ stores it
  }
}

}  // namespace

net::task<void> stream(Delivery delivery, Sink& sink) {
  base::check(!sink.in_order() || delivery.wanted.size() <= 1, "a sink in order takes one stretch");
  net::Executor const loop = co_await net::this_loop();
  Streamer streamer(loop, std::move(delivery), sink);
  co_await streamer.run();
}

}  // namespace archive
