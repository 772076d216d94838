// The place of an S3 server, and the host and path of a bucket and a key there: AWS by partition
// and region, others by URL; path style and virtual-host style. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aws {

enum class Addressing {
  path,          // https://host/bucket/key
  virtual_host,  // https://bucket.host/key, if the bucket's name can stand in a host name
};

struct Endpoint {
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without brackets
  std::uint16_t port = 443;
  std::string base_path;  // of stores behind a path: "/storage/v1/s3"; else empty
  std::string region = "us-east-1";
  Addressing addressing = Addressing::path;
  bool aws = false;         // Amazon's own: the program knows its abilities
  bool regional = false;    // `host` is AWS's name for `region`
  bool dual_stack = false;  // IPv6 as well, for regional hosts
  bool fips = false;        // FIPS 140 endpoints, for regional hosts
  // The name to connect to, instead of the Host header's and TLS's; empty: the same.
  std::string connect_host;
  bool operator==(Endpoint const&) const = default;
};

struct AwsOptions {
  bool dual_stack = false;
  bool fips = false;
};
// True for AWS's hosts, in any partition.
bool is_aws_host(std::string_view host);

// An endpoint of any partition (aws, aws-cn, aws-us-gov, aws-iso…, aws-eusc); an empty region is
// us-east-1. Throws Error{bad_input} for texts that are no region, and for FIPS where S3 has none.
Endpoint aws_endpoint(std::string_view region, AwsOptions const& options = {});

struct CustomOptions {
  std::string_view region = {};  // empty: the URL's, where it is AWS's, else us-east-1
  Addressing addressing = Addressing::path;
};
// `url` is like "http://127.0.0.1:9000" or "https://minio.example.com/"; AWS's URLs are recognized.
// Throws Error{bad_input} that names the value.
Endpoint custom_endpoint(std::string_view url, CustomOptions const& options = {});

// The same store for a bucket in another region; a regional host changes with it. Throws
// Error{bad_input} for a text that is no region: regions come from replies too.
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
// `key` empty: the bucket. Path style if the bucket's name cannot stand in a host name, or has dots
// and the connection is TLS (no certificate covers two levels).
Target target_of(Endpoint const& endpoint, std::string_view bucket, std::string_view key = {});
std::string to_url(Target const& target);

// Stores differ in these; the unknown ones are learned from a store's answers.
enum class Ability { unknown, yes, no };
struct Abilities {
  // The store takes x-amz-checksum-crc32 with PutObject and parts, checks it and keeps it.
  // CreatedUpload::checksum_algorithm teaches it: such a store repeats the algorithm asked for.
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
