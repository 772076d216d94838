#include "api/openapi.h"

#include <string>

// The file, compiled in (cmake/EmbedText.cmake).
extern "C" unsigned char const openapi_json[];
extern "C" unsigned long const openapi_json_bytes;

namespace api {

net::task<void> get_openapi(http::Exchange& exchange) {
  http::Response head;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Cache-Control", "no-cache");
  std::string document(reinterpret_cast<char const*>(openapi_json), openapi_json_bytes);
  co_await exchange.respond(std::move(head), std::move(document));
}

}  // namespace api
