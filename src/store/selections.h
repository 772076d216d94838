// The entries of a job or link, its selection, in numbered, opaque chunks (see accounts.h for what
// holds for every call).
#pragma once

#include "net/task.h"
#include "store/records/hold.h"

#include <cstdint>
#include <optional>
#include <string>

namespace store {

class Selections {
 public:
  virtual ~Selections() = default;

  // Replaces a chunk of that number. False if the job or link is not this hold's any more.
  virtual net::task<bool> put(Hold hold, std::uint64_t index, std::string chunk) = 0;
  virtual net::task<std::optional<std::string>> get(std::string owner_id, std::uint64_t index) = 0;
};

}  // namespace store
