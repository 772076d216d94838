// Settings in memory, and the end of old records.
#include "base/limits.h"
#include "base/service_limits.h"
#include "store/testing/memory_verbs.h"

#include <chrono>

namespace store {
namespace {

using AccountRow = MemoryTables::AccountRow;
using JobRow = MemoryTables::JobRow;
using LinkRow = MemoryTables::LinkRow;

constexpr std::size_t owners_at_once = base::limits::expiry_owners;

base::UnixSeconds ago(base::UnixSeconds now, std::chrono::seconds time) {
  return now - time.count();
}

bool is_deleted(MemoryTables& tables, std::string const& account_id) {
  AccountRow const* const account = tables.find(tables.accounts, account_id);
  return account && account->deleted;
}

bool expires_later(JobRow const& job) {
  return job.expiry.expires_at != 0 && job.expiry.ended_at == 0;
}

// True if it did as much as it may at a time.
bool erase_links(MemoryTables& tables, base::UnixSeconds now) {
  auto const is_over = [&](LinkRow const& link) {
    if (link.erased) return false;
    return link.expires_at <= now || tables.is_signed_by_old_keys(link) ||
           !tables.is_active(link.account_id);
  };
  std::vector<LinkRow*> const links =
      tables.first(owners_at_once, tables.links, is_over, &LinkRow::expires_at);
  for (LinkRow* link : links) tables.erase(*link, now);
  return links.size() == owners_at_once;
}

bool fail_jobs_of_the_disabled(MemoryTables& tables, base::UnixSeconds now) {
  auto const is_over = [&](JobRow const& job) {
    return !has_ended(job.state) && !tables.is_active(job.account_id);
  };
  std::vector<JobRow*> const jobs =
      tables.first(owners_at_once, tables.jobs, is_over, &JobRow::created_at);
  for (JobRow* job : jobs)
    tables.end_early(*job, JobState::failed, "the account has been disabled", now);
  return jobs.size() == owners_at_once;
}

// Deletes some of the rows that `is_over` takes, with all they have beside them; true as above.
template <class Row, class IsOver>
bool forget(MemoryTables& tables, std::vector<Row>& rows, IsOver is_over) {
  std::vector<std::string> ids;
  for (Row const* row : tables.first(owners_at_once, rows, is_over, &Row::created_at))
    ids.push_back(row->id);
  for (std::string const& id : ids) {
    tables.forget_beside(id);
    std::erase_if(rows, [&](Row const& row) { return row.id == id; });
  }
  return ids.size() == owners_at_once;
}

bool delete_old_owners(MemoryTables& tables, base::UnixSeconds now) {
  base::UnixSeconds const last = ago(now, base::limits::job_retention);
  bool more = forget(tables, tables.jobs, [last](JobRow const& job) {
    bool const was_deleted_lately = job.expiry.expires_at != 0 && job.expiry.ended_at > last;
    return has_ended(job.state) && job.ended_at <= last && !expires_later(job) &&
           !was_deleted_lately;
  });
  more |= forget(tables, tables.links, [now](LinkRow const& link) {
    return link.erased && link.expires_at <= ago(now, base::limits::expired_link_retention);
  });
  return more;
}

void delete_empty_accounts(MemoryTables& tables) {
  std::erase_if(tables.accounts, [&](AccountRow const& account) {
    auto const is_its = [&](auto const& row) { return row.account_id == account.id; };
    bool const is_empty = account.deleted && std::ranges::none_of(tables.jobs, is_its) &&
                          std::ranges::none_of(tables.links, is_its);
    if (is_empty)
      std::erase_if(tables.usage,
                    [&](auto const& row) { return std::get<0>(row.first) == account.id; });
    return is_empty;
  });
}

bool delete_left_accounts(MemoryTables& tables) {
  bool more = forget(tables, tables.jobs, [&](JobRow const& job) {
    return is_deleted(tables, job.account_id) && has_ended(job.state) && !job.cleaning &&
           !expires_later(job);
  });
  more |= forget(tables, tables.links, [&](LinkRow const& link) {
    return is_deleted(tables, link.account_id) && link.erased;
  });
  delete_empty_accounts(tables);
  return more;
}

void forget_old_usage(MemoryTables& tables, base::UnixSeconds now) {
  std::int64_t const first_kept = MemoryTables::hour_of(ago(now, base::limits::usage_retention));
  std::erase_if(tables.usage, [=](auto const& row) { return std::get<1>(row.first) < first_kept; });
}

}  // namespace

net::task<std::optional<std::string>> MemoryUpkeep::get_setting(std::string name) {
  std::lock_guard const lock(tables_.mutex);
  auto const found = tables_.settings.find(name);
  if (found == tables_.settings.end()) co_return std::nullopt;
  co_return found->second;
}

net::task<void> MemoryUpkeep::set_setting(std::string name, std::string value) {
  std::lock_guard const lock(tables_.mutex);
  tables_.settings[name] = value;
  co_return;
}

net::task<void> MemoryUpkeep::check_usable() {
  co_return;
}

net::task<bool> MemoryUpkeep::remove_expired(base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  MemoryUserKeys::end_former_secrets(tables_, now);
  MemorySignIns::forget(tables_, now);
  bool more = erase_links(tables_, now);
  more |= fail_jobs_of_the_disabled(tables_, now);
  more |= delete_old_owners(tables_, now);
  more |= delete_left_accounts(tables_);
  forget_old_usage(tables_, now);
  MemoryCrcs::forget_unused(tables_, now);
  co_return more;
}

}  // namespace store
