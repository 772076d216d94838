#include "server/service_variables.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace server {
namespace {

constexpr std::array<std::string_view, 3> protocols{"TCP", "UDP", "SCTP"};

bool is_number(std::string_view text) {
  return base::parse_uint(text).has_value();
}

// "tcp://10.0.0.1:80"
bool is_place(std::string_view value) {
  std::string_view const protocol = value.substr(0, value.find("://"));
  return protocol.size() < value.size() &&
         std::ranges::any_of(
             protocols, [&](auto one) { return base::equals_ignoring_case(one, protocol); });
}

// Whether `rest`, behind "…_PORT_", is "80_TCP", or "80_TCP_" with PROTO, PORT or ADDR.
bool tells_of_a_port(std::string_view rest, std::string_view value) {
  std::vector<std::string_view> const words = base::split(rest, '_');
  bool const known = words.size() >= 2 && is_number(words[0]) &&
                     std::ranges::find(protocols, words[1]) != protocols.end();
  if (!known || words.size() > 3) return false;
  if (words.size() == 2) return is_place(value);
  return words[2] == "PROTO" || words[2] == "ADDR" || (words[2] == "PORT" && is_number(value));
}

}  // namespace

bool is_service_variable(std::string_view name, std::string_view value) {
  if (name.ends_with("_SERVICE_HOST")) return true;
  if (name.ends_with("_PORT") && is_place(value)) return true;
  constexpr std::string_view named_port = "_SERVICE_PORT";  // of the service, or "_HTTP" behind it
  std::size_t const service = name.rfind(named_port);
  if (service != name.npos) {
    std::string_view const rest = name.substr(service + named_port.size());
    return (rest.empty() || rest.starts_with('_')) && is_number(value);
  }
  constexpr std::string_view port = "_PORT_";
  for (std::size_t at = name.find(port); at != name.npos; at = name.find(port, at + 1)) {
    if (tells_of_a_port(name.substr(at + port.size()), value)) return true;
  }
  return false;
}

}  // namespace server
