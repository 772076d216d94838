// The store against a server that answers by a script: what is repeated, what is given up, and what
// the next request says then.
#include "s3/s3_store.h"

#include "base/error.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls.h"

#include <deque>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace s3 {
namespace {

using base::Error;
using base::Fault;

ObjectName const object{"bucket", "dir/key"};

struct Answer {
  std::string bytes;  // as they go over the wire; empty: none
  bool close = false;
};

struct Script {
  std::deque<Answer> answers;
  std::vector<std::string> requests;  // head and body
};

Answer reply(std::string_view status, std::string_view headers, std::string_view body,
             std::optional<std::size_t> length = std::nullopt) {
  return {fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status,
                      length.value_or(body.size()), headers, body),
          length.has_value()};
}
Answer error(std::string_view status, std::string_view code, std::string_view more = "") {
  return reply(
      status, "",
      fmt::format("<Error><Code>{}</Code><Message>Said so</Message>{}</Error>", code, more));
}
// What a ranged GET is answered with; `length` longer than the body: it breaks off.
Answer part(std::uint64_t offset, std::string_view body, std::optional<std::size_t> length = {}) {
  std::size_t const size = length.value_or(body.size());
  std::string const headers =
      fmt::format("Content-Range: bytes {}-{}/1000\r\nETag: \"e\"\r\n", offset, offset + size - 1);
  return reply("206 Partial Content", headers, body, length);
}
Answer const reset{"", true};

