// Calls by which people look after their account: its password, its sessions, its end.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> put_password(Service const& service, http::Exchange& exchange);
net::task<void> list_sessions(Service const& service, http::Exchange& exchange);
net::task<void> end_session(Service const& service, http::Exchange& exchange);
net::task<void> delete_account(Service const& service, http::Exchange& exchange);

}  // namespace api
