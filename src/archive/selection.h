// The objects that go into an archive: those that a request's paths stand for, in order, each once.
#pragma once

#include "archive/name_map.h"
#include "base/lists/arena.h"
#include "base/lists/long_list.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

struct SelectedObject {
  std::string_view bucket;
  std::string_view key;
  std::string_view etag;  // with quotes; empty if the object store lists none
  std::uint64_t size = 0;
  std::int64_t modified = 0;         // Unix seconds
  std::optional<std::uint32_t> crc;  // if S3 told it
  // The bytes of the key up to and with the last slash of the requested folder that it was found
  // in. 0 for a whole bucket, and for an object that was named itself, unless names are relative to
  // paths: then it is the folder that the object is in.
  std::uint16_t folder_bytes = 0;
  // An empty object beside the files of a folder of its name: it stands for that folder.
  bool is_placeholder = false;
  // The place in Selection::rare_fields, counted from 1, which few objects have; 0: none.
  std::uint32_t rare = 0;
};

struct RareFields {
  std::string_view version_id;  // empty: the latest
  std::string_view name;        // Source::name; empty: none
  bool is_folder = false;       // the name is that of the folder
};

// Sources and objects that were asked for, or found, and do not go in.
struct LeftOut {
  std::vector<std::string> missing;  // what matched nothing and was to be skipped
  // Earlier zips of the same sources, and objects that the zip itself is written to: "bucket/key".
  std::vector<std::string> own_zips;
  std::uint64_t excluded = 0;              // objects that the request's rules do not take,
  std::vector<std::string> excluded_told;  // the first limits::max_left_out_told of them
};

// The calls that finding objects took.
struct LookupCalls {
  std::uint64_t heads = 0;  // HeadObject
  std::uint64_t lists = 0;  // ListObjectsV2, pages
};

struct Selection {
  base::Arena texts;  // that the objects point into
  base::LongList<SelectedObject> objects;
  NameMap names;  // that the request's fileMapper gives; may be empty
  std::deque<RareFields> rare_fields;
  LeftOut left_out;
  LookupCalls calls;
};

}  // namespace archive
