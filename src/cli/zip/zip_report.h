// The report of `s3zipper zip` at its end: for people and for programs. Pure.
#pragma once

#include "archive/plan/estimate.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

// The work that was done or, in a dry run, that would be.
struct ZipReport {
  std::string output;  // as it was given
  std::uint64_t entries = 0;
  std::uint64_t source_bytes = 0;
  std::uint64_t archive_bytes = 0;
  double seconds = 0;
  archive::LeftOut left_out = {};
};

std::string text_of(ZipReport const& report);
std::string json_of(ZipReport const& report);  // {"event":"done",…}

struct DryRunEntry {
  std::string name;
  std::string source;  // s3://bucket/key
  std::uint64_t size = 0;
};
std::string text_of(DryRunEntry const& entry);
std::string json_of(DryRunEntry const& entry);  // {"event":"entry",…}

std::string dry_run_text_of(ZipReport const& report, std::vector<archive::CallCount> const& calls);
std::string dry_run_json_of(ZipReport const& report,  // {"event":"estimate",…}
                            std::vector<archive::CallCount> const& calls);

}  // namespace cli
