// Links and selections in memory.
#include "base/error.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

using LinkRow = MemoryTables::LinkRow;

// The link as it was given, without the fields that a listing or its end brings.
LinkRow new_row(Link const& given) {
  LinkRow row{given};
  row.error.clear();
  row.fault = base::Fault::internal;
  row.revoked = false;
  row.plan = {};
  row.last_failure.reset();
  row.downloads = {};
  return row;
}

bool is_listing(LinkRow const& link) {
  return link.state == LinkState::listing && !link.erased;
}

Link found(MemoryTables& tables, LinkRow const& row) {
  Link link = row;
  link.revoked = row.revoked || tables.is_signed_by_old_keys(row);
  return link;
}

// Begins one more listing, by this session.
Hold take(LinkRow& link, std::string const& session) {
  link.session = session;
  link.attempt += 1;
  return link.hold();
}

}  // namespace

net::task<std::string> MemoryLinks::create(NewLink work) {
  std::lock_guard const lock(tables_.mutex);
  Link const& link = work.link;
  base::check(link.state == LinkState::listing, "a new link is listing");
  MemoryTables::Beside const beside{.owner_id = link.id,
                                    .account_id = link.account_id,
                                    .once = work.once,
                                    .mail = work.mail,
                                    .delivery = work.delivery};
  auto const earlier = tables_.insert_beside(beside);
  if (earlier) co_return *earlier;
  tables_.links.push_back(new_row(link));
  tables_.add_usage(link.account_id, Counted::streams, 1, link.created_at);
  co_return link.id;
}

net::task<std::optional<Link>> MemoryLinks::find(std::string id) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow const* const link = tables_.find(tables_.links, id);
  if (!link) co_return std::nullopt;
  co_return found(tables_, *link);
}

net::task<std::vector<Link>> MemoryLinks::list(ListQuery query) {
  std::lock_guard const lock(tables_.mutex);
  auto const is_sought = [&](LinkRow const& link) {
    return MemoryTables::holds(query.search, link.id, link.file_name);
  };
  std::vector<Link> page;
  for (LinkRow const* row : tables_.page(tables_.links, query, is_sought)) {
    Link& link = page.emplace_back(found(tables_, *row));
    link.request.clear();
    link.sealed_credentials.clear();
  }
  co_return page;
}

net::task<std::vector<Hold>> MemoryLinks::listing(std::string session) {
  std::lock_guard const lock(tables_.mutex);
  auto const is_its = [&](LinkRow const& link) {
    return is_listing(link) && link.session == session;
  };
  std::vector<Hold> holds;
  for (LinkRow const* link :
       tables_.first(tables_.links.size(), tables_.links, is_its, &LinkRow::created_at))
    holds.push_back(link->hold());
  co_return holds;
}

net::task<std::vector<Hold>> MemoryLinks::take_listing(std::string session) {
  std::lock_guard const lock(tables_.mutex);
  std::vector<Hold> holds;
  for (LinkRow* link :
       tables_.first(tables_.links.size(), tables_.links, is_listing, &LinkRow::created_at))
    holds.push_back(take(*link, session));
  co_return holds;
}

net::task<std::optional<Hold>> MemoryLinks::relist(std::string id, std::string session,
                                                   base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow* const link = tables_.find(tables_.links, id);
  if (!link || link->state != LinkState::failed || link->revoked) co_return std::nullopt;
  link->state = LinkState::listing;
  link->erased = false;
  link->fault = base::Fault::internal;
  link->error.clear();
  link->created_at = now;
  co_return take(*link, session);
}

net::task<bool> MemoryLinks::freeze(Hold hold, PlanFacts plan, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow* const link = tables_.held_link(hold);
  if (!link) co_return false;
  link->state = LinkState::ready;
  link->plan = plan;
  link->plan.frozen = true;
  tables_.drop_chunks(link->id, plan.chunk_count());
  tables_.make_messages_due(link->id, now);
  co_return true;
}

net::task<bool> MemoryLinks::fail(Hold hold, base::Fault fault, std::string error,
                                  base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow* const link = tables_.held_link(hold);
  if (!link) co_return false;
  link->state = LinkState::failed;
  link->fault = fault;
  link->error = error;
  tables_.erase(*link, now);
  co_return true;
}

net::task<bool> MemoryLinks::revoke(std::string id, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow* const link = tables_.find(tables_.links, id);
  if (!link) co_return false;
  link->revoked = true;
  tables_.erase(*link, now);
  co_return true;
}

net::task<void> MemoryLinks::note_failure(std::string id, DownloadFailure failure) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow* const link = tables_.find(tables_.links, id);
  if (!link) co_return;
  bool const is_known = link->last_failure && link->last_failure->at == failure.at;
  if (!is_known) link->last_failure = failure;
}

net::task<void> MemoryLinks::add_downloads(std::string id, Downloads more) {
  std::lock_guard const lock(tables_.mutex);
  LinkRow* const link = tables_.find(tables_.links, id);
  if (link) link->downloads.add(more);
  co_return;
}

net::task<bool> MemorySelections::put(Hold hold, std::uint64_t index, std::string chunk) {
  std::lock_guard const lock(tables_.mutex);
  if (!tables_.held_job(hold) && !tables_.held_link(hold)) co_return false;
  tables_.chunks[{hold.id, index}] = chunk;
  co_return true;
}

net::task<std::optional<std::string>> MemorySelections::get(std::string owner_id,
                                                            std::uint64_t index) {
  std::lock_guard const lock(tables_.mutex);
  auto const found_chunk = tables_.chunks.find({owner_id, index});
  if (found_chunk == tables_.chunks.end()) co_return std::nullopt;
  co_return found_chunk->second;
}

}  // namespace store
