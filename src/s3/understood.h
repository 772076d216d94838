// Complaints of a reply that name what was asked for: what reads replies does not know it.
#pragma once

#include "base/error.h"
#include "s3/messages/faults.h"

#include <string_view>

namespace s3 {

// What `parse` makes of a reply. `key`: an object's, or a prefix.
template <class Parse>
auto understood(std::string_view bucket, std::string_view key, Parse const& parse) {
  try {
    return parse();
  } catch (base::Error const& error) {
    throw base::with_context(shown(bucket, key), error);
  }
}

}  // namespace s3
