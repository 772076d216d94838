// Keys of accounts, and the credentials that accounts keep here, in memory.
#include "base/error.h"
#include "base/service_limits.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

[[noreturn]] void throw_conflict(char const* what) {
  throw base::Error(base::Fault::conflict, what);
}

accounts::UserKey* find_key(MemoryTables& tables, std::string_view user_key) {
  auto const found = std::ranges::find(tables.user_keys, user_key, &accounts::UserKey::user_key);
  return found == tables.user_keys.end() ? nullptr : &*found;
}

void erase_secret(KeptCredentials& kept) {
  kept.sealed_secret.clear();
  kept.user_key.clear();
  kept.key_generation = 0;
}

void end_secret(MemoryTables& tables, accounts::UserKey const& key) {
  for (auto& [account_id, kept] : tables.kept) {
    if (kept.user_key == key.user_key) erase_secret(kept);
  }
  if (auto* const account = tables.find_account(key.account_id)) account->generation += 1;
}

}  // namespace

net::task<void> MemoryUserKeys::insert(accounts::UserKey key) {
  std::lock_guard const lock(tables_.mutex);
  tables_.check_unique(key);
  auto const keys =
      std::ranges::count(tables_.user_keys, key.account_id, &accounts::UserKey::account_id);
  bool const is_full = static_cast<std::size_t>(keys) >= base::limits::max_user_keys;
  if (is_full || !tables_.is_active(key.account_id))
    throw_conflict("the account is disabled, or has as many keys as it may");
  tables_.user_keys.push_back(std::move(key));
  co_return;
}

net::task<std::optional<KeyOfAccount>> MemoryUserKeys::find(std::string user_key) {
  std::lock_guard const lock(tables_.mutex);
  accounts::UserKey const* const key = find_key(tables_, user_key);
  auto const* const account = key ? tables_.find_account(key->account_id) : nullptr;
  if (!account) co_return std::nullopt;
  co_return KeyOfAccount{*key, *account};
}

net::task<std::vector<accounts::UserKey>> MemoryUserKeys::list(std::string account_id) {
  std::lock_guard const lock(tables_.mutex);
  std::vector<accounts::UserKey> all;
  for (accounts::UserKey const& key : tables_.user_keys) {
    if (key.account_id == account_id) all.push_back(key);
  }
  std::ranges::sort(all, {}, [](accounts::UserKey const& key) {
    return std::pair(key.created_at, key.user_key);
  });
  co_return all;
}

net::task<bool> MemoryUserKeys::rename(std::string user_key, std::string name) {
  std::lock_guard const lock(tables_.mutex);
  accounts::UserKey* const key = find_key(tables_, user_key);
  if (key) key->name = name;
  co_return key != nullptr;
}

net::task<bool> MemoryUserKeys::rotate(accounts::UserKey key) {
  std::lock_guard const lock(tables_.mutex);
  accounts::UserKey* const row = find_key(tables_, key.user_key);
  if (!row || row->generation + 1 != key.generation || !tables_.is_active(row->account_id))
    co_return false;
  row->secret_hash = key.secret_hash;
  row->hashed_by = key.hashed_by;
  row->secret_end = key.secret_end;
  row->generation = key.generation;
  row->former_hash = key.former_hash;
  row->former_hashed_by = key.former_hashed_by;
  row->former_until = key.former_until;
  if (key.former_until == 0) end_secret(tables_, *row);
  co_return true;
}

net::task<bool> MemoryUserKeys::revoke(std::string user_key) {
  std::lock_guard const lock(tables_.mutex);
  accounts::UserKey const* const key = find_key(tables_, user_key);
  if (!key) co_return false;
  end_secret(tables_, *key);
  std::erase_if(tables_.user_keys, [&](auto const& row) { return row.user_key == user_key; });
  co_return true;
}

net::task<void> MemoryUserKeys::note_use(std::string user_key, std::string address,
                                         base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  accounts::UserKey* const key = find_key(tables_, user_key);
  if (!key) co_return;
  key->used_at = now;
  key->used_from = address;
}

net::task<void> MemoryUserKeys::keep(KeptCredentials kept) {
  std::lock_guard const lock(tables_.mutex);
  if (!tables_.is_active(kept.account_id)) throw_conflict("the account is disabled");
  if (!kept.user_key.empty()) {
    accounts::UserKey const* const key = find_key(tables_, kept.user_key);
    if (!key || key->account_id != kept.account_id || key->generation != kept.key_generation)
      throw_conflict("the key has been revoked, or its secret has been renewed meanwhile");
  }
  tables_.kept[kept.account_id] = kept;
  co_return;
}

net::task<std::optional<KeptCredentials>> MemoryUserKeys::find_kept(std::string account_id) {
  std::lock_guard const lock(tables_.mutex);
  auto const found = tables_.kept.find(account_id);
  if (found == tables_.kept.end()) co_return std::nullopt;
  co_return found->second;
}

net::task<bool> MemoryUserKeys::erase_kept(std::string account_id) {
  std::lock_guard const lock(tables_.mutex);
  co_return tables_.kept.erase(account_id) > 0;
}

void MemoryUserKeys::end_former_secrets(MemoryTables& tables, base::UnixSeconds now) {
  for (accounts::UserKey& key : tables.user_keys) {
    if (key.former_until == 0 || key.former_until > now) continue;
    key.former_hash.clear();
    key.former_hashed_by.clear();
    key.former_until = 0;
    for (auto& [account_id, kept] : tables.kept) {
      if (kept.user_key == key.user_key && kept.key_generation != key.generation)
        erase_secret(kept);
    }
  }
}

}  // namespace store
