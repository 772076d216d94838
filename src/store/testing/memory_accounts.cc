// Accounts in memory.
#include "base/error.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

using AccountRow = MemoryTables::AccountRow;

std::string const& value_of(AccountRow const& row, AccountKey key) {
  switch (key) {
    case AccountKey::user_key:
      return row.user_key;
    case AccountKey::name:
      return row.name;
    case AccountKey::id:
      break;
  }
  return row.id;
}

void check_unique(std::vector<AccountRow> const& rows, accounts::Account const& account) {
  for (AccountRow const& row : rows) {
    if (row.id == account.id || row.name == account.name || row.user_key == account.user_key)
      throw base::Error(base::Fault::conflict, "the account's id, name or userKey is another's");
  }
}

bool enable(AccountRow& row) {
  if (!row.disabled) return false;
  row.disabled = false;
  return true;
}

// The account's tokens never count again.
void end_keys(AccountRow& row) {
  row.disabled = true;
  row.key_generation += 1;
}

bool disable(AccountRow& row) {
  if (row.disabled) return false;
  end_keys(row);
  return true;
}

// The row stays as long as others point to it, under a name that no account has.
bool remove(AccountRow& row) {
  end_keys(row);
  row.deleted = true;
  row.secret_hash.clear();
  row.error_url.clear();
  row.name = row.user_key = " " + row.id;
  return true;
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

net::task<void> MemoryAccounts::insert(accounts::Account account) {
  std::lock_guard const lock(tables_.mutex);
  check_unique(tables_.accounts, account);
  tables_.accounts.push_back({std::move(account)});
  co_return;
}

net::task<bool> MemoryAccounts::rotate(accounts::Account account) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find(tables_.accounts, account.id);
  if (!row || row->disabled || row->key_generation + 1 != account.key_generation) co_return false;
  row->secret_hash = account.secret_hash;
  row->hashed_by = account.hashed_by;
  row->key_generation = account.key_generation;
  auto const kept = tables_.kept.find(account.id);
  if (kept != tables_.kept.end()) kept->second.sealed_secret.clear();
  co_return true;
}

net::task<bool> MemoryAccounts::set_standing(std::string id, Standing standing) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find(tables_.accounts, id);
  if (!row || row->deleted || !change(*row, standing)) co_return false;
  if (standing != Standing::active) tables_.kept.erase(id);
  co_return true;
}

net::task<bool> MemoryAccounts::set_error_url(std::string id, std::string url) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow* const row = tables_.find(tables_.accounts, id);
  if (!row || row->deleted) co_return false;
  row->error_url = url;
  co_return true;
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

net::task<std::vector<std::string>> MemoryAccounts::ended(std::vector<std::string> ids) {
  std::lock_guard const lock(tables_.mutex);
  std::erase_if(ids, [this](std::string const& id) { return tables_.is_active(id); });
  co_return ids;
}

net::task<void> MemoryAccounts::keep(KeptCredentials kept) {
  std::lock_guard const lock(tables_.mutex);
  AccountRow const* const row = tables_.find(tables_.accounts, kept.account_id);
  if (!row || row->disabled || row->key_generation != kept.key_generation)
    throw base::Error(base::Fault::conflict, "the account is disabled, or has other keys by now");
  tables_.kept[kept.account_id] = kept;
  co_return;
}

net::task<std::optional<KeptCredentials>> MemoryAccounts::find_kept(std::string account_id) {
  std::lock_guard const lock(tables_.mutex);
  auto const found = tables_.kept.find(account_id);
  if (found == tables_.kept.end()) co_return std::nullopt;
  co_return found->second;
}

net::task<bool> MemoryAccounts::erase_kept(std::string account_id) {
  std::lock_guard const lock(tables_.mutex);
  co_return tables_.kept.erase(account_id) > 0;
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