// One request's head and body; empty where the peer has closed.
net::task<std::string> read_request(net::Stream& stream) {
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

net::task<void> serve(Script& script, std::unique_ptr<net::Stream> stream) {
  for (;;) {
    std::string request = co_await read_request(*stream);
    if (request.empty()) co_return;
    script.requests.push_back(std::move(request));
    if (script.answers.empty()) co_return;
    Answer const answer = std::move(script.answers.front());
    script.answers.pop_front();
    std::string_view const pieces[] = {answer.bytes};
    if (!answer.bytes.empty()) co_await stream->write(pieces);
    if (answer.close) co_return;
  }
}

constexpr char const* made_for = "job 5";

using Body = std::function<net::task<void>(S3Store&)>;

net::task<void> with_server(Script& script, Shared& shared, Body body) {
  static net::TlsClient const tls;
  net::Executor const loop = co_await net::this_loop();
  net::Listener listener({loop}, net::parse_address("127.0.0.1:0"));
  auto const on_connection = [&script](std::unique_ptr<net::Stream> stream) {
    return serve(script, std::move(stream));
  };
  net::spawn_detached(loop, listener.run(on_connection), "listener");
  http::ConnectionPool pool(loop, tls);
  std::string const url = fmt::format("http://127.0.0.1:{}", listener.port());
  Credentials const credentials{"ACCESSKEY", base::Secret("the-secret-key"),
                                base::Secret("the-session-token")};
  S3Store store(shared, pool, custom_endpoint(url), credentials, made_for);
  co_await body(store);
}

net::task<void> read_into(S3Store& store, ObjectRange from, std::string& into) {
  Landing landing{.room = into};
  co_await store.read(from, landing);
}
net::task<void> head(S3Store& store, std::optional<ObjectInfo>& found) {
  found = co_await store.head_object(object);
}
net::task<void> complete(S3Store& store) {
  CompleteOptions options{.upload_id = "upload", .parts = {{1, "\"p\"", std::nullopt}}};
  co_await store.complete_upload(object, std::move(options));
}
net::task<void> put(S3Store& store, std::span<std::string_view const> body, std::size_t size) {
  PutOptions options;
  options.content_length = size;
  co_await store.put_object(object, std::move(options), body);
}
net::task<void> create(S3Store& store, CreatedUpload& created) {
  created = co_await store.create_upload(object, CreateUploadOptions());
}
net::task<void> abort_others(S3Store& store) {
  co_await store.abort_other_uploads(object, "kept");
}
net::task<void> list_parts(S3Store& store) {
  co_await store.list_parts(object, "upload");
}
net::task<void> abort(S3Store& store) {
  co_await store.abort_upload(object, "upload");
}

class S3StoreTest : public testing::Test {
 protected:
  // The error that it ended with.
  std::optional<Error> run(std::vector<Answer> answers, Body const& body) {
    script_.answers.assign(answers.begin(), answers.end());
    script_.requests.clear();
    std::optional<Error> failure;
    try {
      net::run_to_end(with_server(script_, shared_, body));
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
  // A header's value in request number `index`.
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
};

TEST_F(S3StoreTest, a_range_is_read_of_the_version_that_was_asked_for) {
  EXPECT_FALSE(read({part(5, "hello")}, 5, 5));
  EXPECT_EQ(bytes_, "hello");
  EXPECT_TRUE(script_.requests.at(0).starts_with("GET /bucket/dir/key HTTP/1.1\r\n"));
  EXPECT_EQ(sent(0, "Range"), "bytes=5-9");
  EXPECT_EQ(sent(0, "If-Match"), "\"e\"");
  EXPECT_EQ(sent(0, "x-amz-security-token"), "the-session-token");
}

TEST_F(S3StoreTest, passing_troubles_are_tried_again) {
  EXPECT_FALSE(read({error("500 Internal Server Error", "InternalError"),
                     error("503 Service Unavailable", "SlowDown"), reset,
                     error("408 Request Timeout", "RequestTimeout"), part(0, "hello")},
                    0, 5));
  EXPECT_EQ(bytes_, "hello");
  EXPECT_EQ(script_.requests.size(), 5U);
}

TEST_F(S3StoreTest, a_body_that_breaks_off_goes_on_from_its_byte) {
  EXPECT_FALSE(read({part(100, "hel", 10), part(103, "lo w", 7), part(107, "ord")}, 100, 10));
  EXPECT_EQ(bytes_, "hello word");
  EXPECT_EQ(sent(0, "Range"), "bytes=100-109");
  EXPECT_EQ(sent(1, "Range"), "bytes=103-109");
  EXPECT_EQ(sent(2, "Range"), "bytes=107-109");
  EXPECT_EQ(sent(2, "If-Match"), "\"e\"");
}

TEST_F(S3StoreTest, an_object_that_changed_is_no_trouble_that_passes) {
  Answer other = part(0, "hello");
  other.bytes.replace(other.bytes.find("\"e\""), 3, "\"f\"");
  auto const refused = read({error("412 Precondition Failed", "PreconditionFailed"), other}, 0, 5);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->fault(), Fault::changed);
  EXPECT_NE(refused->message().find("s3://bucket/dir/key"), std::string::npos);
  EXPECT_EQ(script_.requests.size(), 2U) << "once more without If-Match, to see its ETag";
  EXPECT_EQ(sent(1, "If-Match"), "");
  auto const ignored = read({other}, 0, 5);
  ASSERT_TRUE(ignored) << "a store that ignores If-Match";
  EXPECT_EQ(ignored->fault(), Fault::changed);
  auto const shorter = read({error("416 Range Not Satisfiable", "InvalidRange")}, 900, 5);
  ASSERT_TRUE(shorter);
  EXPECT_EQ(shorter->fault(), Fault::changed);
}

TEST_F(S3StoreTest, a_list_of_parts_that_does_not_go_on_is_no_list) {
  Answer const page =
      reply("200 OK", "",
            "<ListPartsResult><IsTruncated>true</IsTruncated>"
            "<NextPartNumberMarker>1</NextPartNumberMarker><Part><PartNumber>1</PartNumber>"
            "<ETag>e</ETag><Size>5</Size></Part></ListPartsResult>");
  auto const failure = run({page, page}, list_parts);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault(), Fault::corrupt);
  EXPECT_NE(failure->message().find("does not go on behind part 1"), std::string::npos);
  EXPECT_EQ(script_.requests.size(), 2U);
}

TEST_F(S3StoreTest, other_bytes_than_asked_for_are_never_taken) {
  struct Case {
    char const* what;
    Answer answer;
    std::uint64_t offset;
  };
  for (Case const& one : {Case{"another offset", part(1, "hello"), 0},
                          Case{"fewer", part(0, "hell"), 0}, Case{"more", part(0, "hello!"), 0},
                          Case{"no Content-Range", reply("206 Partial Content", "", "hello"), 0},
                          Case{"the whole, longer", reply("200 OK", "", "hello world"), 0},
                          Case{"the whole, from elsewhere", reply("200 OK", "", "hello"), 5}}) {
    // A whole of another size may have been unpacked on the way: it is asked for once more.
    std::size_t const asked = one.what == std::string_view("the whole, longer") ||
                                      one.what == std::string_view("the whole, from elsewhere")
                                  ? 2
                                  : 1;
    auto const failure = read(std::vector<Answer>(asked, one.answer), one.offset, 5);
    ASSERT_TRUE(failure) << one.what;
    EXPECT_EQ(failure->fault(), Fault::changed) << one.what;
    EXPECT_EQ(script_.requests.size(), asked) << one.what;
    EXPECT_NE(failure->message().find("s3://bucket/dir/key"), std::string::npos);
  }
  EXPECT_FALSE(read({reply("200 OK", "", "hello")}, 0, 5, 5)) << "all of it, Range or not";
  EXPECT_EQ(bytes_, "hello");
}

TEST_F(S3StoreTest, an_object_that_grew_is_noticed_without_an_etag) {
  Answer const untagged =
      reply("206 Partial Content", "Content-Range: bytes 0-4/1001\r\n", "hello");
  auto const grown = read({untagged}, 0, 5);
  ASSERT_TRUE(grown);
  EXPECT_EQ(grown->fault(), Fault::changed);
  EXPECT_NE(grown->message().find("has 1001 bytes now; 1000 were listed"), std::string::npos)
      << grown->message();
}

TEST_F(S3StoreTest, a_body_that_breaks_off_again_and_again_is_given_up) {
  std::vector<Answer> answers;
  for (std::uint64_t offset = 0; offset < 40; ++offset)
    answers.push_back(part(offset, "x", 40 - offset));
  auto const failure = read(answers, 0, 40);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault(), Fault::disconnected);
  EXPECT_EQ(script_.requests.size(), 23U) << "16 with their attempts counted anew, and 7 more";
}

