// A server for tests of S3Store, which answers by a script and keeps the requests.
#pragma once

#include "base/error.h"
#include "net/deadline.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls.h"
#include "s3/s3_store.h"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace s3 {

using base::Error;
using base::Fault;

inline ObjectName const object{"bucket", "dir/key"};

struct Answer {
  std::string bytes;  // as they go over the wire; empty: none
  bool close = false;
  std::size_t after = 0;  // the number of requests that must have come before it is sent
};

struct Script {
  std::deque<Answer> answers;
  std::vector<std::string> requests;  // head and body
};

inline Answer reply(std::string_view status, std::string_view headers, std::string_view body,
                    std::optional<std::size_t> length = std::nullopt) {
  return {fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status,
                      length.value_or(body.size()), headers, body),
          length.has_value()};
}
inline Answer error(std::string_view status, std::string_view code, std::string_view more = "") {
  return reply(
      status, "",
      fmt::format("<Error><Code>{}</Code><Message>Said so</Message>{}</Error>", code, more));
}
// The answer to a request signed for another region.
inline Answer malformed_for(std::string_view region) {
  return error("400 Bad Request", "AuthorizationHeaderMalformed",
               fmt::format("<Region>{}</Region>", region));
}
// The answer to a ranged GET; if `length` is longer than the body, it breaks off.
inline Answer part(std::uint64_t offset, std::string_view body,
                   std::optional<std::size_t> length = {}) {
  std::size_t const size = length.value_or(body.size());
  std::string const headers =
      fmt::format("Content-Range: bytes {}-{}/1000\r\nETag: \"e\"\r\n", offset, offset + size - 1);
  return reply("206 Partial Content", headers, body, length);
}
inline Answer const reset{"", true};

// One request's head and body; empty where the peer has closed.
inline net::task<std::string> read_request(net::Stream& stream) {
  std::string text;
  std::size_t wanted = std::string::npos;
  while (text.size() < wanted) {
    char buffer[4096];
    std::size_t const got = co_await stream.read_some(buffer);
    if (got == 0) co_return "";
    text.append(buffer, got);
    std::size_t const end = text.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    std::size_t const length = text.find("Content-Length: ");
    wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
  }
  co_return text;
}

inline net::task<void> serve(Script& script, std::unique_ptr<net::Stream> stream) {
  for (;;) {
    std::string request = co_await read_request(*stream);
    if (request.empty()) co_return;
    script.requests.push_back(std::move(request));
    if (script.answers.empty()) co_return;
    Answer const answer = std::move(script.answers.front());
    script.answers.pop_front();
    while (script.requests.size() < answer.after) co_await net::sleep(std::chrono::milliseconds(5));
    std::string_view const pieces[] = {answer.bytes};
    if (!answer.bytes.empty()) co_await stream->write(pieces);
    if (answer.close) co_return;
  }
}

inline constexpr char const* made_for = "job 5";

using Body = std::function<net::task<void>(S3Store&)>;

inline net::task<void> with_server(Script& script, Shared& shared, Body body) {
  static net::TlsClient const tls;
  net::Executor const loop = co_await net::this_loop();
  net::Listener listener({loop}, net::parse_address("127.0.0.1:0"));
  auto const on_connection = [&script](std::unique_ptr<net::Stream> stream) {
    return serve(script, std::move(stream));
  };
  net::spawn_detached(loop, listener.run(on_connection), "listener");
  http::ConnectionPool pool(loop, tls);
  std::string const url = fmt::format("http://127.0.0.1:{}", listener.port());
  aws::Credentials const credentials{"ACCESSKEY", base::Secret("the-secret-key"),
                                     base::Secret("the-session-token")};
  S3Store store(shared, pool, aws::custom_endpoint(url), credentials, made_for);
  co_await body(store);
}

