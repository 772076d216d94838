// The faults file: TOML that says what goes wrong in the sandbox, what its buckets do not allow,
// and their quirks. docs/guides/sandbox.md is its manual. Pure, but for the seed and reading the
// file.
#pragma once

#include "sandbox/faults/fault_rule.h"
#include "sandbox/faults/quirks.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

// What S3 would take from a bucket's policy and settings.
struct BucketRule {
  bool list = true;             // ListBucket is allowed
  bool requester_pays = false;  // who asks must say that he pays
  Quirks quirks;
};
struct BucketRules {
  std::map<std::string, BucketRule, std::less<>> named;
  BucketRule others;
  BucketRule const& of(std::string_view bucket) const;
  void add_quirks(Quirks const& quirks);  // to all
};

struct FaultFile {
  std::uint64_t seed = 0;
  std::vector<FaultRule> rules;
  BucketRules buckets;
};

// Throws Error{config} that names `name`, the rule and the key. Without a seed, one is made.
FaultFile parse_fault_file(std::string_view text, std::string_view name);
FaultFile read_fault_file(std::string const& path);

}  // namespace sandbox
