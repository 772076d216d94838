#include "sandbox/buckets/data_files.h"

#include <algorithm>
#include <system_error>

namespace sandbox {

DataFiles::~DataFiles() {
  if (!dropped_) return;
  std::error_code ignored;  // files that remain are removed when the bucket is loaded again
  for (Extent const& extent : extents_) {
    std::filesystem::remove(path(extent), ignored);
    // The folder of an upload goes with its last part; remove() leaves folders that are not empty.
    if (extent.name.starts_with("uploads/"))
      std::filesystem::remove(path(extent).parent_path(), ignored);
  }
}

bool DataFiles::all_exist() const {
  return std::ranges::all_of(extents_, [this](Extent const& extent) {
    std::error_code error;
    return std::filesystem::file_size(path(extent), error) == extent.size && !error;
  });
}

}  // namespace sandbox
