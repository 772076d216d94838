#include "api/zips/estimate.h"

#include "api/links/response_sink.h"
#include "api/store_refusal.h"
#include "api/zips/native_call.h"
#include "archive/deliver/assemble.h"
#include "archive/plan/estimate.h"
#include "archive/plan/freeze.h"
#include "archive/plan/report.h"
#include "archive/select/select.h"
#include "base/error.h"
#include "base/service_limits.h"
#include "base/text.h"
#include "net/deadline.h"

#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

using Archives = std::vector<std::shared_ptr<archive::PlannedArchive>>;

json::array archives_reply(Archives const& archives) {
  json::array list;
  for (auto const& one : archives)
    list.push_back(
        json::object{{"entries", one->plan.entry_count()}, {"bytes", one->plan.layout().size()}});
  return list;
}

// Entries whose names are not what the request and their keys say.
json::object renamed_reply(Archives const& archives) {
  std::uint64_t count = 0;
  json::array told;
  for (auto const& one : archives) {
    for (std::size_t i = 0; i < one->plan.entry_count(); ++i) {
      archive::PlannedEntry const entry = one->plan.entry(i);
      if (entry.name_changes == 0 || ++count > limits::estimated_renames_told) continue;
      told.push_back(json::object{{"bucket", base::to_utf8(entry.bucket)},
                                  {"key", base::to_utf8(entry.key)},
                                  {"name", base::to_utf8(entry.name)},
                                  {"change", archive::changes_text(entry.name_changes)}});
    }
  }
  return {{"count", count}, {"entries", std::move(told)}};
}

// The calls of all archives, by kind; the lookups are made once.
json::object calls_reply(Archives const& archives, archive::LookupCalls lookups, NativeKind kind) {
  json::array calls;
  double dollars = 0;
  std::vector<archive::CallCount> counts;
  for (auto const& one : archives) {
    std::optional<std::uint64_t> part_bytes;
    if (kind == NativeKind::zip) part_bytes = archive::choose_part_bytes(one->plan.layout().size());
    for (archive::CallCount const& call : archive::count_calls(one->plan, lookups, part_bytes)) {
      auto const same = std::ranges::find(counts, call.name, &archive::CallCount::name);
      archive::CallCount& all = same == counts.end() ? counts.emplace_back(call.name) : *same;
      all.count += call.count;
      dollars += call.dollars;
    }
    lookups = {};
  }
  for (archive::CallCount const& call : counts)
    calls.push_back(json::object{{"name", call.name}, {"count", call.count}});
  return {{"calls", std::move(calls)}, {"dollars", dollars}, {"priceList", archive::price_list}};
}

json::object left_out_reply(archive::LeftOut const& left_out) {
  return {{"missing", left_out.missing.size()},
          {"ownZips", left_out.own_zips.size()},
          {"excluded", left_out.excluded}};
}

json::object reply_of(Archives const& archives, archive::LeftOut const& left_out,
                      archive::LookupCalls const& lookups, NativeKind kind) {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  for (auto const& one : archives) {
    entries += one->plan.entry_count();
    bytes += one->plan.source_bytes();
  }
  json::object reply{{"entries", entries},
                     {"bytes", bytes},
                     {"archives", archives_reply(archives)},
                     {"renamed", renamed_reply(archives)},
                     {"leftOut", left_out_reply(left_out)}};
  for (auto& [name, value] : calls_reply(archives, lookups, kind)) reply[name] = value;
  return reply;
}

// What stands at the zip's place; null: nothing, or its key is not chosen yet, or that is not told.
net::task<json::value> target_reply(std::shared_ptr<s3::ObjectStore> store,
                                    archive::Request request) {
  if (request.target_key.empty()) co_return nullptr;
  s3::Headed found;
  s3::ObjectName target{request.bucket, request.target_key};
  try {
    found = co_await store->head_object(std::move(target));
  } catch (Error const& error) {
    if (error.fault() != Fault::forbidden) throw;
  }
  if (!found.object) co_return nullptr;
  co_return json::object{{"bytes", found.object->size}};
}

net::task<std::string> estimate(Service const& service, ZipRequest asked, NativeKind kind,
                                std::string request_id) {
  archive::Request const& request = asked.request;
  s3::WantedStore wanted = archive::wanted_store(
      request, std::move(asked.credentials), "request " + request_id, service.download_patience);
  auto const store = co_await service.object_stores.open(std::move(wanted));
  archive::LiveProgress progress;
  archive::Selection selection = co_await archive::select(store, request, progress);
  archive::LeftOut const left_out = selection.left_out;
  archive::LookupCalls const lookups = selection.calls;
  auto const purpose =
      kind == NativeKind::zip ? archive::Purpose::assemble : archive::Purpose::stream;
  auto const name_and_count = [&] {
    Archives const archives = archive::freeze(std::move(selection), request, purpose);
    return reply_of(archives, left_out, lookups, kind);
  };
  json::object reply = co_await service.blocking.get(name_and_count);
  reply["target"] = co_await target_reply(store, request);
  co_return json::serialize(reply);
}

// Its seat is free when the answer goes out: the client may ask for the next one at once.
net::task<std::string> estimate_alone(Service const& service, Estimating& estimating,
                                      http::Exchange& exchange, NativeKind kind) {
  accounts::Account const account = co_await authorize(service, exchange);
  NativeCall asked = co_await read_native_call(service, exchange, kind, account);
  Estimating::Seat const seat(estimating, account.id);
  net::task<std::string> work = estimate(service, std::move(asked.native.zip), kind, exchange.id());
  net::task<std::string> bounded = net::with_deadline(with_refusal_as_forbidden(std::move(work)),
                                                      limits::estimate_time, "the estimate");
  std::optional<std::string> reply;
  net::task<void> estimating_all = net::store_result(std::move(bounded), reply);
  net::task<void> end = throw_when_in_vain(service, exchange, account.id);
  co_await net::until(std::move(estimating_all), std::move(end));
  co_return *std::move(reply);
}

net::task<void> answer_estimate(Service const& service, Estimating& estimating,
                                http::Exchange& exchange, NativeKind kind) {
  std::string reply = co_await estimate_alone(service, estimating, exchange, kind);
  co_await answer(exchange, std::move(reply));
}

}  // namespace

Estimating::Seat::Seat(Estimating& estimating, std::string account_id)
    : estimating_(estimating), account_id_(std::move(account_id)) {
  std::scoped_lock const lock(estimating_.mutex_);
  if (!estimating_.accounts_.insert(account_id_).second)
    throw Error(Fault::throttled, "an estimate is being made for this account; wait for it to end");
}

Estimating::Seat::~Seat() {
  std::scoped_lock const lock(estimating_.mutex_);
  estimating_.accounts_.erase(account_id_);
}

net::task<void> estimate_zip(Service const& service, Estimating& estimating,
                             http::Exchange& exchange) {
  return answer_estimate(service, estimating, exchange, NativeKind::zip);
}

net::task<void> estimate_link(Service const& service, Estimating& estimating,
                              http::Exchange& exchange) {
  return answer_estimate(service, estimating, exchange, NativeKind::stream);
}

}  // namespace api
