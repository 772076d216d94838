// `s3zipper key …`: the master keys of a database, and their change.
#pragma once

#include "server/config.h"

#include <string>

namespace cli {

// Makes a new master key in a new file. Error{conflict} if the file exists.
void create_key(std::string const& path);
// Lists the keys of key_files, and those that the database needs besides.
void list_keys(server::Config const& config);
// Seals all anew with the first key. Error{config} if a server runs that has another first key.
void rotate_keys(server::Config const& config);

}  // namespace cli
