// Sends what is taken out of a zip: a file, or a folder as a zip of its own. Bytes that do not have
// the CRC-32 on record never become a complete answer: the last one is held until all are checked.
#pragma once

#include "api/files/folder_plan.h"
#include "api/links/answer.h"
#include "api/service.h"
#include "archive/read/entry_store.h"

#include <memory>
#include <string>

namespace api {

// Bytes that a plan's delivery has, in any stretches.
struct Taken {
  Served served;
  std::shared_ptr<archive::PlannedArchive> archive;
  std::shared_ptr<s3::ObjectStore> store;
  base::Extent bytes{0, 0};  // of the archive: a file's data, or all
};

net::task<void> send_taken(Service const& service, http::Exchange& exchange, std::string account_id,
                           Taken taken);

// Entries of archives that have to be unpacked, and so are sent from their beginning, without
// ranges: one file; or the folder's entries, stored in the zip that its plan says.
struct Packed {
  Served served;
  std::shared_ptr<archive::Contents const> contents;
  std::vector<archive::OpenArchive> archives;  // by ContentEntry::archive
  FolderPlan folder;                           // `archive` is null for a file
  std::size_t file = 0;                        // its place
};

net::task<void> send_packed(Service const& service, http::Exchange& exchange,
                            std::string account_id, Packed packed);

}  // namespace api
