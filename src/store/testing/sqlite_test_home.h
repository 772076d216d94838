// For tests: a folder of its own with an SQLite store in it, removed at the end.
#pragma once

#include "base/random.h"
#include "store/sqlite/store.h"

#include <filesystem>
#include <memory>
#include <string>

namespace store {

class SqliteTestHome {
 public:
  SqliteTestHome()
      : folder_(std::filesystem::temp_directory_path() /
                ("s3zipper-store-" + base::random_uuid())) {
    std::filesystem::create_directory(folder_);
  }
  SqliteTestHome(SqliteTestHome const&) = delete;
  SqliteTestHome& operator=(SqliteTestHome const&) = delete;
  ~SqliteTestHome() { std::filesystem::remove_all(folder_); }

  std::filesystem::path const& folder() const { return folder_; }
  std::string path() const { return (folder_ / "s3zipper.db").string(); }
  std::unique_ptr<SqliteStore> open() const {
    SqliteOptions const options{.path = path()};
    return std::make_unique<SqliteStore>(options);
  }

 private:
  std::filesystem::path const folder_;
};

}  // namespace store
