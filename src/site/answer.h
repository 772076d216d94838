// What a request for a file of the site is answered. Pure.
#pragma once

#include "http/message.h"
#include "site/bundle.h"

#include <string>
#include <string_view>

namespace site {

struct Answer {
  http::Response head;
  std::string_view packed;  // a body that lies in the bundle
  std::string made;         // or else one that was made for this answer

  std::string_view body() const { return made.empty() ? packed : made; }
};

struct Asked {
  http::Request const& request;  // without the prefix in its path
  std::string prefix;            // the client sees the server below it: "" or "/zips"
  // Browsers take the server's address for trustworthy, that is https or their own machine.
  bool is_trusted = true;
};

// A file, in the coding that the client likes most; 304 if it has the file already.
// `status`: 404 where a page stands for one that does not exist.
Answer answer_with(File const& file, Asked const& asked, int status = 200);

// The answers to GET and HEAD of a path. A page's address has no slash at its end, as its links are
// relative to it: with one, the answer leads to the address without. Error{not_found}, which is
// told in JSON, where no page is. A path of /assets/: a file, never a page, as the client takes
// what comes for a script.
Answer answer_asset(Bundle const& bundle, Asked const& asked);
// A path that is known to be a page: its own page, or else the one that draws all others.
Answer answer_page(Bundle const& bundle, Asked const& asked);
// A path of which only the bundle knows: its file or page, or else, for people, the page that says
// that there is none. Never a page for a path of the API, nor for another method.
Answer answer_elsewhere(Bundle const& bundle, Asked const& asked);

// Whether the path is one of the API's, whatever is there.
bool is_of_api(std::string_view path);

}  // namespace site
