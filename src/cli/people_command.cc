#include "cli/people_command.h"

#include "accounts/password.h"
#include "api/admin/last_admin.h"
#include "api/sign_in/codes.h"
#include "base/error.h"
#include "base/service_limits.h"
#include "base/visible_text.h"
#include "cli/account_desk.h"
#include "cli/prompt.h"
#include "net/runtime.h"

#include <fmt/format.h>

namespace cli {

namespace limits = base::limits;
using accounts::CodeKind;
using base::Error;
using base::Fault;
using net::result_of;

namespace {

// The address that links begin with: the one that clients use, or the one on this machine.
std::string base_url(server::Config const& config) {
  if (!config.public_url.empty()) return config.public_url;
  bool const tls = !config.tls_certificate_file.empty();
  return fmt::format("{}://{}", tls ? "https" : "http", config.listen);
}

base::Secret add_code(AccountDesk& desk, CodeKind kind, std::string const& account_id,
                      std::chrono::seconds life) {
  accounts::Code code;
  code.kind = kind;
  code.account_id = account_id;
  return result_of(api::add_code(desk.store.sign_ins, std::move(code), life));
}

void print_link(server::Config const& config, AccountDesk& desk, CodeKind kind,
                std::string const& account_id, std::chrono::seconds life) {
  base::Secret const token = add_code(desk, kind, account_id, life);
  print(api::code_url(base_url(config), kind, token) + "\n");
}

accounts::Account find_active(AccountDesk& desk, std::string const& who) {
  accounts::Account account = desk.find(who);
  if (account.disabled)
    throw Error(Fault::conflict, fmt::format("{} is disabled", base::visible(account.name)));
  return account;
}

}  // namespace

void print_set_up_code(server::Config const& config) {
  AccountDesk desk(server::DataFolder::open_or_make(config));
  if (result_of(desk.store.accounts.is_any()))
    throw Error(Fault::conflict,
                "there are accounts; s3zipper account admin NAME makes one an administrator, and "
                "s3zipper account password NAME lets it sign in");
  base::Secret const token = add_code(desk, CodeKind::set_up, "", limits::set_up_code_life);
  print(fmt::format("{}\n", token.reveal()));
}

void print_invitation(server::Config const& config) {
  AccountDesk desk(server::DataFolder::open_or_make(config));
  print_link(config, desk, CodeKind::invitation, "", limits::invitation_life);
}

void print_password_link(server::Config const& config, std::string const& who) {
  AccountDesk desk(server::DataFolder::open(config));
  accounts::Account const account = find_active(desk, who);
  print_link(config, desk, CodeKind::password, account.id, limits::password_code_life);
}

void print_sign_in_link(server::Config const& config, std::string const& who) {
  AccountDesk desk(server::DataFolder::open(config));
  accounts::Account const account = find_active(desk, who);
  print_link(config, desk, CodeKind::sign_in, account.id, limits::sign_in_code_life);
}

void set_password(server::Config const& config, std::string const& who) {
  AccountDesk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  base::Secret const password = ask_secret("new password: ");
  accounts::check_password("the password", password);
  result_of(desk.store.accounts.set_password(account.id, accounts::hash_password(password)));
  net::run_to_end(desk.store.sign_ins.end_sessions(account.id, ""));
  print(fmt::format("{} has another password; whoever was signed in is signed out.\n",
                    base::visible(account.name)));
}

void set_admin(server::Config const& config, std::string const& who, bool remove) {
  AccountDesk desk(server::DataFolder::open(config));
  accounts::Account const account = desk.find(who);
  if (remove) net::run_to_end(api::check_is_not_last_admin(desk.store.accounts, account));
  result_of(desk.store.accounts.set_admin(account.id, !remove));
  print(fmt::format("{} {} an administrator.\n", base::visible(account.name),
                    remove ? "is no longer" : "is"));
}

}  // namespace cli
