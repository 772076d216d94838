// Counts what accounts and their links have sent, until it is stored: downloads end often, and each
// would be a transaction. A crash loses what was counted since the last minute.
#pragma once

#include "store/store.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace links {

// Thread-safe.
class Traffic {
 public:
  // Bytes that the account has sent, of whatever download.
  void add_bytes(std::string const& account_id, std::uint64_t bytes);
  // A download of one of its links, whose bytes are counted by add_bytes(), too.
  void add_download(std::string const& link_id, store::Downloads const& download);
  // Stores what was counted. What cannot be stored stays counted for the next time.
  net::task<void> store(store::Store const& store);

 private:
  struct Counts {
    std::map<std::string, std::uint64_t> bytes;         // by account
    std::map<std::string, store::Downloads> downloads;  // by link
  };
  static net::task<void> store_some(store::Store const& store, Counts& counts);

  std::mutex mutex_;
  Counts counts_;
};

}  // namespace links
