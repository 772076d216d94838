// Where an S3 server is and how a bucket and a key become a host and a path there: AWS by
// partition and region, others by URL; path style and virtual-host style. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aws {

enum class Addressing {
  path,          // https://host/bucket/key
  virtual_host,  // https://bucket.host/key, where the bucket's name can stand in a host's
};

struct Endpoint {
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string base_path;  // of stores behind a path: "/storage/v1/s3"; else empty
  std::string region = "us-east-1";
  Addressing addressing = Addressing::path;
  bool aws = false;         // Amazon's own: its abilities are known
  bool regional = false;    // `host` is AWS's name for `region`
  bool dual_stack = false;  // IPv6 as well, for regional hosts
  bool fips = false;        // FIPS 140 endpoints, for regional hosts
  // Connect here instead of to the name that the Host header and TLS use; empty: no difference.
  std::string connect_host;
  bool operator==(Endpoint const&) const = default;
};

struct AwsOptions {
  bool dual_stack = false;
  bool fips = false;
};
// Whether it is one of AWS's, in any partition.
bool is_aws_host(std::string_view host);

// Of any partition (aws, aws-cn, aws-us-gov, aws-iso…, aws-eusc); an empty region is us-east-1.
// Throws Error{bad_input} for what cannot be a region, and where a partition has no FIPS endpoints.
Endpoint aws_endpoint(std::string_view region, AwsOptions const& options = {});

struct CustomOptions {
  std::string_view region = {};  // empty: the URL's, where it is AWS's, else us-east-1
  Addressing addressing = Addressing::path;
};
// "http://127.0.0.1:9000", "https://minio.example.com/". A URL of AWS is known as such. Throws
// Error{bad_input} that names the value.
Endpoint custom_endpoint(std::string_view url, CustomOptions const& options = {});

// The same store for a bucket in another region; a regional host changes with it. Throws
// Error{bad_input} for what cannot be a region: regions come from replies too.
Endpoint in_region(Endpoint endpoint, std::string_view region);

// "https://s3.eu-west-1.amazonaws.com", without a slash at the end: one text for one store.
std::string to_url(Endpoint const& endpoint);

// A bucket or an object at an endpoint, ready for a request.
struct Target {
  bool tls = true;
  std::string host;          // for TLS to verify
  std::string connect_host;  // to look up and connect to
  std::uint16_t port = 443;
  std::string host_header;  // with the port where it is not the scheme's own
  std::string path;         // percent-encoded, byte for byte: nothing is normalized
  bool operator==(Target const&) const = default;
};
// `key` empty: the bucket. Path style where the bucket's name cannot stand in a host name, or has
// dots and the connection is TLS (no certificate covers two levels).
Target target_of(Endpoint const& endpoint, std::string_view bucket, std::string_view key = {});
std::string to_url(Target const& target);

// What differs between stores, learned from their answers where it is not known.
enum class Ability { unknown, yes, no };
struct Abilities {
  // Takes x-amz-checksum-crc32 with PutObject and parts, checks it and keeps it. To be learned from
  // CreatedUpload::checksum_algorithm: a store that has it repeats the algorithm asked for.
  Ability crc32_checksums = Ability::unknown;
  bool operator==(Abilities const&) const = default;
};
Abilities known_abilities(Endpoint const& endpoint);

// 3 to 255 of A-Z a-z 0-9 . - _ (AWS's old buckets in us-east-1 and other stores go beyond DNS).
bool is_bucket_name(std::string_view name);
// AWS's rules of today: 3 to 63, lower case, no '_', no IP address; fit for a host name.
bool is_dns_bucket_name(std::string_view name);
// UTF-8 of 1 to 1,024 bytes.
bool is_key(std::string_view key);

}  // namespace aws
