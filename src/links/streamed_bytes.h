// What accounts' links have sent, until it is stored as usage: downloads end often, and each would
// be a transaction. A crash loses what was counted since the last minute.
#pragma once

#include "store/accounts.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace links {

// Thread-safe.
class StreamedBytes {
 public:
  void add(std::string const& account_id, std::uint64_t bytes);
  // Stores what was counted. What cannot be stored is counted the next time.
  net::task<void> store(store::Accounts& accounts);

 private:
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> bytes_;
};

}  // namespace links