TEST_F(S3StoreTest, a_bucket_elsewhere_is_asked_there_and_its_region_kept) {
  std::optional<ObjectInfo> found;
  auto const call = [&](S3Store& store) { return head(store, found); };
  EXPECT_FALSE(run({reply("400 Bad Request", "x-amz-bucket-region: eu-west-3\r\n", ""),
                    reply("200 OK", "ETag: \"e\"\r\n", "", 0)},
                   call));
  ASSERT_TRUE(found);
  EXPECT_NE(sent(0, "Authorization").find("/us-east-1/s3/"), std::string::npos);
  EXPECT_NE(sent(1, "Authorization").find("/eu-west-3/s3/"), std::string::npos);
  EXPECT_FALSE(
      read({error("400 Bad Request", "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>"),
            part(0, "hello")},
           0, 5));
  EXPECT_NE(sent(1, "Authorization").find("/eu-west-3/s3/"), std::string::npos);
}

TEST_F(S3StoreTest, a_redirect_that_does_not_say_where_is_asked_about) {
  EXPECT_FALSE(
      read({error("301 Moved Permanently", "PermanentRedirect"),
            error("503 Service Unavailable", "SlowDown"),
            reply("403 Forbidden", "x-amz-bucket-region: eu-west-3\r\n", "", 0), part(0, "hello")},
           0, 5));
  ASSERT_EQ(script_.requests.size(), 4U);
  EXPECT_TRUE(script_.requests[1].starts_with("HEAD /bucket")) << script_.requests[1];
  EXPECT_TRUE(script_.requests[2].starts_with("HEAD /bucket")) << "a 503 says nothing of regions";
  EXPECT_NE(sent(3, "Authorization").find("/eu-west-3/s3/"), std::string::npos);
}

TEST_F(S3StoreTest, slow_down_halves_the_window_and_success_opens_it_again) {
  std::size_t const before = shared_.window.size();
  EXPECT_FALSE(read(
      {error("503 Slow Down", "SlowDown"), error("503 Slow Down", "SlowDown"), part(0, "hello")}, 0,
      5));
  std::size_t const after = shared_.window.size();
  EXPECT_LE(after, before / 2 + 1);
  for (std::size_t i = 0; i < before * before; ++i) shared_.window.succeeded();
  EXPECT_EQ(shared_.window.size(), before);
}