inline net::task<void> read_into(S3Store& store, ObjectRange from, std::string& into) {
  Landing landing{.room = into};
  co_await store.read(from, landing);
}
inline net::task<void> head(S3Store& store, std::optional<ObjectInfo>& found) {
  Headed headed = co_await store.head_object(object);
  found = std::move(headed.object);
}
inline net::task<void> head_whole(S3Store& store, Headed& headed) {
  headed = co_await store.head_object(object);
}
inline net::task<void> head_twice(S3Store& store, std::vector<std::optional<ObjectInfo>>& found) {
  for (std::optional<ObjectInfo>& one : found) co_await head(store, one);
}
// Sends the HEAD before the listing.
inline net::task<void> head_beside_list(S3Store& store, Script const& script,
                                        std::optional<ObjectInfo>& found) {
  net::Executor const loop = co_await net::this_loop();
  net::TaskGroup calls(loop);
  calls.spawn(head(store, found));
  while (script.requests.empty()) co_await net::sleep(std::chrono::milliseconds(5));
  co_await store.list_objects("bucket", ListOptions());
  co_await calls.wait_all();
}
inline net::task<void> complete(S3Store& store) {
  CompleteOptions options{.upload_id = "upload", .parts = {{1, "\"p\"", std::nullopt}}};
  co_await store.complete_upload(object, std::move(options));
}
inline net::task<void> put(S3Store& store, std::span<std::string_view const> body,
                           std::size_t size) {
  PutOptions options;
  options.content_length = size;
  co_await store.put_object(object, std::move(options), body);
}
inline net::task<void> create(S3Store& store, CreatedUpload& created) {
  created = co_await store.create_upload(object, CreateUploadOptions());
}
inline net::task<void> abort_others(S3Store& store) {
  co_await store.abort_other_uploads(object, "kept");
}
inline net::task<void> abort(S3Store& store) {
  co_await store.abort_upload(object, "upload");
}

inline net::task<void> abort_after_failed_complete(S3Store& store) {
  std::exception_ptr failure;
  try {
    co_await complete(store);
  } catch (Error const&) {
    failure = std::current_exception();
  }
  EXPECT_TRUE(failure);
  EXPECT_TRUE(store.has_given_up());
  co_await abort(store);
}
inline net::task<void> limit_when_asked(S3Store& store, Script const& script) {
  net::Executor const loop = co_await net::this_loop();
  net::TaskGroup calls(loop);
  calls.spawn(abort(store));
  while (script.requests.empty()) co_await net::sleep(std::chrono::milliseconds(5));
  // The answer is under way, or has come.
  store.limit_patience(std::chrono::milliseconds(0));
  co_await calls.wait_all();
}
inline net::task<void> read_in_pieces(S3Store& store, std::size_t pieces) {
  net::Executor const loop = co_await net::this_loop();
  net::TaskGroup reads(loop);
  std::string bytes(pieces, '?');
  std::vector<Landing> landings;
  for (std::size_t i = 0; i < pieces; ++i)
    landings.push_back(Landing{.room = std::span(bytes).subspan(i, 1)});
  for (std::size_t i = 0; i < pieces; ++i) {
    ObjectRange const from{"bucket", "dir/key", "\"e\"", i, 1000};
    reads.spawn(store.read(from, landings[i]));
  }
  co_await reads.wait_all();
}
inline net::task<void> read_and_presign(S3Store& store, std::vector<std::string>& links) {
  std::string bytes(5, '?');
  ObjectRange const from{"bucket", "dir/key", "\"e\"", 0, 1000};
  co_await read_into(store, from, bytes);
  co_await read_into(store, from, bytes);
  links.push_back(co_await store.presign(object, std::chrono::hours(1)));
}

class S3StoreTest : public testing::Test {
 protected:
  // The error that `body` ended with.
  std::optional<Error> run(std::vector<Answer> answers, Body const& body) {
    script_.answers.assign(answers.begin(), answers.end());
    script_.requests.clear();
    std::optional<Error> failure;
    Body const patiently = [&](S3Store& store) {
      store.set_patience(Patience(patience_));
      return body(store);
    };
    try {
      net::run_to_end(with_server(script_, shared_, patiently));
    } catch (Error const& thrown) {
      failure = thrown;
      EXPECT_EQ(failure->message().find("the-se"), std::string::npos) << "a secret in an error";
    }
    return failure;
  }
  std::optional<Error> read(std::vector<Answer> answers, std::uint64_t offset, std::size_t size,
                            std::uint64_t object_size = 1000) {
    bytes_.assign(size, '?');
    ObjectRange const from{"bucket", "dir/key", "\"e\"", offset, object_size};
    return run(std::move(answers), [&](S3Store& store) { return read_into(store, from, bytes_); });
  }
  // The value of a header in request number `index`.
  std::string sent(std::size_t index, std::string const& name) const {
    if (index >= script_.requests.size()) return "no such request";
    std::string const& request = script_.requests[index];
    std::size_t const at = request.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    std::size_t const begin = at + name.size() + 4;
    return request.substr(begin, request.find("\r\n", begin) - begin);
  }

  Shared shared_;
  Script script_;
  std::string bytes_;
  Patience::Duration patience_ = base::limits::default_patience;
};

}  // namespace s3
