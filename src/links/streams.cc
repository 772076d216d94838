#include "links/streams.h"

#include "archive/plan/freeze.h"
#include "archive/select/select.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/latch.h"
#include "net/task_group.h"
#include "store/kept_credentials.h"
#include "store/known_crcs.h"
#include "store/plans.h"
#include "zip/format.h"

#include <new>

#include <fmt/format.h>

namespace links {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

void keep_failure(store::JobStore& store, std::string const& id, Error const& failure) {
  try {
    store.fail_stream(id, failure.fault(), failure.what());
  } catch (Error const& error) {
    // The link has expired or been ended meanwhile, which may be what its listing failed of.
    if (error.fault() != Fault::conflict) throw;
  }
}

std::string archive_id(std::string_view stream_id, std::size_t archive) {
  return fmt::format("{}/{}", stream_id, archive);
}

// A link ends with its account.
std::optional<store::Stream> find_with_owner(store::JobStore& store, std::string const& id) {
  std::optional<store::Stream> stream = store.find_stream(id);
  if (!stream) return stream;
  auto const owner = store.find_account(stream->account_id);
  if (!owner || owner->disabled) stream->revoked = true;
  return stream;
}

}  // namespace

void Streams::start() {
  for (std::string const& id : context_.store.listing_streams()) begin_listing(id);
}

void Streams::begin_listing(std::string const& id) {
  std::shared_ptr<store::Live> live = context_.board.open(id);
  std::size_t const index = next_loop_++ % context_.loops.size();
  net::spawn_detached(context_.loops[index].executor, list(context_, plans_, id, std::move(live)),
                      "listing of a stream");
}

net::task<void> Streams::list(store::Context const& context, std::shared_ptr<PlanCache> plans,
                              std::string id, std::shared_ptr<store::Live> live) {
  auto const find = [&] { return context.store.find_stream(id); };
  std::optional<store::Stream> const stream = co_await context.blocking.get(find);
  std::optional<Error> failure;
  try {
    if (!stream) throw Error(Fault::not_found, "the stream is gone");
    store::Loop const loop = co_await store::this_loop(context);
    archive::Request const request = archive::decode_request(stream->request);
    aws::Credentials credentials = co_await store::credentials_of(context, *stream);
    auto const store = store::open_store(context, loop, request, std::move(credentials),
                                         "stream " + id, context.patience);
    archive::Selection selection = co_await archive::select(store, request, live->progress);
    archive::LeftOut left_out = selection.left_out;
    auto const name_and_place = [&] {
      return archive::freeze(std::move(selection), request, archive::Purpose::stream);
    };
    store::Plans const made = co_await context.blocking.get(name_and_place);
    store::PlanFacts const facts =
        co_await store::save_plans(context, id, made, std::move(left_out));
    for (auto const& plan : made) co_await store::recall_crcs(context, store->endpoint_url(), plan);
    auto const freeze = [&] { context.store.freeze_stream(id, facts); };
    co_await context.blocking.run(freeze);
    // The first is asked for first: it comes last, and stays.
    for (std::size_t i = made.size(); i-- > 0;) plans->put(archive_id(id, i), made[i]);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
    failure = error;
  } catch (std::bad_alloc const&) {
    failure = Error(Fault::internal, "out of memory");
  }
  if (failure) {
    base::log_warning(fmt::format("stream {}: {}", id, failure->what()));
    auto const fail = [&] { keep_failure(context.store, id, *failure); };
    co_await context.blocking.run(fail);
  }
  live->selected.set();
  live->ended.set();
}

net::task<OpenStream> Streams::open(std::string id, std::size_t archive, std::string request_id) {
  OpenStream open;
  open.stream = co_await wait_until_listed(std::move(id));
  store::Stream const& stream = open.stream;
  if (stream.revoked) throw Error(Fault::gone, "this link has been revoked");
  if (stream.expires_at <= base::unix_now())
    throw Error(Fault::gone, "this link has expired; ask for a new one");
  if (stream.state == store::StreamState::failed) throw SelectionFailed(stream.fault, stream.error);
  if (stream.plan.layout_version != zip::layout_version)
    throw Error(Fault::gone,
                "this link was made by another version of s3zipper; ask for a new one");
  if (archive >= stream.plan.archives.size())
    throw Error(Fault::not_found, "there is no such download");
  open.facts = stream.plan.archives[archive];
  open.file_name = archive::archive_key(stream.file_name, archive);
  store::Loop const loop = co_await store::this_loop(context_);
  archive::Request const request = archive::decode_request(stream.request);
  aws::Credentials credentials = co_await store::credentials_of(context_, stream);
  open.store = store::open_store(context_, loop, request, std::move(credentials),
                                 "request " + request_id, context_.download_patience);
  open.plan = co_await shared_plan(stream, archive, open.store->endpoint_url());
  co_return open;
}

net::task<store::Stream> Streams::wait_until_listed(std::string id) {
  constexpr auto step = std::chrono::seconds(1);
  auto const find = [&] { return find_with_owner(context_.store, id); };
  // The board knows sooner than the store can be asked that a listing has ended.
  std::shared_ptr<store::Live> const live = context_.board.open(id);
  std::vector<net::Latch*> const ended{&live->ended};
  for (auto waited = step; waited < limits::listing_wait; waited += step) {
    std::optional<store::Stream> stream = co_await context_.blocking.get(find);
    if (!stream) throw Error(Fault::not_found, "there is no such download");
    bool const over = stream->revoked || stream->expires_at <= base::unix_now();
    if (over || stream->state != store::StreamState::listing) co_return std::move(*stream);
    co_await net::wait_any(ended, step);
  }
  throw Error(Fault::timeout, "the listing of the files takes too long; try again later");
}

net::task<std::shared_ptr<archive::Plan const>> Streams::shared_plan(store::Stream const& stream,
                                                                     std::size_t archive,
                                                                     std::string endpoint_url) {
  std::string const name = archive_id(stream.id, archive);
  if (auto plan = plans_->find(name)) co_return plan;
  auto plan = co_await store::load_plan(context_, stream.id, stream.plan, archive);
  co_await store::recall_crcs(context_, std::move(endpoint_url), plan);
  co_return plans_->put(name, std::move(plan));
}

}  // namespace links
