#include "sandbox/buckets/bucket_access.h"

#include "base/text.h"
#include "sandbox/refusal.h"

namespace sandbox {

BucketRule const& rule_of(Call const& call, std::string const& bucket) {
  return call.bucket_rules.of(bucket);
}

void check_payer(Call const& call, std::string const& bucket) {
  if (!rule_of(call, bucket).requester_pays) return;
  constexpr std::string_view name = "x-amz-request-payer";
  auto payer = call.headers().find(name);
  if (!payer) payer = call.argument(name);  // in presigned links
  if (!payer || !base::equals_ignoring_case(*payer, "requester"))
    throw refusal("AccessDenied", "Access Denied: the bucket's requesters pay.");
}

void check_access(Call const& call) {
  check_payer(call, call.bucket);
  bool const lists = call.operation == "ListObjects" || call.operation == "ListObjectsV2" ||
                     call.operation == "HeadBucket";
  if (lists && !rule_of(call, call.bucket).list) throw refusal("AccessDenied");
}

base::Error missing_key(Call const& call, std::string const& bucket) {
  return refusal(rule_of(call, bucket).list ? "NoSuchKey" : "AccessDenied");
}

}  // namespace sandbox
