#include "api/compat/task_calls.h"

#include "api/compat/replies.h"
#include "api/links/link.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
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
                 .error = job.error,
                 .created_at = job.created_at,
                 .entries_total = job.plan.entry_count(),
                 .entries_done = job.progress.entries_done,
                 .bytes_total = job.plan.source_bytes(),
                 .bytes_done = job.progress.bytes_done,
                 .missing_count = job.plan.missing_count,
                 .missing = job.plan.missing,
                 .own_zip_count = job.plan.own_zip_count,
                 .own_zips = job.plan.own_zips,
                 .excluded_count = job.plan.excluded,
                 .excluded = job.plan.excluded_told};
  if (store::has_expired(job, base::unix_now())) {
    task.state = JobState::failure;
    task.error = "the zip has expired";
  } else if (job.state == JobState::success) {
    task.results = jobs::open_result(service.context.keys, job);
  }
  // This process knows sooner how far it is.
  std::shared_ptr<store::Live> const live = service.context.board.find(job.id);
  if (live && !store::has_ended(job.state)) {
    task.entries_total = live->progress.entries_total;
    task.entries_done = live->progress.entries_done;
    task.bytes_total = live->progress.bytes_total;
    task.bytes_done = live->progress.bytes_done;
  }
  return task;
}

// Links are a stream's result, and ready at once; only how many a split zip has shows when the
// listing is done.
JobState state_of(store::Stream const& stream) {
  if (stream.state == store::StreamState::failed) return JobState::failure;
  bool const links_unknown = stream.state == store::StreamState::listing &&
                             archive::decode_request(stream.request).is_split();
  return links_unknown ? JobState::started : JobState::success;
}

TaskState state_of_stream(Service const& service, http::Exchange& exchange,
                          store::Stream const& stream) {
  TaskState task{.kind = TaskKind::stream,
                 .api_version = stream.api_version,
                 .uuid = stream.id,
                 .zip_uuid = stream.id,
                 .state = state_of(stream),
                 .results = {},
                 .error = stream.error,
                 .created_at = stream.created_at,
                 .entries_total = stream.plan.entry_count(),
                 .entries_done = 0,
                 .bytes_total = stream.plan.source_bytes(),
                 .bytes_done = 0,
                 .missing_count = stream.plan.missing_count,
                 .missing = stream.plan.missing,
                 .own_zip_count = stream.plan.own_zip_count,
                 .own_zips = stream.plan.own_zips,
                 .excluded_count = stream.plan.excluded,
                 .excluded = stream.plan.excluded_told};
  if (task.state == JobState::success)
    task.results = link_urls(service.context.keys, base_url(service, exchange), stream);
  return task;
}

// Until its job or stream has ended the mail is as far as that, and what has failed has failed with
// it, before the letter that says so is sent.
void add_mail(TaskState& task, store::Mail const& mail) {
  task.kind = TaskKind::mail;
  task.uuid = mail.id;
  task.created_at = mail.created_at;
  if (!store::has_ended(task.state)) return;
  if (task.state != JobState::success && !store::has_ended(mail.state)) return;
  task.results.clear();
  task.state = mail.state == JobState::pending ? JobState::started : mail.state;
  task.error = mail.error;
  if (mail.state == JobState::success) task.results.push_back("sent to " + mail.address);
}

// Of a job or stream.
net::task<TaskState> find_zip(Service const& service, http::Exchange& exchange,
                              accounts::Account const& account, std::string uuid) {
  store::JobStore& store = service.context.store;
  auto const find_job = [&] { return store.find_job_state(uuid); };
  auto const job = co_await service.context.blocking.get(find_job);
  if (job) {
    if (job->account_id != account.id) throw_unknown();
    co_return state_of_job(service, *job);
  }
  auto const find_stream = [&] { return store.find_stream(uuid); };
  auto const stream = co_await service.context.blocking.get(find_stream);
  if (!stream || stream->account_id != account.id) throw_unknown();
  co_return state_of_stream(service, exchange, *stream);
}

net::task<TaskState> find_task(Service const& service, http::Exchange& exchange,
                               accounts::Account const& account, std::string uuid) {
  auto const find = [&] { return service.context.store.find_mail(uuid); };
  auto const mail = co_await service.context.blocking.get(find);
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
  // Opened before the first look at the store, so that no end between the two goes unseen.
  std::shared_ptr<store::Live> const live = service.context.board.open(uuid);
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
    if (exchange.stopping().is_set()) throw Error(Fault::cancelled, "the server stops");
    if (account_ended->is_set()) {
      task.state = JobState::failure;
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
