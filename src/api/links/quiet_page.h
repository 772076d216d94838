// The answer to people who follow a link or send a form, if there is no zip for them: general words
// and the request's id, by which the operator finds the cause in the log. They are not the
// account's owner, so that buckets, keys and the object store are nothing for their eyes; the owner
// reads the cause in the API. Pure.
#pragma once

#include "base/error.h"
#include "http/message.h"

#include <string>
#include <string_view>

namespace api {

// How an error is told.
enum class Telling {
  in_full,   // to programs of the account's owner, as JSON
  as_page,   // in general words, as HTML
  as_words,  // in general words, as JSON
};

bool is_link(std::string_view path);
Telling telling_of(http::Request const& request);

// The words for the account's owner. Internal errors are for the log, not for strangers.
std::string_view full_words(base::Error const& error);
std::string_view general_words(int status);
// Returns the body, and adds its type to `head`.
std::string quiet_body(Telling telling, std::string_view request_id, http::Response& head);

// Whether the body is a form, as browsers send it.
bool is_form(http::Request const& request);

}  // namespace api
