#include "api/large_body.h"

#include "base/error.h"
#include "base/service_limits.h"
#include "base/text.h"
#include "net/deadline.h"
#include "net/take.h"

#include <utility>

namespace api {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// What the body says that it has, or may have if it comes in chunks.
std::uint64_t announced_bytes(http::Request const& request) {
  auto const length = request.headers.find("content-length");
  if (!length)
    return request.headers.find("transfer-encoding") ? limits::max_request_body_bytes : 0;
  return std::min(base::parse_uint(*length).value_or(0), limits::max_request_body_bytes);
}

std::uint64_t memory_bytes(http::Request const& request) {
  std::uint64_t const bytes = announced_bytes(request);
  if (bytes <= limits::max_small_body_bytes) return 0;
  return limits::memory_of_body * bytes;
}

net::task<base::Budget::Grant> take_memory(base::Budget& budget, std::uint64_t bytes,
                                           std::string account_id) {
  base::Budget::Grant none;
  if (bytes == 0) co_return none;
  auto taking = net::take(budget, bytes, base::Budget::Urgency::can_wait, std::move(account_id));
  bool in_time = true;
  std::optional<base::Budget::Grant> memory;
  try {
    memory = co_await net::with_deadline(std::move(taking), limits::body_memory_wait, "memory");
  } catch (Error const& error) {
    if (error.fault() != Fault::timeout) throw;
    in_time = false;
  }
  if (!in_time)
    throw Error(Fault::unavailable,
                "this server has no memory for a request of this size just now; try again in a "
                "moment, or list the sources in a manifest");
  co_return *std::move(memory);
}

}  // namespace

net::task<LargeBody> read_large_body(Service const& service, http::Exchange& exchange,
                                     std::string account_id) {
  LargeBody body;
  std::uint64_t const bytes = memory_bytes(exchange.request());
  body.memory = co_await take_memory(service.requests, bytes, std::move(account_id));
  net::task<std::string> reading = exchange.read_whole_body(limits::max_request_body_bytes);
  if (bytes > 0)
    reading = net::with_deadline(std::move(reading), limits::body_time, "the request's body");
  body.text = base::Secret(co_await std::move(reading));
  co_return body;
}

}  // namespace api
