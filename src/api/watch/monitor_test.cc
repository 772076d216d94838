#include "api/watch/monitor.h"

#include <set>

#include <gtest/gtest.h>

namespace api {
namespace {

// The id that a request gets if it came with `given`.
std::string id_for(std::string_view peer, std::string const& given) {
  static Monitor monitor;
  http::Request request;
  if (!given.empty()) request.headers.add("x-request-id", given);
  return watch(monitor, {net::parse_network("127.0.0.0/8")}).name(request, peer);
}

TEST(RequestId, of_a_trusted_proxy_is_taken_over_where_it_is_well_formed) {
  EXPECT_EQ(id_for("127.0.0.1:80", "a-B_3.4:/+=@"), "a-B_3.4:/+=@");
  EXPECT_EQ(id_for("127.0.0.1:80", " abc "), "abc");
  std::string const longest(128, 'x');
  EXPECT_EQ(id_for("127.0.0.1:80", longest), longest);
  for (std::string const& wrong : {longest + "x", std::string("a b"), std::string("a)"),
                                   std::string("a\"b"), std::string("\xC3\xA9")})
    EXPECT_NE(id_for("127.0.0.1:80", wrong), wrong);
}

TEST(RequestId, of_anyone_else_is_our_own) {
  EXPECT_NE(id_for("1.2.3.4:80", "abc"), "abc");
}

TEST(RequestId, is_another_for_each_request) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert(id_for("127.0.0.1:80", ""));
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_EQ(ids.begin()->size(), 32U);
}

}  // namespace
}  // namespace api
