// The keys that a caller of S3 signs with, and the buckets they are for. The secrets print as stars
// and are erased with the struct.
#pragma once

#include "base/secret.h"

#include <string>
#include <vector>

namespace aws {

struct Credentials {
  std::string access_key;
  base::Secret secret_key;
  base::Secret session_token;  // of temporary credentials (STS); else empty
  // The owner allows these credentials for no other buckets; empty: for all.
  std::vector<std::string> allowed_buckets = {};
  bool operator==(Credentials const&) const = default;
};

}  // namespace aws
