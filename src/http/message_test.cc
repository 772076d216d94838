#include "http/message.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Message, heads_as_they_go_over_the_wire) {
  Request request{"POST", "/a?b", {}};
  request.headers.add("Host", "zip");
  request.headers.add("X-Name", "a: b");
  EXPECT_EQ(to_wire(request), "POST /a?b HTTP/1.1\r\nHost: zip\r\nX-Name: a: b\r\n\r\n");
  Response response{404, "", {}};
  EXPECT_EQ(to_wire(response), "HTTP/1.1 404 Not Found\r\n\r\n");
}

TEST(Message, of_a_path_what_may_be_shown) {
  EXPECT_EQ(shown_path("/v2/zipstart"), "/v2/zipstart");
  EXPECT_EQ(shown_path("/stream/id/secret/name"), "/stream/id");
  EXPECT_EQ(shown_path("/"), "/");
  EXPECT_EQ(shown_path(""), "");
}

TEST(Message, a_header_cannot_become_two) {
  for (std::string const& value : {std::string("a\r\nX-Evil: b"), std::string("a\nb"),
                                   std::string("a\rb"), std::string("a\0b", 3)}) {
    Request request;
    request.headers.add("X-Token", value);
    EXPECT_THROW(to_wire(request), base::Error);
    Response response;
    response.headers.add("Location", value);
    EXPECT_THROW(to_wire(response), base::Error);
  }
}

}  // namespace
}  // namespace http
