#include "s3/object_stores.h"

#include "base/error.h"

#include <algorithm>

namespace s3 {

net::task<std::shared_ptr<ObjectStore>> S3ObjectStores::open(WantedStore wanted) {
  net::Executor const here = co_await net::this_loop();
  auto const of_loop = std::ranges::find(pools_, here, &LoopPool::loop);
  if (of_loop == pools_.end())
    throw base::Error(base::Fault::internal, "this task runs on none of the program's loops");
  auto store = std::make_shared<S3Store>(shared_, *of_loop->pool,
                                         endpoint_of(wanted.endpoint, wanted.region),
                                         std::move(wanted.credentials), wanted.made_for);
  if (!wanted.link.empty()) store->set_link(wanted.link.reveal());
  // A presigned URL takes no header that its signature does not cover.
  store->set_requester_pays(wanted.requester_pays && wanted.link.empty());
  store->set_patience(Patience(wanted.patience));
  co_return store;
}

aws::Endpoint S3ObjectStores::endpoint_of(std::string const& url, std::string const& region) const {
  std::string const& its_url = url.empty() ? defaults_.endpoint : url;
  std::string const& its_region = region.empty() ? defaults_.region : region;
  if (its_url.empty()) return aws::aws_endpoint(its_region);
  return aws::custom_endpoint(its_url, {.region = its_region, .addressing = defaults_.addressing});
}

}  // namespace s3