TEST_F(S3StoreTest, an_error_inside_a_200_is_an_error) {
  Answer const late = reply("200 OK", "",
                            "<?xml version=\"1.0\"?>\n<Error><Code>InternalError"
                            "</Code><Message>Later</Message></Error>");
  Answer const done = reply("200 OK", "",
                            "  \n<CompleteMultipartUploadResult><ETag>\"x-1\"</ETag>"
                            "</CompleteMultipartUploadResult>");
  EXPECT_FALSE(run({late, done}, complete));
  ASSERT_EQ(script_.requests.size(), 2U);
  EXPECT_NE(script_.requests[1].find("<PartNumber>1</PartNumber>"), std::string::npos)
      << "the whole body is sent again";
  auto const gone = run({late, error("404 Not Found", "NoSuchUpload")}, complete);
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->fault(), Fault::not_found) << "the caller looks whether it had worked";
  EXPECT_EQ(gone->code(), "NoSuchUpload");
}

TEST_F(S3StoreTest, uploads_are_sent_again_in_full) {
  std::string_view const pieces[] = {"some ", "bytes"};
  EXPECT_FALSE(
      run({error("503 Slow Down", "SlowDown"), reset, reply("200 OK", "ETag: \"e\"\r\n", "")},
          [&](S3Store& store) { return put(store, pieces, 10); }));
  ASSERT_EQ(script_.requests.size(), 3U);
  for (std::string const& request : script_.requests)
    EXPECT_TRUE(request.ends_with("\r\n\r\nsome bytes")) << request;
}

TEST_F(S3StoreTest, refusals_are_told_once_with_code_and_permission) {
  auto const failure =
      read({error("403 Forbidden", "AccessDenied", "<RequestId>R1</RequestId>")}, 0, 5);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault(), Fault::forbidden);
  EXPECT_EQ(failure->code(), "AccessDenied");
  EXPECT_NE(failure->message().find("R1"), std::string::npos);
  EXPECT_NE(failure->message().find("s3:GetObject"), std::string::npos);
  EXPECT_EQ(script_.requests.size(), 1U);
}

TEST_F(S3StoreTest, a_missing_object_is_an_answer_and_a_missing_bucket_an_error) {
  std::optional<ObjectInfo> found = ObjectInfo();
  auto const call = [&](S3Store& store) { return head(store, found); };
  EXPECT_FALSE(run({reply("404 Not Found", "", "", 0)}, call));
  EXPECT_FALSE(found);
  auto const failure = run({error("404 Not Found", "NoSuchBucket")}, abort);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), "NoSuchBucket");
}

TEST_F(S3StoreTest, an_abort_is_repeated_until_the_upload_is_gone) {
  Answer const no_content{"HTTP/1.1 204 No Content\r\n\r\n"};
  Answer const still_there =
      reply("200 OK", "", "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>");
  EXPECT_FALSE(
      run({no_content, still_there, no_content, error("404 Not Found", "NoSuchUpload")}, abort));
  EXPECT_EQ(script_.requests.size(), 4U);
  EXPECT_FALSE(run({error("404 Not Found", "NoSuchUpload")}, abort));
  EXPECT_EQ(script_.requests.size(), 1U);
}

