// A set of buckets with a learned property, for all stores of the process. Thread-safe.
#pragma once

#include "base/limits.h"

#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace s3 {

class BucketSet {
 public:
  void add(std::string endpoint_url, std::string bucket) {
    std::lock_guard const lock(mutex_);
    if (buckets_.size() >= base::limits::max_remembered_buckets) buckets_.clear();
    buckets_.emplace(std::move(endpoint_url), std::move(bucket));
  }
  bool has(std::string const& endpoint_url, std::string const& bucket) const {
    std::lock_guard const lock(mutex_);
    return buckets_.contains({endpoint_url, bucket});
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> buckets_;
};

}  // namespace s3
