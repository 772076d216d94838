#include "sandbox/server.h"

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "http/forms.h"
#include "net/task_group.h"
#include "sandbox/access.h"
#include "sandbox/buckets/bucket_access.h"
#include "sandbox/buckets/store.h"
#include "sandbox/calls/fault_answers.h"
#include "sandbox/calls/quirky_calls.h"
#include "sandbox/calls/request_target.h"
#include "sandbox/calls/routes.h"
#include "sandbox/faults/faults.h"
#include "sandbox/faults/wire.h"
#include "sandbox/refusal.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

namespace sandbox {
namespace {

using base::Error;
using base::Fault;

std::string new_request_id() {
  std::string const bytes = base::random_bytes(8);
  std::string id = base::hex(base::as_bytes(bytes));
  for (char& c : id) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  return id;
}

net::task<void> answer_call(Call& call) {
  Route const route = route_of(call);
  call.operation = route.name;
  show_to_faults(call);
  bool const is_answered = co_await answer_by_fault(call);
  if (is_answered) co_return;
  bool const is_redirected = co_await answer_by_redirect(call);
  if (is_redirected) co_return;
  check_access(call);
  co_await route.answer(call);
}

FaultFile faults_of(SandboxOptions const& options) {
  FaultFile file;
  if (!options.faults_file.empty()) {
    file = read_fault_file(options.faults_file);
    base::log_info(fmt::format("sandbox: {} faults of {}, seed {}", file.rules.size(),
                               options.faults_file, file.seed));
  }
  file.buckets.add_quirks(parse_quirks(options.quirks));
  return file;
}

// True for a broken connection, which can carry no answer.
bool is_about_connection(Error const& error) {
  return error.code().empty() && error.fault() == Fault::disconnected;
}

}  // namespace

struct Sandbox::State {
  State(SandboxOptions const& options, FaultFile file, net::BlockingPool& blocking)
      : pool(blocking),
        region(options.region),
        access(options.credentials, options.region),
        store(options.folder, options.virtual_objects),
        bucket_rules(std::move(file.buckets)),
        faults(std::move(file)) {}

  net::BlockingPool& pool;
  std::string const region;
  Access access;
  Store store;
  BucketRules const bucket_rules;
  Faults faults;

  net::task<void> answer(Wire& wire, std::string request_id);
  net::task<void> answer_error(Wire& wire, Error error, std::string request_id);
};

Sandbox::Sandbox(SandboxOptions options, net::BlockingPool& pool)
    : state_(std::make_unique<State>(options, faults_of(options), pool)) {}

Sandbox::~Sandbox() = default;

net::task<void> Sandbox::State::answer(Wire& wire, std::string request_id) {
  http::Request const& request = wire.request();
  RequestTarget target = request_target(request);
  if (faults.is_away(target.bucket, std::chrono::steady_clock::now())) wire.reset();
  wire.set_quirks(bucket_rules.of(target.bucket).quirks);
  base::UnixSeconds const now = wire.now();
  Caller caller = access.admit(request, now);
  Call call{.wire = wire,
            .pool = pool,
            .store = store,
            .faults = faults,
            .bucket_rules = bucket_rules,
            .region = region,
            .request_id = std::move(request_id),
            .bucket = std::move(target.bucket),
            .key = std::move(target.key),
            .query = http::parse_urlencoded(request.query()),
            .caller = std::move(caller),
            .operation = {}};
  co_await answer_call(call);
}

net::task<void> Sandbox::State::answer_error(Wire& wire, Error error, std::string request_id) {
  bool const is_marked = is_delete_marker(wire, error);
  if (is_marked && wire.quirks().has(Quirk::delete_marker_405)) error = refusal("MethodNotAllowed");
  http::Response head = answer_head(request_id, status_of(error));
  head.headers.add("Content-Type", "application/xml");
  if (is_marked) head.headers.add("x-amz-delete-marker", "true");
  if (wire.request().method == "HEAD") head.headers.add("x-amz-bucket-region", region);
  std::string document = error_document(
      error,
      {.resource = std::string(wire.request().path()), .request_id = request_id, .region = region});
  co_await wire.respond(std::move(head), std::move(document));
}

net::task<void> Sandbox::handle(http::Exchange& exchange) {
  std::string request_id = new_request_id();
  Wire wire(exchange, state_->faults);
  std::optional<Error> failure;
  try {
    co_await state_->answer(wire, request_id);
    co_return;
  } catch (Error const& error) {
    if (exchange.started() || is_about_connection(error)) throw;
    failure = error;
  } catch (std::exception const& error) {
    if (exchange.started() || net::is_cancellation(error)) throw;
    failure = Error(Fault::internal, error.what());
  }
  http::Request const& request = exchange.request();
  bool const ours = status_of(*failure) >= 500 && failure->code() != "NotImplemented";
  base::log(ours ? base::LogLevel::error : base::LogLevel::debug,
            fmt::format("sandbox: {} {}: {} {}", request.method, request.path(), code_of(*failure),
                        failure->what()));
  co_await state_->answer_error(wire, *failure, request_id);
}

std::pair<http::Response, std::string> Sandbox::error_page(base::Error const& error,
                                                           http::Exchange const& exchange) {
  std::string const request_id = new_request_id();
  http::Response head = answer_head(request_id, status_of(error));
  head.headers.add("Content-Type", "application/xml");
  ErrorPlace const place{
      .resource = std::string(exchange.request().path()), .request_id = request_id, .region = {}};
  return {std::move(head), error_document(error, place)};
}

}  // namespace sandbox
