// What accounts' links have sent, until it is stored as usage: downloads end often, and each would
// be a transaction. A crash loses what was counted since the last minute.
#pragma once

#include "store/store.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace links {

// Thread-safe.
class StreamedBytes {
 public:
  explicit StreamedBytes(store::JobStore& store) : store_(store) {}
  ~StreamedBytes();  // stores what is left
  StreamedBytes(StreamedBytes const&) = delete;
  StreamedBytes& operator=(StreamedBytes const&) = delete;

  void add(std::string const& account_id, std::uint64_t bytes);
  // Blocks. What cannot be stored is counted the next time.
  void store();

 private:
  store::JobStore& store_;
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> bytes_;
};

}  // namespace links
