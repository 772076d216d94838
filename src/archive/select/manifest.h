// Reads a request's manifest from S3 as a stream, in bounded memory: ranged GETs of one version of
// the file, unpacked where it is gzip, its rows handed on some at a time (manifest_rows.h says what
// stands in it).
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
  // not tell, for what is not in that format, and over limits::max_manifest_lines or _bytes.
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

// Of `manifest.format` or, by_name, of the key's end. Error{bad_input} where that says nothing.
ManifestFormat format_of(Manifest const& manifest);

}  // namespace archive
