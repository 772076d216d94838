// How people come in and go: the calls of the site's pages on sessions. They are no part of the
// API.
#pragma once

#include "api/service.h"

namespace api {

// GET /session: what this server is, and whether the browser is signed in.
net::task<void> get_session(Service const& service, http::Exchange& exchange);
// POST /session: signs in with a name and password.
net::task<void> sign_in(Service const& service, http::Exchange& exchange);
// POST /session/link: signs in with a code that counts once.
net::task<void> sign_in_by_link(Service const& service, http::Exchange& exchange);
// DELETE /session: signs out.
net::task<void> sign_out(Service const& service, http::Exchange& exchange);

// Begins a session of the account in the caller's browser, and answers as GET /session.
net::task<void> answer_signed_in(Service const& service, http::Exchange& exchange,
                                 accounts::Account account);

}  // namespace api
