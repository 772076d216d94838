// Asks HeadObject what a listing does not tell, of the few listed objects where it matters, many at
// a time beside the listing:
//
//   - a large object's CRC-32, where the listing promises one: its entry in a download can then
//     carry it in its header, and a resumed download needs no second reading of it;
//   - whether an archived object has been restored: if not, the zip fails before its first byte;
//   - whether a .zip beside the new one is an earlier zip of ours, which does not belong in it.
//
// A HEAD that fails is no error: the object is taken as it was listed.
#pragma once

#include "archive/progress.h"
#include "archive/request.h"
#include "archive/selection.h"
#include "net/task.h"
#include "s3/store.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

// The folder (key prefix) of zips whose request names no place for them.
inline constexpr std::string_view default_target_folder = "s3zipper/";
// The metadata that marks an object as the output of a job.
inline constexpr std::string_view job_metadata = "s3zipper-job";

// Error{conflict} that names the object, where it is archived and has not been restored.
void check_readable(s3::ObjectName const& name, s3::ObjectInfo const& object);

class Inspector {
 public:
  Inspector(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store,
            Request const& request);
  ~Inspector();

  // Whether `object`, listed in `bucket` below the requested `prefix`, is worth a HEAD.
  bool wants(std::string_view bucket, std::string_view prefix,
             s3::ListedObject const& object) const;
  // Begins to ask about the selection's object `index`; waits while enough are being asked about.
  // Past limits::max_inspections it does nothing.
  net::task<void> ask(Selection const& selection, std::size_t index);
  // Until all have answered; then CRCs go into the selection, earlier zips of ours out of it and
  // out of `progress`. Error{conflict} that names an archived object.
  net::task<void> finish(Selection& selection, Progress& progress);
  std::size_t asked() const;

 private:
  struct State;
  bool may_be_our_zip(std::string_view bucket, std::string_view prefix, std::string_view key) const;

  std::string target_bucket_;
  std::optional<std::string> target_folder_;  // with its slash; "" is the bucket's root
  std::shared_ptr<State> state_;              // the HEADs in flight hold it too, until they notice
};

}  // namespace archive
