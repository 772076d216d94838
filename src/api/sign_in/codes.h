// Codes that count once: made, stored, and put into links to the site's pages.
#pragma once

#include "accounts/sign_in.h"
#include "base/secret.h"
#include "store/sign_ins.h"

#include <chrono>
#include <string>

namespace api {

// Stores the code, of which only the kind and its facts are given, and returns its token.
net::task<base::Secret> add_code(store::SignIns& sign_ins, accounts::Code code,
                                 std::chrono::seconds life);

// The page on which a code of this kind is redeemed. The token stands behind '#': browsers send it
// to no server, and no log has it.
std::string code_url(std::string const& base_url, accounts::CodeKind kind,
                     base::Secret const& token);

}  // namespace api
