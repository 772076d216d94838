// Tells which keys are plain files: folder/BUCKET/KEY, byte for byte. Pure.
//
// Not every key can be a path. The others are kept under an id in the hidden folder, with the key
// in the bucket's journal, so no name is ever escaped and no key can lead out of the folder.
#pragma once

#include <string_view>

namespace sandbox {

// True where the key, taken as a path below the bucket's folder, names exactly one file there that
// no other key names: no empty, "." or ".." segment, none over 255 bytes, no NUL.
//
// The path may be taken (`a` is a file, `a/b` wanted); that shows only when the file is made.
bool is_plain_path(std::string_view key);

// True for names of folders that are served as buckets.
bool is_served_bucket_name(std::string_view name);

}  // namespace sandbox
