// Adds the names of bucket and key to errors of the parsers of replies, which do not know them.
#pragma once

#include "base/error.h"
#include "s3/messages/faults.h"

#include <string_view>

namespace s3 {

// The result of `parse` for a reply. `key`: an object's, or a prefix.
template <class Parse>
auto understood(std::string_view bucket, std::string_view key, Parse const& parse) {
  try {
    return parse();
  } catch (base::Error const& error) {
    throw base::with_context(shown(bucket, key), error);
  }
}

}  // namespace s3
