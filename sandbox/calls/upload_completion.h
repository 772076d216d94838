// Makes an object of an upload's parts.
#pragma once

#include "sandbox/buckets/bucket.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// A part as CompleteMultipartUpload names it.
struct NamedPart {
  std::uint32_t number = 0;
  std::string etag;   // without quotes
  std::string crc32;  // base64; empty: not told
};
// Throws MalformedXML.
std::vector<NamedPart> parse_completion(std::string_view body);

// The content of a CompleteMultipartUpload request.
struct CompletionRequest {
  std::vector<NamedPart> parts;
  Condition condition;
  // Claims about the object to be; empty, nullopt: not told.
  std::string crc32;
  std::string checksum_type;
  std::optional<std::uint64_t> size;
};

// Blocks. Small objects become one file; objects over 64 MiB keep the parts' files, whose bytes are
// not moved. Completing a second time gives the object again. Throws NoSuchUpload, InvalidPart,
// InvalidPartOrder, EntityTooSmall, InvalidRequest, BadDigest, PreconditionFailed.
ObjectPointer complete_upload(Bucket& bucket, std::string const& key, std::string const& id,
                              CompletionRequest const& request);

}  // namespace sandbox
