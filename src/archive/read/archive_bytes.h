// The bytes of an archive that exists: an object in S3, or a file; read at any place.
#pragma once

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
  // Fills all of the room, which lies within the size. Several reads may be under way.
  std::function<net::task<void>(std::uint64_t offset, std::span<char> room)> read;
};

// The object as it is now: a read after it has changed is Error{changed}. Error{not_found} if there
// is none.
net::task<ArchiveBytes> open_object(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName object);
// `pool` is borrowed. Error{not_found}, Error{forbidden}.
ArchiveBytes open_file(net::BlockingPool& pool, std::string path);

// Reads the list of entries: the archive's end, then its central directory. Names are as people
// mean them (zip/read/foreign_names.h). Returns the archive's end.
net::task<zip::End> list_entries(ArchiveBytes const& bytes, zip::DirectoryReader::Take const& take);

}  // namespace archive
