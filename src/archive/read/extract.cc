#include "archive/read/extract.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/event.h"
#include "net/take.h"
#include "net/task_group.h"
#include "zip/format.h"

#include <algorithm>
#include <deque>

namespace archive {

namespace limits = base::limits;

namespace {

// The state that reads in flight share with the extraction, which may end before them.
struct Reading {
  Reading(net::Executor const& loop, ArchiveBytes const& from, base::Budget& memory)
      : arrived(loop), bytes(from), budget(memory) {}
  net::Event arrived;
  ArchiveBytes const bytes;
  base::Budget& budget;
};

struct Segment {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  base::Budget::Grant memory;
  std::unique_ptr<char[]> bytes;
  bool done = false;
  std::exception_ptr failure;
};

net::task<void> read_segment(std::shared_ptr<Reading> reading, std::shared_ptr<Segment> segment) {
  try {
    segment->memory = co_await net::take(reading->budget, segment->size);
    segment->bytes = std::make_unique_for_overwrite<char[]>(segment->size);
    std::span<char> const room(segment->bytes.get(), segment->size);
    co_await reading->bytes.read(segment->offset, room);
  } catch (...) {
    segment->failure = std::current_exception();
  }
  segment->done = true;
  reading->arrived.notify_all();
}

class Extraction {
 public:
  Extraction(net::Executor const& loop, ArchiveBytes const& bytes, zip::ListedEntry const& entry,
             base::Budget& budget)
      : reader_(entry),
        begin_(entry.local_offset),
        archive_size_(bytes.size),
        next_(begin_),
        reading_(std::make_shared<Reading>(loop, bytes, budget)),
        tasks_(loop) {
    // The header's length is in the header: most have no more extra bytes than this.
    constexpr std::uint64_t likely_extra = 64;
    std::uint64_t const header =
        zip::local_header_fixed_size + entry.name_in_archive().size() + likely_extra;
    extend_to(begin_ + header + std::min(entry.compressed_size, limits::segment_bytes));
  }

  net::task<void> run(net::BlockingPool& pool, zip::EntryReader::Take const& take);

 private:
  void extend_to(std::uint64_t end) { end_ = std::min(end, archive_size_); }
  void start_reads();
  void find_end();

  zip::EntryReader reader_;
  std::uint64_t const begin_;
  std::uint64_t const archive_size_;
  std::uint64_t next_;     // to be read
  std::uint64_t end_ = 0;  // of what is known to be wanted
  std::shared_ptr<Reading> reading_;
  std::deque<std::shared_ptr<Segment>> ahead_;
  net::TaskGroup tasks_;
};

net::task<void> Extraction::run(net::BlockingPool& pool, zip::EntryReader::Take const& take) {
  for (;;) {
    start_reads();
    if (ahead_.empty()) break;
    std::shared_ptr<Segment> const segment = ahead_.front();
    while (!segment->done) co_await reading_->arrived.wait();
    ahead_.pop_front();
    if (segment->failure) std::rethrow_exception(segment->failure);
    auto const feed = [&] { reader_.feed({segment->bytes.get(), segment->size}, take); };
    co_await pool.run(feed);
    find_end();
  }
  reader_.finish();
}

void Extraction::start_reads() {
  while (next_ < end_ && ahead_.size() < limits::extract_segments_ahead) {
    auto segment = std::make_shared<Segment>();
    segment->offset = next_;
    segment->size = std::min(end_ - next_, limits::segment_bytes + limits::arrival_bytes);
    next_ += segment->size;
    ahead_.push_back(segment);
    tasks_.spawn(read_segment(reading_, segment));
  }
}

// Once the header has been read, the entry's length is known.
void Extraction::find_end() {
  if (auto const total = reader_.total()) {
    extend_to(begin_ + std::min(*total, archive_size_));
  } else if (next_ == end_) {
    extend_to(end_ + limits::arrival_bytes);  // a header with many extra fields
  }
}

}  // namespace

net::task<void> extract(ArchiveBytes const& bytes, zip::ListedEntry entry, base::Budget& budget,
                        net::BlockingPool& pool, zip::EntryReader::Take const& take) {
  net::Executor const loop = co_await net::this_loop();
  Extraction extraction(loop, bytes, entry, budget);
  co_await extraction.run(pool, take);
}

}  // namespace archive
