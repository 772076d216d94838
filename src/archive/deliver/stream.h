// The executor that writes an archive, or any stretches of it, into a sink: it walks the plan,
// takes the objects' bytes from the fetcher, and adds headers, descriptors and the directory.
//
// It checks the objects that it reads: one whose CRC-32 or size is not what S3 said ends the
// delivery with an error, and so does every other fault that cannot be mended. The sink has then
// been given a beginning, never an end.
#pragma once

#include "archive/deliver/sink.h"
#include "archive/plan/planned_archive.h"
#include "archive/progress.h"
#include "base/budget.h"
#include "s3/store.h"

#include <functional>
#include <memory>
#include <vector>

namespace archive {

struct Delivery {
  std::shared_ptr<PlannedArchive> archive;
  std::vector<base::Extent> wanted;  // in order, without overlap; for a sink in order, just one
  std::shared_ptr<s3::ObjectStore> store;
  base::Budget* budget = nullptr;    // borrowed
  LiveProgress* progress = nullptr;  // borrowed; may be null
  // Called after each write, to store the news of the archive's CRCs; null: news is dropped when
  // there is much of it.
  std::function<net::task<void>()> keep_crcs = nullptr;
};

// Runs on the object store's loop. CRCs that it learns go into `archive->crcs`.
net::task<void> stream(Delivery delivery, Sink& sink);

}  // namespace archive
