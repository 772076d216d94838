// The argument that all calls on a part of a multipart upload take.
#pragma once

#include "sandbox/buckets/call.h"

#include <cstdint>
#include <string>

namespace sandbox {

struct UploadArgument {
  std::string id;
  std::uint32_t number = 0;
};
// Reads ?uploadId=…&partNumber=…; throws InvalidArgument.
UploadArgument upload_argument(Call const& call);

// Hands a received part to its upload. Blocks.
void put_part(Call const& call, Bucket& bucket, UploadArgument const& argument, NewFile& file,
              Received const& received);

}  // namespace sandbox
