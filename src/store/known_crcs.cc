#include "store/known_crcs.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"

#include <unordered_map>
#include <utility>

namespace store {

namespace limits = base::limits;
using archive::PlannedArchive;
using base::Error;
using base::Fault;

namespace {

// Entries that are looked up at once.
struct Asked {
  std::vector<std::string> ids;
  std::unordered_multimap<std::string, std::size_t> entries;  // by id
  std::size_t next = 0;                                       // the first entry behind them
};

Asked some_entries(std::string const& endpoint_url, PlannedArchive const& archive,
                   std::size_t first) {
  archive::Plan const& plan = archive.plan;
  Asked asked{.ids = {}, .entries = {}, .next = first};
  for (; asked.next < plan.entry_count() && asked.ids.size() < limits::crcs_recalled_at_once;
       ++asked.next) {
    // A CRC that S3 told is looked up as well: it may have turned out to be wrong.
    if (plan.entry(asked.next).size == 0 || archive.crcs.is_checked(asked.next)) continue;
    std::string id = archive::object_id(endpoint_url, plan.entry(asked.next));
    if (id.empty()) continue;
    asked.entries.emplace(id, asked.next);
    asked.ids.push_back(std::move(id));
  }
  return asked;
}

void take_rows(PlannedArchive& archive, Asked const& asked, std::vector<CrcRow> const& rows) {
  for (CrcRow const& row : rows) {
    auto const [begin, end] = asked.entries.equal_range(row.object_id);
    for (auto entry = begin; entry != end; ++entry) {
      std::size_t const index = entry->second;
      if (row.prefix_bytes == archive.plan.entry(index).size) {
        archive.crcs.recall_whole(index, row.crc);
      } else {
        archive.crcs.set_prefix(index, {row.prefix_bytes, row.crc});
      }
    }
  }
}

std::vector<CrcRow> rows_of(std::vector<archive::EntryCrc> const& news,
                            std::string const& endpoint_url, archive::Plan const& plan) {
  std::vector<CrcRow> rows;
  rows.reserve(news.size());
  for (archive::EntryCrc const& crc : news) {
    std::string id = archive::object_id(endpoint_url, plan.entry(crc.entry));
    if (!id.empty()) rows.push_back({std::move(id), crc.prefix.bytes, crc.prefix.crc});
  }
  return rows;
}

// Stores the CRCs learned since the last time; if that fails they are forgotten, with a word in the
// log.
net::task<void> store_news(Crcs& crcs, net::BlockingPool& blocking, std::string endpoint_url,
                           std::shared_ptr<PlannedArchive> archive) {
  std::vector<archive::EntryCrc> const news = archive->crcs.take_news();
  if (news.empty()) co_return;
  auto const make_rows = [&] { return rows_of(news, endpoint_url, archive->plan); };
  try {
    std::vector<CrcRow> rows = co_await blocking.get(make_rows);
    co_await crcs.remember(std::move(rows), base::unix_now());
  } catch (Error const& error) {
    // CRCs save a second read, no more: downloads can do without.
    base::log_warning(std::string("keeping CRCs: ") + error.what());
  }
}

}  // namespace

net::task<void> recall_crcs(Crcs& crcs, net::BlockingPool& blocking, std::string endpoint_url,
                            std::shared_ptr<PlannedArchive> archive) {
  for (std::size_t next = 0; next < archive->plan.entry_count();) {
    auto const ask = [&] { return some_entries(endpoint_url, *archive, next); };
    Asked const asked = co_await blocking.get(ask);
    next = asked.next;
    if (asked.ids.empty()) continue;
    std::vector<CrcRow> const rows = co_await crcs.find(asked.ids, base::unix_now());
    auto const take = [&] { take_rows(*archive, asked, rows); };
    if (!rows.empty()) co_await blocking.run(take);
  }
}

CrcKeeper::CrcKeeper(net::Executor const& loop, Crcs& crcs, net::BlockingPool& blocking,
                     std::string endpoint_url, std::shared_ptr<PlannedArchive> archive)
    : crcs_(crcs),
      blocking_(blocking),
      endpoint_url_(std::move(endpoint_url)),
      archive_(std::move(archive)),
      storing_(loop) {}

net::task<void> CrcKeeper::keep_up() {
  auto const now = Clock::now();
  if (now < next_time_ && !archive_->crcs.has_much_news()) co_return;
  next_time_ = now + limits::keep_interval;
  co_await storing_.wait_all();
  storing_.spawn(store_news(crcs_, blocking_, endpoint_url_, archive_));
}

net::task<void> CrcKeeper::keep_rest() {
  co_await storing_.wait_all();
  co_await store_news(crcs_, blocking_, endpoint_url_, archive_);
}

}  // namespace store
