// The header lines that calls on objects read and write: lines stored with an object, lines of an
// answer about it, conditions, the range wanted. Pure.
#pragma once

#include "http/message.h"
#include "http/ranges.h"
#include "sandbox/buckets/bucket.h"
#include "sandbox/buckets/object.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// The lines that a PutObject or CreateMultipartUpload stores. Throws MetadataTooLarge,
// InvalidArgument, InvalidStorageClass, and whatever stored_tags() throws.
std::vector<http::Field> stored_headers(http::Headers const& request);
// Whether the line says how an object is encrypted.
bool is_encryption(http::Field const& line);
Condition put_condition(http::Headers const& request);

void add_object_headers(http::Headers& answer, Object const& object);
void add_checksum(http::Headers& answer, Object const& object);

// The class that the object is stored in.
std::string storage_class(std::vector<http::Field> const& headers);
// True where the object must be restored before it can be read.
bool is_archived(Object const& object);

// The status that If-Match and its like ask for: 304 or 412; nullopt: go on. The names start with
// `prefix`: x-amz-copy-source- for the source of a copy. RFC 9110, section 13.2.2.
std::optional<int> failed_condition(http::Headers const& request, Object const& object,
                                    std::string_view prefix = {});

struct Wanted {
  base::Extent range;
  bool partial = false;  // 206
};
// The CRC32 that checksum mode tells of an answer with this part of the object; empty: none.
std::string checksum_of(Object const& object, Wanted const& wanted, std::uint64_t part_number);
// The range of the Range header, or of a part unless `part_number` is 0. Throws InvalidRange.
Wanted wanted_range(http::Headers const& request, Object const& object, std::uint64_t part_number);

}  // namespace sandbox
