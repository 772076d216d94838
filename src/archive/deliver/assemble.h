// The executor that makes an archive an object in the bucket: a multipart upload whose parts are
// stretches of the plan. What has been uploaded is asked of S3 itself, so an assembly that was
// killed anywhere goes on from its last finished part.
#pragma once

#include "archive/deliver/stop.h"
#include "archive/deliver/stream.h"

#include <functional>
#include <string>

namespace archive {

struct Assembly {
  std::shared_ptr<PlannedArchive> archive;
  std::shared_ptr<s3::ObjectStore> store;
  base::Budget* blocks = nullptr;    // borrowed: what is fetched
  base::Budget* parts = nullptr;     // borrowed: what fills and is sent
  LiveProgress* progress = nullptr;  // borrowed
  s3::ObjectName target;
  std::string job_id;
  std::string sources;        // sources_digest() of what is zipped
  s3::Attributes attributes;  // beside what every zip has
  // Of an earlier attempt; empty where there was none. The part size goes with the plan.
  std::string upload_id;
  std::uint64_t part_bytes = 0;
  // An earlier attempt may have created an upload and died before it could keep its id.
  bool begun_before = false;
  // Told of a new upload before its first part, so that it can be gone on with, or aborted.
  std::function<net::task<void>(std::string upload_id)> keep_upload;
  std::function<net::task<void>()> keep_crcs = nullptr;  // as Delivery's
  std::shared_ptr<Stop> stop = nullptr;                  // null: nobody asks it to stop
};

// Runs on the store's loop, to the end: the object is there, with the planned size.
net::task<void> assemble(Assembly assembly);

// The part size for an archive: small enough that many are under way, large enough that
// limits::max_parts hold it.
std::uint64_t choose_part_bytes(std::uint64_t archive_bytes);

}  // namespace archive
