// The folder of the database and the master key (data_dir). Only `serve` and `account create` make
// a database in it, and a master key only together with it: a key that is made beside a database
// opens nothing that is in there.
#pragma once

#include "accounts/keys.h"
#include "server/config.h"
#include "store/upkeep.h"

#include <cstdint>
#include <string>
#include <vector>

namespace server {

class DataFolder {
 public:
  // Opens the folder if it has a database; Error{config} names the database if there is none.
  static DataFolder open(Config const& config);
  // Makes folder and master key if there is no database yet.
  static DataFolder open_or_make(Config const& config);

  std::string database() const;
  accounts::Keys const& keys() const { return keys_; }
  accounts::Keys take_keys() { return std::move(keys_); }
  // The things that were made or changed, and the flaw of the folder: for a log or a terminal.
  struct Notes {
    std::vector<std::string> made;
    std::string warning;  // empty: none
  };
  Notes const& notes() const { return notes_; }

 private:
  DataFolder(std::string path, accounts::Keys keys, Notes notes)
      : path_(std::move(path)), keys_(std::move(keys)), notes_(std::move(notes)) {}

  std::string path_;
  accounts::Keys keys_;
  Notes notes_;
};

std::vector<std::string> key_paths(Config const& config);

// The server that runs on the database notes the key by which it seals, and other processes may
// write there with the same one only. Error{config} names both.
net::task<void> note_serving_key(store::Upkeep& upkeep, accounts::Keys const& keys);
net::task<void> check_keys_of_server(store::Upkeep& upkeep, std::string database,
                                     accounts::Keys const& keys);

}  // namespace server
