#include "jobs/plans.h"

#include "base/clock.h"
#include "base/codec.h"
#include "base/error.h"
#include "base/heap.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"
#include "zip/format.h"

#include <algorithm>
#include <unordered_map>

namespace jobs {

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
void save_missing(JobStore& store, std::string const& owner_id,
                  std::vector<std::string> const& missing, PlanFacts& facts) {
  constexpr std::size_t step = limits::selection_chunk_entries;
  for (std::size_t first = 0; first < missing.size(); first += step) {
    base::Encoder chunk;
    std::size_t const end = std::min(first + step, missing.size());
    for (std::size_t i = first; i < end; ++i) chunk.text(missing[i]);
    store.put_selection_chunk(owner_id, facts.chunk_count(), chunk.take());
    ++facts.missing_chunks;
  }
}

}  // namespace

net::task<PlanFacts> save_plans(Context const& context, std::string owner_id, Plans plans,
                                LeftOut left_out) {
  PlanFacts facts{.frozen = true,
                  .layout_version = zip::layout_version,
                  .archives = {},
                  .missing_count = left_out.missing.size(),
                  .missing = {},
                  .excluded = left_out.excluded};
  auto const save = [&] {
    give_back_after(plans);
    for (auto const& plan : plans) {
      ArchiveFacts archive = save_entries(context.store, owner_id, *plan, facts.chunk_count());
      facts.archives.push_back(std::move(archive));
    }
    save_missing(context.store, owner_id, left_out.missing, facts);
  };
  co_await context.blocking.run(save);
  left_out.missing.resize(std::min(left_out.missing.size(), limits::max_missing_told));
  facts.missing = std::move(left_out.missing);
  co_return facts;
}

net::task<std::shared_ptr<Plan const>> load_plan(Context const& context, std::string owner_id,
                                                 PlanFacts facts, std::size_t archive) {
  ArchiveFacts const& its = facts.archives.at(archive);
  std::uint64_t first_chunk = 0;
  for (std::size_t i = 0; i < archive; ++i) first_chunk += facts.archives[i].chunk_count;
  auto const load = [&]() -> std::shared_ptr<Plan const> {
    auto plan = std::make_shared<Plan>();
    for (std::uint64_t index = 0; index < its.chunk_count; ++index) {
      auto const chunk = context.store.get_selection_chunk(owner_id, first_chunk + index);
      if (!chunk) throw Error(Fault::corrupt, "a part of the stored selection is missing");
      archive::add_chunk(*plan, *chunk);
    }
    plan->finish();
    bool const same =
        plan->entry_count() == its.entry_count && plan->layout().size() == its.archive_bytes;
    if (!same) throw Error(Fault::corrupt, "the stored selection is not the one that was frozen");
    return plan;
  };
  co_return co_await context.blocking.get(load);
}

namespace {

// Of the entries from `first` on, as many as are asked for at once; gives the first of the rest.
std::size_t recall_some(JobStore& store, std::string const& endpoint_url, Plan const& plan,
                        std::size_t first) {
  std::vector<std::string> ids;
  std::unordered_multimap<std::string, std::size_t> entries;
  std::size_t next = first;
  for (; next < plan.entry_count() && ids.size() < limits::crcs_recalled_at_once; ++next) {
    // What S3 told is looked up as well: it may have turned out to be wrong.
    if (plan.entry(next).size == 0 || plan.crcs().is_checked(next)) continue;
    std::string id = archive::object_id(endpoint_url, plan.entry(next));
    if (id.empty()) continue;
    entries.emplace(id, next);
    ids.push_back(std::move(id));
  }
  for (CrcRow const& row : store.find_crcs(ids, base::unix_now())) {
    auto const [begin, end] = entries.equal_range(row.object_id);
    for (auto entry = begin; entry != end; ++entry) {
      std::size_t const index = entry->second;
      if (row.prefix_bytes == plan.entry(index).size) {
        plan.crcs().recall_whole(index, row.crc);
      } else {
        plan.crcs().set_prefix(index, {row.prefix_bytes, row.crc});
      }
    }
  }
  return next;
}

}  // namespace

net::task<void> recall_crcs(Context const& context, std::string endpoint_url,
                            std::shared_ptr<Plan const> plan) {
  auto const recall = [&] {
    for (std::size_t next = 0; next < plan->entry_count();)
      next = recall_some(context.store, endpoint_url, *plan, next);
  };
  co_await context.blocking.run(recall);
}

net::task<void> keep_crcs(Context const& context, std::string endpoint_url,
                          std::shared_ptr<Plan const> plan) {
  std::vector<archive::EntryCrc> const news = plan->crcs().take_news();
  if (news.empty()) co_return;
  auto const keep = [&] {
    std::vector<CrcRow> rows;
    for (archive::EntryCrc const& crc : news) {
      std::string id = archive::object_id(endpoint_url, plan->entry(crc.entry));
      if (!id.empty()) rows.push_back({std::move(id), crc.prefix.bytes, crc.prefix.crc});
    }
    context.store.remember_crcs(rows, base::unix_now());
  };
  try {
    co_await context.blocking.run(keep);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    // They save a second read, no more: what needs them can do without.
    base::log_warning(std::string("keeping CRCs: ") + error.what());
  }
}

net::task<void> keep_crcs_going(Context const& context, std::string endpoint_url,
                                std::shared_ptr<Plan const> plan) {
  for (;;) {
    co_await net::sleep(limits::keep_interval);
    co_await keep_crcs(context, endpoint_url, plan);
  }
}

}  // namespace jobs
