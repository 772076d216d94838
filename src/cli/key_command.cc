#include "cli/key_command.h"

#include "accounts/key_file.h"
#include "base/clock.h"
#include "net/runtime.h"
#include "server/data_folder.h"
#include "store/erasing_clock.h"
#include "store/master_keys.h"
#include "store/sqlite/store.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>

#include <fmt/format.h>

namespace cli {
namespace {

void print(std::string const& text) {
  std::fputs(text.c_str(), stdout);
}

std::string fingerprint_of(std::string const& path) {
  return accounts::load_keys(std::span(&path, 1)).fingerprint();
}

}  // namespace

void create_key(std::string const& path) {
  accounts::create_key_file(path);
  print(fmt::format("{} {}\n", fingerprint_of(path), path));
}

void list_keys(server::Config const& config) {
  server::DataFolder folder = server::DataFolder::open(config);
  store::SqliteStore database({.path = folder.database()});
  print(fmt::format("{:<18} {:<8} {}\n", "fingerprint", "use", "file"));
  std::vector<std::string> const needed = database.sealed().master_keys();
  for (std::string const& path : server::key_paths(config)) {
    std::string const fingerprint = fingerprint_of(path);
    bool const is_needed = std::ranges::find(needed, fingerprint) != needed.end();
    bool const is_first = fingerprint == folder.keys().fingerprint();
    print(fmt::format("{:<18} {:<8} {}\n", fingerprint,
                      is_first    ? "seals"
                      : is_needed ? "opens"
                                  : "none",
                      path));
  }
  for (std::string const& fingerprint : needed) {
    if (!folder.keys().has_fingerprint(fingerprint))
      print(fmt::format("{:<18} {:<8} {}\n", fingerprint, "needed", "(not in key_files)"));
  }
}

void rotate_keys(server::Config const& config) {
  server::DataFolder folder = server::DataFolder::open(config);
  accounts::Keys keys = folder.take_keys();
  store::SqliteStore database({.path = folder.database()});
  store::Upkeep& upkeep = database.store().upkeep;
  net::run_to_end(server::check_keys_of_server(upkeep, folder.database(), keys));
  store::Rotation const rotation = store::rotate_keys(database.sealed(), keys, base::unix_now());
  // The values as they were sealed before are now out of the log, too.
  base::UnixSeconds const time = net::result_of(store::time_to_erase_by(upkeep, base::unix_now()));
  net::result_of(upkeep.remove_expired(time));
  print(fmt::format("{} sealed values are sealed with the master key {} now.\n", rotation.sealed,
                    keys.fingerprint()));
  for (std::string const& fingerprint : rotation.retired)
    print(fmt::format("The master key {} is needed no more: take its file out of key_files.\n",
                      fingerprint));
}

}  // namespace cli
