#include "server/data_folder.h"

#include "accounts/key_file.h"
#include "base/error.h"
#include "store/sqlite/store.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace server {

using base::Error;
using base::Fault;

namespace {

constexpr mode_t private_mode = S_IRWXU;
constexpr char const* serving_key = "serving_key";

std::string database_path(std::string const& folder) {
  return folder + "/s3zipper.db";
}

// An empty file is left by a start that ended at once.
bool has_database(std::string const& folder) {
  std::error_code error;
  auto const size = std::filesystem::file_size(database_path(folder), error);
  if (!error) return size > 0;
  return std::filesystem::exists(std::filesystem::symlink_status(database_path(folder), error));
}

// The folders above it are made as the system makes folders.
void make_folder(std::string const& path, DataFolder::Notes& notes) {
  std::filesystem::path const parent = std::filesystem::absolute(path).parent_path();
  std::error_code error;
  if (!path.ends_with('/')) std::filesystem::create_directories(parent, error);
  if (path.ends_with('/')) std::filesystem::create_directories(parent.parent_path(), error);
  if (::mkdir(path.c_str(), private_mode) == 0) {
    notes.made.push_back(fmt::format("the folder {} was made", path));
    return;
  }
  if (errno != EEXIST)
    throw Error(Fault::config,
                fmt::format("data_dir {}: cannot be made: {}", path, std::strerror(errno)));
}

bool holds_only_ours(std::string const& path) {
  std::error_code error;
  for (auto const& entry : std::filesystem::directory_iterator(path, error)) {
    std::string const name = entry.path().filename().string();
    if (!name.starts_with("s3zipper.db") && !name.starts_with("master.key")) return false;
  }
  return !error;
}

// Other users are kept out of a folder that is ours alone. One that holds more may be meant for
// them.
void keep_private(std::string const& path, DataFolder::Notes& notes) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode))
    throw Error(Fault::config, fmt::format("data_dir {}: is no folder", path));
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  bool const is_ours = about.st_uid == ::geteuid() && holds_only_ours(path);
  if (is_ours && ::chmod(path.c_str(), private_mode) == 0) {
    notes.made.push_back(fmt::format("data_dir {}: its mode was {:04o}, and is 0700 now", path,
                                     about.st_mode & 07777));
    return;
  }
  notes.warning = fmt::format(
      "data_dir {}: others can look into it (mode {:04o}); give the database a folder of its own, "
      "or run: chmod 700 {}",
      path, about.st_mode & 07777, path);
}

}  // namespace

std::vector<std::string> key_paths(Config const& config) {
  if (!config.key_files.empty()) return config.key_files;
  return {config.data_dir + "/master.key"};
}

DataFolder DataFolder::open(Config const& config) {
  if (!has_database(config.data_dir))
    throw Error(Fault::config,
                fmt::format("there is no database {}; name its folder with --data-dir (only serve "
                            "and account create make one)",
                            database_path(config.data_dir)));
  Notes notes;
  keep_private(config.data_dir, notes);
  return {config.data_dir, accounts::load_keys(key_paths(config)), std::move(notes)};
}

DataFolder DataFolder::open_or_make(Config const& config) {
  if (has_database(config.data_dir)) return open(config);
  Notes notes;
  make_folder(config.data_dir, notes);
  keep_private(config.data_dir, notes);
  std::vector<std::string> const paths = key_paths(config);
  bool const has_key = std::filesystem::exists(paths.front());
  accounts::Keys keys = accounts::load_or_create_keys(paths);
  if (!has_key)
    notes.made.push_back(
        fmt::format("the master key {} was made; keep a copy of it, as nothing in the "
                    "database opens without it",
                    paths.front()));
  notes.made.push_back(fmt::format("the database {} was made", database_path(config.data_dir)));
  return {config.data_dir, std::move(keys), std::move(notes)};
}

net::task<void> note_serving_key(store::Upkeep& upkeep, accounts::Keys const& keys) {
  return upkeep.set_setting(serving_key, keys.fingerprint());
}

net::task<void> check_keys_of_server(store::Upkeep& upkeep, std::string database,
                                     accounts::Keys const& keys) {
  auto const serving = co_await upkeep.get_setting(serving_key);
  if (!serving || *serving == keys.fingerprint() || !store::is_served(database)) co_return;
  throw Error(Fault::config,
              fmt::format("the server that runs seals with the master key {}, and the first of "
                          "key_files is {}: start it anew with these key_files first",
                          *serving, keys.fingerprint()));
}

std::string DataFolder::database() const {
  return database_path(path_);
}

}  // namespace server
