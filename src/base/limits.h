// Every bound of the program, in one table, each with its reason. Times are in the chrono types,
// sizes in bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace base::limits {

using namespace std::chrono_literals;

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t MiB = 1024 * KiB;
inline constexpr std::uint64_t GiB = 1024 * MiB;

// ---- memory
// All data buffers of the process together; the config's memory.budget changes it.
inline constexpr std::uint64_t default_budget_bytes = 192 * MiB;
// Smallest useful budget: a part being filled, one being sent and a segment in flight.
inline constexpr std::uint64_t min_budget_bytes = 16 * MiB;

// ---- fetching
// A large object is read in ranges of this size: long enough that a request's 25 ms is small
// beside it, short enough that many fit the budget.
inline constexpr std::uint64_t segment_bytes = 1 * MiB;
// An entry up to this size is read whole before its header is written, so that the header carries
// its CRC. One segment: a stream that owns one segment of the budget can always go on.
inline constexpr std::uint64_t held_entry_bytes = segment_bytes;
// GETs in flight ahead of one cursor.
inline constexpr std::size_t max_gets_ahead = 64;
// Running CRC-32 values are kept at these steps of a large object.
inline constexpr std::uint64_t crc_segment_bytes = 64 * MiB;

// ---- S3's own limits (Amazon S3 user guide, "multipart upload limits")
inline constexpr std::uint64_t min_part_bytes = 5 * MiB;
inline constexpr std::uint64_t default_part_bytes = 8 * MiB;
inline constexpr std::uint32_t max_parts = 10'000;
inline constexpr std::size_t max_key_bytes = 1024;
inline constexpr int listing_page_keys = 1000;

// ---- HTTP
inline constexpr std::size_t max_head_bytes = 64 * KiB;
// 100,000 paths of 100 bytes, URL-encoded, fit.
inline constexpr std::uint64_t max_request_body_bytes = 32 * MiB;
inline constexpr std::uint64_t max_reply_body_bytes = 16 * MiB;  // XML replies of S3
inline constexpr std::size_t max_form_fields = 200'000;
inline constexpr std::size_t max_json_depth = 32;
inline constexpr std::size_t max_connections = 10'000;

// ---- times
inline constexpr auto connect_timeout = 10s;
inline constexpr auto tls_handshake_timeout = 10s;
// No byte moved for this long: the connection is closed.
inline constexpr auto idle_io_timeout = 30s;
// A client of a stream may pause longer: people suspend laptops, browsers ask "where to save".
inline constexpr auto slow_client_timeout = 120s;
inline constexpr auto request_head_timeout = 30s;
inline constexpr auto keep_alive_timeout = 75s;
// S3 closes idle connections after some 20 s; reuse stops before.
inline constexpr auto pooled_connection_idle = 15s;
// One S3 call without a large body, retries included.
inline constexpr auto s3_call_timeout = 60s;
// CompleteMultipartUpload of 10,000 parts may take minutes (AWS API reference).
inline constexpr auto s3_complete_timeout = 600s;
inline constexpr auto shutdown_grace = 10s;

// ---- retries: exponential with full jitter
inline constexpr int max_attempts = 8;
inline constexpr auto retry_base = 50ms;
inline constexpr auto retry_cap = 5s;

// ---- jobs and links
inline constexpr auto token_life = 24h;
inline constexpr auto job_retention = 24h * 7;
inline constexpr int min_link_hours = 1;
inline constexpr int max_link_hours = 168;
inline constexpr int default_link_hours = 24;
inline constexpr std::size_t max_paths = 100'000;
// Entries of a frozen selection are stored in rows of so many.
inline constexpr std::size_t selection_chunk_entries = 2'000;
inline constexpr std::size_t max_entries = 10'000'000;

}  // namespace base::limits
