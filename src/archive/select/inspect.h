// Asks HeadObject for facts that a listing does not tell, about the few listed objects where they
// matter, many at a time beside the listing:
//
//   - a large object's CRC-32, where the listing promises one: its entry in a download can then
//     carry it in its header, and a resumed download needs no second reading of it;
//   - whether an archived object has been restored: if not, the zip fails before its first byte;
//   - whether a .zip is an earlier zip of the same sources (own_zips.h), which does not belong in
//   it.
//
// A HEAD that is refused is no error: the object is taken as it was listed.
#pragma once

#include "archive/progress.h"
#include "archive/request.h"
#include "archive/selection.h"
#include "base/lists/fingerprint_set.h"
#include "net/task.h"
#include "net/task_group.h"
#include "s3/store.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

// The folder (key prefix) of zips whose request names no place for them.
inline constexpr std::string_view default_target_folder = "s3zipper/";

// Error{conflict}, which names the object, if it is archived and has not been restored.
void check_readable(s3::ObjectName const& name, s3::ObjectInfo const& object);

struct Inspecting;

class Inspector {
 public:
  Inspector(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store,
            Request const& request);
  ~Inspector();

  // Whether a listed object is worth a HEAD. At most limits::max_inspections are for a CRC, or for
  // a class that may be archived.
  bool wants(s3::ListedObject const& object);
  // Begins to ask about the selection's object `index`; waits while enough are being asked about.
  net::task<void> ask(Selection const& selection, std::size_t index);
  // The object is named by itself, too: it goes in, even if it is an earlier zip.
  void keep(std::string_view bucket, std::string_view key);
  // Waits for all answers; then CRCs go into the selection, and earlier zips of the same sources
  // move to its `left_out`, and out of `progress`. Error{conflict} names an archived object.
  net::task<void> finish(Selection& selection, LiveProgress& progress);
  std::size_t asked() const;

 private:
  bool leaves_own_zips_out_;
  std::size_t inspections_ = 0;
  base::FingerprintSet kept_;
  net::SharedState<Inspecting> state_;  // the HEADs in flight hold it too
};

}  // namespace archive
