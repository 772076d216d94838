// The files in a bucket's hidden folder that are one object's content, in order: one file for a
// key that cannot be a path, the parts of a large multipart upload.
//
// The index and all readers share it: dropped files leave the disk with their last holder, so a GET
// ends on the content that it began with.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sandbox {

class DataFiles {
 public:
  struct Extent {
    std::string name;  // below the hidden folder: "data/x", "uploads/ID/00001.…"
    std::uint64_t size = 0;
    bool operator==(Extent const&) const = default;
  };

  DataFiles(std::filesystem::path hidden, std::vector<Extent> extents)
      : hidden_(std::move(hidden)), extents_(std::move(extents)) {}
  ~DataFiles();
  DataFiles(DataFiles const&) = delete;
  DataFiles& operator=(DataFiles const&) = delete;

  std::vector<Extent> const& extents() const { return extents_; }
  std::filesystem::path path(Extent const& extent) const { return hidden_ / extent.name; }
  bool all_exist() const;  // with the right sizes; blocks

  void drop() { dropped_ = true; }
  void keep() { dropped_ = false; }

 private:
  std::filesystem::path const hidden_;
  std::vector<Extent> const extents_;
  std::atomic<bool> dropped_ = false;
};

}  // namespace sandbox
