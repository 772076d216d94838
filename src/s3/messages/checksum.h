// CRC-32 in S3's form: base64 of the four bytes, the highest first, as x-amz-checksum-crc32 and
// ChecksumCRC32 carry it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace s3 {

std::string crc32_text(std::uint32_t crc);
// nullopt for anything else, such as the "…==-3" of a composite checksum.
std::optional<std::uint32_t> parse_crc32(std::string_view text);

}  // namespace s3
