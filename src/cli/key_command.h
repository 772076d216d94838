// `s3zipper key …`: the master keys of a database, and their change.
#pragma once

#include "server/config.h"

#include <string>

namespace cli {

// A new master key in a new file. Error{conflict} where the file exists.
void create_key(std::string const& path);
// The keys of key_files, and those that the database needs besides.
void list_keys(server::Config const& config);
// Seals all anew with the first key. Error{config} where a server runs that has another first key.
void rotate_keys(server::Config const& config);

}  // namespace cli
