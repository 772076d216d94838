// Planned archives in memory, by the link's id and the archive's number: downloads of one link
// share them, and the latest ones are kept for a download right after the listing, or for the next
// range. Thread-safe.
#pragma once

#include "archive/plan/planned_archive.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace links {

class PlanCache {
 public:
  // Keeps the latest up to so many bytes in all, estimated; archives in use stay anyway.
  explicit PlanCache(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

  // Null if it is not in memory.
  std::shared_ptr<archive::PlannedArchive> find(std::string const& id);
  // Returns the one that counts: an equal one may have been put first, and may have learned CRCs
  // since.
  std::shared_ptr<archive::PlannedArchive> put(std::string const& id,
                                               std::shared_ptr<archive::PlannedArchive> archive);

 private:
  void keep(std::shared_ptr<archive::PlannedArchive> archive);

  std::uint64_t const most_bytes_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<archive::PlannedArchive>> plans_;
  std::deque<std::shared_ptr<archive::PlannedArchive>> kept_;  // the latest at the end
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace links
