// Calls for administrators: the accounts of this server, and what it does just now.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> list_accounts(Service const& service, http::Exchange& exchange);
net::task<void> disable_account(Service const& service, http::Exchange& exchange);
net::task<void> enable_account(Service const& service, http::Exchange& exchange);
net::task<void> delete_account_of(Service const& service, http::Exchange& exchange);
// Answers a link by which the account's owner sets another password.
net::task<void> reset_password(Service const& service, http::Exchange& exchange);
// Answers a link by which somebody may register.
net::task<void> invite(Service const& service, http::Exchange& exchange);
net::task<void> get_system(Service const& service, http::Exchange& exchange);

}  // namespace api
