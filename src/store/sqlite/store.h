// The store in one SQLite file: nothing to install, one node.
//
// Erased credentials are out of reach at once, and out of the file and its log after the next
// remove_expired(), or when the store is opened or closed.
#pragma once

#include "base/limits.h"
#include "store/sealed_store.h"
#include "store/store.h"

#include <chrono>
#include <memory>
#include <string>

namespace store {

struct SqliteOptions {
  std::string path;
  // This process runs the jobs of the store: a second one that wants to is refused. Commands that
  // only look at or change rows leave it false.
  bool serving = false;
  // How long another process may hold the file's lock.
  std::chrono::milliseconds lock_timeout = base::limits::store_lock_timeout;
  // The bytes of the file that each connection keeps in memory.
  std::uint64_t cache_bytes = base::limits::store_cache_bytes;
};

// Whether a process runs the jobs of the store in this file.
bool is_served(std::string const& path);

class SqliteStore {
 public:
  // Opens the file, or makes it with mode 0600; an older schema is brought up to date.
  // Error{config} if the file cannot be used, is another program's, or of a newer version or one
  // from before the first release; {corrupt} if it is damaged; {unavailable} if it is locked or,
  // for serving, in use.
  explicit SqliteStore(SqliteOptions const& options);
  ~SqliteStore();  // finishes the calls under way
  SqliteStore(SqliteStore const&) = delete;
  SqliteStore& operator=(SqliteStore const&) = delete;

  Store const& store() const;
  SealedStore& sealed();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace store
