#include "cli/command_line.h"

#include "base/error.h"
#include "base/visible_text.h"
#include "cli/account_command.h"
#include "cli/check_store_command.h"
#include "cli/clock_command.h"
#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/get_command.h"
#include "cli/key_command.h"
#include "cli/ls_command.h"
#include "cli/people_command.h"
#include "cli/zip/zip_command.h"
#include "server/config.h"
#include "server/serve.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace cli {
namespace {

constexpr char const* version = "s3zipper " S3ZIPPER_VERSION;
constexpr char const* config_file_name = "s3zipper.toml";

// The flags as they are given, before anything is done about them.
struct Arguments {
  std::string config_file;
  server::Values flags;
  std::string ready_file;
  std::string account;
  std::string key_name;
  std::string key_file;
  CredentialsCommand credentials;
  ErrorUrlCommand error_url;
  bool as_json = false;
  bool yes = false;
  bool remove = false;
  server::SandboxCommand sandbox;
};

void add_settings(CLI::App& command, Arguments& arguments) {
  command.add_option("--config", arguments.config_file,
                     fmt::format("TOML file; ./{} is read where it exists", config_file_name));
  for (server::Setting const& setting : server::settings()) {
    auto const keep = [&arguments, key = std::string(setting.key)](std::string const& value) {
      arguments.flags[key] = value;
    };
    command.add_option_function<std::string>(setting.flag(), keep,
                                             fmt::format("{} [{}]", setting.help, setting.example));
  }
}

// Later sources win.
server::Values merge(std::vector<server::Values> const& sources) {
  server::Values merged;
  for (server::Values const& source : sources) {
    for (auto const& [key, value] : source) merged.insert_or_assign(key, value);
  }
  return merged;
}

server::GivenSettings read_settings(Arguments const& arguments, char const* const* environment) {
  std::string file = arguments.config_file;
  if (char const* named = std::getenv("S3ZIPPER_CONFIG"); file.empty() && named != nullptr)
    file = named;
  if (file.empty() && std::filesystem::exists(config_file_name)) file = config_file_name;
  std::vector<server::Values> sources;
  if (!file.empty()) sources.push_back(server::read_config_file(file));
  sources.push_back(server::read_environment(environment));
  sources.push_back(arguments.flags);
  return {.values = merge(sources), .file = std::move(file)};
}

using Run = std::function<void()>;

void add_serve(CLI::App& app, Arguments& arguments, Run const& run) {
  CLI::App* const command = app.add_subcommand("serve", "Run the server");
  add_settings(*command, arguments);
  command->add_option("--ready-file", arguments.ready_file,
                      "Write the server's addresses here once it accepts connections");
  command->callback(run);
}

void add_credentials_flags(CLI::App& command, CredentialsCommand& credentials) {
  command.add_option("--profile", credentials.aws.profile,
                     "Profile that has the credentials [AWS_PROFILE, default]");
  command.add_option("--region", credentials.aws.region,
                     "Region [AWS_REGION, the profile's, the bucket's]");
  command.add_option("--endpoint", credentials.aws.endpoint_url,
                     "URL of their S3-compatible store [AWS_ENDPOINT_URL_S3, the profile's, the "
                     "server's s3.endpoint]");
  command.add_option("--bucket", credentials.buckets,
                     "The bucket that they are for; may be repeated [all]");
  command.add_flag("--remove", credentials.remove, "Erase the credentials that are kept");
}

void add_error_url_flags(CLI::App& command, ErrorUrlCommand& error_url) {
  command.add_option("url", error_url.url, "The http or https URL [it is shown]");
  command.add_flag("--remove", error_url.remove, "Send nobody anywhere: they get a page");
}

void add_account(CLI::App& app, Arguments& arguments,
                 std::vector<std::pair<std::string, Run>> const& runs) {
  CLI::App* const command =
      app.add_subcommand("account", "Manage the accounts that may ask for zips");
  command->require_subcommand(1);
  for (auto const& [name, run] : runs) {
    CLI::App* const action = command->add_subcommand(name);
    add_settings(*action, arguments);
    if (name != "list" && name != "setup-code" && name != "invite")
      action->add_option("name", arguments.account, "Name, or userKey")->required();
    if (name == "add-key") action->add_option("key", arguments.key_name, "Its name")->required();
    if (name == "create" || name == "rotate" || name == "add-key")
      action->add_flag("--json", arguments.as_json);
    if (name == "admin") action->add_flag("--remove", arguments.remove, "No longer");
    if (name == "credentials") add_credentials_flags(*action, arguments.credentials);
    if (name == "error-url") add_error_url_flags(*action, arguments.error_url);
    if (name == "delete") action->add_flag("-y,--yes", arguments.yes, "Do not ask");
    action->callback(run);
  }
  command->get_subcommand("create")->description("Make an account; shows its keys once");
  command->get_subcommand("list")->description("List all accounts");
  command->get_subcommand("rotate")->description("Give a key a new userSecret; ends the old");
  command->get_subcommand("add-key")->description("Give an account another key; shows it once");
  command->get_subcommand("setup-code")
      ->description("Print the code by which the first account is made at the site");
  command->get_subcommand("invite")->description("Print a link by which somebody may register");
  command->get_subcommand("password")->description("Set the password of an account at the site");
  command->get_subcommand("reset-password")
      ->description("Print a link by which an account's owner sets another password");
  command->get_subcommand("sign-in-link")
      ->description("Print a link that signs its holder in, once");
  command->get_subcommand("admin")->description("Make an account an administrator of the site");
  command->get_subcommand("credentials")
      ->description("Keep AWS credentials for an account's requests and the links that it signs");
  command->get_subcommand("error-url")
      ->description("Send visitors for whom a link of an account fails to a page of yours");
  command->get_subcommand("disable")->description("End an account, its tokens, links and jobs");
  command->get_subcommand("enable")->description("Have the keys of a disabled account work again");
  command->get_subcommand("delete")->description("Disable an account and erase what is kept of it");
}

void add_key(CLI::App& app, Arguments& arguments, std::function<server::Config()> const& config) {
  CLI::App* const command = app.add_subcommand("key", "Manage the master keys of a database");
  command->require_subcommand(1);
  CLI::App* const create = command->add_subcommand("create", "Make a new key in a new file");
  create->add_option("file", arguments.key_file, "The file")->required();
  create->callback([&arguments] { create_key(arguments.key_file); });
  CLI::App* const list = command->add_subcommand("list", "List the keys, and what they are for");
  add_settings(*list, arguments);
  list->callback([config] { list_keys(config()); });
  CLI::App* const rotate =
      command->add_subcommand("rotate", "Seal everything anew with the first of key_files");
  add_settings(*rotate, arguments);
  rotate->callback([config] { rotate_keys(config()); });
}

void add_clock(CLI::App& app, Arguments& arguments, std::function<server::Config()> const& config) {
  CLI::App* const command =
      app.add_subcommand("clock", "The clock by which a database's old things are erased");
  command->require_subcommand(1);
  CLI::App* const show = command->add_subcommand("show", "Say whether the server believes it");
  add_settings(*show, arguments);
  show->callback([config] { show_clock(config()); });
  CLI::App* const confirm =
      command->add_subcommand("confirm", "Say that it is right, where the server doubts it");
  add_settings(*confirm, arguments);
  confirm->callback([config] { confirm_clock(config()); });
}

void add_sandbox(CLI::App& app, Arguments& arguments) {
  server::SandboxCommand& sandbox = arguments.sandbox;
  CLI::App* const command =
      app.add_subcommand("sandbox", "Serve a folder as an S3 store, for trying and testing");
  command->add_option("--dir", sandbox.dir, "The folder; its folders are the buckets")->required();
  command->add_option("--listen", sandbox.listen, "Address [127.0.0.1:9000]");
  command->add_option("--region", sandbox.region, "[us-east-1]");
  command->add_option("--access-key", sandbox.access_key, "[sandbox]");
  command->add_option("--secret-key", sandbox.secret_key, "[sandbox-secret]");
  command->add_option("--virtual", sandbox.virtual_objects,
                      "BUCKET/KEY=SIZE: an object whose content is computed; may be repeated");
  command->add_option("--faults", sandbox.faults_file,
                      "TOML file of what goes wrong in the store; see docs/guides/sandbox.md");
  command
      ->add_option(
          "--quirks", sandbox.quirks,
          "NAME,…: how answers differ from S3's, in all buckets; see docs/guides/sandbox.md")
      ->delimiter(',');
  command->add_option("--ready-file", sandbox.ready_file,
                      "Write the store's address here once it accepts connections");
  command->callback([&sandbox] { server::serve_sandbox(sandbox); });
}

void add_config(CLI::App& app) {
  CLI::App* const command = app.add_subcommand("config", "Print an example s3zipper.toml");
  auto const as_table = std::make_shared<bool>(false);
  command->add_flag("--markdown", *as_table, "The settings as a table");
  command->callback([as_table] {
    std::fputs((*as_table ? server::settings_table() : server::example_file()).c_str(), stdout);
  });
}

// Whether the command that was given is a tool, whose exit codes are those of exit_code.h.
bool is_tool(CLI::App const& app) {
  constexpr std::array<std::string_view, 5> tools{"zip", "ls", "get", "check-store", "completion"};
  auto const given = app.get_subcommands();
  return !given.empty() && std::ranges::find(tools, given.front()->get_name()) != tools.end();
}

int exit_code_of(CLI::App const& app, base::Error const& error) {
  if (auto const* const interrupted = dynamic_cast<Interrupted const*>(&error))
    return exit_signal + interrupted->signal();
  if (dynamic_cast<UsageError const*>(&error) != nullptr) return exit_usage;
  return is_tool(app) ? exit_failure : base::traits(error.fault()).exit_code;
}

// An error's text may hold names and words of strangers.
void tell(std::exception const& error) {
  std::fprintf(stderr, "s3zipper: %s\n", base::visible(error.what()).c_str());
}

int run_parsed(CLI::App& app, int argument_count, char const* const* arguments) {
  try {
    app.parse(argument_count, arguments);
    return EXIT_SUCCESS;
  } catch (CLI::ParseError const& error) {
    constexpr int usage = 64;  // of sysexits.h
    if (app.exit(error) == 0) return EXIT_SUCCESS;
    return is_tool(app) ? exit_usage : usage;
  } catch (base::Error const& error) {
    tell(error);
    return exit_code_of(app, error);
  } catch (std::exception const& error) {
    tell(error);
    return is_tool(app) ? exit_failure : base::traits(base::Fault::internal).exit_code;
  }
}

}  // namespace

