// The faults file: TOML that lists the sandbox's faults, its buckets' access rules and their
// quirks. docs/guides/sandbox.md is its manual. Pure, but for the seed and reading the file.
#pragma once

#include "sandbox/faults/fault_rule.h"
#include "sandbox/faults/quirks.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// A bucket's rules, which S3 would take from its policy and settings, and its quirks.
struct BucketRule {
  bool list = true;             // ListBucket is allowed
  bool requester_pays = false;  // the requester must agree to pay
  Quirks quirks;
};
struct BucketRules {
  std::map<std::string, BucketRule, std::less<>> named;
  BucketRule others;
  BucketRule const& of(std::string_view bucket) const;
  void add_quirks(Quirks const& quirks);  // to all buckets
};

struct FaultFile {
  std::uint64_t seed = 0;
  std::vector<FaultRule> rules;
  BucketRules buckets;
};

// Throws Error{config} that names `name`, the rule and the key. A file without a seed gets one.
FaultFile parse_fault_file(std::string_view text, std::string_view name);
FaultFile read_fault_file(std::string const& path);

}  // namespace sandbox
