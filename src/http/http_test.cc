// Client, pool and server against each other over loopback sockets.
#include "base/error.h"
#include "http/pool.h"
#include "http/router.h"
#include "http/server.h"
#include "net/deadline.h"
#include "net/latch.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls.h"

#include <mutex>

#include <fmt/format.h>
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

std::pair<Response, std::string> plain_error(base::Error const& error, Exchange const&) {
  return {Response{base::traits(error.fault()).http_status, {}, {}}, error.what()};
}

net::task<void> tell_parameters(Exchange& exchange) {
  std::string text = path_parameter(exchange, "id") + "|" + path_parameter(exchange, "*");
  co_await exchange.respond(Response(), std::move(text));
}

net::task<void> wait_for_the_stop(Exchange& exchange) {
  std::vector<net::Latch*> const stopping{&exchange.stopping()};
  co_await net::wait_any(stopping, std::chrono::hours(1));
  throw base::Cancelled();
}

class HttpTest : public testing::Test {
 protected:
  explicit HttpTest(ServerOptions options = {}, Handler otherwise = {})
      : server_(Router({{"POST", "/echo", echo},
                        {"GET", "/count", count_in_chunks},
                        {"GET", "/cut", cut_short},
                        {"GET", "/of/{id}/all", count_in_chunks},
                        {"GET", "/of/{id}/all/*", tell_parameters},
                        {"GET", "/wait", wait_for_the_stop}},
                       std::move(otherwise)),
                plain_error, std::move(options)),
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
  EXPECT_EQ(co_await call(pool, origin, request("GET", "/of/7/all/")), "200 one two three");
  EXPECT_EQ(co_await call(pool, origin, request("GET", "/of/7/all/a%20b//%2F?x")), "200 7|a b///");
  EXPECT_EQ(co_await call(pool, origin, request("GET", "/of/7/each/a")),
            "404 there is nothing at /of/7");
  EXPECT_EQ(pool.idle_count(), 1U) << "all calls go over one connection";
  auto const lease = co_await pool.acquire(origin);
  EXPECT_TRUE(lease.reused());
  EXPECT_EQ(pool.idle_count(), 0U);
  auto const another = co_await pool.acquire(origin);
  EXPECT_EQ(pool.open_count(), 2U);
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
  EXPECT_EQ(pool.open_count(), 0U);
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

// The bytes to send, and the beginnings of the answers, one after the other.
struct RawCase {
  char const* sent;
  std::vector<char const*> answers;
};

std::vector<std::string> status_lines(std::string_view answer) {
  std::vector<std::string> lines;
  for (std::size_t at = answer.find("HTTP/1.1 "); at != std::string_view::npos;
       at = answer.find("HTTP/1.1 ", at + 1)) {
    lines.emplace_back(answer.substr(at + 9, 3));
  }
  return lines;
}

net::task<void> check_raw(Origin origin, RawCase one) {
  std::string const answer = co_await raw_exchange(origin, one.sent);
  std::vector<std::string> const expected(one.answers.begin(), one.answers.end());
  EXPECT_EQ(status_lines(answer), expected) << one.sent << "\n" << answer;
}
TEST_F(HttpTest, heads_of_every_kind) {
  // Requests with a well-formed head at their end say "close" themselves; after the others the
  // server closes.
  for (RawCase const& one : {
           RawCase{"GET /count HTTP/1.1\r\nHost:x\r\n\r\nGET /count HTTP/1.1\r\nHost: x\r\n"
                   "Connection: close\r\n\r\n",
                   {"200", "200"}},
           // An error leaves the connection open, even with a body that no handler has read.
           RawCase{"POST /none HTTP/1.1\r\nHost:x\r\nContent-Length: 4\r\n\r\nbody"
                   "GET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                   {"404", "200"}},
           RawCase{"\r\n\r\nGET /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {"200"}},
           RawCase{"get /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {"405"}},
           RawCase{"HEAD /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {"200"}},
           RawCase{"GET http://x/count HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n", {"200"}},
           RawCase{"OPTIONS * HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n", {"404"}},
           RawCase{"GET /count HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {"200"}},
           RawCase{"GET /count HTTP/1.1\nHost: x\n\n", {"400"}},
           RawCase{"GET /count HTTP/1.1\r\n\r\n", {"400"}},
           RawCase{"GET /count HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", {"400"}},
           RawCase{"GET count HTTP/1.1\r\nHost: x\r\n\r\n", {"400"}},
           RawCase{"GET /count HTTP/2.0\r\nHost: x\r\n\r\n", {"400"}},
           RawCase{"GET  /count HTTP/1.1\r\nHost: x\r\n\r\n", {"400"}},
           RawCase{"GET /count\r\nHost: x\r\n\r\n", {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n"
                   "\r\nabcd",
                   {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na", {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                   {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc", {"400"}},
           RawCase{"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                   {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nabcdef\r\n",
                   {"400"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                   "Connection: close\r\n\r\n3;a=b\r\nabc\r\n0\r\nTrailer: t\r\n\r\n",
                   {"200"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                   "Content-Length: 3\r\nConnection: close\r\n\r\nabc",
                   {"100", "200"}},
           RawCase{"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                   "Content-Length: 0\r\nConnection: close\r\n\r\n",
                   {"100", "200"}},
           RawCase{"POST /none HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                   "Content-Length: 3\r\n\r\n",
                   {"404"}},
           RawCase{"POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
                   {"200"}},
       }) {
    net::run_to_end(check_raw(origin(), one));
  }
}

net::task<void> too_large_head(Origin origin) {
  std::string const head =
      "GET /count HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(100'000, 'x') + "\r\n\r\n";
  std::string const answer = co_await raw_exchange(origin, head);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 431 ")) << answer;
}
TEST_F(HttpTest, a_head_over_the_limit_is_refused_with_words) {
  net::run_to_end(too_large_head(origin()));
}

net::task<void> refuse_method(Origin origin) {
  std::string const answer =
      co_await raw_exchange(origin, "PUT /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("\r\nAllow: POST\r\n"), std::string::npos) << answer;
}
TEST_F(HttpTest, a_wrong_method_is_told_the_right_ones) {
  net::run_to_end(refuse_method(origin()));
}

net::task<void> half_closed(Origin origin) {
  auto stream = co_await net::connect(origin.address);
  std::string_view const pieces[] = {
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"};
  co_await stream->write(pieces);
  stream->end_writing();
  std::string answer;
  char buffer[4096];
  while (std::size_t const got = co_await stream->read_some(buffer)) answer.append(buffer, got);
  EXPECT_TRUE(answer.ends_with("\r\n\r\nabc")) << answer;
}
TEST_F(HttpTest, who_has_sent_all_and_says_so_is_answered) {
  net::run_to_end(half_closed(origin()));
}

net::task<void> read_all(Origin origin, std::string_view sent, std::string& answer) {
  auto stream = co_await net::connect(origin.address);
  std::string_view const pieces[] = {sent};
  co_await stream->write(pieces);
  char buffer[4096];
  try {
    while (std::size_t const got = co_await stream->read_some(buffer)) answer.append(buffer, got);
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::disconnected) << error.what();
  }
}

// A waiting handler, a kept connection and half a head: none of them holds up the stop.
net::task<void> stop_among_clients(Origin origin, Server& server) {
  std::string_view const sent[3] = {"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n",
                                    "GET /count HTTP/1.1\r\nHost: x\r\n\r\n",
                                    "GET /count HTTP/1.1\r\nHo"};
  std::string answers[3];
  net::TaskGroup clients(co_await net::this_loop());
  for (int i = 0; i < 3; ++i) clients.spawn(read_all(origin, sent[i], answers[i]));
  while (server.connection_count() < 3) co_await net::sleep(std::chrono::milliseconds(1));
  server.stop();
  co_await clients.wait_all();
  EXPECT_EQ(answers[0], "");
  EXPECT_EQ(answers[2], "");
}
TEST_F(HttpTest, a_stop_ends_connections_that_are_at_no_answer) {
  net::run_to_end(stop_among_clients(origin(), server_));
}

constexpr std::chrono::milliseconds soon(50);
class ImpatientHttpTest : public HttpTest {
 protected:
  ImpatientHttpTest()
      : HttpTest({.times = {.head = soon,
                            .body = soon,
                            .between_requests = soon,
                            .no_byte_moves = soon,
                            .linger = soon}}) {}
};

net::task<void> send_slowly(Origin origin, std::string_view sent, std::string& answer) {
  auto stream = co_await net::connect(origin.address);
  net::TaskGroup beside(co_await net::this_loop());
  try {
    for (char const& c : sent) {
      std::string_view const byte[] = {std::string_view(&c, 1)};
      co_await stream->write(byte);
      co_await net::sleep(std::chrono::milliseconds(5));
    }
    char buffer[4096];
    while (std::size_t const got = co_await stream->read_some(buffer)) answer.append(buffer, got);
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::disconnected) << error.what();
  }
}

TEST_F(ImpatientHttpTest, who_sends_too_slowly_in_all_is_cut_off) {
  std::string const head = "GET /count HTTP/1.1\r\nX: " + std::string(100, 'x') + "\r\n\r\n";
  std::string answer;
  net::run_to_end(send_slowly(origin(), head, answer));
  EXPECT_EQ(answer, "");
  std::string const body = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
  net::run_to_end(send_slowly(origin(), body.substr(0, 3), answer));  // and then nothing more
  EXPECT_EQ(answer, "");
}

// Only the body has a short time: a pause of a busy machine must not end the connection.
class SlowBodyHttpTest : public HttpTest {
 protected:
  SlowBodyHttpTest() : HttpTest({.times = {.body = soon}}) {}
};

net::task<void> send_body_slowly(Origin origin, std::string& answer) {
  auto stream = co_await net::connect(origin.address);
  std::string_view const head[] = {
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"};
  co_await stream->write(head);
  char buffer[4096];
  for (int i = 0; i < 100 && stream->quiet(); ++i) {
    std::string_view const byte[] = {"x"};
    co_await stream->write(byte);
    co_await net::sleep(std::chrono::milliseconds(5));
  }
  std::size_t const got = co_await stream->read_some(buffer);
  answer.assign(buffer, got);
}
TEST_F(SlowBodyHttpTest, a_body_that_takes_too_long_is_told_so) {
  std::string answer;
  net::run_to_end(send_body_slowly(origin(), answer));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
}

// Notes each exchange that has ended as "GET /count 200 13"; guarded, as loops are threads.
class Onlooker {
 public:
  Watch watch() {
    return {.name = [](Request const&, std::string_view) { return std::string("id-1"); },
            .ended = [this](Exchange const& exchange) { note(exchange); }};
  }
  std::vector<std::string> seen() const {
    std::scoped_lock const lock(mutex_);
    return seen_;
  }

 private:
  void note(Exchange const& exchange) {
    EXPECT_EQ(exchange.id(), "id-1");
    EXPECT_EQ(exchange.first_byte_after().has_value(), exchange.started());
    std::scoped_lock const lock(mutex_);
    seen_.push_back(fmt::format("{} {} {} {}{}", exchange.request().method, exchange.route(),
                                exchange.status(), exchange.body_bytes_sent(),
                                exchange.complete() ? "" : " cut"));
  }
  mutable std::mutex mutex_;
  std::vector<std::string> seen_;
};

class WatchedHttpTest : public HttpTest {
 protected:
  WatchedHttpTest() : HttpTest({.watch = onlooker().watch()}) {}
  static Onlooker& onlooker() {
    static Onlooker instance;
    return instance;
  }
};

net::task<void> ask_in_every_way(Origin origin) {
  for (std::string_view const start :
       {"GET /count HTTP/1.1", "HEAD /count HTTP/1.1", "GET /none/secret HTTP/1.1",
        "PUT /echo HTTP/1.1", "GET /cut HTTP/1.1", "nonsense"}) {
    std::string answer;
    std::string const sent = std::string(start) + "\r\nHost: x\r\nConnection: close\r\n\r\n";
    co_await read_all(origin, sent, answer);
    EXPECT_NE(answer.find("\r\nX-Request-Id: id-1\r\n"), std::string::npos) << answer;
  }
}
TEST_F(WatchedHttpTest, each_exchange_is_named_and_seen_to_its_end) {
  net::run_to_end(ask_in_every_way(origin()));
  std::vector<std::string> const expected{"GET /count 200 13", "HEAD /count 200 0",  "GET  404 ",
                                          "PUT /echo 405 ",    "GET /cut 200 9 cut", "GET  400 "};
  std::vector<std::string> const seen = onlooker().seen();
  ASSERT_EQ(seen.size(), expected.size());
  for (std::size_t i = 0; i < seen.size(); ++i)
    EXPECT_TRUE(seen[i].starts_with(expected[i])) << seen[i];
}

// The server's lines are on answers of handlers, error pages and refusals of malformed bytes.
class RuledHttpTest : public HttpTest {
 protected:
  RuledHttpTest() : HttpTest({.every_answer = rules()}) {}
  static Headers rules() {
    Headers lines;
    lines.add("X-Rule", "general");
    return lines;
  }
};

net::task<void> look_for_rules(Origin origin) {
  for (std::string_view const start :
       {"GET /count HTTP/1.0", "HEAD /count HTTP/1.0", "GET /none HTTP/1.1", "PUT /echo HTTP/1.1",
        "POST /echo HTTP/1.1", "GET /cut HTTP/1.1", "nonsense"}) {
    std::string answer;
    std::string const sent = std::string(start) + "\r\nHost: x\r\nConnection: close\r\n\r\n";
    co_await read_all(origin, sent, answer);
    EXPECT_NE(answer.find("\r\nX-Rule: general\r\n"), std::string::npos) << answer;
  }
}
TEST_F(RuledHttpTest, every_answer_has_the_servers_lines) {
  net::run_to_end(look_for_rules(origin()));
}

net::task<void> vary(Exchange& exchange) {
  exchange.promise("Vary", "Origin");
  Response head;
  head.headers.add("Vary", "Accept-Encoding");
  co_await exchange.respond(std::move(head), "otherwise");
}

class OtherwiseHttpTest : public HttpTest {
 protected:
  OtherwiseHttpTest() : HttpTest({}, vary) {}
};

net::task<void> look_elsewhere(Origin origin) {
  std::string const elsewhere = co_await raw_exchange(origin, "GET /none HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(elsewhere.ends_with("\r\n\r\notherwise")) << elsewhere;
  EXPECT_NE(elsewhere.find("\r\nVary: Accept-Encoding\r\n"), std::string::npos) << elsewhere;
  EXPECT_NE(elsewhere.find("\r\nVary: Origin\r\n"), std::string::npos) << elsewhere;
}
TEST_F(OtherwiseHttpTest, paths_without_a_route_have_a_handler_and_all_that_varies_is_told) {
  net::run_to_end(look_elsewhere(origin()));
}

}  // namespace
}  // namespace http
