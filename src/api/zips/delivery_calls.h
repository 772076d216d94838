// Webhooks in the native API: the body of a delivery, its outcome, and the secret by which
// receivers know it.
#pragma once

#include "api/service.h"

#include <optional>
#include <string>

namespace api {

// GET /api/zips/{id}/deliveries, GET /api/streams/{id}/deliveries
net::task<void> list_zip_deliveries(Service const& service, http::Exchange& exchange);
net::task<void> list_link_deliveries(Service const& service, http::Exchange& exchange);
// GET /api/account/webhook-secret
net::task<void> get_webhook_secret(Service const& service, http::Exchange& exchange);

// The body of a delivery, for notify::Webhooks; nullopt if its zip or link is gone.
net::task<std::optional<std::string>> delivery_body(Service const& service,
                                                    store::Delivery const& delivery);

}  // namespace api
