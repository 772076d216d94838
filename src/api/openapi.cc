#include "api/openapi.h"

#include <string>

#include <boost/json.hpp>

// The file, compiled in (cmake/EmbedText.cmake).
extern "C" unsigned char const openapi_json[];
extern "C" unsigned long const openapi_json_bytes;

namespace api {

namespace json = boost::json;

namespace {

std::string document_for(std::string const& path) {
  std::string text(reinterpret_cast<char const*>(openapi_json), openapi_json_bytes);
  if (path.empty()) return text;
  json::value document = json::parse(text);
  document.as_object()["servers"] = json::array{json::object{{"url", path}}};
  return json::serialize(document);
}

}  // namespace

net::task<void> get_openapi(Service const& service, http::Exchange& exchange) {
  http::Response head;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Cache-Control", "no-cache");
  std::string document = document_for(base_path(service, exchange));
  co_await exchange.respond(std::move(head), std::move(document));
}

}  // namespace api
