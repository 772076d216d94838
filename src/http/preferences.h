// The preferences of a client in lists like that of Accept-Encoding: "br, gzip;q=0.5" (RFC 9110,
// 12.4.2). Pure.
#pragma once

#include <optional>
#include <string_view>

namespace http {

// The weight of a name in thousandths: 1000 where the list gives it none, 0 where it is not wanted
// or the weight is none. nullopt if the list does not have the name. Case makes no difference.
std::optional<int> weight_of(std::string_view name, std::string_view list);

}  // namespace http
