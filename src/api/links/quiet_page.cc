#include "api/links/quiet_page.h"

#include "http/forms.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;

namespace {

constexpr std::string_view urlencoded = "application/x-www-form-urlencoded";
constexpr std::string_view multipart = "multipart/form-data";

// The only foreign text in it is the id, which monitor.cc has checked.
std::string page_of(std::string_view words, std::string_view request_id) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n<title>No download</title>\n"
      "<h1>No download</h1>\n<p>{}</p>\n<p>Request: <code>{}</code></p>\n</html>\n",
      words, request_id);
}

// The first type in Accept is the one that is meant; browsers begin with text/html.
Telling quiet_telling(std::string_view accept) {
  return accept.find("json") < accept.find("text/html") ? Telling::as_words : Telling::as_page;
}

}  // namespace

bool is_link(std::string_view path) {
  return path.starts_with("/stream/") || path.starts_with("/z/");
}

bool is_form(http::Request const& request) {
  std::string const type = http::media_type(request.headers.get("content-type"));
  return type == urlencoded || type == multipart;
}

Telling telling_of(http::Request const& request) {
  std::string_view const accept = request.headers.get("accept");
  if (is_link(request.path())) return quiet_telling(accept);
  bool const is_call = request.path() == "/api/streams" || request.path() == "/api/streams/";
  if (!is_call || request.method != "POST" || !is_form(request)) return Telling::in_full;
  // A page's form cannot set Authorization: a request that has it is a program of the owner's.
  bool const of_page = !request.headers.find("authorization");
  bool const told = accept.find("text/html") != std::string_view::npos ||
                    (of_page && accept.find("json") != std::string_view::npos);
  return told ? quiet_telling(accept) : Telling::in_full;
}

std::string_view full_words(base::Error const& error) {
  bool const inside = error.fault() == base::Fault::internal;
  return inside ? "an internal error; see the server's log" : error.message();
}

std::string_view general_words(int status) {
  switch (status) {
    case 400:
    case 413:
    case 415:
      return "This request cannot be used. Ask the sender of the link or the owner of the form.";
    case 401:
    case 403:
      return "This link or form is not valid, or may not be used for this.";
    case 404:
      return "There is nothing to download here. Ask the sender of the link or the owner of the "
             "form.";
    case 405:
      return "This is a link: it can be opened, and nothing else.";
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
      return "This download cannot be made just now. Try again in a few minutes.";
    case 409:
      return "What was to be downloaded has changed, or cannot be had as it is. Ask for a new "
             "link.";
    case 410:
      return "This link has ended. Ask for a new one.";
    default:
      return "Something went wrong on our side. Try again later.";
  }
}

std::string quiet_body(Telling telling, std::string_view request_id, http::Response& head) {
  std::string_view const words = general_words(head.status);
  if (telling == Telling::as_words) {
    head.headers.add("Content-Type", "application/json");
    return json::serialize(json::object{{"message", words}, {"requestId", request_id}});
  }
  head.headers.add("Content-Type", "text/html; charset=utf-8");
  return page_of(words, request_id);
}

}  // namespace api
