#include "sandbox/calls/routes.h"

#include "sandbox/calls/calls.h"
#include "sandbox/refusal.h"

#include <array>

namespace sandbox {
namespace {

enum class Level { service, bucket, object };

struct Row {
  std::string_view method;
  Level level;
  std::string_view argument;  // a field that the query must have; empty: any request
  std::string_view header;    // a header that the request must have; empty: any request
  Route route;
};

// The first row that fits is the call.
constexpr std::array rows{
    Row{"GET", Level::service, "", "", {"ListBuckets", list_buckets}},
    Row{"PUT", Level::bucket, "", "", {"CreateBucket", create_bucket}},
    Row{"HEAD", Level::bucket, "", "", {"HeadBucket", head_bucket}},
    Row{"DELETE", Level::bucket, "", "", {"DeleteBucket", delete_bucket}},
    Row{"GET", Level::bucket, "uploads", "", {"ListMultipartUploads", list_multipart_uploads}},
    Row{"GET", Level::bucket, "list-type", "", {"ListObjectsV2", list_objects_v2}},
    Row{"GET", Level::bucket, "", "", {"ListObjects", list_objects}},
    Row{"POST", Level::bucket, "delete", "", {"DeleteObjects", delete_objects}},
    Row{"GET", Level::object, "uploadId", "", {"ListParts", list_parts}},
    Row{"GET", Level::object, "attributes", "", {"GetObjectAttributes", get_object_attributes}},
    Row{"GET", Level::object, "", "", {"GetObject", get_object}},
    Row{"HEAD", Level::object, "", "", {"HeadObject", get_object}},
    Row{"PUT",
        Level::object,
        "uploadId",
        "x-amz-copy-source",
        {"UploadPartCopy", upload_part_copy}},
    Row{"PUT", Level::object, "uploadId", "", {"UploadPart", upload_part}},
    Row{"PUT", Level::object, "", "x-amz-copy-source", {"CopyObject", copy_object}},
    Row{"PUT", Level::object, "", "", {"PutObject", put_object}},
    Row{"POST", Level::object, "uploads", "", {"CreateMultipartUpload", create_multipart_upload}},
    Row{"POST",
        Level::object,
        "uploadId",
        "",
        {"CompleteMultipartUpload", complete_multipart_upload}},
    Row{"DELETE", Level::object, "uploadId", "", {"AbortMultipartUpload", abort_multipart_upload}},
    Row{"DELETE", Level::object, "", "", {"DeleteObject", delete_object}},
};

// Calls of S3 that would otherwise look like one of the above.
constexpr std::array<std::string_view, 14> missing_calls{"analytics",    "intelligent-tiering",
                                                         "inventory",    "legal-hold",
                                                         "metrics",      "policyStatus",
                                                         "renameObject", "restore",
                                                         "retention",    "select",
                                                         "session",      "torrent",
                                                         "versions",     "append"};

Level level_of(Call const& call) {
  if (call.bucket.empty()) return Level::service;
  return call.key.empty() ? Level::bucket : Level::object;
}

bool fits(Row const& row, Call const& call) {
  return row.method == call.wire.request().method && row.level == level_of(call) &&
         (row.argument.empty() || call.argument(row.argument)) &&
         (row.header.empty() || call.headers().find(row.header));
}

}  // namespace

Route route_of(Call const& call) {
  if (is_setting_call(call)) {
    bool const is_location = call.key.empty() && call.argument("location");
    return {is_location ? "GetBucketLocation" : "", get_setting};
  }
  for (std::string_view const name : missing_calls) {
    if (call.argument(name)) throw refusal("NotImplemented");
  }
  if (call.argument("versionId").value_or("null") != "null") throw refusal("NoSuchVersion");
  for (Row const& row : rows) {
    if (fits(row, call)) return row.route;
  }
  throw refusal("MethodNotAllowed");
}

}  // namespace sandbox
