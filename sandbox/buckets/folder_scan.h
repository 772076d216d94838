// Finds files that people put into a bucket's folder by hand, or take away: reads those folders
// again whose modification time has changed. Blocks; not thread-safe.
#pragma once

#include "sandbox/files.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sandbox {

class FolderScan {
 public:
  // A prefix is a folder's path as keys write it: "" for the bucket's own, "a/b/".
  struct Listener {
    std::function<void(std::string const& prefix, std::vector<FolderEntry> const&)> changed;
    std::function<void(std::string const& prefix)> gone;
  };

  explicit FolderScan(File const& root) : root_(root) {}  // borrowed

  // Tells the listener of each folder that is new, has changed or is gone since the last run.
  void run(Listener const& listener);

 private:
  void read(std::string const& prefix, std::int64_t modified_ns, Listener const& listener);

  File const& root_;
  std::map<std::string, std::int64_t> seen_;  // prefix -> modification time when it was read
};

}  // namespace sandbox
