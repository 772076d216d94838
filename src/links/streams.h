// Streams: links whose GET is answered with an archive while it is being made. A stream's selection
// is listed once, in the background, and every GET of its link replays it.
#pragma once

#include "archive/plan/plan.h"
#include "base/limits.h"
#include "links/plan_cache.h"
#include "store/context.h"

#include <atomic>
#include <memory>
#include <string>

namespace links {

// All that a GET of one of a stream's archives needs.
struct OpenStream {
  store::Stream stream;
  store::ArchiveFacts facts;
  std::string file_name;
  std::shared_ptr<archive::Plan const> plan;
  std::shared_ptr<s3::ObjectStore> store;  // of the loop that asked
};

// What a stream's selection failed with, long ago perhaps.
class SelectionFailed : public base::Error {
 public:
  using base::Error::Error;
};

class Streams {
 public:
  explicit Streams(store::Context const& context)
      : context_(context),
        plans_(std::make_shared<PlanCache>(context.blocks.total_bytes() /
                                           base::limits::plan_cache_fraction)) {}

  // After a start of the program: listings that were cut off begin anew.
  void start();
  // Lists in the background, from any thread; the stream is in the store.
  void begin_listing(std::string const& id);

  // Waits for the listing where that still runs. Errors: {not_found}; {gone} after expiry or
  // revocation; SelectionFailed. The store is told the request's id.
  net::task<OpenStream> open(std::string id, std::size_t archive, std::string request_id);

 private:
  static net::task<void> list(store::Context const& context, std::shared_ptr<PlanCache> plans,
                              std::string id, std::shared_ptr<store::Live> live);
  net::task<store::Stream> wait_until_listed(std::string id);
  net::task<std::shared_ptr<archive::Plan const>> shared_plan(store::Stream const& stream,
                                                              std::size_t archive,
                                                              std::string endpoint_url);

  store::Context const& context_;
  std::shared_ptr<PlanCache> plans_;  // listings hold it too
  std::atomic<std::size_t> next_loop_ = 0;
};

}  // namespace links
