// The native API's calls about the account that asks: its name and keys, a new userSecret, the AWS
// credentials that it keeps here, the error URL of its links, and its usage.
#pragma once

#include "api/service.h"

namespace api {

net::task<void> get_account(Service const& service, http::Exchange& exchange);
net::task<void> rotate_account(Service const& service, http::Exchange& exchange);
net::task<void> keep_credentials(Service const& service, http::Exchange& exchange);
net::task<void> erase_credentials(Service const& service, http::Exchange& exchange);
net::task<void> put_error_url(Service const& service, http::Exchange& exchange);
net::task<void> delete_error_url(Service const& service, http::Exchange& exchange);
net::task<void> get_usage(Service const& service, http::Exchange& exchange);

}  // namespace api
