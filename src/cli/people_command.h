// `s3zipper account …` for people who use the site: how they come to have an account, and how they
// sign in. Each prints a link to a page of the server, or a code, which counts once. They work on
// the database, whether the server runs or not.
#pragma once

#include "server/config.h"

#include <string>

namespace cli {

// A code by which the first account is made at the site.
void print_set_up_code(server::Config const& config);
// A link by which somebody may register.
void print_invitation(server::Config const& config);
// A link by which the account's owner sets another password. `who`: a name or a userKey.
void print_password_link(server::Config const& config, std::string const& who);
// A link that signs its holder in.
void print_sign_in_link(server::Config const& config, std::string const& who);
// Sets the password, which is asked for.
void set_password(server::Config const& config, std::string const& who);
// Makes the account an administrator of the site, or no longer one.
void set_admin(server::Config const& config, std::string const& who, bool remove);

}  // namespace cli
