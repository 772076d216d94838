// The contents of the zips that the API has made: of a job from its zips in the bucket, of a link
// from the plan that each of its downloads follows.
#pragma once

#include "api/files/contents_cache.h"
#include "api/service.h"
#include "archive/read/entry_store.h"

#include <memory>
#include <string>
#include <vector>

namespace api {

enum class Purpose {
  list,  // a kept list does, if the zip was the same a moment ago
  read,  // the zip's archives are opened
};

struct ZipContents {
  std::shared_ptr<archive::Contents const> contents;
  std::string version;  // of the archives' bytes
  // Those of a zip that was to be read, by ContentEntry::archive.
  std::vector<archive::OpenArchive> archives = {};
};

// The job comes whole (Jobs::find_whole). Its zips are read through their links, which the account
// has anyway; when these have ended, with credentials that the job, the account or the server still
// has. Error{conflict} if it has not succeeded; {gone} if its zip has expired, is deleted, or
// cannot be read any more, with words on what to do; the errors of the bucket; {corrupt} for
// objects that are no zips.
net::task<ZipContents> contents_of_zip(Service const& service, ContentsCache& cache, store::Job job,
                                       std::string request_id, Purpose purpose);

// Error{conflict} if the link's files are being listed, or could not be; {gone} after its end.
net::task<ZipContents> contents_of_link(Service const& service, ContentsCache& cache,
                                        store::Link link, std::string request_id);

}  // namespace api
