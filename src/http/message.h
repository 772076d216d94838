// An HTTP/1.1 message's head as plain data: a client's request, a server's answer. Bodies pass
// through spans of the caller's.
#pragma once

#include "http/field.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// Field lines in the order they were added; the case of names is ignored.
class Headers {
 public:
  void reserve(std::size_t lines) { lines_.reserve(lines); }
  void add(std::string name, std::string value) {
    lines_.push_back({std::move(name), std::move(value)});
  }
  void set(std::string_view name, std::string value);  // replaces all lines of that name
  void remove(std::string_view name);
  // The value of the first line of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view get(std::string_view name) const { return find(name).value_or(""); }
  std::optional<std::uint64_t> find_uint(std::string_view name) const;

  auto begin() const { return lines_.begin(); }
  auto end() const { return lines_.end(); }
  std::size_t size() const { return lines_.size(); }
  bool operator==(Headers const&) const = default;

 private:
  std::vector<Field> lines_;
};

struct Request {
  std::string method = "GET";
  std::string target = "/";  // path and query as they stand on the wire, percent-encoded
  Headers headers;

  std::string_view path() const;   // of the target, still encoded
  std::string_view query() const;  // behind the '?', still encoded; empty where there is none
};

struct Response {
  int status = 200;
  std::string reason;  // empty: the standard phrase is written
  Headers headers;
};

std::string_view standard_reason(int status);

// A path's first two segments, for logs and messages: a link has its secret further on.
std::string_view shown_path(std::string_view path);

// The head as sent, with the empty line. Error{bad_input} if a header line holds CR, LF or NUL.
std::string to_wire(Request const& request);
std::string to_wire(Response const& response);

}  // namespace http
