#include "s3/messages/calls.h"

#include "base/error.h"

#include <array>

namespace s3 {
namespace {

constexpr std::array<CallTraits, call_count> table{{
    {Call::list_buckets, "ListBuckets", "list the buckets", "s3:ListAllMyBuckets"},
    {Call::head_bucket, "HeadBucket", "see this bucket", "s3:ListBucket"},
    {Call::list_objects, "ListObjectsV2", "list this bucket", "s3:ListBucket"},
    {Call::head_object, "HeadObject", "read this object", "s3:GetObject"},
    {Call::get_object, "GetObject", "read this object", "s3:GetObject"},
    {Call::put_object, "PutObject", "write this object", "s3:PutObject"},
    {Call::delete_object, "DeleteObject", "delete this object", "s3:DeleteObject"},
    {Call::create_upload, "CreateMultipartUpload", "write this object", "s3:PutObject"},
    {Call::upload_part, "UploadPart", "write this object", "s3:PutObject"},
    {Call::copy_part, "UploadPartCopy", "copy into this object", "s3:PutObject"},
    {Call::list_parts, "ListParts", "list the parts of this upload", "s3:ListMultipartUploadParts"},
    {Call::list_uploads, "ListMultipartUploads", "list the uploads of this bucket",
     "s3:ListBucketMultipartUploads"},
    {Call::complete_upload, "CompleteMultipartUpload", "write this object", "s3:PutObject"},
    {Call::abort_upload, "AbortMultipartUpload", "abort this upload", "s3:AbortMultipartUpload"},
}};

}  // namespace

CallTraits const& traits(Call call) {
  CallTraits const& row = table.at(static_cast<std::size_t>(call));
  base::check(row.call == call, "the table of S3 calls is not in the order of the enum");
  return row;
}

}  // namespace s3
