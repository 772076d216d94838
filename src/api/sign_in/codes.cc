#include "api/sign_in/codes.h"

#include "base/clock.h"

#include <fmt/format.h>

namespace api {
namespace {

using accounts::CodeKind;

std::string_view page_of(CodeKind kind) {
  switch (kind) {
    case CodeKind::set_up:
      return "/setup";
    case CodeKind::invitation:
      return "/registration/register";
    case CodeKind::confirmation:
      return "/registration/confirm";
    case CodeKind::password:
      return "/registration/password";
    case CodeKind::sign_in:
      break;
  }
  return "/registration/link";
}

}  // namespace

net::task<base::Secret> add_code(store::SignIns& sign_ins, accounts::Code code,
                                 std::chrono::seconds life) {
  base::Secret token = accounts::new_token();
  code.token_hash = accounts::hash_token(token.reveal());
  code.expires_at = base::unix_now() + life.count();
  co_await sign_ins.add_code(std::move(code));
  co_return token;
}

std::string code_url(std::string const& base_url, CodeKind kind, base::Secret const& token) {
  return fmt::format("{}{}#{}", base_url, page_of(kind), token.reveal());
}

}  // namespace api
