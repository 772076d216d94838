#include "server/config_values.h"

#include "aws/endpoint.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/url.h"
#include "net/connect.h"
#include "notify/smtp.h"

#include <initializer_list>
#include <optional>

#include <fmt/format.h>

namespace server {

using base::Error;
using base::Fault;

namespace {

[[noreturn]] void refuse(std::string const& message) {
  throw Error(Fault::bad_input, message);
}

// parse_url()'s refusal is told as it is; nullopt for an empty text, which is no URL.
std::optional<http::Url> to_optional_url(std::string_view text,
                                         std::initializer_list<std::string_view> schemes) {
  try {
    if (text.empty()) return std::nullopt;
    return http::parse_url(text, schemes);
  } catch (Error const& error) {
    refuse(std::string(error.message()));
  }
}

// The origin as browsers write it in Origin: scheme, host and port. nullopt for anything else.
std::optional<std::string> to_origin(std::string_view text) {
  try {
    http::Url const url = http::parse_url(text, {"https", "http"});
    if (!url.target.empty() && url.target != "/") return std::nullopt;
    return url.scheme + "://" + http::authority(url);
  } catch (Error const&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<std::string> to_list(std::string_view text) {
  std::vector<std::string> items;
  for (std::string_view const item : base::split(text, ',')) {
    if (!base::trim(item).empty()) items.emplace_back(base::trim(item));
  }
  return items;
}

std::size_t to_count(std::string_view text, std::size_t least, std::size_t most) {
  auto const count = base::parse_uint(text);
  if (!count || *count < least || *count > most)
    refuse(fmt::format("must be a number from {} to {}", least, most));
  return *count;
}

std::string to_address(std::string_view text) {
  net::parse_address(text);
  return std::string(text);
}

std::string to_endpoint(std::string_view text) {
  return text.empty() ? "" : aws::to_url(aws::custom_endpoint(text));
}

std::string to_base_url(std::string_view text) {
  auto const url = to_optional_url(text, {"https", "http"});
  if (url && url->target.find('?') != std::string::npos) refuse("must not have a query (?)");
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

std::string to_mail_url(std::string_view text) {
  to_optional_url(text, {"smtps", "smtp"});
  return std::string(text);
}

std::string to_mail_address(std::string_view text) {
  if (!text.empty() && !notify::is_mail_address(text)) refuse("must be one mail address");
  return std::string(text);
}

std::uint64_t to_budget(std::string_view text) {
  auto const bytes = base::parse_size(text);
  if (!bytes || *bytes < base::limits::min_budget_bytes)
    refuse(fmt::format("must be a size of {} MiB at least, such as 192MiB",
                       base::limits::min_budget_bytes / base::limits::MiB));
  return *bytes;
}

std::chrono::milliseconds to_patience(std::string_view text) {
  auto const time = base::parse_duration(text, base::limits::longest_patience);
  if (!time) refuse("must be a length of time up to 24h, such as 30s or 5min");
  return *time;
}

bool to_addressing(std::string_view text) {
  if (text == "path") return false;
  if (text == "virtual-host") return true;
  refuse("must be path or virtual-host");
}

std::vector<net::Network> to_networks(std::string_view text) {
  std::vector<net::Network> networks;
  for (std::string const& item : to_list(text)) networks.push_back(net::parse_network(item));
  return networks;
}

bool to_flag(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  refuse("must be true or false");
}

std::string to_log_level(std::string_view text) {
  if (!base::set_log_level(text)) refuse("must be debug, info, warning or error");
  return std::string(text);
}

bool to_auth_mode(std::string_view text) {
  if (text == "accounts") return false;
  if (text == "none") return true;
  refuse("must be accounts or none");
}

accounts::Registration to_registration(std::string_view text) {
  if (text == "open") return accounts::Registration::open;
  if (text == "invitation") return accounts::Registration::by_invitation;
  if (text == "closed") return accounts::Registration::closed;
  refuse("must be open, invitation or closed");
}

void set_allowed_buckets(Config& config, std::string_view text) {
  config.ec2_allowed_buckets = to_list(text);
  config.ec2_any_bucket = false;
  if (text == "*") {
    config.ec2_any_bucket = true;
    config.ec2_allowed_buckets.clear();
  }
  for (std::string const& bucket : config.ec2_allowed_buckets) {
    if (!aws::is_bucket_name(bucket))
      refuse(fmt::format("\"{}\" cannot be a bucket's name; * alone is all", bucket));
  }
}

std::vector<std::string> to_origins(std::string_view text) {
  std::vector<std::string> origins;
  for (std::string const& one : to_list(text)) {
    std::optional<std::string> const origin = one == "*" ? one : to_origin(one);
    if (!origin)
      refuse(fmt::format("\"{}\" is neither * nor an origin like https://www.example.com", one));
    origins.push_back(*origin);
  }
  return origins;
}

std::string to_log_format(std::string_view text) {
  if (!base::set_log_format(text)) refuse("must be text or json");
  return std::string(text);
}

}  // namespace server