TEST_F(S3StoreTest, an_upload_that_may_have_been_created_twice_says_so) {
  Answer const made = reply("200 OK", "",
                            "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                            "</InitiateMultipartUploadResult>");
  CreatedUpload created;
  auto const call = [&](S3Store& store) { return create(store, created); };
  EXPECT_FALSE(run({reset, made}, call));
  EXPECT_TRUE(created.maybe_twice);
  EXPECT_FALSE(run({error("503 Service Unavailable", "SlowDown"), made}, call));
  EXPECT_FALSE(created.maybe_twice) << "a refusal is an answer";
}

TEST_F(S3StoreTest, other_uploads_to_a_key_are_aborted_and_no_others) {
  Answer const uploads = reply("200 OK", "",
                               "<ListMultipartUploadsResult><EncodingType>url</EncodingType>"
                               "<Upload><Key>dir/key</Key><UploadId>kept</UploadId></Upload>"
                               "<Upload><Key>dir/key2</Key><UploadId>another</UploadId></Upload>"
                               "<Upload><Key>dir%2Fkey</Key><UploadId>lost</UploadId></Upload>"
                               "</ListMultipartUploadsResult>");
  auto const call = [](S3Store& store) { return abort_others(store); };
  EXPECT_FALSE(run({uploads, error("404 Not Found", "NoSuchUpload")}, call));
  ASSERT_EQ(script_.requests.size(), 2U);
  EXPECT_TRUE(
      script_.requests[0].starts_with("GET /bucket?encoding-type=url&prefix=dir%2Fkey&uploads="))
      << script_.requests[0];
  EXPECT_TRUE(script_.requests[1].starts_with("DELETE /bucket/dir/key?uploadId=lost "));
}

// ---- what is counted, and told

TEST_F(S3StoreTest, the_store_is_told_what_a_call_is_for) {
  EXPECT_FALSE(read({part(0, "hello")}, 0, 5));
  EXPECT_EQ(sent(0, "User-Agent"), "s3zipper/0.1 (job 5)");
}

TEST_F(S3StoreTest, each_request_counts_once_as_what_it_came_to) {
  EXPECT_FALSE(read({error("503 Slow Down", "SlowDown"), part(0, "hel", 5), part(3, "lo")}, 0, 5));
  Counts const& counts = shared_.counts;
  EXPECT_EQ(counts.succeeded_count(Call::get_object), 1U);
  EXPECT_EQ(counts.retried_count(Call::get_object), 2U);
  EXPECT_EQ(counts.retries_because_of(Fault::throttled), 1U);
  EXPECT_EQ(counts.retries_because_of(Fault::disconnected), 1U);
  EXPECT_EQ(counts.read_bytes.value(), 5U);
  EXPECT_EQ(counts.hedged_gets.value(), 0U);

  EXPECT_TRUE(read({error("403 Forbidden", "AccessDenied")}, 0, 5));
  EXPECT_EQ(counts.failed_count(Call::get_object, Fault::forbidden), 1U);
  EXPECT_TRUE(read({part(1, "hello")}, 0, 5));
  EXPECT_EQ(counts.failed_count(Call::get_object, Fault::changed), 1U);
  EXPECT_EQ(counts.succeeded_count(Call::get_object), 1U);
  EXPECT_EQ(counts.retried_count(Call::get_object), 2U);
}

TEST_F(S3StoreTest, what_is_given_up_was_retried_before) {
  std::vector<Answer> const answers(8, error("500 Internal Server Error", "InternalError"));
  EXPECT_TRUE(read(answers, 0, 5));
  EXPECT_EQ(shared_.counts.retried_count(Call::get_object), 7U);
  EXPECT_EQ(shared_.counts.failed_count(Call::get_object, Fault::unavailable), 1U);
}

TEST_F(S3StoreTest, redirects_missing_objects_and_uploads_are_counted) {
  std::optional<ObjectInfo> found;
  auto const look = [&](S3Store& store) { return head(store, found); };
  EXPECT_FALSE(run({reply("400 Bad Request", "x-amz-bucket-region: eu-west-3\r\n", ""),
                    reply("404 Not Found", "", "", 0)},
                   look));
  EXPECT_EQ(shared_.counts.redirect_count(), 1U);
  EXPECT_EQ(shared_.counts.retried_count(Call::head_object), 1U);
  EXPECT_EQ(shared_.counts.failed_count(Call::head_object, Fault::not_found), 1U);

  std::string_view const pieces[] = {"some ", "bytes"};
  EXPECT_FALSE(run({reset, reply("200 OK", "ETag: \"e\"\r\n", "")},
                   [&](S3Store& store) { return put(store, pieces, 10); }));
  EXPECT_EQ(shared_.counts.written_bytes.value(), 10U) << "what was taken, not what was sent";
}

}  // namespace
}  // namespace s3
