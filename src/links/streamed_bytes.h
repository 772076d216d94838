// Counts the bytes that accounts' links have sent, until they are stored as usage: downloads end
// often, and each would be a transaction. A crash loses the bytes counted since the last minute.
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
  // Stores the counted bytes. Those that cannot be stored stay counted for the next time.
  net::task<void> store(store::Accounts& accounts);

 private:
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> bytes_;
};

}  // namespace links
