// For tests: plans over objects of a MemoryStore, the right archives of these, and sinks.
#pragma once

#include "archive/deliver/sink.h"
#include "archive/deliver/stream.h"
#include "archive/plan/planned_archive.h"
#include "archive/testing/memory_store.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace archive {

struct SampleEntry {
  zip::Form form = zip::Form::stored;
  std::uint64_t size = 0;
  bool crc_known = false;
};

// A plan of objects "0-name", "1-name" … of the bucket "bucket", put into the store.
std::shared_ptr<PlannedArchive> make_archive(MemoryStore& store,
                                             std::vector<SampleEntry> const& entries);
// The same plan with nothing learned.
std::shared_ptr<PlannedArchive> copy_of(Plan const& plan);

// While it lives, new plans lie in a file, however small they are.
class ListsInFile {
 public:
  ListsInFile();
  ~ListsInFile();
  ListsInFile(ListsInFile const&) = delete;
  ListsInFile& operator=(ListsInFile const&) = delete;
};

// Up to `most_entries` entries of `sizes`; a stored one that is too large to be held back has a
// known CRC if `in_order`.
std::vector<SampleEntry> random_entries(std::mt19937& random, std::size_t most_entries,
                                        std::vector<std::uint64_t> const& sizes, bool in_order);

// Some stretches of [0, size), in order and apart.
std::vector<base::Extent> random_stretches(std::mt19937& random, std::uint64_t size,
                                           std::size_t count);

// The archive as straightforward code writes it: record after record, object after object.
std::string reference_archive(Plan const& plan, MemoryStore& store);

// Keeps the bytes that it is given, in place, and checks that they come in order.
class CollectingSink final : public Sink {
 public:
  explicit CollectingSink(std::uint64_t begin) : next_(begin), begin_(begin) {}
  bool in_order() const override { return true; }
  net::task<void> write(std::vector<Slice> slices) override;

  std::string bytes;
  std::function<void()> before_write = [] {};       // may throw
  std::function<net::task<void>()> wait = nullptr;  // how long a write takes

 private:
  std::uint64_t next_;
  std::uint64_t begin_;
};

// One stretch of the archive, to be streamed within `budget`; throws what stream() throws.
struct Streamed {
  std::shared_ptr<MemoryStore> store;
  std::shared_ptr<PlannedArchive> archive;
  base::Extent wanted{0, 0};
  base::Budget* budget = nullptr;
  LiveProgress* progress = nullptr;
  std::function<net::task<void>()> keep_crcs = nullptr;
};
net::task<void> stream_into(Streamed what, CollectingSink& sink);
// Streams with a loop and a budget of its own; gives the bytes that arrived.
std::string streamed(Streamed what);

}  // namespace archive