int run_command_line(int argument_count, char const* const* arguments,
                     char const* const* environment) {
  Arguments parsed;
  CLI::App app("Zips files that live in Amazon S3 or any S3-compatible store.", "s3zipper");
  app.require_subcommand(1);
  app.set_version_flag("--version", version);
  auto const read = [&] { return read_settings(parsed, environment); };
  auto const config = [&] { return server::make_config({read().values}); };
  add_serve(app, parsed, [&] { server::serve(read, parsed.ready_file); });
  add_account(
      app, parsed,
      {{"create", [&] { create_account(config(), parsed.account, parsed.as_json); }},
       {"list", [&] { list_accounts(config()); }},
       {"rotate", [&] { rotate_account(config(), parsed.account, parsed.as_json); }},
       {"add-key",
        [&] { add_account_key(config(), parsed.account, parsed.key_name, parsed.as_json); }},
       {"setup-code", [&] { print_set_up_code(config()); }},
       {"invite", [&] { print_invitation(config()); }},
       {"password", [&] { set_password(config(), parsed.account); }},
       {"reset-password", [&] { print_password_link(config(), parsed.account); }},
       {"sign-in-link", [&] { print_sign_in_link(config(), parsed.account); }},
       {"admin", [&] { set_admin(config(), parsed.account, parsed.remove); }},
       {"credentials",
        [&] { keep_account_credentials(config(), parsed.account, parsed.credentials); }},
       {"error-url", [&] { set_error_url(config(), parsed.account, parsed.error_url); }},
       {"disable", [&] { disable_account(config(), parsed.account); }},
       {"enable", [&] { enable_account(config(), parsed.account); }},
       {"delete", [&] { delete_account(config(), parsed.account, parsed.yes); }}});
  add_key(app, parsed, config);
  add_clock(app, parsed, config);
  add_zip_command(app);
  add_ls_command(app);
  add_get_command(app);
  add_check_store_command(app);
  add_completion_command(app);
  add_sandbox(app, parsed);
  add_config(app);
  app.add_subcommand("version", "Print the version")->callback([] { std::puts(version); });
  return run_parsed(app, argument_count, arguments);
}

}  // namespace cli
