// For tests: this one is the object store of every request.
#pragma once

#include "s3/object_stores.h"

#include <memory>
#include <string>

namespace archive {

class OneObjectStore final : public s3::ObjectStores {
 public:
  explicit OneObjectStore(std::shared_ptr<s3::ObjectStore> store) : store_(std::move(store)) {}

  net::task<std::shared_ptr<s3::ObjectStore>> open(s3::WantedStore /*wanted*/) override {
    ++opened;
    co_return store_;
  }
  aws::Endpoint endpoint_of(std::string const& url, std::string const& region) const override {
    return aws::custom_endpoint(url.empty() ? "http://memory" : url, {.region = region});
  }

  std::size_t opened = 0;

 private:
  std::shared_ptr<s3::ObjectStore> const store_;
};

}  // namespace archive
