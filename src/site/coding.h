// Bodies that are compressed for the way: which one a client gets. Pure.
#pragma once

#include <string>
#include <string_view>

namespace site {

enum class Coding { identity, gzip, brotli };

// As Content-Encoding spells it; "" for identity.
std::string_view name_of(Coding coding);

// The codings that there are of a body, besides identity.
struct Offered {
  bool gzip = false;
  bool brotli = false;
};

// What a client with this Accept-Encoding likes most; of equals the smaller one. A client that
// takes nothing of it, which hardly means it, gets identity.
Coding choose(std::string_view accept_encoding, Offered offered);

// The same bytes for the same text.
std::string gzip(std::string_view text);

}  // namespace site
