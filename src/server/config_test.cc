#include "server/config.h"

#include "base/error.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace server {
namespace {

class ConfigFile : public testing::Test {
 protected:
  ConfigFile() {
    path_ = testing::TempDir() + "s3zipper-config-test-" +
            testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml";
  }
  ~ConfigFile() override { std::filesystem::remove(path_); }

  Values read(std::string const& text) {
    std::ofstream(path_) << text;
    return read_config_file(path_);
  }
  // The error's message; empty if there is none.
  std::string error_of(std::string const& text) {
    try {
      make_config({read(text)});
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::config);
      return error.what();
    }
    return "";
  }
  std::string path_;
};

TEST_F(ConfigFile, every_kind_of_value_is_read) {
  Config const config = make_config({read(R"(
    data_dir = "/var/lib/s3zipper"
    threads = 3
    [memory]
    budget = "64MiB"
    [s3]
    addressing = "virtual-host"
    allowed_endpoints = ["https://a.example.com", "http://127.0.0.1:9000/"]
  )")});
  EXPECT_EQ(config.data_dir, "/var/lib/s3zipper");
  EXPECT_EQ(config.threads, 3U);
  EXPECT_EQ(config.memory_budget_bytes, 64U << 20);
  EXPECT_TRUE(config.s3_virtual_host);
  EXPECT_EQ(config.s3_allowed_endpoints,
            (std::vector<std::string>{"https://a.example.com", "http://127.0.0.1:9000"}));
}

TEST_F(ConfigFile, what_belongs_together_is_given_together) {
  EXPECT_EQ(error_of("[tls]\ncertificate_file = \"a.pem\""),
            "tls.certificate_file needs tls.key_file");
  EXPECT_EQ(error_of("[tls]\nkey_file = \"a.pem\""), "tls.key_file needs tls.certificate_file");
  EXPECT_NE(error_of("[tls]\nredirect_listen = \"127.0.0.1:80\"").find("tls.redirect_listen"),
            std::string::npos);
  EXPECT_EQ(error_of("[tls]\ncertificate_file = \"a.pem\"\nkey_file = \"a.key\""), "");
}

TEST_F(ConfigFile, a_server_without_accounts_must_be_told_its_bounds) {
  std::string const none = "[auth]\nmode = \"none\"\n";
  EXPECT_NE(error_of(none).find("ec2.allowed_buckets"), std::string::npos);
  EXPECT_EQ(error_of(none + "[ec2]\nallowed_buckets = [\"photos\"]"), "");
  EXPECT_EQ(error_of(none + "[ec2]\nallowed_buckets = \"*\""), "");
  EXPECT_NE(
      error_of(none + "[ec2]\nallowed_buckets = [\"*\", \"photos\"]").find("ec2.allowed_buckets"),
      std::string::npos);
  for (char const* address : {"0.0.0.0:80", "10.0.0.1:80", "[::]:80"}) {
    std::string const outside =
        std::string("listen = \"") + address + "\"\n" + none + "[ec2]\nallowed_buckets = \"*\"\n";
    EXPECT_NE(error_of(outside).find("ec2.any_address"), std::string::npos) << address;
    EXPECT_EQ(error_of(outside + "any_address = true"), "");
  }
  EXPECT_EQ(error_of("listen = \"[::1]:80\"\n" + none + "[ec2]\nallowed_buckets = \"*\""), "");
  EXPECT_NE(error_of(none + "[ec2]\nallowed_buckets = \"*\"\n[http]\ncors_origins = \"*\"")
                .find("http.cors_origins"),
            std::string::npos);
  EXPECT_NE(error_of("[auth]\nmode = \"off\"").find("auth.mode"), std::string::npos);
}

TEST_F(ConfigFile, origins_are_such_as_browsers_send) {
  Config const config = make_config(
      {read("[http]\ncors_origins = [\"https://WWW.example.com/\", \"http://localhost:3000\"]")});
  EXPECT_EQ(config.cors_origins,
            (std::vector<std::string>{"https://www.example.com", "http://localhost:3000"}));
  EXPECT_EQ(error_of("[http]\ncors_origins = \"*\""), "");
  for (char const* wrong : {"www.example.com", "https://", "https://a/b", "https://*.example.com",
                            "ftp://a", "null", "https://a@b"}) {
    EXPECT_NE(
        error_of(std::string("[http]\ncors_origins = \"") + wrong + "\"").find("http.cors_origins"),
        std::string::npos)
        << wrong;
  }
}

TEST_F(ConfigFile, urls_are_read_to_their_end) {
  EXPECT_EQ(error_of("public_url = \"https://zip.example.com:8443/zips/\""), "");
  for (char const* wrong : {"https://", "zip.example.com", "ftp://zip.example.com",
                            "https://a:b@zip.example.com", "https://zip.example.com/?a=b",
                            "https://zip.example.com/#a", "https://zip.example.com:0"}) {
    std::string const line = std::string("public_url = \"") + wrong + "\"";
    EXPECT_NE(error_of(line).find("public_url"), std::string::npos) << wrong;
  }
  std::string const mail =
      "public_url = \"https://zip.example.com\"\n[mail]\nfrom = \"a@b.example\"\n";
  EXPECT_EQ(error_of(mail + "url = \"smtp://mail.example.com:587\""), "");
  for (char const* wrong : {"https://mail.example.com", "smtp://", "smtp://a:b@mail.example.com"})
    EXPECT_NE(error_of(mail + "url = \"" + wrong + "\"").find("mail.url"), std::string::npos);
}

TEST_F(ConfigFile, what_is_wrong_is_named) {
  EXPECT_NE(error_of("nonsense = 1").find("\"nonsense\""), std::string::npos);
  EXPECT_NE(error_of("[s3]\nendpiont = \"\"").find("\"s3.endpiont\""), std::string::npos);
  EXPECT_NE(error_of("[memory]\nbudget = \"much\"").find("memory.budget"), std::string::npos);
  EXPECT_NE(error_of("[log]\nformat = \"xml\"").find("log.format"), std::string::npos);
  EXPECT_NE(error_of("[metrics]\nnetworks = \"here\"").find("metrics.networks"), std::string::npos);
  EXPECT_NE(error_of("threads = -1").find("threads"), std::string::npos);
  EXPECT_NE(error_of("listen = \"nowhere\"").find("listen"), std::string::npos);
  EXPECT_NE(error_of("[s3]\nendpoint = \"ftp://x\"").find("s3.endpoint"), std::string::npos);
  EXPECT_NE(error_of("data_dir = 2026-01-01").find("data_dir"), std::string::npos);
  EXPECT_NE(error_of("not toml").find("line 1"), std::string::npos);
}

TEST_F(ConfigFile, the_example_file_is_valid_with_every_line_switched_on) {
  std::string text;
  for (std::string_view line; std::string const& all : {example_file()}) {
    std::string_view rest = all;
    while (!rest.empty()) {
      line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      bool const is_setting = line.starts_with("# ") && line.find(" = ") != std::string_view::npos;
      text += std::string(is_setting ? line.substr(2) : line) + "\n";
    }
  }
  EXPECT_EQ(read(text).size(), settings().size());
  EXPECT_EQ(error_of(text), "");
}

TEST(ConfigSources, later_ones_win) {
  char const* const environment[] = {"HOME=/root", "S3ZIPPER_JOBS_WORKERS=5",
                                     "S3ZIPPER_LISTEN=127.0.0.1:1", nullptr};
  Config const config = make_config({{{"jobs.workers", "3"}, {"threads", "7"}},
                                     read_environment(environment),
                                     {{"listen", "127.0.0.1:2"}}});
  EXPECT_EQ(config.threads, 7U);
  EXPECT_EQ(config.job_workers, 5U);
  EXPECT_EQ(config.listen, "127.0.0.1:2");
}

TEST(ConfigSources, an_unknown_variable_is_named) {
  char const* const environment[] = {"S3ZIPPER_JOBS_WORKRES=5", nullptr};
  try {
    read_environment(environment);
    ADD_FAILURE();
  } catch (base::Error const& error) {
    EXPECT_EQ(std::string(error.what()),
              "the environment variable S3ZIPPER_JOBS_WORKRES is no "
              "setting; S3ZIPPER_JOBS_WORKERS may be meant");
  }
}

TEST(ConfigSources, variables_that_tell_of_services_are_passed_over) {
  char const* const environment[] = {"S3ZIPPER_PORT=tcp://10.0.0.1:8080",
                                     "S3ZIPPER_SERVICE_HOST=10.0.0.1", "S3ZIPPER_THREADS=2",
                                     nullptr};
  EXPECT_EQ(read_environment(environment), (Values{{"threads", "2"}}));
}

TEST(ConfigSources, the_defaults_of_the_table_are_those_of_the_program) {
  Values defaults;
  for (Setting const& setting : settings()) {
    std::string value(setting.example);
    std::erase_if(value, [](char c) { return c == '"' || c == '[' || c == ']'; });
    defaults[std::string(setting.key)] = value;
  }
  Config const stated = make_config({defaults});
  Config const built_in;
  EXPECT_EQ(stated.data_dir, built_in.data_dir);
  EXPECT_EQ(stated.listen, built_in.listen);
  EXPECT_EQ(stated.memory_budget_bytes, built_in.memory_budget_bytes);
  EXPECT_EQ(stated.job_workers, built_in.job_workers);
  EXPECT_EQ(stated.trusted_proxies, built_in.trusted_proxies);
  EXPECT_EQ(stated.s3_allowed_networks, built_in.s3_allowed_networks);
  EXPECT_EQ(stated.core_dumps, built_in.core_dumps);
  EXPECT_EQ(stated.sandbox_listen, built_in.sandbox_listen);
}

}  // namespace
}  // namespace server
