// Accounts in memory.
#include "base/error.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

using AccountRow = MemoryTables::AccountRow;

std::string const& value_of(AccountRow const& row, AccountKey key) {
  return key == AccountKey::name ? row.name : row.id;
}

bool enable(AccountRow& row) {
  if (!row.disabled) return false;
  row.disabled = false;
  return true;
}

bool disable(AccountRow& row) {
  if (row.disabled) return false;
  row.disabled = true;
  row.generation += 1;
  return true;
}

// The row stays as long as others point to it, under a name that no account has.
bool remove(AccountRow& row) {
  row.disabled = row.deleted = true;
  row.generation += 1;
  row.is_admin = false;
  row.password_hash.clear();
  row.error_url.clear();
  row.name = " " + row.id;
  return true;
}

// What lets callers of the account in never counts again.
void end_entries(MemoryTables& tables, std::string const& id, Standing standing) {
  auto const is_its = [&](auto const& row) { return row.account_id == id; };
  tables.kept.erase(id);
  std::erase_if(tables.sessions, is_its);
  std::erase_if(tables.codes, is_its);
  if (standing == Standing::deleted) std::erase_if(tables.user_keys, is_its);
  for (accounts::UserKey& key : tables.user_keys) {
    if (key.account_id != id) continue;
    key.generation += 1;
    key.former_hash.clear();
    key.former_hashed_by.clear();
    key.former_until = 0;
  }
}

bool change(AccountRow& row, Standing standing) {
  switch (standing) {
    case Standing::active:
      return enable(row);
    case Standing::disabled:
      return disable(row);
    case Standing::deleted:
      break;
  }
  return remove(row);
}

}  // namespace

net::task<void> MemoryAccounts::insert(accounts::Account account,
                                       std::optional<accounts::UserKey> key) {
  std::lock_guard const lock(tables_.mutex);
  if (key) tables_.check_unique(*key);
  tables_.insert_account(std::move(account));
  if (key) tables_.user_keys.push_back(*std::move(key));
  co_return;
}

net::task<bool> MemoryAccounts::set_standing(std::string id, Standing standing) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find(tables_.accounts, id);
  if (!row || row->deleted || !change(*row, standing)) co_return false;
  if (standing != Standing::active) end_entries(tables_, id, standing);
  co_return true;
}

net::task<bool> MemoryAccounts::set_error_url(std::string id, std::string url) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find(tables_.accounts, id);
  if (!row || row->deleted) co_return false;
  row->error_url = url;
  co_return true;
}

net::task<bool> MemoryAccounts::set_password(std::string id, std::string password_hash) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find_account(id);
  if (row) row->password_hash = password_hash;
  co_return row != nullptr;
}

net::task<bool> MemoryAccounts::set_admin(std::string id, bool is_admin) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find_account(id);
  if (row) row->is_admin = is_admin;
  co_return row != nullptr;
}

net::task<std::optional<accounts::Account>> MemoryAccounts::find(AccountKey by, std::string value) {
  std::lock_guard const lock(tables_.mutex);
  for (AccountRow const& row : tables_.accounts) {
    if (!row.deleted && value_of(row, by) == value) co_return row;
  }
  co_return std::nullopt;
}

net::task<std::vector<accounts::Account>> MemoryAccounts::list() {
  std::lock_guard const lock(tables_.mutex);
  auto const is_known = [](AccountRow const& row) { return !row.deleted; };
  std::vector<accounts::Account> all;
  for (AccountRow const* row :
       tables_.first(tables_.accounts.size(), tables_.accounts, is_known, &AccountRow::created_at))
    all.push_back(*row);
  co_return all;
}

net::task<bool> MemoryAccounts::is_any() {
  std::lock_guard const lock(tables_.mutex);
  co_return tables_.is_any_account();
}

net::task<std::vector<std::string>> MemoryAccounts::ended(std::vector<std::string> ids) {
  std::lock_guard const lock(tables_.mutex);
  std::erase_if(ids, [this](std::string const& id) { return tables_.is_active(id); });
  co_return ids;
}

net::task<void> MemoryAccounts::add_usage(std::string account_id, Counted what,
                                          std::uint64_t amount, base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  tables_.add_usage(account_id, what, amount, now);
  co_return;
}

net::task<Usage> MemoryAccounts::usage_since(std::string account_id, base::UnixSeconds since) {
  std::lock_guard const lock(tables_.mutex);
  Usage total;
  for (auto const& [key, amount] : tables_.usage) {
    auto const& [account, hour, what] = key;
    if (account == account_id && hour >= MemoryTables::hour_of(since)) total[what] += amount;
  }
  co_return total;
}

net::task<std::vector<DayUsage>> MemoryAccounts::usage_by_day(std::string account_id,
                                                              base::UnixSeconds since) {
  std::lock_guard const lock(tables_.mutex);
  constexpr base::UnixSeconds day_s = 24 * 3600;
  std::vector<DayUsage> days;
  for (auto const& [key, amount] : tables_.usage) {
    auto const& [account, hour, what] = key;
    if (account != account_id || hour < MemoryTables::hour_of(since)) continue;
    base::UnixSeconds const day = hour / 24 * day_s;
    if (days.empty() || days.back().day != day) days.push_back({.day = day, .usage = {}});
    days.back().usage[what] += amount;
  }
  co_return days;
}

}  // namespace store
