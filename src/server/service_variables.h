// Kubernetes gives each container variables that tell of the services beside it. If a service's
// name is this program's, or begins with it ("s3zipper-web"), they look like settings, and are
// none. Pure.
#pragma once

#include <string_view>

namespace server {

// S3ZIPPER_SERVICE_HOST, S3ZIPPER_PORT=tcp://…, S3ZIPPER_WEB_PORT_80_TCP_ADDR and so on: the names
// of https://kubernetes.io/docs/concepts/services-networking/service/, with values of their kind.
bool is_service_variable(std::string_view name, std::string_view value);

}  // namespace server
