#include "links/links.h"

#include "archive/plan/freeze.h"
#include "archive/select/select.h"
#include "base/backoff.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "net/deadline.h"
#include "net/latch.h"
#include "net/task_group.h"
#include "store/kept_credentials.h"
#include "store/known_crcs.h"
#include "store/plans.h"
#include "zip/format.h"

#include <exception>
#include <new>

#include <fmt/format.h>

namespace links {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

std::string archive_id(std::string_view link_id, std::size_t archive) {
  return fmt::format("{}/{}", link_id, archive);
}

}  // namespace

net::task<std::optional<store::Link>> find_with_owner(store::Store const& store, std::string id) {
  std::optional<store::Link> link = co_await store.links.find(std::move(id));
  if (!link) co_return link;
  auto const owner = co_await store.accounts.find(store::AccountKey::id, link->account_id);
  if (!owner || owner->disabled) link->revoked = true;
  co_return link;
}

void check_has_not_ended(store::Link const& link) {
  if (link.revoked) throw Error(Fault::gone, "this link has been revoked");
  if (link.expires_at <= base::unix_now())
    throw Error(Fault::gone, "this link has expired; ask for a new one");
}

struct Links::Made {
  store::Archives archives;
  store::PlanFacts facts;
};

net::task<void> Links::take_up() {
  for (store::Hold& hold : co_await tools_.store.links.take_listing(tools_.session))
    begin_listing(std::move(hold));
}

net::task<void> Links::begin_lost_listings() {
  for (store::Hold& hold : co_await tools_.store.links.listing(tools_.session))
    begin_listing(std::move(hold));
}

void Links::begin_listing(store::Hold hold) {
  {
    std::scoped_lock const lock(mutex_);
    if (!listing_.insert(hold.id).second) return;
  }
  std::shared_ptr<store::LiveZip> live = tools_.live.open(hold.id);
  std::size_t const index = next_loop_++ % loops_.size();
  net::spawn_detached(loops_[index], list(std::move(hold), std::move(live)), "listing of a link");
}

net::task<void> Links::list(store::Hold hold, std::shared_ptr<store::LiveZip> live) {
  std::exception_ptr failure;
  try {
    co_await list_and_keep(hold, *live);
  } catch (...) {
    failure = std::current_exception();
  }
  {
    std::scoped_lock const lock(mutex_);
    listing_.erase(hold.id);
  }
  live->selected.set();
  if (failure) std::rethrow_exception(failure);
  live->ended.set();
}

net::task<void> Links::list_and_keep(store::Hold const& hold, store::LiveZip& live) {
  std::optional<Made> made;
  std::optional<Error> failure;
  try {
    made = co_await make_plans(hold, live);
  } catch (Error const& error) {
    failure = error;
  } catch (std::bad_alloc const&) {
    failure = Error(Fault::internal, "out of memory");
  }
  store::Links& links = tools_.store.links;
  if (failure) {
    base::log_warning(fmt::format("stream {}: {}", hold.id, failure->what()));
    auto const fail = [&] {
      return links.fail(hold, failure->fault(), failure->what(), base::unix_now());
    };
    co_await insist(hold.id, fail);
  } else if (made) {
    auto const freeze = [&] { return links.freeze(hold, made->facts, base::unix_now()); };
    bool const was_held = co_await insist(hold.id, freeze);
    if (was_held) cache(hold.id, *made);
  }
}

// Repeats `write` until the store takes it: a listing's outcome must not be lost because the store
// is locked or full for a while, as nothing else would tell it.
net::task<bool> Links::insist(std::string const& link_id,
                              std::function<net::task<bool>()> write) const {
  base::Backoff const pauses{.first = tools_.first_pause,
                             .longest = limits::listing_keep_longest_pause};
  for (int tries = 1;; ++tries) {
    std::optional<Error> trouble;
    try {
      net::task<bool> writing = write();
      co_return co_await std::move(writing);
    } catch (Error const& error) {
      if (error.fault() != Fault::unavailable || tries == limits::listing_keep_attempts) throw;
      trouble = error;
    }
    base::log_error(fmt::format("stream {}: {}", link_id, trouble->what()));
    co_await net::sleep(pauses.pause_after(tries));
  }
}

