#include "aws/endpoint.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/url.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace aws {
namespace {

using base::Error;
using base::Fault;

struct Partition {
  std::string_view region_prefix;
  std::string_view suffix;
  bool fips;
};

// The rows follow the AWS SDKs' partitions.json. The last row has all other regions.
constexpr std::array<Partition, 8> partitions{{
    {"cn-", "amazonaws.com.cn", false},
    {"us-gov-", "amazonaws.com", true},
    {"us-iso-", "c2s.ic.gov", true},
    {"us-isob-", "sc2s.sgov.gov", true},
    {"us-isof-", "csp.hci.ic.gov", true},
    {"eu-isoe-", "cloud.adc-e.uk", true},
    {"eusc-", "amazonaws.eu", true},
    {"", "amazonaws.com", true},
}};

Partition const& partition_of(std::string_view region) {
  for (Partition const& row : partitions) {
    if (region.starts_with(row.region_prefix)) return row;
  }
  return partitions.back();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c);
}
bool is_alnum(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

// The region becomes part of a host name, so that only a label will do.
bool is_aws_region(std::string_view region) {
  return region.size() <= 63 && is_lower_or_digit(region.front()) &&
         is_lower_or_digit(region.back()) &&
         std::ranges::all_of(region, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

// Regions of other stores may be any text that can stand in a credential.
bool is_custom_region(std::string_view region) {
  return region.size() <= 63 && std::ranges::all_of(region, [](char c) {
           return is_alnum(c) || c == '-' || c == '_' || c == '.';
         });
}

[[noreturn]] void refuse_region(std::string_view region) {
  throw Error(Fault::bad_input,
              fmt::format("{} is not the name of a region", base::in_quotes(region)));
}

[[noreturn]] void refuse_url(std::string_view url, std::string_view why) {
  throw Error(Fault::bad_input, fmt::format("the endpoint {} {}", base::in_quotes(url), why));
}

bool is_ipv4(std::string_view host) {
  return std::ranges::count(host, '.') == 3 &&
         std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
}
bool is_ip(std::string_view host) {
  return host.find(':') != std::string_view::npos || is_ipv4(host);
}

std::string regional_host(std::string_view region, AwsOptions const& options) {
  return fmt::format("s3{}{}.{}.{}", options.fips ? "-fips" : "",
                     options.dual_stack ? ".dualstack" : "", region, partition_of(region).suffix);
}

void read_path(std::string_view url, std::string_view path, Endpoint& endpoint) {
  while (path.ends_with('/')) path.remove_suffix(1);
  auto const decoded = base::percent_decode(path);
  if (!decoded) refuse_url(url, "has a '%' without two hex digits");
  endpoint.base_path = base::percent_encode(*decoded, true);
}

// The regional endpoint with this host: s3.REGION.…, s3-fips.dualstack.REGION.… and the old
// s3.amazonaws.com.
std::optional<Endpoint> regional_endpoint(std::string_view host) {
  if (host == "s3.amazonaws.com") return aws_endpoint("us-east-1");
  AwsOptions options;
  std::string_view rest = host;
  options.fips = rest.starts_with("s3-fips.");
  rest.remove_prefix(std::min(rest.size(), rest.find('.')));
  options.dual_stack = rest.starts_with(".dualstack.");
  if (options.dual_stack) rest.remove_prefix(std::string_view(".dualstack").size());
  if (!rest.starts_with('.')) return std::nullopt;
  std::string_view const region = rest.substr(1, rest.substr(1).find('.'));
  if (region.empty() || !is_aws_region(region) || regional_host(region, options) != host)
    return std::nullopt;
  return aws_endpoint(region, options);
}

bool use_virtual_host(Endpoint const& endpoint, std::string_view bucket) {
  return endpoint.addressing == Addressing::virtual_host && is_dns_bucket_name(bucket) &&
         !is_ip(endpoint.host) && !(endpoint.tls && bucket.find('.') != std::string_view::npos);
}

std::string host_and_port(std::string_view host, std::uint16_t port, bool tls) {
  bool const ipv6 = host.find(':') != std::string_view::npos;
  std::string out = ipv6 ? fmt::format("[{}]", host) : std::string(host);
  if (port != (tls ? 443 : 80)) out += fmt::format(":{}", port);
  return out;
}

std::string_view scheme(bool tls) {
  return tls ? "https" : "http";
}

}  // namespace

bool is_aws_host(std::string_view host) {
  return std::ranges::any_of(partitions, [&](Partition const& row) {
    return host.size() > row.suffix.size() && host.ends_with(row.suffix) &&
           host[host.size() - row.suffix.size() - 1] == '.';
  });
}

Endpoint aws_endpoint(std::string_view region, AwsOptions const& options) {
  if (region.empty()) region = "us-east-1";
  if (!is_aws_region(region)) refuse_region(region);
  Partition const& partition = partition_of(region);
  // In the commercial partition, only North America has FIPS endpoints.
  bool const has_fips = partition.fips && (!partition.region_prefix.empty() ||
                                           region.starts_with("us-") || region.starts_with("ca-"));
  if (options.fips && !has_fips)
    throw Error(Fault::bad_input, fmt::format("S3 has no FIPS endpoint in {}", region));
  Endpoint endpoint;
  endpoint.host = regional_host(region, options);
  endpoint.region = region;
  endpoint.addressing = Addressing::virtual_host;
  endpoint.aws = true;
  endpoint.regional = true;
  endpoint.dual_stack = options.dual_stack;
  endpoint.fips = options.fips;
  return endpoint;
}

namespace {

http::Url parse_endpoint_url(std::string_view url) {
  // The message does not repeat the URL: the text before an '@' is often a password.
  if (url.find('@') != std::string_view::npos)
    throw Error(Fault::bad_input, "the endpoint's URL holds a user name; keys go elsewhere");
  if (url.find_first_of("?#") != std::string_view::npos)
    refuse_url(url, "has a query or a fragment, which it must not");
  try {
    return http::parse_url(url, {"http", "https"});
  } catch (Error const& error) {
    refuse_url(url, error.message());
  }
}

}  // namespace

Endpoint custom_endpoint(std::string_view url, CustomOptions const& options) {
  http::Url const parsed = parse_endpoint_url(url);
  if (parsed.host.ends_with('.')) refuse_url(url, "has no valid host name");
  Endpoint endpoint;
  endpoint.tls = parsed.scheme == "https";
  endpoint.host = parsed.host;
  endpoint.port = parsed.port.value_or(endpoint.tls ? 443 : 80);
  read_path(url, parsed.target, endpoint);
  endpoint.aws = is_aws_host(endpoint.host);
  auto const regional = endpoint.aws ? regional_endpoint(endpoint.host) : std::nullopt;
  if (regional && endpoint.base_path.empty()) {
    bool const tls = endpoint.tls;
    std::uint16_t const port = endpoint.port;
    endpoint = *regional;
    endpoint.tls = tls;
    endpoint.port = port;
  } else {
    endpoint.addressing = options.addressing;
  }
  return options.region.empty() ? endpoint : in_region(endpoint, options.region);
}

Endpoint in_region(Endpoint endpoint, std::string_view region) {
  if (region.empty()) refuse_region(region);
  if (endpoint.aws ? !is_aws_region(region) : !is_custom_region(region)) refuse_region(region);
  endpoint.region = region;
  if (!endpoint.regional) return endpoint;
  AwsOptions const options{.dual_stack = endpoint.dual_stack, .fips = endpoint.fips};
  endpoint.host = aws_endpoint(region, options).host;
  return endpoint;
}

std::string to_url(Endpoint const& endpoint) {
  return fmt::format("{}://{}{}", scheme(endpoint.tls),
                     host_and_port(endpoint.host, endpoint.port, endpoint.tls), endpoint.base_path);
}

Target target_of(Endpoint const& endpoint, std::string_view bucket, std::string_view key) {
  bool const in_host = use_virtual_host(endpoint, bucket);
  Target target;
  target.tls = endpoint.tls;
  target.host = in_host ? fmt::format("{}.{}", bucket, endpoint.host) : endpoint.host;
  target.connect_host = endpoint.connect_host.empty() ? target.host : endpoint.connect_host;
  target.port = endpoint.port;
  target.host_header = host_and_port(target.host, target.port, target.tls);
  target.path = endpoint.base_path;
  if (!in_host) target.path.append("/").append(base::percent_encode(bucket));
  if (!key.empty() || target.path.empty()) target.path += '/';
  target.path += base::percent_encode(key, true);
  return target;
}

std::string to_url(Target const& target) {
  return fmt::format("{}://{}{}", scheme(target.tls), target.host_header, target.path);
}

Abilities known_abilities(Endpoint const& endpoint) {
  return {.crc32_checksums = endpoint.aws ? Ability::yes : Ability::unknown};
}

bool is_bucket_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= base::limits::max_bucket_name_bytes &&
         std::ranges::all_of(
             name, [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; });
}

bool is_dns_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 63 || is_ipv4(name)) return false;
  return std::ranges::all_of(base::split(name, '.'), [](std::string_view label) {
    return !label.empty() && is_lower_or_digit(label.front()) && is_lower_or_digit(label.back()) &&
           std::ranges::all_of(label, [](char c) { return is_lower_or_digit(c) || c == '-'; });
  });
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= base::limits::max_key_bytes && base::is_utf8(key);
}

}  // namespace aws
