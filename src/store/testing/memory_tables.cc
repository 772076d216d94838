#include "store/testing/memory_tables.h"

#include "base/error.h"

#include <chrono>
#include <limits>

namespace store {
namespace {

[[noreturn]] void throw_conflict(char const* what) {
  throw base::Error(base::Fault::conflict, what);
}

}  // namespace

MemoryTables::JobRow* MemoryTables::held_job(Hold const& hold) {
  JobRow* const job = find(jobs, hold.id);
  return job && job->state == JobState::running && job->hold() == hold ? job : nullptr;
}

MemoryTables::LinkRow* MemoryTables::held_link(Hold const& hold) {
  LinkRow* const link = find(links, hold.id);
  bool const lists = link && link->state == LinkState::listing && !link->erased;
  return lists && link->hold() == hold ? link : nullptr;
}

// ---- accounts

void MemoryTables::insert_account(accounts::Account account) {
  for (AccountRow const& row : accounts) {
    if (row.id == account.id || row.name == account.name)
      throw_conflict("the account's id or name is another's");
  }
  accounts.push_back({std::move(account)});
}

void MemoryTables::check_unique(accounts::UserKey const& key) const {
  if (std::ranges::find(user_keys, key.user_key, &accounts::UserKey::user_key) != user_keys.end())
    throw_conflict("the userKey is another key's");
}

MemoryTables::AccountRow* MemoryTables::find_account(std::string_view id) {
  AccountRow* const account = find(accounts, id);
  return account && !account->deleted ? account : nullptr;
}

bool MemoryTables::is_any_account() const {
  return std::ranges::any_of(accounts, [](AccountRow const& row) { return !row.deleted; });
}

bool MemoryTables::is_active(std::string_view account_id) {
  AccountRow const* const account = find(accounts, account_id);
  return account && !account->disabled;
}

void MemoryTables::check_may_work(std::string_view account_id) {
  if (find(accounts, account_id) && !is_active(account_id))
    throw base::Error(base::Fault::unauthorized, "the account is disabled");
}

void MemoryTables::add_usage(std::string const& account_id, Counted what, std::uint64_t amount,
                             base::UnixSeconds now) {
  if (find(accounts, account_id)) usage[{account_id, hour_of(now), what}] += amount;
}

std::int64_t MemoryTables::hour_of(base::UnixSeconds time) {
  return std::chrono::floor<std::chrono::hours>(std::chrono::seconds(time)).count();
}

// ---- what jobs and links have beside their rows

std::optional<std::string> MemoryTables::insert_beside(Beside const& beside) {
  std::optional<std::string> earlier = made_before(beside);
  if (earlier) return earlier;
  check_insertable(beside);
  if (!beside.once.key.empty())
    keys.push_back(
        {.account_id = beside.account_id, .once = beside.once, .owner_id = beside.owner_id});
  if (beside.mail) mails.push_back(*beside.mail);
  if (beside.delivery) deliveries.push_back(*beside.delivery);
  return std::nullopt;
}

std::optional<std::string> MemoryTables::made_before(Beside const& beside) const {
  if (beside.once.key.empty()) return std::nullopt;
  for (KeyRow const& row : keys) {
    if (row.account_id != beside.account_id || row.once.key != beside.once.key) continue;
    if (row.once.request_hash == beside.once.request_hash) return row.owner_id;
    throw_conflict("the idempotency key was used for another request");
  }
  return std::nullopt;
}

void MemoryTables::check_insertable(Beside const& beside) {
  check_may_work(beside.account_id);
  if (!find(accounts, beside.account_id)) throw_conflict("there is no such account");
  if (find(jobs, beside.owner_id) || find(links, beside.owner_id))
    throw_conflict("the id is taken");
  if (beside.mail) {
    base::check(beside.mail->owner_id == beside.owner_id, "a mail comes with its owner");
    if (find(mails, beside.mail->id)) throw_conflict("the mail's id is taken");
  }
  if (beside.delivery) {
    base::check(beside.delivery->owner_id == beside.owner_id, "a delivery comes with its owner");
    if (find(deliveries, beside.delivery->id)) throw_conflict("the delivery's id is taken");
  }
}

void MemoryTables::make_messages_due(std::string_view owner_id, base::UnixSeconds now) {
  auto const make_due = [&](auto& message) {
    bool const waits = !has_ended(message.state) && message.due_at == 0;
    if (message.owner_id == owner_id && waits) message.due_at = now;
  };
  std::ranges::for_each(mails, make_due);
  std::ranges::for_each(deliveries, make_due);
}

void MemoryTables::drop_chunks(std::string const& owner_id, std::uint64_t from) {
  constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  chunks.erase(chunks.lower_bound({owner_id, from}), chunks.upper_bound({owner_id, last}));
}

void MemoryTables::forget_beside(std::string const& owner_id) {
  auto const is_its = [&](auto const& row) { return row.owner_id == owner_id; };
  std::erase_if(keys, is_its);
  std::erase_if(mails, is_its);
  std::erase_if(deliveries, is_its);
  drop_chunks(owner_id);
}

// ---- ends

bool MemoryTables::end_early(JobRow& job, JobState state, std::string error,
                             base::UnixSeconds now) {
  if (has_ended(job.state)) return false;
  // A queued job has written nothing; one that waits to go on may have. A runner hears of the end
  // by its next write, and cleans up.
  bool const runs = job.state == JobState::running;
  job.cleaning = runs || job.plan.frozen;
  job.clean_due_at = job.cleaning && !runs ? now : 0;
  job.clean_failures = 0;
  job.state = state;
  job.error = std::move(error);
  job.due_at = 0;
  job.ended_at = now;
  if (!job.cleaning) job.sealed_credentials.clear();
  make_messages_due(job.id, now);
  bool const cancelled = state == JobState::cancelled;
  add_usage(job.account_id, cancelled ? Counted::zips_cancelled : Counted::zips_failed, 1, now);
  return true;
}

bool MemoryTables::is_signed_by_old_keys(LinkRow const& link) {
  if (link.signing_key.empty()) return false;
  auto const key = std::ranges::find(user_keys, link.signing_key, &accounts::UserKey::user_key);
  if (key == user_keys.end()) return true;
  bool const is_former = key->former_until != 0 && key->generation == link.signing_generation + 1;
  return key->generation != link.signing_generation && !is_former;
}

void MemoryTables::erase(LinkRow& link, base::UnixSeconds now) {
  link.erased = true;
  link.sealed_credentials.clear();
  drop_chunks(link.id);
  make_messages_due(link.id, now);
}

}  // namespace store
