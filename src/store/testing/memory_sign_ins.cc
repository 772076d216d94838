// Sessions and codes in memory.
#include "base/error.h"
#include "base/service_limits.h"
#include "store/testing/memory_verbs.h"

#include <chrono>

namespace store {
namespace {

using accounts::Code;
using accounts::Session;

base::UnixSeconds seen_after(base::UnixSeconds now) {
  return now - std::chrono::seconds(base::limits::session_life).count();
}

std::optional<Code> take(MemoryTables& tables, accounts::CodeKind kind,
                         std::string const& token_hash, base::UnixSeconds now) {
  auto const is_it = [&](Code const& code) {
    return code.kind == kind && code.token_hash == token_hash && code.expires_at > now;
  };
  auto const found = std::ranges::find_if(tables.codes, is_it);
  if (found == tables.codes.end()) return std::nullopt;
  Code code = *found;
  tables.codes.erase(found);
  return code;
}

// The account's sessions, the last seen first.
std::vector<Session> sessions_of(MemoryTables const& tables, std::string const& account_id) {
  std::vector<Session> all;
  for (Session const& session : tables.sessions) {
    if (session.account_id == account_id) all.push_back(session);
  }
  std::ranges::sort(all, {},
                    [](Session const& session) { return std::pair(-session.seen_at, session.id); });
  return all;
}

}  // namespace

net::task<void> MemorySignIns::begin_session(Session session) {
  std::lock_guard const lock(tables_.mutex);
  if (!tables_.is_active(session.account_id))
    throw base::Error(base::Fault::conflict, "the account has been disabled");
  tables_.sessions.push_back(session);
  std::vector<Session> const all = sessions_of(tables_, session.account_id);
  for (std::size_t i = base::limits::max_sessions; i < all.size(); ++i)
    std::erase_if(tables_.sessions, [&](Session const& row) { return row.id == all[i].id; });
  co_return;
}

net::task<std::optional<SessionOfAccount>> MemorySignIns::find_session(std::string token_hash,
                                                                       base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  auto const found = std::ranges::find(tables_.sessions, token_hash, &Session::token_hash);
  if (found == tables_.sessions.end() || found->seen_at <= seen_after(now)) co_return std::nullopt;
  auto const* const account = tables_.find_account(found->account_id);
  if (!account) co_return std::nullopt;
  co_return SessionOfAccount{*found, *account};
}

net::task<void> MemorySignIns::note_session(std::string id, std::string address,
                                            base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  for (Session& session : tables_.sessions) {
    if (session.id != id) continue;
    session.seen_at = now;
    session.address = address;
  }
  co_return;
}

net::task<std::vector<Session>> MemorySignIns::list_sessions(std::string account_id,
                                                             base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  std::vector<Session> all = sessions_of(tables_, account_id);
  std::erase_if(all, [&](Session const& session) { return session.seen_at <= seen_after(now); });
  co_return all;
}

net::task<bool> MemorySignIns::end_session(std::string account_id, std::string id) {
  std::lock_guard const lock(tables_.mutex);
  auto const is_it = [&](Session const& session) {
    return session.account_id == account_id && session.id == id;
  };
  co_return std::erase_if(tables_.sessions, is_it) > 0;
}

net::task<void> MemorySignIns::end_sessions(std::string account_id, std::string except_id) {
  std::lock_guard const lock(tables_.mutex);
  std::erase_if(tables_.sessions, [&](Session const& session) {
    return session.account_id == account_id && session.id != except_id;
  });
  co_return;
}

net::task<void> MemorySignIns::add_code(Code code) {
  std::lock_guard const lock(tables_.mutex);
  if (code.kind == accounts::CodeKind::set_up)
    std::erase_if(tables_.codes, [&](Code const& row) { return row.kind == code.kind; });
  tables_.codes.push_back(std::move(code));
  co_return;
}

net::task<std::optional<Code>> MemorySignIns::take_code(accounts::CodeKind kind,
                                                        std::string token_hash,
                                                        base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  co_return take(tables_, kind, token_hash, now);
}

net::task<std::optional<accounts::Account>> MemorySignIns::redeem(accounts::CodeKind kind,
                                                                  std::string token_hash,
                                                                  accounts::Account account,
                                                                  base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  if (kind == accounts::CodeKind::set_up && tables_.is_any_account()) co_return std::nullopt;
  std::optional<Code> const code = take(tables_, kind, token_hash, now);
  if (!code) co_return std::nullopt;
  if (!code->name.empty()) {
    account.name = code->name;
    account.password_hash = code->password_hash;
  }
  try {
    tables_.insert_account(account);
  } catch (base::Error const&) {
    tables_.codes.push_back(*code);
    throw;
  }
  co_return account;
}

void MemorySignIns::forget(MemoryTables& tables, base::UnixSeconds now) {
  std::erase_if(tables.codes, [&](Code const& code) { return code.expires_at <= now; });
  std::erase_if(tables.sessions,
                [&](Session const& session) { return session.seen_at <= seen_after(now); });
}

}  // namespace store
