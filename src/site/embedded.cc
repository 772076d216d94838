#include "site/embedded.h"

// Both are defined by embedded_bytes.c, which only a program with the site holds: tests, and
// programs without it, need no npm.
extern "C" {
[[gnu::weak]] extern char const s3zipper_site[];
[[gnu::weak]] extern char const s3zipper_site_end[];
}

namespace site {

std::string_view embedded() {
  if (s3zipper_site == nullptr) return {};
  return {s3zipper_site, s3zipper_site_end};
}

}  // namespace site
