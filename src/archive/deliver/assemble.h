// The executor that makes an archive an object in the bucket: a multipart upload whose parts are
// stretches of the plan. S3 itself tells which parts it has, so an assembly that was killed
// anywhere goes on from its last finished part.
#pragma once

#include "archive/deliver/stop.h"
#include "archive/deliver/stream.h"

#include <functional>
#include <string>

namespace archive {

struct Assembly {
  std::shared_ptr<PlannedArchive> archive;
  std::shared_ptr<s3::ObjectStore> store;
  base::Budget* blocks = nullptr;    // borrowed: for fetched bytes
  base::Budget* parts = nullptr;     // borrowed: for parts that fill or are sent
  LiveProgress* progress = nullptr;  // borrowed
  s3::ObjectName target;
  std::string job_id;
  std::string account_id = {};  // between accounts the memory of parts goes round
  std::string sources;          // sources_digest() of what is zipped
  s3::Attributes attributes;    // beside what every zip has
  // The upload of an earlier attempt; empty if there was none. The part size belongs to the plan.
  std::string upload_id;
  std::uint64_t part_bytes = 0;
  // An earlier attempt may have created an upload and died before it could keep its id.
  bool begun_before = false;
  // Called with a new upload's id before its first part, so that a later attempt can go on with the
  // upload, or abort it.
  std::function<net::task<void>(std::string upload_id)> keep_upload;
  std::function<net::task<void>()> keep_crcs = nullptr;  // as Delivery's
  std::shared_ptr<Stop> stop = nullptr;                  // null: it cannot be stopped
};

// Runs on the object store's loop; when it returns, the object is there, with the planned size.
net::task<void> assemble(Assembly assembly);

// The part size for an archive: small enough that many are under way, large enough that
// limits::max_parts hold it.
std::uint64_t choose_part_bytes(std::uint64_t archive_bytes);

}  // namespace archive
