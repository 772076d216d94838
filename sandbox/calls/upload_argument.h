// What the calls on a part of a multipart upload share.
#pragma once

#include "sandbox/buckets/call.h"

#include <cstdint>
#include <string>

namespace sandbox {

struct UploadArgument {
  std::string id;
  std::uint32_t number = 0;
};
// Of ?uploadId=…&partNumber=…; throws InvalidArgument.
UploadArgument upload_argument(Call const& call);

// Hands a part that was received to its upload. Blocks.
void put_part(Call const& call, Bucket& bucket, UploadArgument const& argument, NewFile& file,
              Received const& received);

}  // namespace sandbox
