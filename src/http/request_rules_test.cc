#include "http/request_rules.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace http {
namespace {

Request request(std::string target, std::vector<Field> const& lines = {{"Host", "zip"}},
                std::string method = "GET") {
  Request made{std::move(method), std::move(target), {}};
  for (Field const& line : lines) made.headers.add(line.name, line.value);
  return made;
}

TEST(RequestRules, an_absolute_target_becomes_a_path_and_its_host_wins) {
  struct Case {
    char const* target;
    char const* path;
    char const* host;
  };
  for (Case const& one :
       {Case{"/a?b=c", "/a?b=c", "zip"}, Case{"/", "/", "zip"},
        Case{"http://other:81/a?b=c", "/a?b=c", "other:81"}, Case{"HTTPS://other", "/", "other"},
        Case{"http://[::1]:8080?b", "/?b", "[::1]:8080"},
        Case{"/http://other/a", "/http://other/a", "zip"}}) {
    Request asked = request(one.target);
    check_request(asked, false);
    EXPECT_EQ(asked.target, one.path);
    EXPECT_EQ(asked.headers.get("host"), one.host);
  }
}

TEST(RequestRules, a_target_that_is_no_path_is_refused) {
  for (char const* target :
       {"", "a", "*", "zip:80", "http://", "http:///a", "http://u@zip/a", "ftp://zip/a", "?a=b"}) {
    Request asked = request(target);
    EXPECT_THROW(check_request(asked, false), base::Error) << target;
  }
  Request asked = request("*", {{"Host", "zip"}}, "OPTIONS");
  EXPECT_NO_THROW(check_request(asked, false));
}

TEST(RequestRules, there_is_one_host_and_it_is_one) {
  struct Case {
    std::vector<Field> lines;
    bool taken;
    bool taken_of_http_1_0;
  };
  for (Case const& one :
       {Case{{{"Host", "zip.example.com:8080"}}, true, true},
        Case{{{"host", "[fe80::1]:80"}}, true, true}, Case{{{"Host", ""}}, true, true},
        Case{{}, false, true}, Case{{{"Host", "a"}, {"HOST", "a"}}, false, false},
        Case{{{"Host", "a b"}}, false, false}, Case{{{"Host", "a/b"}}, false, false},
        Case{{{"Host", "a\"><b"}}, false, false}, Case{{{"Host", "a\xFF"}}, false, false}}) {
    for (bool const old : {false, true}) {
      Request asked = request("/", one.lines);
      if (old ? one.taken_of_http_1_0 : one.taken) {
        EXPECT_NO_THROW(check_request(asked, old)) << asked.headers.get("host");
      } else {
        EXPECT_THROW(check_request(asked, old), base::Error) << asked.headers.get("host");
      }
    }
  }
}

TEST(RequestRules, chunked_is_the_one_transfer_encoding) {
  for (char const* value : {"gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked",
                            "identity", "", "xchunked", "chunked;q=1"}) {
    Request asked = request("/", {{"Host", "a"}, {"Transfer-Encoding", value}});
    EXPECT_THROW(check_request(asked, false), base::Error) << value;
  }
  Request twice = request(
      "/", {{"Host", "a"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}});
  EXPECT_THROW(check_request(twice, false), base::Error);
  Request asked = request("/", {{"Host", "a"}, {"Transfer-Encoding", " Chunked"}});
  EXPECT_NO_THROW(check_request(asked, false));
  EXPECT_THROW(check_request(asked, true), base::Error) << "HTTP/1.0";
}

}  // namespace
}  // namespace http
