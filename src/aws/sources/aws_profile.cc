#include "aws/sources/aws_profile.h"

#include "aws/sources/ini.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace aws {

namespace json = boost::json;
using base::Error;
using base::Fault;
using Values = std::map<std::string, std::string>;

namespace {

std::string find(Values const& values, std::string const& key) {
  auto const found = values.find(key);
  return found == values.end() ? "" : found->second;
}

// The credentials file and the config file.
class Files {
 public:
  Files(Environment const& environment)
      : credentials_path_(path(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials")),
        config_path_(path(environment, "AWS_CONFIG_FILE", "config")),
        credentials_(read(credentials_path_)),
        config_(read(config_path_)) {}

  // A profile's values in both files; the credentials file goes first. nullopt if neither has it.
  std::optional<Values> profile(std::string const& name) const {
    auto const secret = credentials_.find(name);
    Values const* open = find_named("profile", name);
    if (open == nullptr && name == "default") {
      auto const plain = config_.find(name);
      if (plain != config_.end()) open = &plain->second;
    }
    if (secret == credentials_.end() && open == nullptr) return std::nullopt;
    Values values = secret == credentials_.end() ? Values() : secret->second;
    if (open == nullptr) return values;
    // A pair of keys comes from one file.
    bool const has_keys = values.contains("aws_access_key_id");
    for (auto const& [key, value] : *open) {
      bool const is_key = key.starts_with("aws_") && key != "aws_account_id";
      if (!is_key || !has_keys) values.emplace(key, value);
    }
    return values;
  }

  Values services(std::string const& name) const {
    Values const* const found = find_named("services", name);
    return found == nullptr ? Values() : *found;
  }

  std::string names() const { return credentials_path_ + " and " + config_path_; }

 private:
  static std::string path(Environment const& environment, char const* variable, char const* name) {
    std::string const home = environment("HOME").value_or("");
    std::string path = environment(variable).value_or("");
    if (path.empty()) return home + "/.aws/" + name;
    if (path.starts_with("~/")) path.replace(0, 1, home);
    return path;
  }

  // The section "kind name" of the config file, whose name may be quoted.
  Values const* find_named(std::string_view kind, std::string const& name) const {
    for (auto const& [header, values] : config_) {
      auto const words = header.starts_with(kind) ? split_words(header) : std::nullopt;
      if (words && words->size() == 2 && words->back() == name) return &values;
    }
    return nullptr;
  }

  static IniSections read(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};  // most machines have one of the two at most
    std::ostringstream text;
    text << file.rdbuf();
    return parse_ini(text.str(), path);
  }

  std::string credentials_path_;
  std::string config_path_;
  IniSections credentials_;
  IniSections config_;
};

aws::Credentials credentials_of(std::string access_key, std::string secret, std::string token) {
  return {std::move(access_key), base::Secret(std::move(secret)), base::Secret(std::move(token))};
}

std::optional<FoundCredentials> from_environment(Environment const& environment) {
  std::string const access_key = environment("AWS_ACCESS_KEY_ID").value_or("");
  std::string const secret = environment("AWS_SECRET_ACCESS_KEY").value_or("");
  if (access_key.empty() && secret.empty()) return std::nullopt;
  if (access_key.empty() || secret.empty()) {
    throw Error(Fault::unauthorized,
                "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set: set both or none");
  }
  return FoundCredentials{
      credentials_of(access_key, secret, environment("AWS_SESSION_TOKEN").value_or(""))};
}

// The command's output; the command must succeed.
std::string output_of(std::string const& command) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  if (!pipe) throw Error(Fault::config, "credential_process: cannot run a shell");
  std::string output;
  std::array<char, 4096> piece{};
  while (std::size_t const got = std::fread(piece.data(), 1, piece.size(), pipe.get())) {
    output.append(piece.data(), got);
    if (output.size() > base::limits::max_credential_bytes) break;
  }
  if (::pclose(pipe.release()) != 0)
    throw Error(Fault::unauthorized, "credential_process failed: " + command);
  return output;
}

FoundCredentials from_process(std::string const& command) {
  base::Secret const output(output_of(command));
  std::optional<json::value> const parsed = base::try_parse_json(output.reveal());
  json::object const* const fields = parsed ? parsed->if_object() : nullptr;
  auto const text = [fields](char const* name) -> std::string {
    json::value const* const value = fields == nullptr ? nullptr : fields->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
  };
  aws::Credentials credentials =
      credentials_of(text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"));
  if (credentials.access_key.empty() || credentials.secret_key.empty()) {
    throw Error(
        Fault::unauthorized,
        "credential_process printed no JSON with AccessKeyId and SecretAccessKey: " + command);
  }
  std::string const end = text("Expiration");
  FoundCredentials found{std::move(credentials), base::parse_rfc3339(end)};
  if (!end.empty() && !found.expires_at) {
    throw Error(Fault::unauthorized,
                "credential_process printed an Expiration that is no time: " + command);
  }
  return found;
}

std::optional<FoundCredentials> from_profile(Values const& profile, std::string const& name) {
  std::string const access_key = find(profile, "aws_access_key_id");
  std::string const secret = find(profile, "aws_secret_access_key");
  if (!access_key.empty() && !secret.empty())
    return FoundCredentials{credentials_of(access_key, secret, find(profile, "aws_session_token"))};
  if (std::string const command = find(profile, "credential_process"); !command.empty())
    return from_process(command);
  for (char const* key : {"role_arn", "sso_session", "sso_start_url", "web_identity_token_file"}) {
    if (!profile.contains(key)) continue;
    throw Error(Fault::config,
                fmt::format("the profile {0} has a {1}, which s3zipper does not follow: export its "
                            "credentials first, eval \"$(aws configure export-credentials "
                            "--profile {0} --format env)\"",
                            name, key));
  }
  return std::nullopt;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (std::string const& text : texts) {
    if (!text.empty()) return text;
  }
  return "";
}

std::string endpoint_url_of(AwsFlags const& flags, Environment const& environment,
                            Values const& profile, Files const& files) {
  if (!flags.endpoint_url.empty()) return flags.endpoint_url;
  auto const variable = [&](char const* name) { return environment(name).value_or(""); };
  if (base::equals_ignoring_case(variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true"))
    return "";
  Values const services = files.services(find(profile, "services"));
  return first_of({variable("AWS_ENDPOINT_URL_S3"), variable("AWS_ENDPOINT_URL"),
                   find(services, "s3.endpoint_url"), find(profile, "endpoint_url")});
}

std::optional<aws::Addressing> addressing_of(AwsFlags const& flags, Values const& profile) {
  if (flags.addressing) return flags.addressing;
  std::string const style = find(profile, "s3.addressing_style");
  if (style == "path") return aws::Addressing::path;
  if (style == "virtual") return aws::Addressing::virtual_host;
  return std::nullopt;
}

// The chosen profile and its values in the files.
struct Chosen {
  Chosen(AwsFlags const& flags, Environment const& environment)
      : files(environment),
        asked_for(first_of({flags.profile, environment("AWS_PROFILE").value_or(""),
                            environment("AWS_DEFAULT_PROFILE").value_or("")})),
        name(first_of({asked_for, "default"})) {
    std::optional<Values> const profile = files.profile(name);
    if (!profile && !asked_for.empty()) {
      throw Error(Fault::config, fmt::format("there is no profile {} in {}", base::in_quotes(name),
                                             files.names()));
    }
    values = profile.value_or(Values());
  }

  Files files;
  std::string asked_for;  // by flag or variable; may be empty
  std::string name;
  Values values;
};

FoundCredentials find_credentials(AwsFlags const& flags, Environment const& environment) {
  Chosen const chosen(flags, environment);
  std::optional<FoundCredentials> found;
  if (flags.profile.empty()) found = from_environment(environment);
  if (!found) found = from_profile(chosen.values, chosen.name);
  if (found) return *std::move(found);
  throw Error(Fault::unauthorized,
              fmt::format("no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                          "or name a profile that has them (--profile, AWS_PROFILE). Looked in "
                          "the environment and for the profile {} in {}",
                          base::in_quotes(chosen.name), chosen.files.names()));
}

}  // namespace

AwsSettings find_aws_settings(AwsFlags const& flags, Environment const& environment) {
  auto const variable = [&](char const* name) { return environment(name).value_or(""); };
  Chosen const chosen(flags, environment);
  FoundCredentials found = find_credentials(flags, environment);
  return {.credentials = std::move(found.credentials),
          .credentials_expire_at = found.expires_at,
          .find_credentials_again = [flags,
                                     environment] { return find_credentials(flags, environment); },
          .region = first_of({flags.region, variable("AWS_REGION"), variable("AWS_DEFAULT_REGION"),
                              find(chosen.values, "region")}),
          .endpoint_url = endpoint_url_of(flags, environment, chosen.values, chosen.files),
          .addressing = addressing_of(flags, chosen.values),
          .ca_file = first_of({variable("AWS_CA_BUNDLE"), find(chosen.values, "ca_bundle")}),
          .patience = flags.patience};
}

aws::Endpoint endpoint_of(AwsSettings const& settings) {
  if (settings.endpoint_url.empty()) {
    aws::Endpoint endpoint = aws::aws_endpoint(settings.region);
    if (settings.addressing) endpoint.addressing = *settings.addressing;
    return endpoint;
  }
  auto const addressing = settings.addressing.value_or(aws::Addressing::path);
  return aws::custom_endpoint(settings.endpoint_url,
                              {.region = settings.region, .addressing = addressing});
}

}  // namespace aws
