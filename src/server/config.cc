#include "server/config.h"

#include "base/error.h"
#include "base/spelling.h"
#include "server/config_checks.h"
#include "server/config_values.h"
#include "server/service_variables.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace server {

using base::Error;
using base::Fault;

namespace {

constexpr std::string_view variable_start = "S3ZIPPER_";

std::string variable_of(std::string_view key) {
  std::string name(variable_start);
  for (char const c : key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' ? c - 32 : c);
  return name;
}

// "; X may be meant", or nothing. The beginning that all names share makes no two of them alike.
std::string setting_meant(std::string_view wrong, std::string_view start,
                          std::string (*name_of)(Setting const&)) {
  std::vector<std::string> all;
  for (Setting const& setting : settings()) all.push_back(name_of(setting).substr(start.size()));
  std::vector<std::string_view> const names(all.begin(), all.end());
  std::string_view const nearest = base::nearest_name(wrong.substr(start.size()), names);
  return nearest.empty() ? "" : fmt::format("; {}{} may be meant", start, nearest);
}

std::string text_of(std::string const& path, std::string const& key, toml::node const& node) {
  if (auto const text = node.value<std::string>()) return *text;
  if (auto const list = node.as_array()) {
    std::string joined;
    for (toml::node const& item : *list)
      joined += (joined.empty() ? "" : ",") + text_of(path, key, item);
    return joined;
  }
  if (node.is_integer() || node.is_boolean() || node.is_floating_point()) {
    std::ostringstream out;
    node.visit([&](auto const& value) {
      if constexpr (toml::is_integer<decltype(value)> || toml::is_boolean<decltype(value)> ||
                    toml::is_floating_point<decltype(value)>)
        out << std::boolalpha << value.get();
    });
    return out.str();
  }
  throw Error(Fault::config,
              fmt::format("{}: {} has a value of a kind that no setting takes", path, key));
}

void flatten(std::string const& path, std::string const& prefix, toml::table const& table,
             Values& values) {
  for (auto const& [name, node] : table) {
    std::string const key = prefix + std::string(name.str());
    if (auto const inner = node.as_table()) {
      flatten(path, key + '.', *inner, values);
      continue;
    }
    if (std::ranges::find(settings(), key, &Setting::key) == settings().end()) {
      auto const name_of = [](Setting const& setting) { return std::string(setting.key); };
      throw Error(Fault::config, fmt::format("{}: there is no setting \"{}\"{}", path, key,
                                             setting_meant(key, "", name_of)));
    }
    values[key] = text_of(path, key, node);
  }
}

// `parse` gives the table, or toml++'s error.
template <class Parse>
Values values_of(std::string const& path, Parse parse) {
  toml::table table;
  try {
    table = parse();
  } catch (toml::parse_error const& error) {
    throw Error(Fault::config, fmt::format("{}, line {}: {}", path, error.source().begin.line,
                                           error.description()));
  }
  Values values;
  flatten(path, "", table, values);
  return values;
}

using Text = std::string_view;

std::vector<Setting> monitoring_settings() {
  return {
      {"log.format", "\"text\"", "text for people, or json: one object a line",
       [](Config& c, Text v) { c.log_format = to_log_format(v); }},
      {"metrics.listen", "\"\"",
       "Address of /metrics alone, for all who reach it; empty: none of its own",
       [](Config& c, Text v) { c.metrics_listen = v.empty() ? "" : to_address(v); }},
      {"metrics.networks", "[]",
       "Networks that may read /metrics at the API's address, but through no proxy; empty: none. A "
       "proxy in them must tell of itself, by X-Forwarded-For, say",
       [](Config& c, Text v) { c.metrics_networks = to_networks(v); }},
  };
}

std::vector<Setting> general_settings() {
  return {
      {"data_dir", "\"s3zipper-data\"", "Folder of the database and the master key",
       [](Config& c, Text v) { c.data_dir = v; }},
      {"listen", "\"127.0.0.1:8080\"", "Address of the API; port 0 takes a free one",
       [](Config& c, Text v) { c.listen = to_address(v); }},
      {"public_url", "\"\"",
       "How clients reach this server, such as https://zip.example.com/zips: what links begin "
       "with. "
       "Empty: as trusted proxies tell, or the client's Host; mail needs it",
       [](Config& c, Text v) { c.public_url = to_base_url(v); }},
      {"trusted_proxies", "[\"127.0.0.0/8\", \"::1\"]",
       "Networks of proxies whose X-Forwarded-For tells a client's address, and X-Forwarded-Proto, "
       "-Host and -Prefix what it called this server",
       [](Config& c, Text v) { c.trusted_proxies = to_networks(v); }},
      {"threads", "0", "Event loops, one thread each; 0: one a core",
       [](Config& c, Text v) { c.threads = to_count(v, 0, 256); }},
      {"log_level", "\"info\"", "debug, info, warning or error",
       [](Config& c, Text v) { c.log_level = to_log_level(v); }},
      {"drain_seconds", "0",
       "At a SIGTERM, /readyz says 503 for so long before the server stops; a second signal stops "
       "it",
       [](Config& c, Text v) { c.drain_time = std::chrono::seconds(to_count(v, 0, 3600)); }},
      {"core_dumps", "false",
       "Let the system keep core dumps, to find a defect: they hold secrets of what is under way",
       [](Config& c, Text v) { c.core_dumps = to_flag(v); }},
      {"key_files", "[]",
       "Master keys, one a file; the first seals, all open. Empty: DATA_DIR/master.key, made "
       "together with the database",
       [](Config& c, Text v) { c.key_files = to_list(v); }},
      {"memory.budget", "\"192MiB\"", "All data buffers together",
       [](Config& c, Text v) { c.memory_budget_bytes = to_budget(v); }},
      {"jobs.workers", "0",
       "Jobs that run at a time, half of them of one account at most; 0: 8 a core. A quarter more "
       "are for accounts that run none",
       [](Config& c, Text v) { c.job_workers = to_count(v, 0, 1024); }},
  };
}

std::vector<Setting> server_settings() {
  return {
      {"tls.certificate_file", "\"\"",
       "PEM file: the server's certificate, then those that vouch for it. With it the API speaks "
       "https only; read again when it changes, and at SIGHUP",
       [](Config& c, Text v) { c.tls_certificate_file = v; }},
      {"tls.key_file", "\"\"", "PEM file: the certificate's private key, without a passphrase",
       [](Config& c, Text v) { c.tls_key_file = v; }},
      {"tls.redirect_listen", "\"\"",
       "Address where plain HTTP is answered with a redirect to https, and API calls are refused",
       [](Config& c, Text v) { c.tls_redirect_listen = v.empty() ? "" : to_address(v); }},
      {"http.cors_origins", "[]",
       "Pages that may call the API and read downloads from a browser: origins such as "
       "https://www.example.com, or * for all; empty: none",
       [](Config& c, Text v) { c.cors_origins = to_origins(v); }},
  };
}

std::vector<Setting> ec2_settings() {
  return {
      {"auth.mode", "\"accounts\"",
       "accounts, or none: every client that reaches the server may use it, without tokens, and "
       "with its own AWS credentials; see docs/start/ec2.md",
       [](Config& c, Text v) { c.without_accounts = to_auth_mode(v); }},
      {"site.registration", "\"invitation\"",
       "Who may make an account at the site: open (everybody), invitation or closed (nobody)",
       [](Config& c, Text v) { c.registration = to_registration(v); }},
      {"site.setup_code", "\"\"",
       "The code by which the first account is made at the site; empty: the log tells one",
       [](Config& c, Text v) { c.set_up_code = base::Secret(std::string(v)); }},
      {"ec2.allowed_buckets", "[]",
       "Where auth.mode is none: the buckets that zips are made of and put into, or * for all",
       [](Config& c, Text v) { set_allowed_buckets(c, v); }},
      {"ec2.any_address", "false",
       "Where auth.mode is none: listen may be another address than one of this machine alone",
       [](Config& c, Text v) { c.ec2_any_address = to_flag(v); }},
      {"ec2.metadata_url", "\"http://169.254.169.254\"",
       "Where the credentials of the machine's role are asked for (IMDSv2); empty: nowhere",
       [](Config& c, Text v) { c.ec2_metadata_url = to_endpoint(v); }},
  };
}

std::vector<Setting> s3_settings() {
  return {
      {"s3.endpoint", "\"\"", "URL of the S3-compatible store that requests mean; empty: AWS",
       [](Config& c, Text v) { c.s3_endpoint = to_endpoint(v); }},
      {"s3.region", "\"\"", "Region of requests that name none; empty: us-east-1, or asked of AWS",
       [](Config& c, Text v) { c.s3_region = v; }},
      {"s3.addressing", "\"path\"", "path or virtual-host: how s3.endpoint names buckets",
       [](Config& c, Text v) { c.s3_virtual_host = to_addressing(v); }},
      {"s3.ca_file", "\"\"", "PEM certificates to trust besides the system's",
       [](Config& c, Text v) { c.s3_ca_file = v; }},
      {"s3.timeout_seconds", "30",
       "A request to a store is tried again when no byte has moved for so long",
       [](Config& c, Text v) { c.s3_timeout = std::chrono::seconds(to_count(v, 1, 600)); }},
      {"s3.patience", "\"5min\"",
       "A job whose store is away or in trouble goes on trying for so long",
       [](Config& c, Text v) { c.s3_patience = to_patience(v); }},
      {"s3.download_patience", "\"30s\"",
       "The same of downloads, and of calls that are answered from the store; no longer than "
       "s3.patience",
       [](Config& c, Text v) { c.s3_download_patience = to_patience(v); }},
      {"s3.allowed_endpoints", "[]", "Further stores that requests may name (awsEndpoint)",
       [](Config& c, Text v) {
         c.s3_allowed_endpoints.clear();
         for (std::string const& url : to_list(v))
           c.s3_allowed_endpoints.push_back(to_endpoint(url));
       }},
      {"s3.allowed_networks", "[]",
       "Networks that stores' host names may resolve into, such as 10.0.0.0/8; else only public "
       "addresses are connected to. An IP address in s3.endpoint or s3.allowed_endpoints needs "
       "none",
       [](Config& c, Text v) { c.s3_allowed_networks = to_networks(v); }},
  };
}

std::vector<Setting> mail_settings() {
  return {
      {"mail.url", "\"\"",
       "Mail server for resultsEmail: smtps://host, or smtp://host:587 (STARTTLS); empty: no mail",
       [](Config& c, Text v) { c.mail.url = to_mail_url(v); }},
      {"mail.from", "\"\"", "Sender's address of mails, such as zips@example.com",
       [](Config& c, Text v) { c.mail.from = to_mail_address(v); }},
      {"mail.user", "\"\"", "Login at the mail server; empty: none",
       [](Config& c, Text v) { c.mail.user = v; }},
      {"mail.password", "\"\"", "Its password; best given as S3ZIPPER_MAIL_PASSWORD",
       [](Config& c, Text v) { c.mail.password = base::Secret(std::string(v)); }},
      {"mail.ca_file", "\"\"", "PEM certificates of the mail server's CA; empty: the system's",
       [](Config& c, Text v) { c.mail.ca_file = v; }},
  };
}

std::vector<Setting> webhook_settings() {
  return {
      {"webhook.allowed_networks", "[]",
       "Networks that webhooks may lead into, such as 10.0.0.0/8, by name or address; else they "
       "lead to public addresses only",
       [](Config& c, Text v) { c.webhook.allowed_networks = to_networks(v); }},
      {"webhook.ca_file", "\"\"",
       "PEM certificates of CAs that webhooks' receivers may have, besides the system's",
       [](Config& c, Text v) { c.webhook.ca_file = v; }},
  };
}

std::vector<Setting> sandbox_settings() {
  return {
      {"sandbox.dir", "\"\"",
       "Serve this folder as an S3 store, for trying; it becomes the default of s3.endpoint",
       [](Config& c, Text v) { c.sandbox_dir = v; }},
      {"sandbox.listen", "\"127.0.0.1:0\"", "Address of that store",
       [](Config& c, Text v) { c.sandbox_listen = to_address(v); }},
      {"sandbox.faults", "\"\"",
       "TOML file of what goes wrong in that store; see docs/guides/sandbox.md",
       [](Config& c, Text v) { c.sandbox_faults = v; }},
  };
}

}  // namespace

std::vector<Setting> const& settings() {
  static std::vector<Setting> const table = [] {
    std::vector<Setting> all;
    for (auto const& part :
         {general_settings(), server_settings(), ec2_settings(), s3_settings(), mail_settings(),
          webhook_settings(), monitoring_settings(), sandbox_settings()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

std::string Setting::environment_variable() const {
  return variable_of(key);
}

std::string Setting::flag() const {
  std::string name = "--";
  for (char const c : key) name += c == '.' || c == '_' ? '-' : c;
  return name;
}

Values parse_config(std::string_view text, std::string const& name) {
  return values_of(name, [&] { return toml::parse(text, name); });
}

Values read_config_file(std::string const& path) {
  return values_of(path, [&] { return toml::parse_file(path); });
}

Values read_environment(char const* const* environment) {
  Values values;
  for (; *environment != nullptr; ++environment) {
    std::string_view const variable = *environment;
    std::size_t const equals = variable.find('=');
    std::string_view const name = variable.substr(0, equals);
    // These name the file, and give a command a secret; the others are settings.
    bool const is_other = name == "S3ZIPPER_CONFIG" || name == "S3ZIPPER_USER_SECRET";
    if (!name.starts_with(variable_start) || is_other) continue;
    std::string_view const value = equals == name.npos ? "" : variable.substr(equals + 1);
    auto const setting = std::ranges::find(settings(), name, &Setting::environment_variable);
    if (setting == settings().end()) {
      if (is_service_variable(name, value)) continue;
      auto const name_of = [](Setting const& one) { return one.environment_variable(); };
      throw Error(Fault::config, fmt::format("the environment variable {} is no setting{}", name,
                                             setting_meant(name, variable_start, name_of)));
    }
    values[std::string(setting->key)] = value;
  }
  return values;
}

Config make_config(std::vector<Values> const& sources) {
  Config config;
  for (Values const& source : sources) {
    for (auto const& [key, value] : source) {
      auto const setting = std::ranges::find(settings(), key, &Setting::key);
      base::check(setting != settings().end(), "sources hold settings of the table only");
      try {
        setting->set(config, value);
      } catch (Error const& error) {
        throw Error(Fault::config, fmt::format("{} = \"{}\": {}", key, value, error.what()));
      }
    }
  }
  check_together(config);
  return config;
}

std::string example_file() {
  std::string out =
      "# s3zipper.toml: every setting with its default. Environment variables and flags win over\n"
      "# this file.\n";
  std::string section;
  for (Setting const& setting : settings()) {
    std::size_t const dot = setting.key.find('.');
    bool const plain = dot == std::string_view::npos;
    std::string const own(plain ? "" : setting.key.substr(0, dot));
    if (own != section) out += fmt::format("\n[{}]", own);
    section = own;
    out += fmt::format("\n# {}\n# {} = {}\n", setting.help,
                       plain ? setting.key : setting.key.substr(dot + 1), setting.example);
  }
  return out;
}

std::string settings_table() {
  std::string out =
      "| file | environment | flag | default | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (Setting const& setting : settings()) {
    out +=
        fmt::format("| `{}` | `{}` | `{}` | `{}` | {} |\n", setting.key,
                    setting.environment_variable(), setting.flag(), setting.example, setting.help);
  }
  return out;
}

}  // namespace server
