// Links whose GET is answered with an archive while it is being made. A link's selection is listed
// once, in the background, and every GET of the link replays it.
#pragma once

#include "accounts/keys.h"
#include "archive/plan/plan.h"
#include "base/limits.h"
#include "links/plan_cache.h"
#include "net/blocking.h"
#include "s3/object_stores.h"
#include "store/live.h"
#include "store/store.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace links {

// All that a GET of one of a link's archives needs.
struct OpenLink {
  store::Link link;
  store::ArchiveFacts facts;
  std::string file_name;
  std::shared_ptr<archive::PlannedArchive> archive;
  std::shared_ptr<s3::ObjectStore> store;  // of the loop that asked
};

// The link as its visitors find it: it ends with its account, and is revoked then. nullopt if it is
// unknown.
net::task<std::optional<store::Link>> find_with_owner(store::Store const& store, std::string id);
// Error{gone} after expiry or revocation, in words for visitors.
void check_has_not_ended(store::Link const& link);

// The error that a link's selection failed with, perhaps long ago.
class SelectionFailed : public base::Error {
 public:
  using base::Error::Error;
};

// The tools of all work on links: borrowed, and thread-safe.
struct Tools {
  store::Store const& store;
  accounts::Keys const& keys;
  s3::ObjectStores& object_stores;
  store::LiveZips& live;
  net::BlockingPool& blocking;  // for calls that take a while, but no turn of the loop
  std::string session;          // of this process: another one at each start
  // How long trouble with an object store is borne: by a listing, and by a download.
  std::chrono::milliseconds patience = base::limits::default_patience;
  std::chrono::milliseconds download_patience = base::limits::default_download_patience;
  // The pause before a write that the store did not take is made again; doubled each time.
  std::chrono::milliseconds first_pause = base::limits::listing_keep_first_pause;
};

// Thread-safe.
class Links {
 public:
  // Listings run on these loops in turn. `cache_bytes`: the size of plans that are kept in memory.
  Links(Tools const& tools, std::vector<net::Executor> loops, std::uint64_t cache_bytes)
      : tools_(tools), loops_(std::move(loops)), plans_(cache_bytes) {}

  // Begins listings anew that were cut off, at the start of the program.
  net::task<void> take_up();
  // Lists a link that this process holds, in the background; from any thread. Nothing happens if
  // its listing goes on already.
  void begin_listing(store::Hold hold);
  // Begins the listings that this process holds and does not run: the store's answer that gave them
  // to it was lost.
  net::task<void> begin_lost_listings();

  // Waits for the listing if it still runs. Errors: {not_found}; {gone} after expiry or revocation;
  // SelectionFailed. The object store is told the request's id.
  net::task<OpenLink> open(std::string id, std::size_t archive, std::string request_id);

  std::string const& session() const { return tools_.session; }

 private:
  struct Made;
  net::task<void> list(store::Hold hold, std::shared_ptr<store::LiveZip> live);
  net::task<void> list_and_keep(store::Hold const& hold, store::LiveZip& live);
  net::task<std::optional<Made>> make_plans(store::Hold const& hold, store::LiveZip& live);
  net::task<bool> insist(std::string const& link_id, std::function<net::task<bool>()> write) const;
  void cache(std::string const& link_id, Made const& made);
  net::task<store::Link> wait_until_listed(std::string id);
  net::task<std::shared_ptr<archive::PlannedArchive>> shared_archive(store::Link const& link,
                                                                     std::size_t archive,
                                                                     std::string endpoint_url);

  Tools const& tools_;
  std::vector<net::Executor> const loops_;
  PlanCache plans_;
  std::atomic<std::size_t> next_loop_ = 0;
  std::mutex mutex_;
  std::set<std::string> listing_;  // ids
};

}  // namespace links
