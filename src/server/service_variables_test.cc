#include "server/service_variables.h"

#include <array>
#include <utility>

#include <gtest/gtest.h>

namespace server {
namespace {

using Variable = std::pair<char const*, char const*>;

TEST(ServiceVariables, are_those_of_kubernetes) {
  for (auto const& [name, value] : std::array{
           Variable{"S3ZIPPER_SERVICE_HOST", "10.0.0.1"}, Variable{"S3ZIPPER_SERVICE_PORT", "8080"},
           Variable{"S3ZIPPER_SERVICE_PORT_HTTP", "8080"},
           Variable{"S3ZIPPER_SERVICE_PORT_HTTP_METRICS", "9090"},
           Variable{"S3ZIPPER_PORT", "tcp://10.0.0.1:8080"},
           Variable{"S3ZIPPER_PORT_8080_TCP", "tcp://10.0.0.1:8080"},
           Variable{"S3ZIPPER_PORT_8080_TCP_PROTO", "tcp"},
           Variable{"S3ZIPPER_PORT_8080_TCP_PORT", "8080"},
           Variable{"S3ZIPPER_PORT_8080_TCP_ADDR", "10.0.0.1"},
           Variable{"S3ZIPPER_PORT_53_UDP", "udp://[fd00::1]:53"},
           Variable{"S3ZIPPER_PORT_53_SCTP_ADDR", "fd00::1"},
           Variable{"S3ZIPPER_WEB_SERVICE_HOST", "10.0.0.1"},
           Variable{"S3ZIPPER_WEB_SERVICE_PORT", "80"},
           Variable{"S3ZIPPER_WEB_PORT", "udp://10.0.0.1:80"},
           Variable{"S3ZIPPER_PORT_WEB_PORT_80_TCP_ADDR", "10.0.0.1"}})
    EXPECT_TRUE(is_service_variable(name, value)) << name << "=" << value;
}

TEST(ServiceVariables, are_no_settings_that_are_spelled_wrongly) {
  for (auto const& [name, value] : std::array{
           Variable{"S3ZIPPER_PORT", "8080"}, Variable{"S3ZIPPER_PORT", "http://h:1"},
           Variable{"S3ZIPPER_SERVICE_PORT", "http"}, Variable{"S3ZIPPER_HOST", "10.0.0.1"},
           Variable{"S3ZIPPER_PORT_8080", "8080"}, Variable{"S3ZIPPER_PORT_X_TCP", "tcp://h"},
           Variable{"S3ZIPPER_PORT_80_TCP", "80"}, Variable{"S3ZIPPER_PORT_80_TCP_X", "80"},
           Variable{"S3ZIPPER_SERVICE_PORTS", "80"}, Variable{"S3ZIPPER_LISTENS", "h:1"}})
    EXPECT_FALSE(is_service_variable(name, value)) << name << "=" << value;
}

}  // namespace
}  // namespace server
