// Client, pool and server against each other over loopback sockets.
#include "base/error.h"
#include "http/pool.h"
#include "http/router.h"
#include "http/server.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls.h"

#include <gtest/gtest.h>

namespace http {
namespace {

net::task<void> echo(Exchange& exchange) {
  std::string body = co_await exchange.read_whole_body(1 << 20);
  Response head;
  co_await exchange.respond(std::move(head), std::move(body));
}

net::task<void> count_in_chunks(Exchange& exchange) {
  Response head;
  co_await exchange.start(std::move(head));
  for (std::string_view const piece : {"one ", "", "two ", "three"}) {
    std::string_view const pieces[] = {piece};
    co_await exchange.write(pieces);
  }
  co_await exchange.finish();
}

net::task<void> cut_short(Exchange& exchange) {
  Response head;
  head.headers.set("Content-Length", "100");
  co_await exchange.start(std::move(head));
  std::string_view const pieces[] = {"only this"};
  co_await exchange.write(pieces);
  throw base::Error(base::Fault::unavailable, "the source is gone");
}

std::pair<Response, std::string> plain_error(base::Error const& error, Request const&) {
  return {Response{base::traits(error.fault()).http_status, {}, {}}, error.what()};
}

class HttpTest : public testing::Test {
 protected:
  HttpTest()
      : server_(Router({{"POST", "/echo", echo},
                        {"GET", "/count", count_in_chunks},
                        {"GET", "/cut", cut_short}}),
                plain_error),
        listener_(runtime_.loops(), net::parse_address("127.0.0.1:0")) {
    auto serve = [this](std::unique_ptr<net::Stream> stream) {
      return server_.serve(std::move(stream));
    };
    net::spawn_detached(runtime_.loops().front(), listener_.run(serve), "listener");
  }
  ~HttpTest() override { listener_.stop(); }

  Origin origin() const { return {{"127.0.0.1", listener_.port()}}; }

  Server server_;
  net::TlsClient tls_;
  net::Runtime runtime_{1};
  net::Listener listener_;
};

Request request(std::string method, std::string target, std::size_t body_size = 0) {
  Request made{std::move(method), std::move(target), {}};
  made.headers.add("Host", "test");
  if (body_size > 0) made.headers.add("Content-Length", std::to_string(body_size));
  return made;
}

net::task<std::string> call(ConnectionPool& pool, Origin origin, Request asked,
                            std::string body = {}) {
  auto lease = co_await pool.acquire(origin);
  std::string_view const pieces[] = {body};
  Response const response = co_await lease->exchange(asked, pieces);
  std::string text = co_await lease->read_whole_body(1 << 20);
  co_return std::to_string(response.status) + " " + text;
}

net::task<void> many_calls(net::TlsClient const& tls, Origin origin) {
  ConnectionPool pool(co_await net::this_loop(), tls);
  std::string const big(500'000, 'b');
  EXPECT_EQ(co_await call(pool, origin, request("POST", "/echo", big.size()), big), "200 " + big);
  EXPECT_EQ(co_await call(pool, origin, request("GET", "/count")), "200 one two three");
  EXPECT_EQ(co_await call(pool, origin, request("HEAD", "/count")), "200 ");
  EXPECT_EQ(co_await call(pool, origin, request("GET", "/none")), "404 there is nothing at /none");
  EXPECT_EQ(co_await call(pool, origin, request("GET", "/echo")), "405 /echo does not take GET");
  EXPECT_EQ(pool.idle_count(), 1U) << "all calls go over one connection";
  auto const lease = co_await pool.acquire(origin);
  EXPECT_TRUE(lease.reused());
}
TEST_F(HttpTest, calls_share_a_kept_connection) {
  net::run_to_end(many_calls(tls_, origin()));
}

net::task<void> expect_continue(net::TlsClient const& tls, Origin origin) {
  ConnectionPool pool(co_await net::this_loop(), tls);
  Request asked = request("POST", "/echo", 4);
  asked.headers.add("Expect", "100-continue");
  EXPECT_EQ(co_await call(pool, origin, asked, "body"), "200 body");
  Request refused = request("POST", "/none", 4);
  refused.headers.add("Expect", "100-continue");
  EXPECT_EQ(co_await call(pool, origin, refused), "404 there is nothing at /none");
}
TEST_F(HttpTest, a_client_may_ask_before_it_sends_its_body) {
  net::run_to_end(expect_continue(tls_, origin()));
}

net::task<void> cut_answer(net::TlsClient const& tls, Origin origin) {
  ConnectionPool pool(co_await net::this_loop(), tls);
  try {
    co_await call(pool, origin, request("GET", "/cut"));
    ADD_FAILURE() << "a cut answer must not look whole";
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::disconnected);
  }
  EXPECT_EQ(pool.idle_count(), 0U);
}
TEST_F(HttpTest, an_answer_that_fails_midway_is_cut) {
  net::run_to_end(cut_answer(tls_, origin()));
}

net::task<void> too_large_body(net::TlsClient const& tls, Origin origin) {
  ConnectionPool pool(co_await net::this_loop(), tls);
  std::string const big((1 << 20) + 1, 'x');
  std::string const answer = co_await call(pool, origin, request("POST", "/echo", big.size()), big);
  EXPECT_EQ(answer, "413 the request body is over 1048576 bytes");
}
TEST_F(HttpTest, a_body_over_the_limit_is_refused_with_words) {
  net::run_to_end(too_large_body(tls_, origin()));
}

net::task<std::string> raw_exchange(Origin origin, std::string sent) {
  auto stream = co_await net::connect(origin.address);
  std::string_view const pieces[] = {sent};
  co_await stream->write(pieces);
  std::string answer;
  char buffer[4096];
  while (std::size_t const got = co_await stream->read_some(buffer)) answer.append(buffer, got);
  co_return answer;
}

net::task<void> raw_requests(Origin origin) {
  std::string const pipelined = co_await raw_exchange(
      origin,
      "POST /echo HTTP/1.1\r\nHost:x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost:x\r\nContent-Length:3\r\nConnection: close\r\n\r\ndef");
  EXPECT_LT(pipelined.find("\r\n\r\nabc"), pipelined.find("\r\n\r\ndef"));
  EXPECT_NE(pipelined.find("\r\n\r\ndef"), std::string::npos);
  std::string const old = co_await raw_exchange(origin, "GET /count HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.ends_with("\r\n\r\none two three")) << old;
  std::string const nonsense = co_await raw_exchange(origin, "nonsense\r\n\r\n");
  EXPECT_TRUE(nonsense.starts_with("HTTP/1.1 400 Bad Request\r\n")) << nonsense;
}
TEST_F(HttpTest, pipelining_http_1_0_and_nonsense) {
  net::run_to_end(raw_requests(origin()));
}

}  // namespace
}  // namespace http
