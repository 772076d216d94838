// The bytes of an archive that exists: an object in S3, or a file; read at any place.
#pragma once

#include "base/budget.h"
#include "net/blocking.h"
#include "net/task.h"
#include "s3/store.h"
#include "zip/read/reader.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace archive {

struct ArchiveBytes {
  std::string name;  // for messages
  std::uint64_t size = 0;
  std::string etag = {};  // of an object, with quotes; empty for a file
  // Fills all of the room, which lies within the size. Several reads may be under way.
  std::function<net::task<void>(std::uint64_t offset, std::span<char> room)> read;
};

// The object as it is now: a read after it has changed is Error{changed}. Error{not_found} if there
// is none.
net::task<ArchiveBytes> open_object(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName object);
// `pool` is borrowed. Error{not_found}, Error{forbidden}.
ArchiveBytes open_file(net::BlockingPool& pool, std::string path);

// What a list is read with beside other work: the pieces of the directory take their memory from
// the budget, and the pool parses them. Both are borrowed.
struct ListTools {
  base::Budget& budget;
  net::BlockingPool& pool;
};

// Reads the list of entries: the archive's end, then its central directory. Names are as people
// mean them (zip/read/foreign_names.h). Returns the archive's end. `take` is called on the pool's
// threads, one call at a time, if there are `tools`.
net::task<zip::End> list_entries(ArchiveBytes const& bytes, zip::DirectoryReader::Take const& take,
                                 ListTools const* tools = nullptr);

}  // namespace archive
