// The records that the store keeps: a job (zip into the bucket), a stream (zip as a download), the
// mail that tells of one, the credentials that an account keeps here, what it did, and the CRC-32
// of an object that was read before.
//
// Requests, credentials and results are opaque here: their owners encode, seal and open them.
#pragma once

#include "base/clock.h"
#include "base/error.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

// success, failure and cancelled are ends: what has ended changes no more, but that a failed or
// cancelled job may be run anew.
enum class JobState { pending, started, retry, success, failure, cancelled };

// As API.md's task state has it: "PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE"; what was
// cancelled is a failure there.
constexpr std::string_view name(JobState state) {
  switch (state) {
    case JobState::pending:
      return "PENDING";
    case JobState::started:
      return "STARTED";
    case JobState::retry:
      return "RETRY";
    case JobState::success:
      return "SUCCESS";
    case JobState::failure:
    case JobState::cancelled:
      break;
  }
  return "FAILURE";
}

constexpr bool has_ended(JobState state) {
  return state == JobState::success || state == JobState::failure || state == JobState::cancelled;
}

// What was decided of an archive before its first byte, and is obeyed by every later attempt. The
// entries themselves lie beside it as chunks of the selection.
struct ArchiveFacts {
  std::uint64_t entry_count = 0;
  std::uint64_t source_bytes = 0;
  std::uint64_t archive_bytes = 0;
  std::string etag;
  std::uint64_t chunk_count = 0;
  bool operator==(ArchiveFacts const&) const = default;
};

// The archives of a job or stream: one, or several where the request splits its zip. Their chunks
// are numbered through.
struct PlanFacts {
  bool frozen = false;  // the rest means something only where it is
  int layout_version = 0;
  std::vector<ArchiveFacts> archives = {};
  // Paths of the request that matched nothing and were to be skipped; the first
  // limits::max_left_out_told of them.
  std::uint64_t missing_count = 0;
  std::vector<std::string> missing = {};
  // All of them stand in chunks behind those of the archives, for the report.
  std::uint64_t missing_chunks = 0;
  // The same of earlier zips of the same sources; their chunks stand behind.
  std::uint64_t own_zip_count = 0;
  std::vector<std::string> own_zips = {};
  std::uint64_t own_zip_chunks = 0;
  // Objects that the request's rules do not take, and the first of them.
  std::uint64_t excluded = 0;
  std::vector<std::string> excluded_told = {};

  std::uint64_t entry_count() const { return sum(&ArchiveFacts::entry_count); }
  std::uint64_t source_bytes() const { return sum(&ArchiveFacts::source_bytes); }
  std::uint64_t archive_chunks() const { return sum(&ArchiveFacts::chunk_count); }
  std::uint64_t chunk_count() const { return archive_chunks() + missing_chunks + own_zip_chunks; }
  std::uint64_t sum(std::uint64_t ArchiveFacts::* number) const {
    std::uint64_t total = 0;
    for (ArchiveFacts const& archive : archives) total += archive.*number;
    return total;
  }
  bool operator==(PlanFacts const&) const = default;
};

struct Progress {
  std::uint64_t entries_done = 0;
  std::uint64_t bytes_done = 0;
  bool operator==(Progress const&) const = default;
};

// The multipart upload that a job fills. upload_id is empty where there is none.
struct Upload {
  std::uint64_t archive = 0;  // its index: those before it are done
  std::string bucket;
  std::string key;
  std::string upload_id;
  std::uint64_t part_bytes = 0;
  bool operator==(Upload const&) const = default;
};

// What a client sends with a request so that it is done once, however often it is repeated.
struct Once {
  std::string key;           // made up by the client; empty: none
  std::string request_hash;  // what else the key must come with
};

// Of a zip in the bucket that is to be deleted some time after it was made.
struct Expiry {
  std::uint32_t after_hours = 0;  // after its job succeeded; 0: it stays
  // It is deleted with what the account keeps by then; else with the job's own credentials, which
  // stay until then.
  bool uses_kept_credentials = false;
  base::UnixSeconds expires_at = 0;  // 0: the job has not succeeded
  int attempts = 0;                  // to delete it, that failed
  base::UnixSeconds ended_at = 0;    // deleted, or given up; 0: not yet
  bool deleted = false;
  std::string note;  // why the last attempt failed, or what was left alone
  bool operator==(Expiry const&) const = default;
};