// nullopt if the link is not ours any more: it was revoked, or has expired.
net::task<std::optional<Links::Made>> Links::make_plans(store::Hold const& hold,
                                                        store::LiveZip& live) {
  std::optional<store::Link> const link = co_await tools_.store.links.find(hold.id);
  if (!link) co_return std::nullopt;
  archive::Request const request = archive::decode_request(link->request);
  aws::Credentials credentials =
      co_await store::credentials_of(tools_.store.user_keys, tools_.keys, *link);
  s3::WantedStore wanted =
      archive::wanted_store(request, std::move(credentials), "stream " + hold.id, tools_.patience);
  auto const store = co_await tools_.object_stores.open(std::move(wanted));
  archive::Selection selection = co_await archive::select(store, request, live.progress);
  archive::LeftOut left_out = selection.left_out;
  auto const name_and_place = [&] {
    return archive::freeze(std::move(selection), request, archive::Purpose::stream);
  };
  Made made;
  made.archives = co_await tools_.blocking.get(name_and_place);
  std::optional<store::PlanFacts> facts = co_await store::save_plans(
      tools_.store.selections, tools_.blocking, hold, made.archives, std::move(left_out));
  if (!facts) co_return std::nullopt;
  made.facts = *std::move(facts);
  for (auto const& archive : made.archives)
    co_await store::recall_crcs(tools_.store.crcs, tools_.blocking, store->endpoint_url(), archive);
  co_return made;
}

void Links::cache(std::string const& link_id, Made const& made) {
  // Clients ask for the first archive first: it comes last, and stays.
  for (std::size_t i = made.archives.size(); i-- > 0;)
    plans_.put(archive_id(link_id, i), made.archives[i]);
}

net::task<OpenLink> Links::open(std::string id, std::size_t archive, std::string request_id) {
  OpenLink open;
  open.link = co_await wait_until_listed(std::move(id));
  store::Link const& link = open.link;
  check_has_not_ended(link);
  if (link.state == store::LinkState::failed) throw SelectionFailed(link.fault, link.error);
  if (link.plan.layout_version != zip::layout_version)
    throw Error(Fault::gone,
                "this link was made by another version of s3zipper; ask for a new one");
  if (archive >= link.plan.archives.size())
    throw Error(Fault::not_found, "there is no such download");
  open.facts = link.plan.archives[archive];
  open.file_name = archive::archive_key(link.file_name, archive);
  archive::Request const request = archive::decode_request(link.request);
  aws::Credentials credentials =
      co_await store::credentials_of(tools_.store.user_keys, tools_.keys, link);
  s3::WantedStore wanted = archive::wanted_store(request, std::move(credentials),
                                                 "request " + request_id, tools_.download_patience);
  // A request of many paths is megabytes, and a download may take hours.
  open.link.request = std::string();
  open.store = co_await tools_.object_stores.open(std::move(wanted));
  open.archive = co_await shared_archive(link, archive, open.store->endpoint_url());
  co_return open;
}

net::task<store::Link> Links::wait_until_listed(std::string id) {
  constexpr auto step = std::chrono::seconds(1);
  // `live` knows sooner than the store can be asked that a listing has ended.
  std::shared_ptr<store::LiveZip> const live = tools_.live.open(id);
  std::vector<net::Latch*> const ended{&live->ended};
  for (auto waited = step; waited < limits::listing_wait; waited += step) {
    std::optional<store::Link> link = co_await find_with_owner(tools_.store, id);
    if (!link) throw Error(Fault::not_found, "there is no such download");
    bool const over = link->revoked || link->expires_at <= base::unix_now();
    if (over || link->state != store::LinkState::listing) co_return std::move(*link);
    co_await net::wait_any(ended, step);
  }
  throw Error(Fault::timeout, "the listing of the files takes too long; try again later");
}

net::task<std::shared_ptr<archive::PlannedArchive>> Links::shared_archive(
    store::Link const& link, std::size_t index, std::string endpoint_url) {
  std::string const name = archive_id(link.id, index);
  if (auto archive = plans_.find(name)) co_return archive;
  auto archive = co_await store::load_plan(tools_.store.selections, tools_.blocking, link.id,
                                           link.plan, index);
  co_await store::recall_crcs(tools_.store.crcs, tools_.blocking, std::move(endpoint_url), archive);
  co_return plans_.put(name, std::move(archive));
}

}  // namespace links
