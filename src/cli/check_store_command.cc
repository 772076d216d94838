#include "cli/check_store_command.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "base/visible_text.h"
#include "cli/exit_code.h"
#include "cli/s3_session.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "s3/check/store_check.h"
#include "s3/uri.h"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

namespace cli {

using base::Error;
using base::Fault;

namespace {

struct CheckStoreCommand {
  aws::AwsFlags aws;
  std::string where;
  bool json = false;
};

std::string row_of(s3::Finding const& finding) {
  std::string_view const verdict = finding.works ? "yes" : finding.needed ? "NO" : "no";
  return fmt::format("{:<32} {:<4} {}\n", finding.ability, verdict,
                     finding.works ? std::string(finding.use) : base::visible(finding.note));
}

std::string json_of(s3::Finding const& finding) {
  boost::json::object const fields{{"ability", finding.ability},
                                   {"use", finding.use},
                                   {"needed", finding.needed},
                                   {"works", finding.works},
                                   {"note", base::to_utf8(finding.note)}};
  return base::visible_json(boost::json::serialize(fields)) + "\n";
}

std::string key_prefix(std::string const& where) {
  std::string prefix = s3::parse_uri(where).key;
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return prefix;
}

// Ctrl-C ends the check between two calls, so that all objects to be removed are known. While they
// are removed it changes nothing but the exit status.
net::task<void> stop_on_signal(s3::Prober& prober, bool const& cleaning, int& signal) {
  signal = co_await net::wait_for_stop_or_hangup();
  if (!cleaning) prober.stop();
}

net::task<void> check_store(S3Session& session, aws::AwsSettings const& settings,
                            CheckStoreCommand const& command) {
  s3::Prober prober(session.shared, session.pool, aws::endpoint_of(settings), settings.credentials,
                    s3::parse_uri(command.where).bucket);
  s3::StoreCheck check(prober, key_prefix(command.where));
  std::size_t lacking = 0;
  auto const tell = [&](s3::Finding const& finding) {
    lacking += finding.needed && !finding.works ? 1 : 0;
    std::fputs((command.json ? json_of(finding) : row_of(finding)).c_str(), stdout);
    std::fflush(stdout);
  };
  int signal = 0;
  bool cleaning = false;
  net::TaskGroup watching(session.loop);
  watching.spawn(stop_on_signal(prober, cleaning, signal));
  std::exception_ptr failure;
  try {
    co_await check.run(tell);
  } catch (...) {
    failure = std::current_exception();
  }
  cleaning = true;
  prober.go_on();
  std::vector<std::string> const left = co_await check.clean_up();
  for (std::string const& what : left)
    fmt::print(stderr, "s3zipper: could not be removed: {}\n", base::visible(what));
  watching.cancel();
  while (watching.running() > 0) co_await watching.wait_one();
  if (signal != 0) throw Interrupted(signal);
  if (failure) std::rethrow_exception(failure);
  if (!left.empty()) throw Error(Fault::unavailable, "something of the check is left in the store");
  if (lacking > 0) {
    throw Error(Fault::unavailable,
                fmt::format("the store lacks {} of the abilities that zips need", lacking));
  }
}

void run_check_store(CheckStoreCommand const& command) {
  parse_s3_argument(command.where);
  base::set_log_level("error");
  aws::AwsSettings const settings = read_aws_settings(command.aws);
  run_with_s3(settings, base::limits::default_budget_bytes,
              [&](S3Session& session) { return check_store(session, settings, command); });
}

}  // namespace

void add_check_store_command(CLI::App& app) {
  auto const check = std::make_shared<CheckStoreCommand>();
  CLI::App* const command = app.add_subcommand(
      "check-store", "Find out what an S3 store can do, by trying; leaves nothing behind");
  command->add_option("prefix", check->where, "s3://bucket/prefix to try things below")->required();
  command->add_flag("--json", check->json, "A JSON object a line");
  add_aws_flags(*command, check->aws);
  command->callback([check] { run_check_store(*check); });
}

}  // namespace cli
