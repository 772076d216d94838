// The link: GET answers the archive while it is being made, from any offset. The URL is the secret;
// it names the link's row and a signature that only this server's key makes.
#pragma once

#include "api/service.h"

#include <string>
#include <string_view>
#include <vector>

namespace api {

// The URLs of a link's archives, one at least; `base` is base_url(). Each is
// <base>/stream/<uuid>/<signature>/<file name>; from the second archive on, <uuid>.<archive>. None
// for a link that a signed link made: that is its URL, and ends by rules of its own.
std::vector<std::string> link_urls(accounts::Keys const& keys, std::string_view base,
                                   store::Link const& link);

// An archive of a link.
struct LinkTarget {
  std::string link_id;
  std::size_t archive = 0;
};
// What a link's URL names, by its first two segments behind /stream/; Error{not_found} if this
// server has not made it.
LinkTarget parse_link_target(Service const& service, std::string_view target,
                             std::string_view signature);

// Answers GET and HEAD, with conditions; GET also with one or several ranges.
net::task<void> download(Service const& service, http::Exchange& exchange);

// The same for a link that is known; `more` goes into the answer's head.
net::task<void> send_download(Service const& service, http::Exchange& exchange, std::string link_id,
                              std::size_t archive, http::Headers more);

// The same for people who follow a link: the failure of its selection, perhaps long ago, is told as
// Error{forbidden}, {not_found}, {conflict} or {gone}, and as {unavailable} if it is listed again
// and that may help.
enum class AfterFailure { nothing, listed_again };
net::task<void> send_to_people(Service const& service, http::Exchange& exchange,
                               std::string link_id, std::size_t archive, AfterFailure after);

}  // namespace api
