// What a caller of S3 signs with, and for which buckets. The secrets print as stars and are erased
// with the struct.
#pragma once

#include "base/secret.h"

#include <string>
#include <vector>

namespace aws {

struct Credentials {
  std::string access_key;
  base::Secret secret_key;
  base::Secret session_token;  // of temporary credentials (STS); else empty
  // Whoever gave them allows no use for others; empty: all.
  std::vector<std::string> allowed_buckets = {};
  bool operator==(Credentials const&) const = default;
};

}  // namespace aws
