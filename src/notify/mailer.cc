#include "notify/mailer.h"

#include "archive/request.h"
#include "base/backoff.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "base/service_limits.h"
#include "jobs/result.h"
#include "net/deadline.h"
#include "net/every.h"
#include "net/task_group.h"
#include "notify/curl_library.h"

#include <fmt/format.h>

namespace notify {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

std::string_view last_segment(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

FinishedZip zip_of(store::Job const& job, std::vector<std::string> urls) {
  archive::Request const request = archive::decode_request(job.request);
  FinishedZip zip{.name = std::string(last_segment(request.target_key)),
                  .urls = std::move(urls),
                  .entry_count = job.plan.entry_count(),
                  .bytes = job.plan.archive_bytes()};
  if (request.presign) zip.expires_at = job.ended_at + std::int64_t{request.link_hours} * 3600;
  return zip;
}

}  // namespace

void Mailer::start(net::Executor const& loop) {
  if (!can_send()) return;
  curl_library();  // if it is missing, the start fails, not each mail
  auto const work = [this] { return look(); };
  net::spawn_detached(loop, net::every(limits::mail_look_interval, "mails", work), "mailer");
}

net::task<void> Mailer::look() {
  std::vector<store::Mail> due = co_await store_.outbox.due_mails(base::unix_now());
  for (store::Mail& mail : due) {
    std::optional<Error> failure;
    try {
      co_await deliver(mail);
    } catch (Error const& error) {
      if (error.fault() == Fault::unavailable) throw;  // it is the store: the others fail alike
      failure = error;
    }
    // A mail that cannot even be written must not hold up those behind it.
    if (failure) co_await retry(std::move(mail), *failure);
  }
}

net::task<void> Mailer::deliver(store::Mail mail) {
  std::optional<Told> told;
  std::string nothing_to_tell;
  try {
    told = co_await told_by(mail);
    if (!told) co_return;
  } catch (Error const& error) {
    if (error.fault() != Fault::gone) throw;
    nothing_to_tell = error.message();
  }
  if (told) {
    co_await send(std::move(mail), *std::move(told));
  } else {
    co_await finish(std::move(mail), store::MessageState::failed, std::move(nothing_to_tell));
  }
}

net::task<void> Mailer::send(store::Mail mail, Told told) {
  // A client that waits for a failed zip need not wait for the mail.
  if (!told.failure.empty()) live_.open(mail.id)->ended.set();
  auto const post = [&] { send_mail(settings_, mail.address, told.text, mail.id, stop_); };
  std::optional<Error> failure;
  try {
    co_await pool_.run(post);
  } catch (Error const& error) {
    failure = error;
  }
  if (failure && stop_) co_return;  // stop() made it give up
  bool const may_pass = failure && failure->fault() == Fault::unavailable;
  if (may_pass && mail.attempts + 1 < limits::mail_attempts) {
    co_await retry(std::move(mail), *failure);
    co_return;
  }
  if (failure) base::log_warning(fmt::format("mail {}: {}", mail.id, failure->what()));
  std::string error = std::move(told.failure);
  if (error.empty() && failure) error = failure->message();
  auto const state = error.empty() ? store::MessageState::sent : store::MessageState::failed;
  co_await finish(std::move(mail), state, std::move(error));
}

net::task<void> Mailer::post(std::string address, MailText mail) {
  constexpr base::Backoff pauses{.first = limits::mail_first_pause,
                                 .longest = limits::mail_longest_pause};
  std::string const id = base::random_uuid();
  auto const send = [&] { send_mail(settings_, address, mail, id, stop_); };
  for (int tries = 1;; ++tries) {
    std::optional<Error> failure;
    try {
      co_await pool_.run(send);
    } catch (Error const& error) {
      failure = error;
    }
    if (!failure || stop_) co_return;
    base::log_warning(fmt::format("mail {}: {}", id, failure->what()));
    if (failure->fault() != Fault::unavailable || tries == limits::posted_mail_attempts) co_return;
    co_await net::sleep(pauses.pause_after(tries));
  }
}

net::task<void> Mailer::retry(store::Mail mail, Error failure) {
  constexpr base::Backoff pauses{.first = limits::mail_first_pause,
                                 .longest = limits::mail_longest_pause};
  base::log_warning(fmt::format("mail {}: {}", mail.id, failure.what()));
  auto const pause = std::chrono::ceil<std::chrono::seconds>(pauses.pause_after(mail.attempts + 1));
  co_await store_.outbox.put_off_mail(std::move(mail), std::string(failure.message()),
                                      base::unix_now() + pause.count());
}

net::task<void> Mailer::finish(store::Mail mail, store::MessageState state, std::string error) {
  std::string const id = mail.id;
  co_await store_.outbox.end_mail(std::move(mail), state, error);
  base::log_info(fmt::format("mail {}: {} {}", id, store::name(state), error));
  live_.open(id)->ended.set();
}

net::task<std::optional<Mailer::Told>> Mailer::told_by(store::Mail const& mail) const {
  if (auto const job = co_await store_.jobs.find_whole(mail.owner_id)) {
    if (!store::has_ended(job->state)) co_return std::nullopt;
    co_return told_of(mail, *job);
  }
  auto const link = co_await store_.links.find(mail.owner_id);
  if (!link) throw Error(Fault::gone, "the zip is gone");
  auto const account = co_await store_.accounts.find(store::AccountKey::id, link->account_id);
  if (!account || account->disabled) throw Error(Fault::gone, "the link has ended");
  co_return told_of(mail, *link);
}

Mailer::Told Mailer::told_of(store::Mail const& mail, store::Job const& job) const {
  if (job.state != store::JobState::done) {
    archive::Request const request = archive::decode_request(job.request);
    return told_of_failure(mail, std::string(last_segment(request.target_key)), job.error,
                           job.state == store::JobState::cancelled);
  }
  if (store::has_expired(job, base::unix_now())) throw Error(Fault::gone, "the zip has expired");
  return {write_mail_text(zip_of(job, jobs::open_result(keys_, job))), ""};
}

Mailer::Told Mailer::told_of(store::Mail const& mail, store::Link const& link) const {
  if (link.state == store::LinkState::failed)
    return told_of_failure(mail, link.file_name, link.error, false);
  if (link.revoked || link.expires_at <= base::unix_now())
    throw Error(Fault::gone, "the link has ended");
  FinishedZip const zip{.name = link.file_name,
                        .urls = urls_(mail.link_base, link),
                        .entry_count = link.plan.entry_count(),
                        .bytes = link.plan.archive_bytes(),
                        .expires_at = link.expires_at};
  return {write_mail_text(zip), ""};
}

Mailer::Told Mailer::told_of_failure(store::Mail const& mail, std::string name, std::string reason,
                                     bool cancelled) const {
  FailedZip const zip{.name = std::move(name),
                      .task_id = task_id_(mail.api_version, mail.owner_id),
                      .reason = reason,
                      .cancelled = cancelled};
  return {write_mail_text(zip), std::move(reason)};
}

}  // namespace notify
