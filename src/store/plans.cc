#include "store/plans.h"

#include "base/codec.h"
#include "base/error.h"
#include "base/heap.h"
#include "base/limits.h"
#include "zip/format.h"

#include <algorithm>

namespace store {

namespace limits = base::limits;
using archive::Plan;
using base::Error;
using base::Fault;

namespace {

// Listing and naming so many objects leaves tens of megabytes in small pieces, of no use to what is
// fetched next.
void give_back_after(Plans const& plans) {
  constexpr std::size_t many_entries = 100'000;
  std::size_t entries = 0;
  for (auto const& plan : plans) entries += plan->entry_count();
  if (entries >= many_entries) base::give_back_freed_memory();
}

// Its chunks are numbered from `first_chunk` on.
ArchiveFacts save_entries(JobStore& store, std::string const& owner_id, Plan const& plan,
                          std::uint64_t first_chunk) {
  ArchiveFacts facts{.entry_count = plan.entry_count(),
                     .source_bytes = plan.source_bytes(),
                     .archive_bytes = plan.layout().size(),
                     .etag = {},
                     .chunk_count = 0};
  archive::PlanEtag etag;
  constexpr std::size_t step = limits::selection_chunk_entries;
  for (std::size_t first = 0; first < plan.entry_count(); first += step) {
    std::size_t const count = std::min(step, plan.entry_count() - first);
    std::string const chunk = archive::encode_chunk(plan, first, count);
    etag.add_chunk(chunk);
    store.put_selection_chunk(owner_id, first_chunk + facts.chunk_count++, chunk);
  }
  facts.etag = etag.finish();
  return facts;
}

// Behind the archives' chunks.
void save_texts(JobStore& store, std::string const& owner_id, std::vector<std::string> const& texts,
                PlanFacts& facts, std::uint64_t PlanFacts::* chunks) {
  constexpr std::size_t step = limits::selection_chunk_entries;
  for (std::size_t first = 0; first < texts.size(); first += step) {
    base::Encoder chunk;
    std::size_t const end = std::min(first + step, texts.size());
    for (std::size_t i = first; i < end; ++i) chunk.text(texts[i]);
    store.put_selection_chunk(owner_id, facts.chunk_count(), chunk.take());
    ++(facts.*chunks);
  }
}

std::vector<std::string> told(std::vector<std::string> texts) {
  texts.resize(std::min(texts.size(), limits::max_left_out_told));
  return texts;
}

}  // namespace

net::task<PlanFacts> save_plans(Context const& context, std::string owner_id, Plans plans,
                                archive::LeftOut left_out) {
  PlanFacts facts{.frozen = true,
                  .layout_version = zip::layout_version,
                  .archives = {},
                  .missing_count = left_out.missing.size(),
                  .missing = {},
                  .own_zip_count = left_out.own_zips.size(),
                  .own_zips = {},
                  .excluded = left_out.excluded,
                  .excluded_told = std::move(left_out.excluded_told)};
  auto const save = [&] {
    give_back_after(plans);
    for (auto const& plan : plans) {
      ArchiveFacts archive = save_entries(context.store, owner_id, *plan, facts.chunk_count());
      facts.archives.push_back(std::move(archive));
    }
    save_texts(context.store, owner_id, left_out.missing, facts, &PlanFacts::missing_chunks);
    save_texts(context.store, owner_id, left_out.own_zips, facts, &PlanFacts::own_zip_chunks);
  };
  co_await context.blocking.run(save);
  facts.missing = told(std::move(left_out.missing));
  facts.own_zips = told(std::move(left_out.own_zips));
  co_return facts;
}

net::task<std::shared_ptr<Plan const>> load_plan(Context const& context, std::string owner_id,
                                                 PlanFacts facts, std::size_t archive) {
  ArchiveFacts const& its = facts.archives.at(archive);
  std::uint64_t first_chunk = 0;
  for (std::size_t i = 0; i < archive; ++i) first_chunk += facts.archives[i].chunk_count;
  auto const load = [&]() -> std::shared_ptr<Plan const> {
    auto plan = std::make_shared<Plan>();
    archive::PlanEtag etag;
    for (std::uint64_t index = 0; index < its.chunk_count; ++index) {
      auto const chunk = context.store.get_selection_chunk(owner_id, first_chunk + index);
      if (!chunk) throw Error(Fault::corrupt, "a part of the stored selection is missing");
      etag.add_chunk(*chunk);
      archive::add_chunk(*plan, *chunk);
    }
    plan->finish();
    bool const same = plan->entry_count() == its.entry_count &&
                      plan->layout().size() == its.archive_bytes && etag.finish() == its.etag;
    if (!same) throw Error(Fault::corrupt, "the stored selection is not the one that was frozen");
    return plan;
  };
  co_return co_await context.blocking.get(load);
}

}  // namespace store
