#include "s3/messages/error_reply.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

http::Response reply(int status, std::vector<http::Field> const& headers = {}) {
  http::Response out{.status = status, .reason = "", .headers = {}};
  for (http::Field const& line : headers) out.headers.add(line.name, line.value);
  return out;
}

// "REST error responses", Amazon S3 API reference.
TEST(ErrorReply, reads_the_documented_body) {
  auto const error = find_error(reply(404), R"(<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>NoSuchKey</Code>
  <Message>The resource you requested does not exist</Message>
  <Resource>/mybucket/myfoto.jpg</Resource>
  <RequestId>4442587FB7D0A2F9</RequestId>
</Error>)");
  ASSERT_TRUE(error);
  EXPECT_EQ(*error, (ErrorReply{.status = 404,
                                .code = "NoSuchKey",
                                .message = "The resource you requested does not exist",
                                .request_id = "4442587FB7D0A2F9",
                                .resource = "/mybucket/myfoto.jpg"}));
}

TEST(ErrorReply, reads_the_bodies_of_ceph_and_swift) {
  auto const ceph = find_error(
      reply(404),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>NoSuchKey</Code><Message></Message>"
      "<BucketName>bucket1</BucketName><RequestId>tx0000038165793254687f7-006b02e697-1007-default"
      "</RequestId><HostId>1007-default-default</HostId></Error>");
  ASSERT_TRUE(ceph);
  EXPECT_EQ(ceph->code, "NoSuchKey");
  EXPECT_EQ(ceph->message, "");
  EXPECT_EQ(ceph->bucket, "bucket1");
  EXPECT_EQ(ceph->request_id, "tx0000038165793254687f7-006b02e697-1007-default");
  auto const swift = find_error(
      reply(400),
      "<?xml version='1.0' encoding='UTF-8'?>\n<Error><Code>AuthorizationHeaderMalformed</Code>"
      "<Message>The authorization header is malformed; the region 'eu-west-9' is wrong; expecting "
      "'us-east-1'</Message><RequestId>tx0cf0</RequestId><Region>us-east-1</Region></Error>");
  ASSERT_TRUE(swift);
  EXPECT_EQ(swift->code, "AuthorizationHeaderMalformed");
  EXPECT_EQ(swift->region, "us-east-1");
}

TEST(ErrorReply, says_when_to_come_back) {
  auto const after = [](std::string const& text) {
    auto const error = find_error(
        reply(503, {{"Retry-After", text}, {"Date", "Sun, 22 Nov 2026 12:00:00 GMT"}}), "");
    return error ? error->retry_after : std::nullopt;
  };
  EXPECT_EQ(after("7"), std::chrono::seconds(7));
  EXPECT_EQ(after("Sun, 22 Nov 2026 12:01:30 GMT"), std::chrono::seconds(90));
  EXPECT_EQ(after("Sun, 22 Nov 2026 11:00:00 GMT"), std::chrono::seconds(0));
  EXPECT_EQ(after("99999999999"), std::chrono::hours(24));
  for (char const* text : {"", "soon", "-1", "1.5"}) EXPECT_EQ(after(text), std::nullopt) << text;
}

TEST(ErrorReply, without_a_body_the_status_says_the_code) {
  struct Row {
    int status;
    std::string_view code;
  };
  for (Row const& row : std::vector<Row>{{301, "PermanentRedirect"},
                                         {307, "TemporaryRedirect"},
                                         {400, "BadRequest"},
                                         {403, "Forbidden"},
                                         {404, "NotFound"},
                                         {412, "PreconditionFailed"},
                                         {416, "InvalidRange"},
                                         {500, "InternalError"},
                                         {502, "BadGateway"},
                                         {503, "ServiceUnavailable"},
                                         {504, "GatewayTimeout"},
                                         {418, "Http418"}}) {
    auto const error = find_error(reply(row.status), "");
    ASSERT_TRUE(error) << row.status;
    EXPECT_EQ(error->code, row.code);
    EXPECT_EQ(error->status, row.status);
  }
}

TEST(ErrorReply, takes_region_and_request_id_from_the_header) {
  auto const error = find_error(
      reply(301, {{"x-amz-bucket-region", "eu-west-1"}, {"x-amz-request-id", "ABC"}}), "");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->region, "eu-west-1");
  EXPECT_EQ(error->request_id, "ABC");
}

TEST(ErrorReply, a_body_that_says_nothing_leaves_the_status) {
  for (std::string_view const body : {"<html><head><title>502 Bad Gateway</title></head></html>",
                                      "{\"code\": \"x\"}", "<Error><Code>SlowDown</Co", "<Error/>",
                                      "<Error><Code> </Code></Error>", "upstream down"}) {
    auto const error = find_error(reply(502), body);
    ASSERT_TRUE(error) << body;
    EXPECT_EQ(error->code, "BadGateway") << body;
  }
}

TEST(ErrorReply, is_found_inside_a_200) {
  for (std::string const start :
       {"", " \r\n\t \n ", "\xEF\xBB\xBF", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "  \n<?xml version=\"1.0\"?> <!-- a comment -->\n"}) {
    auto const error = find_error(
        reply(200, {{"x-amz-request-id", "656c76696e6727732072657175657374"}}),
        start +
            "<Error><Code>InternalError</Code><Message>We encountered an internal error. Please "
            "try again.</Message></Error>");
    ASSERT_TRUE(error) << start;
    EXPECT_EQ(error->code, "InternalError") << start;
    EXPECT_EQ(error->status, 200);
    EXPECT_EQ(error->request_id, "656c76696e6727732072657175657374");
  }
  // A reply that is cut off in mid-error is still no success.
  EXPECT_EQ(find_error(reply(200), "<Error><Code>SlowDo")->code, "InternalError");
}

TEST(ErrorReply, is_not_seen_where_there_is_none) {
  for (std::string_view const body :
       {"", "   ", "<", "<?", "<?xml", "<Errors>", "<Error", "<ErrorDocument/>",
        "<ListBucketResult><Error></Error></ListBucketResult>", "x<Error>"}) {
    EXPECT_EQ(find_error(reply(200), body), std::nullopt) << body;
  }
  EXPECT_EQ(find_error(reply(204), ""), std::nullopt);
  EXPECT_EQ(find_error(reply(206), ""), std::nullopt);
}

TEST(ErrorReply, may_have_a_namespace_prefix) {
  auto const error =
      find_error(reply(200), "<s3:Error xmlns:s3=\"u\"><s3:Code>SlowDown</s3:Code></s3:Error>");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "SlowDown");
  EXPECT_FALSE(find_error(reply(200), "<s3:Errors/>"));
  EXPECT_FALSE(find_error(reply(200), "<s3:Error"));
}

TEST(ErrorReply, tells_where_a_redirect_leads) {
  auto const document = find_error(
      reply(301), "<Error><Code>PermanentRedirect</Code><Endpoint>s3.eu.x</Endpoint></Error>");
  EXPECT_EQ(document->endpoint, "s3.eu.x");
  auto const header = find_error(reply(307, {{"Location", "https://s3.eu.x/b"}}), "");
  EXPECT_EQ(header->endpoint, "https://s3.eu.x/b");
}

TEST(ErrorReply, knows_a_delete_marker) {
  EXPECT_TRUE(find_error(reply(405, {{"x-amz-delete-marker", "true"}}), "")->is_delete_marker);
  EXPECT_FALSE(find_error(reply(405), "")->is_delete_marker);
}

}  // namespace
}  // namespace s3
