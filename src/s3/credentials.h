// What a caller of S3 signs with. The secrets print as stars and are erased with the struct.
#pragma once

#include "base/secret.h"

#include <string>

namespace s3 {

struct Credentials {
  std::string access_key;
  base::Secret secret_key;
  base::Secret session_token;  // of temporary credentials (STS); else empty
  bool operator==(Credentials const&) const = default;
};

}  // namespace s3
