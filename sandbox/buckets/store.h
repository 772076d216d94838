// All buckets of the sandbox: the folders in its folder. A bucket is loaded when it is first used.
//
// Thread-safe. All calls block; errors are S3's.
#pragma once

#include "base/clock.h"
#include "sandbox/buckets/bucket.h"
#include "sandbox/buckets/virtual_manifest.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sandbox {

struct BucketInfo {
  std::string name;
  base::UnixSeconds created = 0;
};

class Store {
 public:
  // Makes the folder if it is missing. Error{config} if it cannot be used or another process uses
  // it, and for a wrong declaration of virtual objects.
  Store(std::filesystem::path folder, std::vector<std::string> const& virtual_objects);

  std::vector<BucketInfo> list() const;
  std::shared_ptr<Bucket> bucket(std::string const& name);  // NoSuchBucket
  bool create(std::string const& name);                     // false: it is there already
  void remove(std::string const& name);                     // BucketNotEmpty

 private:
  std::filesystem::path hidden(std::string const& name) const;

  std::filesystem::path const folder_;
  File lock_file_;
  VirtualBuckets virtual_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Bucket>> loaded_;
};

}  // namespace sandbox
