// The S3 calls, one function each, by the names of the API reference. server.cc says which request
// is which call.
#pragma once

#include "sandbox/buckets/call.h"

namespace sandbox {

// bucket_calls.cc
net::task<void> list_buckets(Call& call);
net::task<void> create_bucket(Call& call);
net::task<void> head_bucket(Call& call);
net::task<void> delete_bucket(Call& call);

// list_calls.cc
net::task<void> list_objects(Call& call);
net::task<void> list_objects_v2(Call& call);

// object_calls.cc
net::task<void> get_object(Call& call);             // HeadObject too
net::task<void> get_object_attributes(Call& call);  // attributes_call.cc
net::task<void> put_object(Call& call);
net::task<void> delete_object(Call& call);
net::task<void> delete_objects(Call& call);

// copy_calls.cc
net::task<void> copy_object(Call& call);
net::task<void> upload_part_copy(Call& call);

// upload_calls.cc
net::task<void> create_multipart_upload(Call& call);
net::task<void> upload_part(Call& call);
net::task<void> complete_multipart_upload(Call& call);
net::task<void> abort_multipart_upload(Call& call);
// upload_list_calls.cc
net::task<void> list_parts(Call& call);
net::task<void> list_multipart_uploads(Call& call);

// bucket_settings.cc: GetBucketVersioning, GetBucketAcl and their like, for a store that has none
// of those settings. False: the call is not one of them.
bool is_setting_call(Call const& call);
net::task<void> get_setting(Call& call);

}  // namespace sandbox
