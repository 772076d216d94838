// An account's error URL: people are sent there, instead of to the quiet page, if a link or form of
// the account fails. It is told the status and the request's id, nothing of bucket, key or cause.
#pragma once

#include "accounts/account.h"
#include "api/service.h"
#include "http/message.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// The URL as it came. Error{bad_input}, which names errorUrl, for a text that is no URL of the web.
std::string checked_error_url(std::string url);

// Whether a person follows a link or sends a form: a program that goes on with a download, or a
// script, would take the page behind the URL for the answer.
bool may_be_sent_on(http::Request const& request);

// The URL with status and request id added to its query.
std::string error_url_for(std::string_view url, int status, std::string_view request_id);

// The answer that leads there.
http::Response see_error_url(std::string_view url, int status, std::string_view request_id);

// Answers a link or form; the exchange's failure URL is the error URL of the account that `owner`
// finds, should that fail before the first byte. Nothing is looked up otherwise. Accounts that are
// disabled have none: the operator has ended them, and their pages with them.
using FindOwner =
    std::function<net::task<std::optional<accounts::Account>>(store::Store const& store)>;
FindOwner account_by_id(std::string id);
net::task<void> with_error_url(Service const& service, http::Exchange& exchange, FindOwner owner,
                               net::task<void> answering);

}  // namespace api
