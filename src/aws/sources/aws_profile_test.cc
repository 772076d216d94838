// The source that wins, as with the AWS CLI.
#include "aws/sources/aws_profile.h"

#include "base/error.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

#include <gtest/gtest.h>

namespace aws {
namespace {

using base::Error;
using base::Fault;

class AwsProfileTest : public testing::Test {
 protected:
  AwsProfileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "aws_profile_XXXXXX").string();
    home_ = mkdtemp(name.data());
    std::filesystem::create_directory(home_ / ".aws");
    variables_["HOME"] = home_;
  }
  ~AwsProfileTest() override { std::filesystem::remove_all(home_); }

  void credentials(std::string const& text) { std::ofstream(home_ / ".aws/credentials") << text; }
  void config(std::string const& text) { std::ofstream(home_ / ".aws/config") << text; }
  void environment_keys() {
    variables_["AWS_ACCESS_KEY_ID"] = "from-environment";
    variables_["AWS_SECRET_ACCESS_KEY"] = "secret";
  }

  AwsSettings found() const {
    return find_aws_settings(flags_, [this](char const* name) -> std::optional<std::string> {
      auto const variable = variables_.find(name);
      if (variable == variables_.end()) return std::nullopt;
      return variable->second;
    });
  }
  std::string access_key() const { return found().credentials.access_key; }
  Error refusal() const {
    try {
      found();
    } catch (Error const& error) {
      return error;
    }
    return Error(Fault::internal, "found");
  }

  std::filesystem::path home_;
  std::map<std::string, std::string> variables_;
  AwsFlags flags_;
};

TEST_F(AwsProfileTest, keys_of_the_environment_go_before_the_default_profile) {
  credentials("[default]\naws_access_key_id = A\naws_secret_access_key = B\n");
  EXPECT_EQ(access_key(), "A");
  environment_keys();
  variables_["AWS_SESSION_TOKEN"] = "token";
  AwsSettings const settings = found();
  EXPECT_EQ(settings.credentials.access_key, "from-environment");
  EXPECT_EQ(settings.credentials.secret_key.reveal(), "secret");
  EXPECT_EQ(settings.credentials.session_token.reveal(), "token");
}

TEST_F(AwsProfileTest, a_profile_by_flag_goes_before_the_environment_one_by_variable_does_not) {
  credentials("[work]\naws_access_key_id=W\naws_secret_access_key=S\naws_session_token=T\n");
  environment_keys();
  variables_["AWS_PROFILE"] = "work";
  EXPECT_EQ(access_key(), "from-environment");
  flags_.profile = "work";
  EXPECT_EQ(access_key(), "W");
  EXPECT_EQ(found().credentials.session_token.reveal(), "T");
}

TEST_F(AwsProfileTest, the_config_file_may_hold_keys_too_but_a_pair_is_of_one_file) {
  config(
      "[profile work]\naws_access_key_id = C\naws_secret_access_key = D\n"
      "aws_session_token = stale\nregion = eu-west-1\n");
  flags_.profile = "work";
  EXPECT_EQ(access_key(), "C");
  credentials("[work]\naws_access_key_id = W\naws_secret_access_key = S\n");
  EXPECT_EQ(access_key(), "W");
  EXPECT_TRUE(found().credentials.session_token.empty());
  EXPECT_EQ(found().region, "eu-west-1");
}

TEST_F(AwsProfileTest, the_region_comes_from_flag_variables_and_profile) {
  environment_keys();
  EXPECT_EQ(found().region, "");
  config("[default]\nregion = r-profile\n");
  EXPECT_EQ(found().region, "r-profile");
  variables_["AWS_DEFAULT_REGION"] = "r-default";
  EXPECT_EQ(found().region, "r-default");
  variables_["AWS_REGION"] = "r-variable";
  EXPECT_EQ(found().region, "r-variable");
  flags_.region = "r-flag";
  EXPECT_EQ(found().region, "r-flag");
}

