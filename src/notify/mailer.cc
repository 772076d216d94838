#include "notify/mailer.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/runner.h"
#include "net/every.h"
#include "net/task_group.h"
#include "notify/curl_library.h"

#include <algorithm>

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
                  .bytes = job.plan.sum(&store::ArchiveFacts::archive_bytes)};
  if (request.presign) zip.expires_at = job.ended_at + std::int64_t{request.link_hours} * 3600;
  return zip;
}

}  // namespace

void Mailer::start(net::Executor const& loop) {
  if (!can_send()) return;
  curl_library();  // where it is missing, that is an error of the start, not of each mail
  auto const work = [this] { return look(); };
  net::spawn_detached(loop, net::every(limits::mail_look_interval, "mails", work), "mailer");
}

net::task<void> Mailer::look() {
  auto const find = [this] { return context_.store.mails_to_send(); };
  std::vector<std::string> const ids = co_await context_.blocking.get(find);
  std::erase_if(pauses_,
                [&](auto const& one) { return std::ranges::find(ids, one.first) == ids.end(); });
  for (std::string const& id : ids) {
    auto const pause = pauses_.find(id);
    if (pause == pauses_.end() || Clock::now() >= pause->second.until) co_await deliver(id);
  }
}

net::task<void> Mailer::deliver(std::string id) {
  auto const find = [&] { return context_.store.find_mail(id); };
  std::optional<store::Mail> mail = co_await context_.blocking.get(find);
  if (!mail || store::has_ended(mail->state)) co_return;
  auto const tell = [&] { return told_by(*mail); };
  std::optional<Told> told;
  std::string nothing_to_tell;
  try {
    told = co_await context_.blocking.get(tell);
  } catch (Error const& error) {
    if (error.fault() != Fault::gone) throw;
    nothing_to_tell = error.message();
  }
  if (told) {
    co_await send(*std::move(mail), *std::move(told));
  } else {
    co_await finish(*std::move(mail), store::JobState::failure, std::move(nothing_to_tell));
  }
}

net::task<void> Mailer::send(store::Mail mail, Told told) {
  // Who waits for a zip that there will not be need not wait for the letter.
  if (!told.failure.empty()) context_.board.open(mail.id)->ended.set();
  auto const post = [&] { send_mail(settings_, mail.address, told.letter, mail.id, stop_); };
  std::optional<Error> failure;
  try {
    co_await pool_.run(post);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    failure = error;
  }
  if (failure && stop_) co_return;  // it was we who gave up
  bool const may_pass = failure && failure->fault() == Fault::unavailable;
  if (may_pass && mail.attempts + 1 < limits::mail_attempts) {
    co_await retry(std::move(mail), *failure);
    co_return;
  }
  if (failure) base::log_warning(fmt::format("mail {}: {}", mail.id, failure->what()));
  std::string error = std::move(told.failure);
  if (error.empty() && failure) error = failure->message();
  store::JobState const state = error.empty() ? store::JobState::success : store::JobState::failure;
  co_await finish(std::move(mail), state, std::move(error));
}

net::task<void> Mailer::retry(store::Mail mail, Error failure) {
  base::log_warning(fmt::format("mail {}: {}", mail.id, failure.what()));
  auto const note = [&] { context_.store.note_mail_failure(mail.id, failure.message()); };
  co_await context_.blocking.run(note);
  Pause& pause = pauses_[mail.id];
  pause.until = Clock::now() + pause.length;
  pause.length = std::min<std::chrono::seconds>(2 * pause.length, limits::mail_longest_pause);
}

net::task<void> Mailer::finish(store::Mail mail, store::JobState state, std::string error) {
  auto const finish = [&] { context_.store.finish_mail(mail.id, state, error); };
  co_await context_.blocking.run(finish);
  base::log_info(fmt::format("mail {}: {} {}", mail.id, store::name(state), error));
  context_.board.open(mail.id)->ended.set();
}

Mailer::Told Mailer::told_by(store::Mail const& mail) const {
  if (auto const job = context_.store.find_job(mail.owner_id)) return told_of(mail, *job);
  auto const stream = context_.store.find_stream(mail.owner_id);
  if (!stream) throw Error(Fault::gone, "the zip is gone");
  return told_of(mail, *stream);
}

Mailer::Told Mailer::told_of(store::Mail const& mail, store::Job const& job) const {
  if (job.state != store::JobState::success) {
    archive::Request const request = archive::decode_request(job.request);
    return told_of_failure(mail, std::string(last_segment(request.target_key)), job.error,
                           job.state == store::JobState::cancelled);
  }
  if (store::has_expired(job, base::unix_now())) throw Error(Fault::gone, "the zip has expired");
  return {write_letter(zip_of(job, jobs::open_result(context_.keys, job))), ""};
}

Mailer::Told Mailer::told_of(store::Mail const& mail, store::Stream const& stream) const {
  if (stream.state == store::StreamState::failed)
    return told_of_failure(mail, stream.file_name, stream.error, false);
  if (stream.revoked || stream.expires_at <= base::unix_now())
    throw Error(Fault::gone, "the link has ended");
  FinishedZip const zip{.name = stream.file_name,
                        .urls = links_(mail.link_base, stream),
                        .entry_count = stream.plan.entry_count(),
                        .bytes = stream.plan.sum(&store::ArchiveFacts::archive_bytes),
                        .expires_at = stream.expires_at};
  return {write_letter(zip), ""};
}

Mailer::Told Mailer::told_of_failure(store::Mail const& mail, std::string name, std::string reason,
                                     bool cancelled) const {
  FailedZip const zip{.name = std::move(name),
                      .task_id = task_id_(mail.api_version, mail.owner_id),
                      .reason = reason,
                      .cancelled = cancelled};
  return {write_letter(zip), std::move(reason)};
}

}  // namespace notify