struct Job {
  std::string id;          // a uuid
  std::string account_id;  // who may see it; callers compare
  int api_version = 0;     // 1 or 2
  std::string target_bucket;
  std::string target_key;  // of the first archive
  JobState state = JobState::pending;
  std::string request;             // opaque
  std::string sealed_credentials;  // opaque; empty once erased
  std::string error;               // why it failed
  base::UnixSeconds created_at = 0;
  base::UnixSeconds started_at = 0;  // the first time; 0: not yet
  base::UnixSeconds ended_at = 0;    // 0: not yet
  int attempts = 0;
  PlanFacts plan;
  Upload upload;
  Progress progress;
  bool cleaning = false;      // it has ended, and what it left in the bucket is being removed
  std::string sealed_result;  // opaque
  Expiry expiry;
  bool operator==(Job const&) const = default;
};

// Its links lead nowhere from this second on.
constexpr bool has_expired(Job const& job, base::UnixSeconds now) {
  return job.expiry.expires_at != 0 && job.expiry.expires_at <= now;
}

enum class StreamState { listing, ready, failed };

constexpr std::string_view name(StreamState state) {
  switch (state) {
    case StreamState::listing:
      return "LISTING";
    case StreamState::ready:
      return "READY";
    case StreamState::failed:
      break;
  }
  return "FAILED";
}

// Of a download that came to nothing, or was cut, by what its store or its objects did.
struct DownloadFailure {
  base::UnixSeconds at = 0;
  std::string request_id;
  std::string error;
  bool operator==(DownloadFailure const&) const = default;
};

struct Stream {
  std::string id;          // a uuid
  std::string account_id;  // who may see it; callers compare
  int api_version = 0;     // 1 or 2
  StreamState state = StreamState::listing;
  std::string request;                        // opaque
  std::string sealed_credentials;             // opaque; empty once erased
  std::string file_name;                      // of the download
  std::string error;                          // why the selection failed,
  base::Fault fault = base::Fault::internal;  // and as what; nothing unless state is failed
  base::UnixSeconds created_at = 0;
  base::UnixSeconds expires_at = 0;  // the link ends when this second begins
  bool revoked = false;
  // It has no credentials of its own: each use takes those that the account keeps by then.
  bool uses_kept_credentials = false;
  // Of its account's keys that signed the link which made it: it ends with them. 0: a call made it.
  int signing_generation = 0;
  PlanFacts plan;
  std::optional<DownloadFailure> last_failure;
  bool operator==(Stream const&) const = default;
};

// A mail that tells of a finished job, or of a stream's links: the second task of a chain.
struct Mail {
  std::string id;          // a uuid
  std::string owner_id;    // the job or stream
  std::string account_id;  // who may see it; callers compare
  int api_version = 0;     // 1 or 2
  std::string address;
  std::string link_base;               // what a stream's links begin with
  JobState state = JobState::pending;  // retry: an attempt has failed
  int attempts = 0;
  std::string error;  // of the last attempt, or why it is not sent at all
  base::UnixSeconds created_at = 0;
  bool operator==(Mail const&) const = default;
};

// AWS credentials that an account keeps here, for requests that bring none; and its userSecret, by
// which links that its applications sign are checked.
struct KeptCredentials {
  std::string account_id;
  int key_generation = 0;          // the account's when they came
  std::string sealed_credentials;  // opaque
  std::string sealed_secret;       // opaque; empty where the account's keys were rotated since
  base::UnixSeconds kept_at = 0;
  bool operator==(KeptCredentials const&) const = default;
};

// What is counted of an account.
enum class Counted {
  zips,
  zips_succeeded,
  zips_failed,
  zips_cancelled,
  streams,
  zipped_bytes,
  streamed_bytes
};
inline constexpr std::size_t counted_kinds = 7;

constexpr std::string_view name(Counted what) {
  switch (what) {
    case Counted::zips:
      return "zips";
    case Counted::zips_succeeded:
      return "zips_succeeded";
    case Counted::zips_failed:
      return "zips_failed";
    case Counted::zips_cancelled:
      return "zips_cancelled";
    case Counted::streams:
      return "streams";
    case Counted::zipped_bytes:
      return "zipped_bytes";
    case Counted::streamed_bytes:
      break;
  }
  return "streamed_bytes";
}

// By Counted.
struct Usage {
  std::array<std::uint64_t, counted_kinds> amounts = {};
  std::uint64_t& operator[](Counted what) { return amounts.at(static_cast<std::size_t>(what)); }
  std::uint64_t operator[](Counted what) const {
    return amounts.at(static_cast<std::size_t>(what));
  }
  bool operator==(Usage const&) const = default;
};

// The CRC-32 of the first `prefix_bytes` of an object (all of it, or a segment's end).
struct CrcRow {
  std::string object_id;  // 16 bytes: archive::object_id()
  std::uint64_t prefix_bytes = 0;
  std::uint32_t crc = 0;
  bool operator==(CrcRow const&) const = default;
};

inline constexpr std::size_t object_id_bytes = 16;

}  // namespace store
