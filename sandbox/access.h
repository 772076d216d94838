// Access control: checks the signature of each request and answers as S3 does if it is wrong.
// Thread-safe.
#pragma once

#include "aws/credentials.h"
#include "http/message.h"
#include "sandbox/chunk_decoder.h"
#include "sandbox/verify.h"

#include <string>
#include <vector>

namespace sandbox {

struct Caller {
  sandbox::Authorization authorization;
  aws::SigningKey key;
  ChunkSigning chunk_signing() const;
};

class Access {
 public:
  Access(std::vector<aws::Credentials> credentials, std::string region)
      : credentials_(std::move(credentials)), region_(std::move(region)) {}

  // Throws AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch and their like.
  Caller admit(http::Request const& request, base::UnixSeconds now);

 private:
  aws::Credentials const* find(std::string_view access_key) const;

  std::vector<aws::Credentials> const credentials_;
  std::string const region_;
  aws::SigningKeys keys_;
};

}  // namespace sandbox
