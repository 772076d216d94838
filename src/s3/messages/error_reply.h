// The error in a store's reply, as it is sent; faults.h tells its meaning. Pure.
#pragma once

#include "base/clock.h"
#include "http/message.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace s3 {

// The store's own account of an error.
struct ErrorReply {
  int status = 0;  // HTTP's; 200 for an error that came after the header was sent
  std::string code = {};
  std::string message = {};  // often empty; never to be parsed
  std::string request_id = {};
  std::string resource = {};
  std::string region = {};    // the bucket's region, if the reply tells it
  std::string endpoint = {};  // the bucket's host or address, if the reply tells it
  bool is_delete_marker = false;
  std::string bucket = {};
  std::string key = {};
  bool bare = false;  // only the status tells the code
  std::optional<std::chrono::seconds> retry_after = {};
  std::optional<base::UnixSeconds> date = {};  // the store's time
  bool operator==(ErrorReply const&) const = default;
};

// Whether the requested object is deleted: in a bucket that keeps versions a marker stands in its
// place (404), or the requested version is one (405).
bool is_delete_marker(http::Response const& response);

// The error in a reply: any status but 2xx, or <Error> in the body of a 200. `body` is the call's
// answer as XML: leave it empty for a GET that succeeded, whose body is a user's object. If the
// body has no code (HEAD, a proxy's HTML page), the code comes from the status.
std::optional<ErrorReply> find_error(http::Response const& response, std::string_view body);

}  // namespace s3
