// The native API's calls about zips and links (its streams): create, list, look at, end. All but
// the first see only the caller's own zips and links: another account's is not found.
#pragma once

#include "api/service.h"

#include <string>

namespace api {

// POST /api/zips, POST /api/zips/{id}/cancel, GET /api/zips, GET /api/zips/{id}
net::task<void> create_zip(Service const& service, http::Exchange& exchange);
net::task<void> list_zips(Service const& service, http::Exchange& exchange);
net::task<void> cancel_zip(Service const& service, http::Exchange& exchange);
net::task<void> get_zip(Service const& service, http::Exchange& exchange);

// POST /api/streams, GET /api/streams, GET /api/streams/{id}, POST /api/streams/{id}/revoke
net::task<void> create_link(Service const& service, http::Exchange& exchange);
net::task<void> list_links(Service const& service, http::Exchange& exchange);
net::task<void> get_link(Service const& service, http::Exchange& exchange);
net::task<void> revoke_link(Service const& service, http::Exchange& exchange);

// The caller's own job or link; Error{not_found} for any other.
net::task<store::Job> find_own_job(Service const& service, accounts::Account const& account,
                                   std::string id);
net::task<store::Job> find_own_whole_job(Service const& service, accounts::Account const& account,
                                         std::string id);  // with its request
net::task<store::Link> find_own_link(Service const& service, accounts::Account const& account,
                                     std::string id);

}  // namespace api
