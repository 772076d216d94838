// Reads one entry's content out of an archive, wherever that is, by ranged reads ahead of the
// cursor.
#pragma once

#include "archive/read/archive_bytes.h"
#include "base/budget.h"
#include "zip/read/entry_reader.h"

namespace archive {

// Hands the content on in order, checked against the list's CRC-32 and size. `take` is called on
// the pool's threads, one call at a time; all is borrowed but `entry`. Throws what EntryReader
// throws, and the errors of reads: `take` has been given a beginning then.
net::task<void> extract(ArchiveBytes const& bytes, zip::ListedEntry entry, base::Budget& budget,
                        net::BlockingPool& pool, zip::EntryReader::Take const& take);

}  // namespace archive
