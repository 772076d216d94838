// A token as a client sends it, on one line: none that we did not sign passes. Two lines are the
// header and the claims of one that is signed rightly: it passes with our algorithm only.
#include "accounts/tokens.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "fuzzer.h"

#include <algorithm>

namespace {

constexpr base::UnixSeconds now = 1'800'000'000;

accounts::Keys const& keys() {
  static base::Secret const masters[] = {base::Secret(std::string(32, 'm'))};
  static accounts::Keys const all(masters);
  return all;
}

bool passes(std::string_view token) {
  try {
    accounts::TokenClaims const claims = accounts::check_token(token, keys(), now);
    fuzz::require(claims.generation >= 1, "a key's generation counts from 1");
    return true;
  } catch (base::Error const& error) {
    fuzz::require(error.fault() == base::Fault::unauthorized, "a bad token is unauthorized");
    return false;
  }
}

std::string base64url(std::string_view text) {
  std::string out = base::base64(base::as_bytes(text));
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}

void run(std::string_view input) {
  fuzz::require(!passes(input), "a token that we did not sign does not pass");
  std::string const header(fuzz::take_line(input));
  std::string const text = base64url(header) + "." + base64url(input);
  base::Sha256 const mac = base::hmac_sha256(keys().token_key(0), text);
  std::string_view const signature(reinterpret_cast<char const*>(mac.data()), mac.size());
  if (passes(text + "." + base64url(signature)))
    fuzz::require(base::to_lower(header).find("hs256") != std::string::npos, "only HS256 passes");
}

fuzz::Registered const registered("account_token", run);

}  // namespace
