// `s3zipper account …`: who may ask for zips. Works on the database, whether the server runs or
// not.
#pragma once

#include "app/config.h"

#include <string>

namespace app {

void create_account(Config const& config, std::string const& name, bool as_json);
void list_accounts(Config const& config);
// `who`: a name or a userKey. Error{not_found} where there is none.
void rotate_account(Config const& config, std::string const& who, bool as_json);
void disable_account(Config const& config, std::string const& who);

}  // namespace app
