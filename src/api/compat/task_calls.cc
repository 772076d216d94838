#include "api/compat/task_calls.h"

#include "api/compat/replies.h"
#include "api/links/link.h"
#include "api/progress.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "jobs/result.h"
#include "net/latch.h"

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;
using store::JobState;

namespace {

[[noreturn]] void throw_unknown() {
  throw Error(Fault::not_found, "there is no task with this id");
}

TaskState state_of_job(Service const& service, store::Job const& job) {
  TaskState task{.kind = TaskKind::job,
                 .api_version = job.api_version,
                 .uuid = job.id,
                 .zip_uuid = job.id,
                 .state = job.state,
                 .results = {},
                 .error = store::has_ended(job.state) ? job.error : "",
                 .created_at = job.created_at,
                 .progress = progress_of(service, job),
                 .missing_count = job.plan.missing_count,
                 .missing = job.plan.missing,
                 .own_zip_count = job.plan.own_zip_count,
                 .own_zips = job.plan.own_zips,
                 .excluded_count = job.plan.excluded,
                 .excluded = job.plan.excluded_told};
  if (store::has_expired(job, base::unix_now())) {
    task.state = JobState::failed;
    task.error = "the zip has expired";
  } else if (job.state == JobState::done) {
    task.results = jobs::open_result(service.keys, job);
  }
  return task;
}

// A link is ready at once; only the number of a split zip's URLs is not known before the listing is
// done.
JobState state_of(store::Link const& link) {
  if (link.state == store::LinkState::failed) return JobState::failed;
  bool const urls_unknown =
      link.state == store::LinkState::listing && archive::decode_request(link.request).is_split();
  return urls_unknown ? JobState::running : JobState::done;
}

TaskState state_of_link(Service const& service, http::Exchange& exchange, store::Link const& link) {
  TaskState task{.kind = TaskKind::stream,
                 .api_version = link.api_version,
                 .uuid = link.id,
                 .zip_uuid = link.id,
                 .state = state_of(link),
                 .results = {},
                 .error = link.error,
                 .created_at = link.created_at,
                 .progress = {.entries_total = link.plan.entry_count(),
                              .bytes_total = link.plan.source_bytes()},
                 .missing_count = link.plan.missing_count,
                 .missing = link.plan.missing,
                 .own_zip_count = link.plan.own_zip_count,
                 .own_zips = link.plan.own_zips,
                 .excluded_count = link.plan.excluded,
                 .excluded = link.plan.excluded_told};
  if (task.state == JobState::done)
    task.results = link_urls(service.keys, base_url(service, exchange), link);
  return task;
}

// The mail's state as a task: one that waits for its owner's end has begun.
JobState state_of(store::Mail const& mail) {
  switch (mail.state) {
    case store::MessageState::waiting:
      return JobState::running;
    case store::MessageState::retrying:
      return JobState::waiting;
    case store::MessageState::sent:
      return JobState::done;
    case store::MessageState::failed:
      break;
  }
  return JobState::failed;
}

// Until its job or link has ended, the mail has its state. The mail of a failed one has failed with
// it, before the mail that says so is sent.
void add_mail(TaskState& task, store::Mail const& mail) {
  task.kind = TaskKind::mail;
  task.uuid = mail.id;
  task.created_at = mail.created_at;
  if (!store::has_ended(task.state)) return;
  if (task.state != JobState::done && !store::has_ended(mail.state)) return;
  task.results.clear();
  task.state = state_of(mail);
  task.error = mail.error;
  if (mail.state == store::MessageState::sent) task.results.push_back("sent to " + mail.address);
}

// The task of a job or link.
net::task<TaskState> find_zip(Service const& service, http::Exchange& exchange,
                              accounts::Account const& account, std::string uuid) {
  if (auto const job = co_await service.store.jobs.find(uuid)) {
    if (job->account_id != account.id) throw_unknown();
    co_return state_of_job(service, *job);
  }
  auto const link = co_await service.store.links.find(uuid);
  if (!link || link->account_id != account.id) throw_unknown();
  co_return state_of_link(service, exchange, *link);
}

net::task<TaskState> find_task(Service const& service, http::Exchange& exchange,
                               accounts::Account const& account, std::string uuid) {
  auto const mail = co_await service.store.outbox.find_mail(uuid);
  if (!mail || mail->account_id != account.id)
    co_return co_await find_zip(service, exchange, account, std::move(uuid));
  TaskState task = co_await find_zip(service, exchange, account, mail->owner_id);
  add_mail(task, *mail);
  co_return task;
}

net::task<std::string> read_uuid(http::Exchange& exchange, Question question) {
  std::string const body = co_await exchange.read_whole_body(limits::max_small_body_bytes);
  std::string_view const content_type = exchange.request().headers.get("content-type");
  auto const uuid = uuid_of(asked_task_id(body, content_type, question));
  if (!uuid) throw_unknown();
  co_return *uuid;
}

net::task<void> answer_state(Service const& service, http::Exchange& exchange, Question question) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string uuid = co_await read_uuid(exchange, question);
  TaskState const task = co_await find_task(service, exchange, account, std::move(uuid));
  ZipId const zip_id = service.open ? ZipId::added : ZipId::left_out;
  co_await answer(exchange, state_reply(task, zip_id));
}

}  // namespace

net::task<void> zipstate(Service const& service, http::Exchange& exchange) {
  return answer_state(service, exchange, Question::state);
}

net::task<void> zip_status(Service const& service, http::Exchange& exchange) {
  return answer_state(service, exchange, Question::status);
}

net::task<void> zipresult(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string const uuid = co_await read_uuid(exchange, Question::result);
  // `live` is opened before the first look at the store, so that no end between the two goes
  // unseen.
  std::shared_ptr<store::LiveZip> const live = service.live.open(uuid);
  TaskState task = co_await find_task(service, exchange, account, uuid);
  if (store::has_ended(task.state)) {
    co_await answer(exchange, result_reply(task));
    co_return;
  }
  http::Response head;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Cache-Control", "no-store");
  co_await exchange.start(std::move(head));
  std::shared_ptr<net::Latch> const account_ended = service.account_watch.ended(account.id);
  std::vector<net::Latch*> const ends{&live->ended, &exchange.stopping(), account_ended.get()};
  for (;;) {
    // The process that runs the job knows its end at once.
    co_await net::wait_any(ends, limits::result_heartbeat);
    if (exchange.stopping().is_set()) throw base::Cancelled();
    if (account_ended->is_set()) {
      task.state = JobState::failed;
      task.error = "the account has been disabled";
      break;
    }
    task = co_await find_task(service, exchange, account, uuid);
    if (store::has_ended(task.state)) break;
    // White space before JSON is legal, and keeps load balancers from cutting the connection.
    std::string_view const space[] = {" "};
    co_await exchange.write(space);
  }
  std::string const reply = result_reply(task);
  std::string_view const pieces[] = {reply};
  co_await exchange.write(pieces);
  co_await exchange.finish();
}

}  // namespace api
