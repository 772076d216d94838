// Reads a request's manifest from S3 in one pass and bounded memory: ranged GETs of one version of
// the file, unpacked if it is gzip, its rows handed on some at a time (manifest_rows.h has its
// formats).
#pragma once

#include "archive/request.h"
#include "archive/select/manifest_rows.h"
#include "net/task.h"
#include "s3/store.h"

#include <memory>
#include <vector>

namespace archive {

class ManifestSource {
 public:
  // Errors of reading name the manifest: {not_found}; {bad_input} for a format that the name does
  // not tell, for a file that is not in that format, and over limits::max_manifest_lines or _bytes.
  ManifestSource(std::shared_ptr<s3::ObjectStore> store, Request const& request);
  ~ManifestSource();

  // The next rows, some thousands at most; none at the end.
  net::task<std::vector<ManifestRow>> next();
  // "manifest lists/a.csv line 17", of a row given by the last next().
  std::string place_of(ManifestRow const& row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The format that `manifest.format` or, for by_name, the key's end tells. Error{bad_input} if that
// tells none.
ManifestFormat format_of(Manifest const& manifest);

}  // namespace archive
