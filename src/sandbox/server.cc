#include "sandbox/server.h"

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "http/forms.h"
#include "sandbox/access.h"
#include "sandbox/calls.h"
#include "sandbox/refusal.h"
#include "sandbox/request_target.h"
#include "sandbox/store.h"

#include <array>
#include <optional>

#include <fmt/format.h>

namespace sandbox {
namespace {

using base::Error;
using base::Fault;

enum class Level { service, bucket, object };

struct Route {
  std::string_view method;
  Level level;
  std::string_view argument;  // of the query that must be there; empty: any request
  std::string_view header;    // the same for a header
  net::task<void> (*answer)(Call&);
};

// The first that fits is the call.
constexpr std::array routes{
    Route{"GET", Level::service, "", "", list_buckets},
    Route{"PUT", Level::bucket, "", "", create_bucket},
    Route{"HEAD", Level::bucket, "", "", head_bucket},
    Route{"DELETE", Level::bucket, "", "", delete_bucket},
    Route{"GET", Level::bucket, "uploads", "", list_multipart_uploads},
    Route{"GET", Level::bucket, "list-type", "", list_objects_v2},
    Route{"GET", Level::bucket, "", "", list_objects},
    Route{"POST", Level::bucket, "delete", "", delete_objects},
    Route{"GET", Level::object, "uploadId", "", list_parts},
    Route{"GET", Level::object, "", "", get_object},
    Route{"HEAD", Level::object, "", "", get_object},
    Route{"PUT", Level::object, "uploadId", "x-amz-copy-source", upload_part_copy},
    Route{"PUT", Level::object, "uploadId", "", upload_part},
    Route{"PUT", Level::object, "", "x-amz-copy-source", copy_object},
    Route{"PUT", Level::object, "", "", put_object},
    Route{"POST", Level::object, "uploads", "", create_multipart_upload},
    Route{"POST", Level::object, "uploadId", "", complete_multipart_upload},
    Route{"DELETE", Level::object, "uploadId", "", abort_multipart_upload},
    Route{"DELETE", Level::object, "", "", delete_object},
};

// Calls of S3 that would otherwise look like one of the above.
constexpr std::array<std::string_view, 15> missing_calls{
    "analytics",    "attributes",   "intelligent-tiering",
    "inventory",    "legal-hold",   "metrics",
    "policyStatus", "renameObject", "restore",
    "retention",    "select",       "session",
    "torrent",      "versions",     "append"};

Level level_of(Call const& call) {
  if (call.bucket.empty()) return Level::service;
  return call.key.empty() ? Level::bucket : Level::object;
}

bool fits(Route const& route, Call const& call) {
  return route.method == call.exchange.request().method && route.level == level_of(call) &&
         (route.argument.empty() || call.argument(route.argument)) &&
         (route.header.empty() || call.headers().find(route.header));
}

net::task<void> dispatch(Call& call) {
  if (is_setting_call(call)) return get_setting(call);
  for (std::string_view const name : missing_calls) {
    if (call.argument(name)) throw refusal("NotImplemented");
  }
  if (call.argument("versionId").value_or("null") != "null") throw refusal("NoSuchVersion");
  for (Route const& route : routes) {
    if (fits(route, call)) return route.answer(call);
  }
  throw refusal("MethodNotAllowed");
}

std::string new_request_id() {
  std::string const bytes = base::random_bytes(8);
  std::string id = base::hex(base::as_bytes(bytes));
  for (char& c : id) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  return id;
}

// botocore waits for 100 Continue with empty bodies too, as S3 sends it; where the final answer
// comes instead, it reads the answer to its next request wrong and waits for ever. For other bodies
// the exchange does this when they are read.
net::task<void> continue_empty_body(http::Exchange& exchange) {
  http::Headers const& headers = exchange.request().headers;
  if (!base::equals_ignoring_case(headers.get("expect"), "100-continue")) co_return;
  if (headers.find_uint("content-length") != 0U) co_return;
  std::string_view const go_on[] = {"HTTP/1.1 100 Continue\r\n\r\n"};
  co_await exchange.stream().write(go_on);
}

// The connection is broken, or the loop ends: there is nobody to answer.
bool is_about_connection(Error const& error) {
  return error.code().empty() &&
         (error.fault() == Fault::disconnected || error.fault() == Fault::cancelled);
}

}  // namespace

struct Sandbox::State {
  State(SandboxOptions const& options, net::BlockingPool& blocking)
      : pool(blocking),
        region(options.region),
        access(options.credentials, options.region),
        store(options.folder, options.virtual_objects) {}

  net::BlockingPool& pool;
  std::string const region;
  Access access;
  Store store;

  net::task<void> answer(http::Exchange& exchange, std::string request_id);
  net::task<void> answer_error(http::Exchange& exchange, Error error, std::string request_id);
};

Sandbox::Sandbox(SandboxOptions options, net::BlockingPool& pool)
    : state_(std::make_unique<State>(options, pool)) {}

Sandbox::~Sandbox() = default;

net::task<void> Sandbox::State::answer(http::Exchange& exchange, std::string request_id) {
  http::Request const& request = exchange.request();
  RequestTarget target = request_target(request);
  Caller caller = access.admit(request);
  Call call{.exchange = exchange,
            .pool = pool,
            .store = store,
            .region = region,
            .request_id = std::move(request_id),
            .bucket = std::move(target.bucket),
            .key = std::move(target.key),
            .query = http::parse_urlencoded(request.query()),
            .caller = std::move(caller)};
  co_await dispatch(call);
}

net::task<void> Sandbox::State::answer_error(http::Exchange& exchange, Error error,
                                             std::string request_id) {
  http::Response head = answer_head(request_id, status_of(error));
  head.headers.add("Content-Type", "application/xml");
  if (exchange.request().method == "HEAD") head.headers.add("x-amz-bucket-region", region);
  std::string document = error_document(error, {.resource = std::string(exchange.request().path()),
                                                .request_id = request_id,
                                                .region = region});
  co_await exchange.respond(std::move(head), std::move(document));
}

net::task<void> Sandbox::handle(http::Exchange& exchange) {
  std::string request_id = new_request_id();
  co_await continue_empty_body(exchange);
  std::optional<Error> failure;
  try {
    co_await state_->answer(exchange, request_id);
    co_return;
  } catch (Error const& error) {
    if (exchange.started() || is_about_connection(error)) throw;
    failure = error;
  } catch (std::exception const& error) {
    if (exchange.started()) throw;
    failure = Error(Fault::internal, error.what());
  }
  http::Request const& request = exchange.request();
  bool const ours = status_of(*failure) >= 500 && failure->code() != "NotImplemented";
  base::log(ours ? base::LogLevel::error : base::LogLevel::debug,
            fmt::format("sandbox: {} {}: {} {}", request.method, request.path(), code_of(*failure),
                        failure->what()));
  co_await state_->answer_error(exchange, *failure, request_id);
}

std::pair<http::Response, std::string> Sandbox::error_page(base::Error const& error,
                                                           http::Request const& request) {
  std::string const request_id = new_request_id();
  http::Response head = answer_head(request_id, status_of(error));
  head.headers.add("Content-Type", "application/xml");
  ErrorPlace const place{
      .resource = std::string(request.path()), .request_id = request_id, .region = {}};
  return {std::move(head), error_document(error, place)};
}

}  // namespace sandbox
