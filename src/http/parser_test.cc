#include "http/parser.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Parser, a_status_line_may_end_with_the_status) {
  std::string const head = "HTTP/1.1 206\r\nContent-Length: 3\r\nETag: x\r\n\r\n";
  Parser parser(Side::response);
  for (std::size_t size = 0; size < head.size(); ++size)
    ASSERT_EQ(parser.feed_head(head.substr(0, size)), 0U) << size;
  ASSERT_EQ(parser.feed_head(head + "abc"), head.size());
  EXPECT_EQ(parser.response().status, 206);
  EXPECT_EQ(parser.response().headers.get("etag"), "x");
  EXPECT_EQ(parser.content_length(), 3U);
  EXPECT_THROW(Parser(Side::response).feed_head("HTTP/1.1 2x6\r\n\r\n"), base::Error);
}

TEST(Parser, a_head_is_found_however_it_arrives) {
  std::string const head =
      "POST /v1/zipstart?a=b HTTP/1.1\r\nHost:x\r\nContent-Type:  text/plain \r\n"
      "Content-Length: 3\r\n\r\n";
  Parser parser(Side::request);
  for (std::size_t size = 0; size < head.size(); ++size) {
    ASSERT_EQ(parser.feed_head(head.substr(0, size)), 0U) << size;
  }
  ASSERT_EQ(parser.feed_head(head + "abcGET /"), head.size());
  Request const request = parser.request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path(), "/v1/zipstart");
  EXPECT_EQ(request.query(), "a=b");
  EXPECT_EQ(request.headers.get("host"), "x");
  EXPECT_EQ(request.headers.get("content-type"), "text/plain");
  EXPECT_EQ(parser.framing(), Framing::length);
  EXPECT_EQ(parser.content_length(), 3U);
  EXPECT_TRUE(parser.keep_alive());
}

TEST(Parser, a_body_ends_as_the_head_says) {
  auto framing = [](Side side, std::string_view head, bool answers_head = false) {
    Parser parser(side, answers_head);
    EXPECT_EQ(parser.feed_head(head), head.size());
    return parser.framing();
  };
  EXPECT_EQ(framing(Side::request, "GET / HTTP/1.1\r\n\r\n"), Framing::none);
  EXPECT_EQ(framing(Side::request, "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            Framing::chunked);
  EXPECT_EQ(framing(Side::response, "HTTP/1.1 200 OK\r\n\r\n"), Framing::until_close);
  EXPECT_EQ(framing(Side::response, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), Framing::none);
  EXPECT_EQ(framing(Side::response, "HTTP/1.1 204 No Content\r\n\r\n"), Framing::none);
  EXPECT_EQ(framing(Side::response, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true),
            Framing::none);
}

TEST(Parser, chunks_are_decoded_at_every_cut) {
  std::string const head = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string const body = "5;x=y\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    Parser parser(Side::request);
    ASSERT_EQ(parser.feed_head(head), head.size());
    std::string decoded;
    std::string pending = body.substr(0, cut);
    bool done = false;
    auto feed = [&] {
      for (;;) {
        char into[3];
        Parser::Decoded const step = parser.feed_chunked(pending, into);
        pending.erase(0, step.consumed);
        decoded.append(into, step.produced);
        done = step.done;
        if (done || step.produced == 0) return;
      }
    };
    feed();
    pending += body.substr(cut);
    if (!done) feed();
    EXPECT_EQ(decoded, "hello world") << cut;
    EXPECT_TRUE(done) << cut;
    EXPECT_EQ(pending, "") << cut;
  }
}

// The body comes byte by byte; unconsumed bytes come back with one more, as from a socket.
TEST(Parser, chunks_are_decoded_however_slowly_they_come) {
  for (std::string_view const body : {"0\r\n\r\n", "0;x\r\nT: t\r\n\r\n", "1\r\na\r\n0\r\n\r\n"}) {
    Parser parser(Side::request);
    std::string_view const head = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    ASSERT_EQ(parser.feed_head(head), head.size());
    std::string pending;
    std::string decoded;
    bool done = false;
    for (char const c : body) {
      ASSERT_FALSE(done);
      pending += c;
      char into[3];
      Parser::Decoded const step = parser.feed_chunked(pending, into);
      pending.erase(0, step.consumed);
      decoded.append(into, step.produced);
      done = step.done;
    }
    EXPECT_TRUE(done) << body;
    EXPECT_EQ(pending, "");
    EXPECT_EQ(decoded, body.starts_with("1") ? "a" : "");
  }
}

TEST(Parser, what_is_no_http_is_refused) {
  for (char const* wrong :
       {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n"}) {
    Parser parser(Side::request);
    EXPECT_THROW(parser.feed_head(wrong), base::Error) << wrong;
  }
}

// A proxy in front may see the end of each head elsewhere than this server.
TEST(Parser, a_head_whose_end_is_in_doubt_is_refused) {
  for (std::string const line : {"Content-Length:\r\n 5",
                                 "Content-Length: 5\r\n\t",
                                 "Content-Length: 5\r\n 0",
                                 "Transfer-Encoding:\r\n chunked",
                                 "Transfer-Encoding:\r\n\tchunked",
                                 "X: a\r\n Content-Length: 5",
                                 "X: a\r\n\tTransfer-Encoding: chunked",
                                 "X: a\r\n \r\nY: b",
                                 "Content-Length : 5",
                                 "Content-Length\t: 5",
                                 "Transfer-Encoding : chunked",
                                 "Host : a",
                                 " Content-Length: 5",
                                 "\tTransfer-Encoding: chunked",
                                 "Content-Length",
                                 ": 5",
                                 "Content-Length: 5\r\nContent-Length: 6",
                                 "Content-Length: 5, 6",
                                 "Content-Length: 5 5",
                                 "Content-Length: +5",
                                 "Content-Length: -5",
                                 "Content-Length: 0x5",
                                 "Content-Length: 5.",
                                 "Content-Length:",
                                 "Content-Length: \"5\"",
                                 "Content-Length: 18446744073709551621",
                                 "Content-Length: 5\r\nTransfer-Encoding: chunked",
                                 "Transfer-Encoding: chunked\r\nContent-Length: 5",
                                 "Content-Length: 5\nX: y",
                                 "X: a\rContent-Length: 5"}) {
    Parser parser(Side::request);
    std::string const head = "POST / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
    EXPECT_THROW(parser.feed_head(head), base::Error) << line;
    Parser first(Side::request);
    EXPECT_THROW(first.feed_head("POST / HTTP/1.1\r\n" + line + "\r\nHost: a\r\n\r\n"), base::Error)
        << line;
  }
}

TEST(Parser, what_only_looks_folded_is_taken) {
  Parser parser(Side::request);
  std::string const head = "POST / HTTP/1.1\r\nHost: \t a\r\nX:\r\n\r\n";
  EXPECT_EQ(parser.feed_head(head + " body"), head.size());
}

// Stores may fold: clients take a fold for a space (RFC 9112, 5.2).
TEST(Parser, a_folded_line_of_a_response_is_one) {
  Parser parser(Side::response);
  std::string const head = "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n";
  EXPECT_EQ(parser.feed_head(head), head.size());
  EXPECT_EQ(parser.response().headers.get("x"), "a b");
}

}  // namespace
}  // namespace http
