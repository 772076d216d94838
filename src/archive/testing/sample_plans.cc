#include "archive/testing/sample_plans.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/lists/list_memory.h"
#include "net/runtime.h"
#include "zip/records.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace archive {

std::shared_ptr<PlannedArchive> make_archive(MemoryStore& store,
                                             std::vector<SampleEntry> const& entries) {
  Plan plan;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    SampleEntry const& entry = entries[i];
    bool const directory = entry.form == zip::Form::directory;
    std::string const key =
        fmt::format("{}-{}{}", i, std::string(i % 5, 'n'), directory ? "/" : "");
    auto const seed = static_cast<std::uint32_t>(i + 1);
    StoredObject const& object = store.put("bucket", key, Content::computed(entry.size, seed));
    std::optional<std::uint32_t> crc;
    if (entry.crc_known) crc = base::crc32(0, object.content.text());
    plan.add({.bucket = "bucket",
              .key = key,
              .etag = object.etag,
              .size = entry.size,
              .modified = object.modified,
              .name = key,
              .form = entry.form,
              .crc = crc});
  }
  return std::make_shared<PlannedArchive>(std::move(plan));
}

std::shared_ptr<PlannedArchive> copy_of(Plan const& plan) {
  Plan copy;
  add_chunk(copy, encode_chunk(plan, 0, plan.entry_count()));
  return std::make_shared<PlannedArchive>(std::move(copy));
}

ListsInFile::ListsInFile() {
  base::list_memory().set_options({.folder = testing::TempDir(),
                                   .heap_bytes = 0,
                                   .file_bytes = base::limits::max_list_file_bytes});
}

ListsInFile::~ListsInFile() {
  base::list_memory().set_options({});
}

std::vector<SampleEntry> random_entries(std::mt19937& random, std::size_t most_entries,
                                        std::vector<std::uint64_t> const& sizes, bool in_order) {
  std::vector<SampleEntry> entries(random() % (most_entries + 1));
  for (SampleEntry& entry : entries) {
    entry.size = sizes[random() % sizes.size()];
    entry.crc_known = random() % 3 == 0;
    std::uint32_t const kind = random() % 8;
    if (kind == 0) entry = {zip::Form::directory, 0, false};
    if (kind >= 5 && entry.size > 0) entry.form = zip::Form::stored_blocks;
    bool const too_large = entry.size > base::limits::held_entry_bytes;
    if (in_order && too_large && entry.form == zip::Form::stored) entry.crc_known = true;
  }
  return entries;
}

std::vector<base::Extent> random_stretches(std::mt19937& random, std::uint64_t size,
                                           std::size_t count) {
  std::vector<std::uint64_t> cuts;
  for (std::size_t i = 0; i < 2 * count; ++i) cuts.push_back(random() % (size + 1));
  std::ranges::sort(cuts);
  std::vector<base::Extent> stretches;
  for (std::size_t i = 0; i < 2 * count; i += 2) {
    if (cuts[i] < cuts[i + 1]) stretches.push_back({cuts[i], cuts[i + 1] - cuts[i]});
  }
  return stretches;
}

namespace {

// RFC 1951, 3.2.4, without zip/blocks.h.
void append_in_blocks(std::string& out, std::string_view bytes) {
  do {
    std::string_view const block = bytes.substr(0, 65'535);
    bytes.remove_prefix(block.size());
    auto const length = static_cast<std::uint16_t>(block.size());
    auto const complement = static_cast<std::uint16_t>(~length);
    out += static_cast<char>(bytes.empty() ? 1 : 0);
    for (std::uint16_t const value : {length, complement}) {
      out += static_cast<char>(value & 0xFF);
      out += static_cast<char>(value >> 8);
    }
    out += block;
  } while (!bytes.empty());
}

}  // namespace

std::string reference_archive(Plan const& plan, MemoryStore& store) {
  std::string out;
  std::vector<std::uint32_t> crcs;
  for (std::size_t i = 0; i < plan.entry_count(); ++i) {
    PlannedEntry const entry = plan.entry(i);
    std::string bytes(entry.content);
    if (bytes.empty())
      bytes = store.at(std::string(entry.bucket), std::string(entry.key)).content.text();
    crcs.push_back(base::crc32(0, bytes));
    zip::append_local_header(out, plan.layout(), i, crcs.back());
    if (entry.form == zip::Form::stored_blocks) {
      append_in_blocks(out, bytes);
    } else {
      out += bytes;
    }
    zip::append_descriptor(out, plan.layout(), i, crcs.back());
  }
  for (std::size_t i = 0; i < plan.entry_count(); ++i)
    zip::append_central_header(out, plan.layout(), i, crcs[i]);
  zip::append_end_records(out, plan.layout());
  return out;
}

net::task<void> CollectingSink::write(std::vector<Slice> slices) {
  before_write();
  if (wait) co_await wait();
  for (Slice const& slice : slices) {
    EXPECT_EQ(slice.offset, next_) << "bytes come in order, without gap or overlap";
    next_ = slice.offset + slice.bytes.size();
    bytes += slice.bytes;
  }
}

net::task<void> stream_into(Streamed what, CollectingSink& sink) {
  Delivery delivery{.archive = what.archive,
                    .wanted = {what.wanted},
                    .store = what.store,
                    .budget = what.budget,
                    .progress = what.progress,
                    .keep_crcs = what.keep_crcs};
  co_await stream(std::move(delivery), sink);
}

std::string streamed(Streamed what) {
  base::Budget budget(16 * base::limits::MiB);
  what.budget = &budget;
  CollectingSink sink(what.wanted.offset);
  net::run_to_end(stream_into(what, sink));
  EXPECT_EQ(budget.used_bytes(), 0U) << "all memory comes back";
  return std::move(sink.bytes);
}

}  // namespace archive
