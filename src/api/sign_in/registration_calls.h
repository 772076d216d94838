// How people get an account, and a password that they have forgotten: the calls of the site's
// pages.
#pragma once

#include "api/service.h"

namespace api {

// POST /setup: makes the first account, by the code that the server's log tells.
net::task<void> set_up(Service const& service, http::Exchange& exchange);
// POST /registration: makes an account, or posts a mail by which it is made.
net::task<void> register_account(Service const& service, http::Exchange& exchange);
// POST /registration/confirm: makes the account of a mail address, by the code that was posted.
net::task<void> confirm_account(Service const& service, http::Exchange& exchange);
// POST /registration/reset: posts a code to set another password.
net::task<void> ask_for_password(Service const& service, http::Exchange& exchange);
// POST /registration/password: sets another password, by such a code.
net::task<void> set_forgotten_password(Service const& service, http::Exchange& exchange);

}  // namespace api
