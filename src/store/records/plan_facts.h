// Decisions about a zip that are made before its first byte, and that every later attempt obeys.
// The entries themselves lie beside them, as chunks of the selection (plans.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace store {

struct ArchiveFacts {
  std::uint64_t entry_count = 0;
  std::uint64_t source_bytes = 0;
  std::uint64_t archive_bytes = 0;
  std::string etag;
  std::uint64_t chunk_count = 0;
  bool operator==(ArchiveFacts const&) const = default;
};

// The archives of a job or link: one, or several if the request splits its zip. One numbering runs
// through their chunks.
struct PlanFacts {
  bool frozen = false;  // the rest means something only if it is
  int layout_version = 0;
  std::vector<ArchiveFacts> archives = {};
  // Paths of the request that matched nothing and were to be skipped; the first
  // limits::max_left_out_told of them.
  std::uint64_t missing_count = 0;
  std::vector<std::string> missing = {};
  // All missing paths stand in chunks behind those of the archives, for the report.
  std::uint64_t missing_chunks = 0;
  // The same for earlier zips of the same sources; their chunks come last.
  std::uint64_t own_zip_count = 0;
  std::vector<std::string> own_zips = {};
  std::uint64_t own_zip_chunks = 0;
  // Objects that the request's rules do not take, and the first of them.
  std::uint64_t excluded = 0;
  std::vector<std::string> excluded_told = {};

  std::uint64_t entry_count() const { return sum(&ArchiveFacts::entry_count); }
  std::uint64_t source_bytes() const { return sum(&ArchiveFacts::source_bytes); }
  std::uint64_t archive_bytes() const { return sum(&ArchiveFacts::archive_bytes); }
  std::uint64_t archive_chunks() const { return sum(&ArchiveFacts::chunk_count); }
  std::uint64_t chunk_count() const { return archive_chunks() + missing_chunks + own_zip_chunks; }
  bool operator==(PlanFacts const&) const = default;

 private:
  std::uint64_t sum(std::uint64_t ArchiveFacts::* number) const {
    std::uint64_t total = 0;
    for (ArchiveFacts const& archive : archives) total += archive.*number;
    return total;
  }
};

}  // namespace store
