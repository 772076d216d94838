#include "store/known_crcs.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"

#include <unordered_map>
#include <utility>

namespace store {

namespace limits = base::limits;
using archive::Plan;
using base::Error;
using base::Fault;

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

// Stores what has been learned since the last time; where that fails it is forgotten, with a word
// in the log.
net::task<void> store_news(Context const& context, std::string endpoint_url,
                           std::shared_ptr<Plan const> plan) {
  std::vector<archive::EntryCrc> const news = plan->crcs().take_news();
  if (news.empty()) co_return;
  auto const keep = [&] {
    std::vector<CrcRow> rows;
    rows.reserve(news.size());
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

}  // namespace

net::task<void> recall_crcs(Context const& context, std::string endpoint_url,
                            std::shared_ptr<Plan const> plan) {
  auto const recall = [&] {
    for (std::size_t next = 0; next < plan->entry_count();)
      next = recall_some(context.store, endpoint_url, *plan, next);
  };
  co_await context.blocking.run(recall);
}

CrcKeeper::CrcKeeper(net::Executor const& loop, Context const& context, std::string endpoint_url,
                     std::shared_ptr<Plan const> plan)
    : context_(context),
      endpoint_url_(std::move(endpoint_url)),
      plan_(std::move(plan)),
      storing_(loop) {}

net::task<void> CrcKeeper::keep_up() {
  auto const now = Clock::now();
  if (now < next_time_ && !plan_->crcs().has_much_news()) co_return;
  next_time_ = now + limits::keep_interval;
  co_await storing_.wait_all();
  storing_.spawn(store_news(context_, endpoint_url_, plan_));
}

net::task<void> CrcKeeper::keep_rest() {
  co_await storing_.wait_all();
  co_await store_news(context_, endpoint_url_, plan_);
}

}  // namespace store
