#include "api/links/error_url.h"

#include "api/links/quiet_page.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "http/url.h"

#include <exception>

#include <fmt/format.h>

namespace api {

using base::Error;
using base::Fault;

namespace {

// A failed look-up must not hide why the download failed.
net::task<void> set_failure_url(Service const& service, http::Exchange& exchange, FindOwner owner) {
  try {
    net::task<std::optional<accounts::Account>> finding = owner(service.store);
    std::optional<accounts::Account> const account = co_await std::move(finding);
    if (account && !account->disabled) exchange.set_failure_url(account->error_url);
  } catch (Error const& error) {
    base::log_warning(fmt::format("looking for an error URL: {}", error.what()),
                      {{"request_id", exchange.id()}});
  }
}

}  // namespace

std::string checked_error_url(std::string url) {
  try {
    http::parse_web_url(url, base::limits::max_error_url_bytes);
  } catch (Error const& error) {
    throw Error(error.fault(), fmt::format("errorUrl {}", error.what()));
  }
  return url;
}

bool may_be_sent_on(http::Request const& request) {
  if (telling_of(request) != Telling::as_page) return false;
  // Browsers say what a request is for; if a script makes it, no person sees the page.
  std::string_view const mode = request.headers.get("sec-fetch-mode");
  return !request.headers.find("range") && (mode.empty() || mode == "navigate");
}

std::string error_url_for(std::string_view url, int status, std::string_view request_id) {
  std::string_view separator = "?";
  if (url.find('?') != std::string_view::npos)
    separator = url.ends_with('?') || url.ends_with('&') ? "" : "&";
  return fmt::format("{}{}status={}&requestId={}", url, separator, status,
                     base::percent_encode(request_id));
}

http::Response see_error_url(std::string_view url, int status, std::string_view request_id) {
  http::Response head;
  head.status = 303;
  head.headers.add("Location", error_url_for(url, status, request_id));
  head.headers.add("Cache-Control", "no-store");
  return head;
}

FindOwner account_by_id(std::string id) {
  return [id = std::move(id)](store::Store const& store) {
    return store.accounts.find(store::AccountKey::id, id);
  };
}

net::task<void> with_error_url(Service const& service, http::Exchange& exchange, FindOwner owner,
                               net::task<void> answering) {
  std::exception_ptr failure;
  try {
    co_await std::move(answering);
  } catch (Error const& error) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  if (!exchange.started() && may_be_sent_on(exchange.request())) {
    net::task<void> looking = set_failure_url(service, exchange, std::move(owner));
    co_await std::move(looking);
  }
  std::rethrow_exception(failure);
}

}  // namespace api
