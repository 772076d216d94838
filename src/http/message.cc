#include "http/message.h"

#include "base/error.h"
#include "base/text.h"
#include "http/no_reason.h"

#include <algorithm>

#include <fmt/format.h>

namespace http {
namespace {

constexpr std::size_t usual_head_bytes = 1024;

bool ends_line(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

void append_lines(std::string& out, Headers const& headers) {
  for (Field const& line : headers) {
    // A client may have chosen the text: it must not become a line, or a request, of its own.
    if (std::ranges::any_of(line.name, ends_line) || std::ranges::any_of(line.value, ends_line))
      throw base::Error(base::Fault::bad_input,
                        fmt::format("the header {} would hold a line's end", line.name));
    out += line.name;
    out += ": ";
    out += line.value;
    out += "\r\n";
  }
  out += "\r\n";
}

}  // namespace

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  add(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(lines_,
                [&](Field const& line) { return base::equals_ignoring_case(line.name, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (Field const& line : lines_) {
    if (base::equals_ignoring_case(line.name, name)) return line.value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Headers::find_uint(std::string_view name) const {
  auto const value = find(name);
  return value ? base::parse_uint(base::trim(*value)) : std::nullopt;
}

std::string_view Request::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view Request::query() const {
  std::size_t const mark = target.find('?');
  return mark == std::string::npos ? "" : std::string_view(target).substr(mark + 1);
}

std::string_view standard_reason(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "";
  }
}

std::string_view shown_path(std::string_view path) {
  std::size_t const second = path.find('/', 1);
  return path.substr(0, second == std::string_view::npos ? second : path.find('/', second + 1));
}

std::string to_wire(Request const& request) {
  std::string out;
  out.reserve(usual_head_bytes);
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  append_lines(out, request.headers);
  return out;
}

std::string to_wire(Response const& response) {
  std::string_view const reason =
      response.reason.empty() ? standard_reason(response.status) : response.reason;
  std::string out;
  out.reserve(usual_head_bytes);
  out.append("HTTP/1.1 ").append(std::to_string(response.status));
  if (reason != no_reason) out.append(" ").append(reason);
  out.append("\r\n");
  append_lines(out, response.headers);
  return out;
}

}  // namespace http
