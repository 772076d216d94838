// The S3 calls that this program makes: their names in messages and the IAM permission each needs.
#pragma once

#include <cstddef>
#include <string_view>

namespace s3 {

enum class Call {
  list_buckets,
  head_bucket,
  list_objects,
  head_object,
  get_object,
  put_object,
  delete_object,
  create_upload,
  upload_part,
  copy_part,
  list_parts,
  list_uploads,
  complete_upload,
  abort_upload,
};

inline constexpr std::size_t call_count = 14;

struct CallTraits {
  Call call;
  std::string_view name;        // its name in the S3 API reference
  std::string_view deed;        // "the credentials may not …"
  std::string_view permission;  // the IAM action
};

CallTraits const& traits(Call call);

}  // namespace s3
