#include "sandbox/calls/request_target.h"

#include "base/limits.h"
#include "base/text.h"
#include "sandbox/refusal.h"

#include <string_view>

namespace sandbox {
namespace {

// The bucket in a Host header; empty for path style.
std::string bucket_of_host(std::string_view host) {
  std::string const name = base::to_lower(host.substr(0, host.rfind(':')));
  for (std::string_view const suffix : {".s3.localhost", ".localhost"}) {
    if (!name.ends_with(suffix)) continue;
    std::string bucket = name.substr(0, name.size() - suffix.size());
    return bucket == "s3" ? "" : bucket;
  }
  return {};
}

}  // namespace

RequestTarget request_target(http::Request const& request) {
  auto decoded = base::percent_decode(request.path());
  if (!decoded || !decoded->starts_with('/')) throw refusal("InvalidURI");
  RequestTarget target;
  target.bucket = bucket_of_host(request.headers.get("host"));
  std::string_view path = std::string_view(*decoded).substr(1);
  if (target.bucket.empty()) {
    std::size_t const slash = path.find('/');
    target.bucket = path.substr(0, slash);
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  }
  if (path.size() > base::limits::max_key_bytes) throw refusal("KeyTooLongError");
  target.key = path;
  return target;
}

}  // namespace sandbox
