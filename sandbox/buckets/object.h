// One object as the sandbox knows it, and the line of the bucket's journal that keeps it.
#pragma once

#include "base/clock.h"
#include "http/message.h"
#include "sandbox/buckets/data_files.h"
#include "sandbox/files.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// The place of an object's content.
enum class Place {
  file,      // the plain file at the key's path
  data,      // files in the hidden folder
  computed,  // nowhere: virtual_content.h computes it
};

struct Object {
  std::string etag;  // without quotes
  std::uint64_t size = 0;
  base::UnixSeconds modified = 0;
  // Header lines as answers give them back: Content-Type, Cache-Control, x-amz-meta-…
  std::vector<http::Field> headers;
  std::string crc32;       // x-amz-checksum-crc32 as it is given back; empty: none is stored
  std::string crc32_type;  // FULL_OBJECT or COMPOSITE
  std::vector<std::uint64_t> part_sizes;   // of a multipart upload
  std::vector<std::uint32_t> part_crc32s;  // of a COMPOSITE one: one a part
  std::string upload_id;                   // the same

  Place place = Place::file;
  FileStamp stamp;                  // with Place::file: the version that this describes
  std::shared_ptr<DataFiles> data;  // with Place::data
  std::string seed;                 // with Place::computed
};

using ObjectPointer = std::shared_ptr<Object const>;
// The index is sorted by the keys' bytes, as S3 lists them.
using Index = std::map<std::string, ObjectPointer, std::less<>>;

// An object known by its file alone: one that was put there by hand.
Object object_of_file(FileStamp const& stamp);
// An object of computed content.
Object computed_object(std::string_view key, std::uint64_t size, base::UnixSeconds modified);

// The lines end in '\n'.
std::string put_line(std::string_view key, Object const& object);
std::string delete_line(std::string_view key);

struct Record {
  std::string key;
  std::optional<Object> object;  // nullopt: deleted
};
// nullopt for a line that is no record. `hidden` is the folder of Place::data's files.
std::optional<Record> parse_record(std::string_view line, std::filesystem::path const& hidden);

}  // namespace sandbox
