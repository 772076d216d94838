// An endpoint's URL, a bucket and a key, one a line: the URL has one text, and what goes into the
// path of a request comes out of it again.
#include "aws/canonical.h"
#include "aws/endpoint.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzzer.h"
#include "http/forms.h"
#include "sandbox/calls/request_target.h"

namespace {

// The sandbox stands for all servers.
void require_understood(aws::Target const& target, std::string const& bucket,
                        std::string_view key) {
  http::Request request{"GET", target.path, {}};
  request.headers.add("Host", "127.0.0.1:9000");
  try {
    sandbox::RequestTarget const read = sandbox::request_target(request);
    fuzz::require(read.bucket == bucket && read.key == key, "a server reads bucket and key");
  } catch (base::Error const&) {
    fuzz::require(key.size() > base::limits::max_key_bytes, "or the key is too long for it");
  }
}

void require_path(aws::Endpoint const& endpoint, std::string const& bucket, std::string_view key) {
  aws::Target const target = target_of(endpoint, bucket, key);
  auto const path = base::percent_decode(target.path);
  fuzz::require(path.has_value(), "a target's path is percent-encoded");
  fuzz::require(path->ends_with(key), "and ends in the key");
  fuzz::require(target.path.find_first_of(" ?#\r\n") == std::string::npos,
                "a path holds nothing that would end it");
  fuzz::require(aws::canonical_path(target.path) == target.path, "and is signed as it is sent");
  if (endpoint.addressing == aws::Addressing::path && endpoint.base_path.empty())
    require_understood(target, bucket, key);
  bool const in_host = target.host_header.starts_with(bucket + ".");
  fuzz::require(in_host || path->find("/" + bucket) != std::string::npos, "the bucket is named");
}

void run(std::string_view input) {
  std::string_view const url = fuzz::take_line(input);
  std::string const bucket(fuzz::take_line(input));
  if (auto const path = aws::canonical_path(url))
    fuzz::require(aws::canonical_path(*path) == path, "a canonical path has one form");
  fuzz::require(base::percent_decode(base::percent_encode(input)) == input, "escapes come back");
  for (auto const addressing : {aws::Addressing::path, aws::Addressing::virtual_host}) {
    aws::Endpoint endpoint;
    try {
      endpoint = aws::custom_endpoint(url, {.region = {}, .addressing = addressing});
    } catch (base::Error const& error) {
      fuzz::require(error.fault() == base::Fault::bad_input, "a bad URL is bad input");
      return;
    }
    std::string const text = to_url(endpoint);
    fuzz::require(to_url(aws::custom_endpoint(text)) == text, "an endpoint has one text");
    if (aws::is_bucket_name(bucket)) require_path(endpoint, bucket, input);
    try {
      to_url(in_region(endpoint, bucket));
    } catch (base::Error const& error) {
      fuzz::require(error.fault() == base::Fault::bad_input, "a bad region is bad input");
    }
  }
}

fuzz::Registered const registered("s3_target", run);

}  // namespace
