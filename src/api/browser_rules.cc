#include "api/browser_rules.h"

namespace api {
namespace {

// A year, for this host and none below it: plain HTTP there may be another server's.
constexpr char const* https_only = "max-age=31536000";

}  // namespace

http::Headers browser_rules(bool tls) {
  http::Headers lines;
  lines.add("X-Content-Type-Options", "nosniff");
  // The old line and its successor: other sites' pages show nothing of ours in a frame. Downloads
  // that begin in a frame are not shown, and go on as they did.
  lines.add("X-Frame-Options", "DENY");
  lines.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (tls) lines.add("Strict-Transport-Security", https_only);
  return lines;
}

}  // namespace api
