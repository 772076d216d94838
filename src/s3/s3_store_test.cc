// The store against a server that answers by a script: its retries, its giving up, and the content
// of its next requests.
#include "s3/testing/scripted_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace s3 {
namespace {

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
  EXPECT_EQ(script_.requests.size(), 2U) << "its tag is looked at, and no more";
  auto const ignored = read({other}, 0, 5);
  ASSERT_TRUE(ignored) << "a store that ignores If-Match";
  EXPECT_EQ(ignored->fault(), Fault::changed);
  auto const shorter = read({error("416 Range Not Satisfiable", "InvalidRange")}, 900, 5);
  ASSERT_TRUE(shorter);
  EXPECT_EQ(shorter->fault(), Fault::changed);
}

net::task<void> read_by_link(S3Store& store, Headed& headed, std::string& bytes) {
  store.set_link(store.endpoint_url() + "/bucket/dir/key?X-Amz-Signature=feed");
  headed = co_await store.head_object(object);
  ObjectRange const from{"bucket", "dir/key", "\"e\"", 5, 1000};
  co_await read_into(store, from, bytes);
}

TEST_F(S3StoreTest, a_presigned_url_is_asked_as_it_is) {
  Headed headed;
  std::string bytes(5, '?');
  auto const by_link = [&](S3Store& store) { return read_by_link(store, headed, bytes); };
  EXPECT_FALSE(run({part(0, "h"), part(5, "hello")}, by_link));
  ASSERT_TRUE(headed.object);
  EXPECT_EQ(headed.object->size, 1000U);
  EXPECT_EQ(headed.object->etag, "\"e\"");
  EXPECT_EQ(bytes, "hello");
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(script_.requests.at(i).starts_with(
        "GET /bucket/dir/key?X-Amz-Signature=feed HTTP/1.1\r\n"));
    EXPECT_EQ(sent(i, "Authorization"), "");
    EXPECT_EQ(sent(i, "x-amz-date"), "") << "a header that is not signed makes it invalid";
  }
  EXPECT_EQ(sent(0, "Range"), "bytes=0-0");
  EXPECT_EQ(sent(1, "Range"), "bytes=5-9");
  EXPECT_EQ(sent(1, "If-Match"), "\"e\"");
  auto const ended = run({error("403 Forbidden", "AccessDenied")}, by_link);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->fault(), Fault::forbidden);
}

net::task<void> ask_for_parts(S3Store& store) {
  co_await store.list_parts(object, "upload");
}

TEST_F(S3StoreTest, a_list_of_parts_that_does_not_go_on_is_no_list) {
  Answer const page =
      reply("200 OK", "",
            "<ListPartsResult><IsTruncated>true</IsTruncated>"
            "<NextPartNumberMarker>1</NextPartNumberMarker><Part><PartNumber>1</PartNumber>"
            "<ETag>e</ETag><Size>5</Size></Part></ListPartsResult>");
  auto const failure = run({page, page}, ask_for_parts);
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
    // A whole object of another size may have been unpacked on the way: the store asks once more.
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
  for (std::uint64_t offset = 0; offset < 400; ++offset)
    answers.push_back(part(offset, "x", 400 - offset));
  patience_ = std::chrono::milliseconds(200);
  auto const failure = read(answers, 0, 400);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault(), Fault::disconnected);
  EXPECT_LT(script_.requests.size(), 30U);
  EXPECT_NE(failure->message().find("; tried "), std::string::npos) << failure->message();
}

TEST_F(S3StoreTest, a_read_that_gets_on_has_the_whole_patience_again) {
  std::size_t const piece = base::limits::resumed_bytes;
  std::size_t const size = 20 * piece;
  std::vector<Answer> answers;
  for (std::size_t offset = 0; offset < size; offset += piece) {
    answers.push_back(part(offset, std::string(piece, 'x'), size - offset));
    std::string& bytes = answers.back().bytes;
    bytes.replace(bytes.find("/1000"), 5, fmt::format("/{}", size));
  }
  // Twenty first pauses together are longer than this.
  patience_ = std::chrono::milliseconds(150);
  EXPECT_FALSE(read(answers, 0, size, size));
  EXPECT_EQ(bytes_, std::string(size, 'x'));
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

TEST_F(S3StoreTest, an_object_behind_a_delete_marker_is_missing_and_told_to_be_deleted) {
  Headed headed;
  auto const call = [&](S3Store& store) { return head_whole(store, headed); };
  std::string_view const marker = "x-amz-delete-marker: true\r\n";
  for (char const* status : {"404 Not Found", "405 Method Not Allowed"}) {
    EXPECT_FALSE(run({reply(status, marker, "", 0)}, call));
    EXPECT_FALSE(headed.object);
    EXPECT_TRUE(headed.is_deleted);
  }
  EXPECT_FALSE(run({reply("404 Not Found", "", "", 0)}, call));
  EXPECT_FALSE(headed.is_deleted);
  EXPECT_FALSE(run({reply("200 OK", "ETag: \"e\"\r\n", "", 0)}, call));
  EXPECT_TRUE(headed.object);
  EXPECT_FALSE(headed.is_deleted);
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

// ---- counts, and trouble told

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
  std::vector<Answer> const answers(100, error("500 Internal Server Error", "InternalError"));
  patience_ = std::chrono::milliseconds(200);
  auto const failure = read(answers, 0, 5);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), "InternalError");
  EXPECT_GT(script_.requests.size(), 2U);
  EXPECT_LT(script_.requests.size(), 30U);
  EXPECT_EQ(shared_.counts.retried_count(Call::get_object), script_.requests.size() - 1);
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
