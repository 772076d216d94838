#include "store/plans.h"

#include "base/codec.h"
#include "base/error.h"
#include "base/heap.h"
#include "base/limits.h"
#include "zip/format.h"

#include <algorithm>

namespace store {

namespace limits = base::limits;
using archive::PlannedArchive;
using base::Error;
using base::Fault;

namespace {

// Listing and naming so many objects leaves tens of megabytes in small pieces, of no use to the
// blocks that are fetched next.
void give_back_after(Archives const& archives) {
  constexpr std::size_t many_entries = 100'000;
  std::size_t entries = 0;
  for (auto const& archive : archives) entries += archive->plan.entry_count();
  if (entries >= many_entries) base::give_back_freed_memory();
}

// Puts one chunk after the other, as long as the hold is valid.
class Saving {
 public:
  Saving(Selections& selections, Hold hold) : selections_(selections), hold_(std::move(hold)) {}

  net::task<void> put(std::string chunk) {
    if (!is_held_) co_return;
    is_held_ = co_await selections_.put(hold_, next_++, std::move(chunk));
  }
  bool is_held() const { return is_held_; }

 private:
  Selections& selections_;
  Hold const hold_;
  std::uint64_t next_ = 0;
  bool is_held_ = true;
};

net::task<ArchiveFacts> save_entries(Saving& saving, net::BlockingPool& blocking,
                                     std::shared_ptr<PlannedArchive const> archive) {
  archive::Plan const& plan = archive->plan;
  ArchiveFacts facts{.entry_count = plan.entry_count(),
                     .source_bytes = plan.source_bytes(),
                     .archive_bytes = plan.layout().size(),
                     .etag = {},
                     .chunk_count = 0};
  archive::PlanEtag etag;
  constexpr std::size_t step = limits::selection_chunk_entries;
  for (std::size_t first = 0; first < plan.entry_count() && saving.is_held(); first += step) {
    std::size_t const count = std::min(step, plan.entry_count() - first);
    auto const encode = [&] {
      std::string chunk = archive::encode_chunk(plan, first, count);
      etag.add_chunk(chunk);
      return chunk;
    };
    co_await saving.put(co_await blocking.get(encode));
    ++facts.chunk_count;
  }
  facts.etag = etag.finish();
  co_return facts;
}

// Puts the texts behind the archives' chunks. Returns how many chunks they take.
net::task<std::uint64_t> save_texts(Saving& saving, std::vector<std::string> const& texts) {
  constexpr std::size_t step = limits::selection_chunk_entries;
  std::uint64_t chunks = 0;
  for (std::size_t first = 0; first < texts.size(); first += step) {
    base::Encoder chunk;
    std::size_t const end = std::min(first + step, texts.size());
    for (std::size_t i = first; i < end; ++i) chunk.text(texts[i]);
    co_await saving.put(chunk.take());
    ++chunks;
  }
  co_return chunks;
}

std::vector<std::string> told(std::vector<std::string> texts) {
  texts.resize(std::min(texts.size(), limits::max_left_out_told));
  return texts;
}

}  // namespace

net::task<std::optional<PlanFacts>> save_plans(Selections& selections, net::BlockingPool& blocking,
                                               Hold hold, Archives archives,
                                               archive::LeftOut left_out) {
  give_back_after(archives);
  Saving saving(selections, std::move(hold));
  PlanFacts facts{.frozen = true, .layout_version = zip::layout_version};
  for (auto const& archive : archives)
    facts.archives.push_back(co_await save_entries(saving, blocking, archive));
  facts.missing_chunks = co_await save_texts(saving, left_out.missing);
  facts.own_zip_chunks = co_await save_texts(saving, left_out.own_zips);
  if (!saving.is_held()) co_return std::nullopt;
  facts.missing_count = left_out.missing.size();
  facts.missing = told(std::move(left_out.missing));
  facts.own_zip_count = left_out.own_zips.size();
  facts.own_zips = told(std::move(left_out.own_zips));
  facts.excluded = left_out.excluded;
  facts.excluded_told = std::move(left_out.excluded_told);
  co_return facts;
}

net::task<std::shared_ptr<PlannedArchive>> load_plan(Selections& selections,
                                                     net::BlockingPool& blocking,
                                                     std::string owner_id, PlanFacts facts,
                                                     std::size_t archive) {
  ArchiveFacts const& its = facts.archives.at(archive);
  std::uint64_t first_chunk = 0;
  for (std::size_t i = 0; i < archive; ++i) first_chunk += facts.archives[i].chunk_count;
  archive::Plan list;
  archive::PlanEtag etag;
  for (std::uint64_t index = 0; index < its.chunk_count; ++index) {
    auto const chunk = co_await selections.get(owner_id, first_chunk + index);
    if (!chunk) throw Error(Fault::corrupt, "a part of the stored selection is missing");
    auto const add = [&] {
      etag.add_chunk(*chunk);
      archive::add_chunk(list, *chunk);
    };
    co_await blocking.run(add);
  }
  auto const finish = [&] { return std::make_shared<PlannedArchive>(std::move(list)); };
  std::shared_ptr<PlannedArchive> const loaded = co_await blocking.get(finish);
  bool const same = loaded->plan.entry_count() == its.entry_count &&
                    loaded->plan.layout().size() == its.archive_bytes && etag.finish() == its.etag;
  if (!same) throw Error(Fault::corrupt, "the stored selection is not the one that was frozen");
  co_return loaded;
}

}  // namespace store
