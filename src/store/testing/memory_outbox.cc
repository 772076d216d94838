// Mails and deliveries in memory.
#include "base/error.h"
#include "base/limits.h"
#include "store/testing/memory_verbs.h"

namespace store {
namespace {

bool is_due(base::UnixSeconds due_at, base::UnixSeconds now) {
  return due_at != 0 && due_at <= now;
}

// nullptr if the mail has ended, or its job runs anew or has not ended.
Mail* changeable(std::vector<Mail>& mails, Mail const& given) {
  Mail* const mail = MemoryTables::find(mails, given.id);
  if (!mail || has_ended(mail->state) || mail->due_at == 0) return nullptr;
  return mail->round == given.round ? mail : nullptr;
}

Delivery* changeable(std::vector<Delivery>& deliveries, std::string const& id) {
  Delivery* const delivery = MemoryTables::find(deliveries, id);
  return delivery && !has_ended(delivery->state) ? delivery : nullptr;
}

void count(Delivery& delivery, Attempt const& attempt) {
  delivery.attempts += 1;
  delivery.last_status = attempt.status;
  delivery.error = attempt.error;
}

// The first `most` deliveries of each host or account, as `of` says, in their order.
std::vector<Delivery*> first_of_each(std::string Delivery::* of, std::size_t most,
                                     std::vector<Delivery*> deliveries) {
  std::map<std::string, std::size_t> counts;
  std::erase_if(deliveries, [&](Delivery const* row) { return ++counts[row->*of] > most; });
  return deliveries;
}

}  // namespace

net::task<std::optional<Mail>> MemoryOutbox::find_mail(std::string id) {
  std::lock_guard const lock(tables_.mutex);
  Mail const* const mail = tables_.find(tables_.mails, id);
  if (!mail) co_return std::nullopt;
  co_return *mail;
}

net::task<std::vector<Mail>> MemoryOutbox::due_mails(base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  auto const wanted = [now](Mail const& mail) { return is_due(mail.due_at, now); };
  std::vector<Mail> due;
  for (Mail const* mail :
       tables_.first(base::limits::mails_at_once, tables_.mails, wanted, &Mail::due_at))
    due.push_back(*mail);
  co_return due;
}

net::task<bool> MemoryOutbox::put_off_mail(Mail mail, std::string error, base::UnixSeconds due_at) {
  std::lock_guard const lock(tables_.mutex);
  Mail* const row = changeable(tables_.mails, mail);
  if (!row) co_return false;
  row->state = MessageState::retrying;
  row->attempts += 1;
  row->error = error;
  row->due_at = due_at;
  co_return true;
}

net::task<bool> MemoryOutbox::end_mail(Mail mail, MessageState state, std::string error) {
  base::check(has_ended(state), "a mail ends as sent or failed");
  std::lock_guard const lock(tables_.mutex);
  Mail* const row = changeable(tables_.mails, mail);
  if (!row) co_return false;
  row->state = state;
  row->error = error;
  row->due_at = 0;
  co_return true;
}

net::task<std::optional<Delivery>> MemoryOutbox::find_delivery(std::string owner_id) {
  std::lock_guard const lock(tables_.mutex);
  auto const found = std::ranges::find(tables_.deliveries, owner_id, &Delivery::owner_id);
  if (found == tables_.deliveries.end()) co_return std::nullopt;
  co_return *found;
}

net::task<std::vector<Delivery>> MemoryOutbox::due_deliveries(base::UnixSeconds now) {
  std::lock_guard const lock(tables_.mutex);
  auto const wanted = [now](Delivery const& row) { return is_due(row.due_at, now); };
  std::vector<Delivery*> rows =
      tables_.first(tables_.deliveries.size(), tables_.deliveries, wanted, &Delivery::due_at);
  rows = first_of_each(&Delivery::host, base::limits::webhooks_of_host_at_once, rows);
  rows = first_of_each(&Delivery::account_id, base::limits::webhooks_of_account_at_once, rows);
  std::vector<Delivery> due;
  for (Delivery const* row : rows) {
    if (due.size() < base::limits::webhooks_at_once) due.push_back(*row);
  }
  co_return due;
}

net::task<bool> MemoryOutbox::put_off_delivery(std::string id, Attempt attempt,
                                               base::UnixSeconds due_at) {
  std::lock_guard const lock(tables_.mutex);
  Delivery* const row = changeable(tables_.deliveries, id);
  if (!row) co_return false;
  count(*row, attempt);
  row->state = MessageState::retrying;
  row->due_at = due_at;
  co_return true;
}

net::task<bool> MemoryOutbox::end_delivery(std::string id, Attempt attempt) {
  std::lock_guard const lock(tables_.mutex);
  Delivery* const row = changeable(tables_.deliveries, id);
  if (!row) co_return false;
  count(*row, attempt);
  row->state = attempt.error.empty() ? MessageState::sent : MessageState::failed;
  row->due_at = 0;
  co_return true;
}

}  // namespace store
