// Links that an application makes by itself: its account keeps AWS credentials at the server, and
// the application signs with its userSecret which objects may be downloaded.
// docs/guides/signed-links.md is the specification.
#pragma once

#include "api/service.h"
#include "base/secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// The fields of a link; all but the signature are signed.
struct SignedLink {
  std::string user_key;
  std::string bucket;
  std::string prefix;     // a folder, an object's key, or "/": the bucket
  std::string manifest;   // instead of a prefix: the key of a list; empty: there is none
  std::string file_name;  // ends in ".zip"
  base::UnixSeconds expires_at = 0;
  std::string own_zips = {};  // "exclude", "include"; empty: the link does not say
  std::string signature;      // as it came
  bool operator==(SignedLink const&) const = default;
};

// Parses a request's target /z/<userKey>/<bucket>/<name>.zip?prefix=…&exp=…&sig=…, or with
// manifest=… instead of prefix. nullopt for anything else: a field that is missing, comes twice or
// is unknown, a control character, no UTF-8.
std::optional<SignedLink> parse_signed_link(std::string_view path, std::string_view query);
// The text whose HMAC-SHA256 is the signature.
std::string text_to_sign(SignedLink const& link);
// The signature in lower-case hex.
std::string sign_link(SignedLink const& link, base::Secret const& user_secret);

// Answers GET and HEAD of such a link as of any other: the first makes the link.
// Error{forbidden} for a link that is not genuine, whatever the reason; {gone} for one whose time
// is over.
net::task<void> signed_download(Service const& service, http::Exchange& exchange);

}  // namespace api
