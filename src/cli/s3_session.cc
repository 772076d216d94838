#include "cli/s3_session.h"

#include "aws/sources/instance_role.h"
#include "base/duration.h"
#include "base/limits.h"
#include "base/visible_text.h"
#include "cli/exit_code.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "s3/uri.h"

#include <cstdlib>
#include <exception>
#include <future>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace cli {
namespace {

constexpr std::size_t blocking_threads = 4;

// The user of a command decides where it connects to: any address will do.
std::vector<net::Network> all_networks() {
  return {net::Network{}};
}

// The end of credentials is a reason to ask for others, not to stop using them: the object store
// knows the time.
void keep(aws::OwnCredentials& own, aws::FoundCredentials found) {
  base::UnixSeconds renew_at = aws::OwnCredentials::never;
  base::UnixSeconds const now = base::unix_now();
  if (found.expires_at)
    renew_at = now + aws::use_of(std::chrono::seconds(*found.expires_at - now)).count();
  own.set(std::move(found.credentials), aws::OwnCredentials::never, renew_at);
}

net::task<void> ask_again(net::BlockingPool& blocking, aws::OwnCredentials& own,
                          std::function<aws::FoundCredentials()> find) {
  aws::FoundCredentials found = co_await blocking.get(std::move(find));
  keep(own, std::move(found));
}

}  // namespace

void add_aws_flags(CLI::App& command, aws::AwsFlags& flags) {
  command.add_option("--profile", flags.profile,
                     "Profile of ~/.aws/credentials and ~/.aws/config [AWS_PROFILE, default]");
  command.add_option("--region", flags.region, "Region [AWS_REGION, the profile's, the bucket's]");
  command.add_option("--endpoint", flags.endpoint_url,
                     "URL of an S3-compatible store [AWS_ENDPOINT_URL_S3, the profile's, AWS]");
  auto* const path = command.add_flag_callback(
      "--path-style", [&flags] { flags.addressing = aws::Addressing::path; },
      "Buckets stand in the path: https://host/bucket/key; for other stores than AWS the rule");
  command
      .add_flag_callback(
          "--virtual-host", [&flags] { flags.addressing = aws::Addressing::virtual_host; },
          "Buckets stand in the host's name: https://bucket.host/key; for AWS the rule")
      ->excludes(path);
}

void add_patience_flag(CLI::App& command, aws::AwsFlags& flags) {
  auto const be_patient = [&flags](std::string const& text) {
    auto const time = base::parse_duration(text, base::limits::longest_patience);
    if (!time)
      throw CLI::ValidationError("--patience", "a length of time up to 24h is wanted: 30s, 5min");
    flags.patience = *time;
  };
  command
      .add_option_function<std::string>(
          "--patience", be_patient,
          "How long to go on while the store is away or in trouble [5min]")
      ->type_name("TIME");
}

s3::ObjectName parse_s3_argument(std::string const& text) {
  try {
    return s3::parse_uri(text);
  } catch (base::Error const& error) {
    throw UsageError(error.what());
  }
}

aws::AwsSettings read_aws_settings(aws::AwsFlags const& flags) {
  return aws::find_aws_settings(flags, [](char const* name) -> std::optional<std::string> {
    char const* const value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
  });
}

S3Session::S3Session(net::Executor const& where, aws::AwsSettings const& settings,
                     std::uint64_t memory_bytes)
    : loop(where),
      tls(settings.ca_file),
      pool(loop, tls, all_networks()),
      parts(memory_bytes / 2),
      blocks(memory_bytes / 2, &parts),
      blocking(blocking_threads),
      store(std::make_shared<s3::S3Store>(shared, pool, aws::endpoint_of(settings),
                                          aws::Credentials())) {
  keep(shared.own, {settings.credentials, settings.credentials_expire_at});
  shared.own.set_ask([this, again = settings.find_credentials_again] {
    return ask_again(blocking, shared.own, again);
  });
  store->set_patience(s3::Patience(settings.patience, base::limits::first_answer_patience));
  shared.warn = [](std::string const& text) {
    fmt::print(stderr, "s3zipper: {}\n", base::visible(text));
  };
}

namespace {

struct Outcome {
  std::exception_ptr failure;
  std::promise<void> ended;
};

net::task<void> work_to_end(net::task<void> work, Outcome& outcome) {
  try {
    co_await std::move(work);
  } catch (...) {
    outcome.failure = std::current_exception();
  }
  outcome.ended.set_value();
}

}  // namespace

void run_with_s3(aws::AwsSettings const& settings, std::uint64_t memory_bytes,
                 std::function<net::task<void>(S3Session&)> const& work) {
  net::Runtime runtime(1);
  S3Session session(runtime.loops().front(), settings, memory_bytes);
  Outcome outcome;
  net::spawn_detached(session.loop, work_to_end(work(session), outcome), "command");
  outcome.ended.get_future().wait();
  runtime.stop();
  if (outcome.failure) std::rethrow_exception(outcome.failure);
}

}  // namespace cli