TEST_F(AwsProfileTest, the_endpoint_comes_from_flag_variables_services_and_profile) {
  environment_keys();
  config("[default]\nendpoint_url = http://profile\n");
  EXPECT_EQ(found().endpoint_url, "http://profile");
  config(
      "[default]\nendpoint_url = http://profile\nservices = mine\n"
      "[services mine]\nec2 =\n  endpoint_url = http://ec2\ns3 =\n"
      "  endpoint_url = http://services\n");
  EXPECT_EQ(found().endpoint_url, "http://services");
  variables_["AWS_ENDPOINT_URL"] = "http://all";
  EXPECT_EQ(found().endpoint_url, "http://all");
  variables_["AWS_ENDPOINT_URL_S3"] = "http://s3";
  EXPECT_EQ(found().endpoint_url, "http://s3");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(found().endpoint_url, "");
  flags_.endpoint_url = "http://flag";
  EXPECT_EQ(found().endpoint_url, "http://flag");
}

TEST_F(AwsProfileTest, the_addressing_of_a_nested_block_is_taken) {
  environment_keys();
  config("[default]\ns3 =\n    max_concurrent_requests = 20\n    addressing_style = virtual\n");
  EXPECT_EQ(found().addressing, aws::Addressing::virtual_host);
  flags_.addressing = aws::Addressing::path;
  EXPECT_EQ(found().addressing, aws::Addressing::path);
}

TEST_F(AwsProfileTest, files_may_be_elsewhere) {
  std::filesystem::create_directory(home_ / "other");
  std::ofstream(home_ / "other/keys") << "[default]\naws_access_key_id=O\naws_secret_access_key=P";
  variables_["AWS_SHARED_CREDENTIALS_FILE"] = "~/other/keys";
  EXPECT_EQ(access_key(), "O");
}

TEST_F(AwsProfileTest, what_is_missing_is_said) {
  Error const none = refusal();
  EXPECT_EQ(none.fault(), Fault::unauthorized);
  EXPECT_NE(std::string(none.what()).find(home_.string() + "/.aws/credentials"), std::string::npos);
  flags_.profile = "wrok";
  EXPECT_EQ(refusal().fault(), Fault::config);
  flags_.profile = "";
  variables_["AWS_ACCESS_KEY_ID"] = "A";
  EXPECT_NE(std::string(refusal().what()).find("only one"), std::string::npos);
}

TEST_F(AwsProfileTest, a_role_is_refused_with_what_to_do) {
  config("[profile admin]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = default\n");
  flags_.profile = "admin";
  EXPECT_EQ(refusal().fault(), Fault::config);
  EXPECT_NE(std::string(refusal().what()).find("export-credentials --profile admin"),
            std::string::npos);
}

TEST_F(AwsProfileTest, a_credential_process_is_run) {
  std::string const reply = R"({"Version":1,"AccessKeyId":"P","SecretAccessKey":"Q"})";
  config("[default]\ncredential_process = echo '" + reply + "'\n");
  EXPECT_EQ(access_key(), "P");
  for (char const* command : {"echo no JSON", "echo {}", "false"}) {
    config(std::string("[default]\ncredential_process = ") + command + "\n");
    EXPECT_EQ(refusal().fault(), Fault::unauthorized) << command;
  }
}

TEST_F(AwsProfileTest, sections_are_named_as_the_aws_cli_has_them) {
  credentials("[default] # work\naws_access_key_id = A\naws_secret_access_key = B\n");
  EXPECT_EQ(access_key(), "A");
  config(
      "[profile \"x y\"] ; mine\naws_access_key_id = X\naws_secret_access_key = Y\n"
      "[profile   spaced ]\naws_access_key_id = S\naws_secret_access_key = T\n");
  flags_.profile = "x y";
  EXPECT_EQ(access_key(), "X");
  flags_.profile = "spaced";
  EXPECT_EQ(access_key(), "S");
  flags_.profile = "\"x y\"";
  EXPECT_EQ(refusal().fault(), Fault::config);
}

TEST(EndpointOf, a_custom_store_is_asked_by_path_unless_told_otherwise) {
  AwsSettings settings;
  EXPECT_TRUE(endpoint_of(settings).aws);
  settings.endpoint_url = "http://127.0.0.1:9000";
  EXPECT_EQ(endpoint_of(settings).addressing, aws::Addressing::path);
  settings.addressing = aws::Addressing::virtual_host;
  EXPECT_EQ(endpoint_of(settings).addressing, aws::Addressing::virtual_host);
  settings.endpoint_url = "no url";
  EXPECT_THROW(endpoint_of(settings), Error);
}

}  // namespace
}  // namespace aws
