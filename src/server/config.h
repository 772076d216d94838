// The configuration: one table of settings, read from a TOML file, S3ZIPPER_… environment
// variables and flags, in rising precedence. The table also prints the example file and the docs.
#pragma once

#include "accounts/sign_in.h"
#include "base/limits.h"
#include "base/secret.h"
#include "net/reach.h"
#include "notify/smtp.h"
#include "notify/webhooks.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server {

struct Config {
  std::string data_dir = "s3zipper-data";
  std::string listen = "127.0.0.1:8080";
  std::string public_url;
  std::string tls_certificate_file;  // set, or empty, together with the next
  std::string tls_key_file;
  std::string tls_redirect_listen;
  std::vector<std::string> cors_origins;  // "*" is any
  std::vector<net::Network> trusted_proxies{net::parse_network("127.0.0.0/8"),
                                            net::parse_network("::1")};
  std::size_t threads = 0;
  std::chrono::seconds drain_time{0};
  std::string metrics_listen;
  std::vector<net::Network> metrics_networks;
  std::string log_level = "info";
  std::string log_format = "text";
  bool core_dumps = false;
  std::uint64_t memory_budget_bytes = base::limits::default_budget_bytes;
  std::size_t job_workers = 0;
  std::vector<std::string> key_files;
  bool without_accounts = false;  // auth.mode
  accounts::Registration registration = accounts::Registration::by_invitation;
  base::Secret set_up_code;  // empty: a random one, which the log tells
  std::vector<std::string> ec2_allowed_buckets;
  bool ec2_any_bucket = false;
  bool ec2_any_address = false;
  std::string ec2_metadata_url = "http://169.254.169.254";
  std::string s3_endpoint;
  std::string s3_region;
  bool s3_virtual_host = false;
  std::string s3_ca_file;
  std::chrono::seconds s3_timeout = base::limits::idle_io_timeout;
  std::chrono::milliseconds s3_patience = base::limits::default_patience;
  std::chrono::milliseconds s3_download_patience = base::limits::default_download_patience;
  std::vector<std::string> s3_allowed_endpoints;
  std::vector<net::Network> s3_allowed_networks;
  notify::SmtpSettings mail;
  notify::WebhookSettings webhook;
  std::string sandbox_dir;
  std::string sandbox_listen = "127.0.0.1:0";
  std::string sandbox_faults;
};

struct Setting {
  std::string_view key;      // in the file: "s3.endpoint"
  std::string_view example;  // as a TOML value; the default, if there is one
  std::string_view help;
  // Error{bad_input} without the setting's name; the caller adds it.
  void (*set)(Config& config, std::string_view value);

  std::string environment_variable() const;  // S3ZIPPER_S3_ENDPOINT
  std::string flag() const;                  // --s3-endpoint
};

std::vector<Setting> const& settings();

// Values of settings by key, as texts; lists are joined by commas.
using Values = std::map<std::string, std::string>;

// The settings in a file's text. Error{config} that names the file and the unknown or wrong key.
Values parse_config(std::string_view text, std::string const& name);
Values read_config_file(std::string const& path);  // the same; Error{config} if it is not there
// Variables that begin with S3ZIPPER_; an unknown one is Error{config}.
Values read_environment(char const* const* environment);
// Later sources win. Error{config} names the setting whose value is wrong. Sets the log's level and
// format.
Config make_config(std::vector<Values> const& sources);

std::string example_file();    // s3zipper.toml with every setting, commented out
std::string settings_table();  // for the docs, in Markdown

}  // namespace server
