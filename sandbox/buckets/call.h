// One S3 call while it is answered, and the parts that all calls share.
#pragma once

#include "http/forms.h"
#include "http/message.h"
#include "net/blocking.h"
#include "sandbox/access.h"
#include "sandbox/buckets/intake.h"
#include "sandbox/buckets/store.h"
#include "sandbox/faults/wire.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

struct Call {
  Wire& wire;
  net::BlockingPool& pool;  // for all work that blocks
  Store& store;
  Faults& faults;
  BucketRules const& bucket_rules;
  std::string const& region;
  std::string request_id;
  std::string bucket;  // empty: the service itself
  std::string key;     // empty: the bucket itself
  std::vector<http::Field> query;
  Caller caller;
  std::string_view operation;  // named as AWS names it, such as "GetObject"

  http::Headers const& headers() const { return wire.request().headers; }
  // A field of the query; nullopt where it is missing, empty where it has no value.
  std::optional<std::string_view> argument(std::string_view name) const;
  // A number of the query; throws InvalidArgument.
  std::uint64_t number(std::string_view name, std::uint64_t fallback, std::uint64_t most) const;
  bool has(Quirk quirk) const { return wire.quirks().has(quirk); }
  std::shared_ptr<Bucket> open_bucket() const { return store.bucket(bucket); }  // blocks
};

// A head with the lines that every answer has.
http::Response answer_head(std::string const& request_id, int status = 200);
http::Response answer_head(Call const& call, int status = 200);
net::task<void> answer_xml(Call& call, std::string document);
net::task<void> answer_empty(Call& call, int status);

// The whole body of a call that takes a document, compared with the request's checksums of it.
net::task<std::string> read_document(Call& call, ChecksumOf checksum = ChecksumOf::body);
// Lets `intake` take the request's body; the pool does its work.
net::task<Received> receive(Call& call, Intake& intake);

std::string quoted_etag(std::string_view etag);
std::string_view bare_etag(std::string_view etag);
std::string s3_time(base::UnixSeconds time);  // 2026-11-22T12:00:00.000Z

}  // namespace sandbox
