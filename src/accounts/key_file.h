// Master keys in files: one key a file, one line of text,
//
//     s3zipper-key-1:<64 hex digits>
//
// which only its owner can read. Without it nothing opens that was sealed with it.
#pragma once

#include "accounts/keys.h"

#include <span>
#include <string>

namespace accounts {

// The keys of all `paths`, which exist; the first seals. Error{config} names a file that is
// missing, malformed or readable by others.
Keys load_keys(std::span<std::string const> paths);

// A new key in a new file, as below. Error{conflict} if the file exists.
void create_key_file(std::string const& path);

// The same, but the first file is made with a new key if it does not exist: with mode 0600, whole
// or not at all, and never over another process's.
Keys load_or_create_keys(std::span<std::string const> paths);

}  // namespace accounts
