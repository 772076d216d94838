#include "s3/messages/faults.h"

#include "base/limits.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

using base::Fault;
using namespace std::chrono_literals;

Attempt const get{.call = Call::get_object, .bucket = "bkt", .key = "a/b", .region = "us-east-1"};

Decision decided(int status, std::string code, Attempt const& attempt = get,
                 std::string region = "") {
  ErrorReply reply;
  reply.status = status;
  reply.code = std::move(code);
  reply.region = std::move(region);
  return decide(attempt, reply);
}

std::string message(Attempt const& attempt, ErrorReply const& reply) {
  return make_error(attempt, reply).what();
}

TEST(Decide, by_code) {
  struct Row {
    int status;
    std::string code;
    Decision decision;
  };
  for (Row const& row :
       std::vector<Row>{{500, "InternalError", {Action::retry, Fault::unavailable}},
                        {200, "InternalError", {Action::retry, Fault::unavailable}},
                        {400, "RequestTimeout", {Action::retry, Fault::timeout}},
                        {400, "BadDigest", {Action::retry, Fault::corrupt}},
                        {409, "OperationAborted", {Action::retry, Fault::conflict}},
                        {503, "SlowDown", {Action::slow_down, Fault::throttled}},
                        {200, "SlowDown", {Action::slow_down, Fault::throttled}},
                        {503, "ServiceUnavailable", {Action::slow_down, Fault::unavailable}},
                        {404, "NoSuchKey", {Action::not_found, Fault::not_found}},
                        {404, "NoSuchBucket", {Action::not_found, Fault::not_found}},
                        {404, "NoSuchUpload", {Action::not_found, Fault::not_found}},
                        {403, "AccessDenied", {Action::fail, Fault::forbidden}},
                        {403, "InvalidAccessKeyId", {Action::fail, Fault::unauthorized}},
                        {403, "SignatureDoesNotMatch", {Action::fail, Fault::unauthorized}},
                        {400, "ExpiredToken", {Action::fail, Fault::unauthorized}},
                        {403, "RequestTimeTooSkewed", {Action::fail, Fault::config}},
                        {403, "InvalidObjectState", {Action::fail, Fault::conflict}},
                        {416, "InvalidRange", {Action::fail, Fault::changed}},
                        {400, "EntityTooSmall", {Action::fail, Fault::internal}},
                        {400, "EntityTooLarge", {Action::fail, Fault::too_large}},
                        {501, "NotImplemented", {Action::fail, Fault::unavailable}}}) {
    EXPECT_EQ(decided(row.status, row.code), row.decision) << row.code;
  }
}

TEST(Decide, by_status_where_the_code_is_unknown) {
  struct Row {
    int status;
    Decision decision;
  };
  for (Row const& row : std::vector<Row>{{200, {Action::retry, Fault::unavailable}},
                                         {301, {Action::redirect, Fault::bad_input}},
                                         {400, {Action::fail, Fault::bad_input}},
                                         {401, {Action::fail, Fault::unauthorized}},
                                         {403, {Action::fail, Fault::forbidden}},
                                         {404, {Action::not_found, Fault::not_found}},
                                         {408, {Action::retry, Fault::timeout}},
                                         {409, {Action::fail, Fault::conflict}},
                                         {412, {Action::fail, Fault::changed}},
                                         {429, {Action::slow_down, Fault::throttled}},
                                         {500, {Action::retry, Fault::unavailable}},
                                         {501, {Action::fail, Fault::unavailable}},
                                         {502, {Action::retry, Fault::unavailable}},
                                         {503, {Action::slow_down, Fault::unavailable}},
                                         {504, {Action::retry, Fault::unavailable}},
                                         {599, {Action::retry, Fault::unavailable}}}) {
    EXPECT_EQ(decided(row.status, "XVendorCode"), row.decision) << row.status;
  }
}

TEST(Decide, replies_to_head_by_their_status) {
  Attempt const head{.call = Call::head_object, .bucket = "b", .key = "k", .region = "us-east-1"};
  auto const of = [&](int status, std::vector<http::Field> const& headers = {}) {
    http::Response response{.status = status, .reason = "", .headers = {}};
    for (http::Field const& line : headers) response.headers.add(line.name, line.value);
    return decide(head, find_error(response, "").value());
  };
  EXPECT_EQ(of(404), (Decision{Action::not_found, Fault::not_found}));
  EXPECT_EQ(of(403), (Decision{Action::fail, Fault::forbidden}));
  EXPECT_EQ(of(412), (Decision{Action::fail, Fault::changed}));
  EXPECT_EQ(of(503), (Decision{Action::slow_down, Fault::unavailable}));
  EXPECT_EQ(of(301, {{"x-amz-bucket-region", "eu-west-1"}}).action, Action::redirect);
  EXPECT_EQ(of(400, {{"x-amz-bucket-region", "eu-west-1"}}).action, Action::redirect);
  EXPECT_EQ(of(400, {{"x-amz-bucket-region", "us-east-1"}}).action, Action::fail);
  EXPECT_EQ(of(403, {{"x-amz-bucket-region", "eu-west-1"}}).action, Action::fail);
}

TEST(Decide, redirects_lead_somewhere_else_or_nowhere) {
  for (std::string const code : {"PermanentRedirect", "AuthorizationHeaderMalformed",
                                 "IllegalLocationConstraintException"}) {
    EXPECT_EQ(decided(400, code, get, "eu-west-1").action, Action::redirect) << code;
    EXPECT_EQ(decided(400, code, get, "us-east-1").action, Action::fail) << code;
  }
  // The store must be asked for the region.
  EXPECT_EQ(decided(301, "PermanentRedirect").action, Action::redirect);
  // The region is right: something else is malformed.
  EXPECT_EQ(decided(400, "AuthorizationHeaderMalformed").action, Action::fail);
  EXPECT_EQ(decided(307, "TemporaryRedirect", get, "us-east-1").action, Action::retry);
}

TEST(Decide, a_temporary_redirect_is_over_soon_at_aws_alone) {
  auto const to = [](std::string const& endpoint) {
    return decide(get, {.status = 307, .code = "TemporaryRedirect", .endpoint = endpoint}).action;
  };
  EXPECT_EQ(to(""), Action::retry);
  EXPECT_EQ(to("bucket.s3.eu-west-1.amazonaws.com"), Action::retry);
  EXPECT_EQ(to("https://bucket.s3.cn-north-1.amazonaws.com.cn:443/key"), Action::retry);
  EXPECT_EQ(to("https://example.com/amazonaws.com"), Action::fail);
  EXPECT_EQ(to("192.0.2.1:9000"), Action::fail);
}

TEST(Decide, a_failed_precondition_depends_on_the_call) {
  Attempt put = get;
  put.call = Call::put_object;
  Attempt complete = get;
  complete.call = Call::complete_upload;
  EXPECT_EQ(decided(412, "PreconditionFailed"), (Decision{Action::fail, Fault::changed}));
  EXPECT_EQ(decided(412, "PreconditionFailed", put), (Decision{Action::fail, Fault::conflict}));
  EXPECT_EQ(decided(409, "ConditionalRequestConflict", put).action, Action::retry);
  EXPECT_EQ(decided(409, "ConditionalRequestConflict", complete).action, Action::fail);
}

TEST(MakeError, names_call_bucket_key_code_message_and_request) {
  ErrorReply const reply{.status = 404,
                         .code = "NoSuchKey",
                         .message = "The specified key does not exist.",
                         .request_id = "4442587FB7D0A2F9"};
  base::Error const error = make_error(get, reply);
  EXPECT_EQ(error.message(),
            "GetObject s3://bkt/a/b: NoSuchKey: The specified key does not exist. "
            "(HTTP 404, request id 4442587FB7D0A2F9)");
  EXPECT_EQ(error.fault(), Fault::not_found);
  EXPECT_EQ(error.code(), "NoSuchKey");
}

TEST(MakeError, says_what_to_do) {
  Attempt const list{.call = Call::list_objects, .bucket = "bkt", .key = "", .region = "us-east-1"};
  EXPECT_EQ(message(list, {.status = 403, .code = "AccessDenied"}),
            "ListObjectsV2 s3://bkt: AccessDenied (HTTP 403); the credentials may not list this "
            "bucket (s3:ListBucket)");
  struct Row {
    std::string code;
    std::string_view advice;
  };
  for (Row const& row : std::vector<Row>{{"Forbidden", "s3:GetObject"},
                                         {"PreconditionFailed", "has changed"},
                                         {"ExpiredToken", "send new ones"},
                                         {"InvalidAccessKeyId", "check it"},
                                         {"SignatureDoesNotMatch", "secret key"},
                                         {"RequestTimeTooSkewed", "clock"},
                                         {"InvalidObjectState", "restore it"},
                                         {"NoSuchBucket", "endpoint"},
                                         {"BadRequest", "expired"}}) {
    EXPECT_NE(message(get, {.status = 400, .code = row.code}).find(row.advice), std::string::npos)
        << row.code;
  }
  ErrorReply redirect{.status = 301, .code = "PermanentRedirect"};
  redirect.region = "eu-west-1";
  EXPECT_NE(message(get, redirect).find("eu-west-1"), std::string::npos);
}

// S3 sends the canonical request back, and in it the session token.
TEST(MakeError, holds_no_secret) {
  http::Response const response{.status = 403, .reason = "", .headers = {}};
  auto const reply = find_error(
      response,
      "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does "
      "not match the signature you provided.</Message><AWSAccessKeyId>AKIA</AWSAccessKeyId>"
      "<StringToSign>AWS4-HMAC-SHA256</StringToSign><SignatureProvided>8f790beb</SignatureProvided>"
      "<CanonicalRequest>GET\n/\n\nx-amz-security-token:TOKEN</CanonicalRequest>"
      "<Token-0>TOKEN</Token-0></Error>");
  std::string const text = message(get, reply.value());
  EXPECT_EQ(text.find("TOKEN"), std::string::npos);
  EXPECT_EQ(text.find("8f790beb"), std::string::npos);
  EXPECT_NE(text.find("does not match"), std::string::npos);
}

TEST(MakeError, foreign_text_is_tamed) {
  ErrorReply const reply{.status = 500,
                         .code = "A\nB",
                         .message = "line\r\nX-Evil: 1\xFF" + std::string(1000, 'x'),
                         .request_id = "\x1B[31m"};
  std::string const text = message(get, reply);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_EQ(text.find('\xFF'), std::string::npos);
  EXPECT_LT(text.size(), 500U);
}

TEST(Shown, escapes_control_characters) {
  EXPECT_EQ(shown("b", ""), "s3://b");
  EXPECT_EQ(shown("b", "/a\n\x01\x7Fü\xFF"), "s3://b//a\\x0A\\x01\\x7Fü\xEF\xBF\xBD");
}

TEST(RetryDelay, doubles_to_its_cap_and_is_random_from_a_quarter_on) {
  constexpr std::chrono::milliseconds cap = base::limits::retry_cap;
  EXPECT_EQ(retry_delay(3, 0.0), 2 * base::limits::retry_base);
  EXPECT_EQ(retry_delay(4, 0.0), 4 * base::limits::retry_base);
  EXPECT_EQ(retry_delay(4, 1.0 / 3), 8 * base::limits::retry_base);
  for (int const retry : {7, 20, 63, 64, 1000, 2'000'000'000}) {
    EXPECT_EQ(retry_delay(retry, 0.0), cap / 4) << retry;
    EXPECT_EQ(retry_delay(retry, 1.0 / 3), cap / 2) << retry;
  }
  EXPECT_EQ(retry_delay(-1, 0.0), retry_delay(0, 0.0));
}

TEST(RetryDelay, is_no_shorter_than_the_store_asks_for) {
  using namespace std::chrono_literals;
  EXPECT_EQ(retry_delay(0, 0.0, 4s), 4s);
  EXPECT_EQ(retry_delay(0, 0.5, 4s), 4500ms);
  EXPECT_EQ(retry_delay(3, 0.0, 0s), retry_delay(3, 0.0));
}

TEST(IsTransient, is_what_may_be_over_at_the_next_try) {
  using base::Error;
  using base::Fault;
  EXPECT_TRUE(is_transient(Error(Fault::unavailable, "connection refused")));
  EXPECT_TRUE(is_transient(Error(Fault::disconnected, "reset")));
  EXPECT_TRUE(is_transient(Error(Fault::timeout, "silence")));
  EXPECT_FALSE(is_transient(Error(Fault::unavailable, "no such name", "NoSuchHost")));
  EXPECT_FALSE(is_transient(Error(Fault::unavailable, "a stranger", "UntrustedCertificate")));
  EXPECT_FALSE(is_transient(Error(Fault::forbidden, "not allowed")));
}

TEST(Decide, a_delete_marker_is_an_object_that_is_not_there) {
  ErrorReply reply{.status = 405, .code = "MethodNotAllowed"};
  EXPECT_EQ(decide(get, reply), (Decision{Action::fail, Fault::unavailable}));
  reply.is_delete_marker = true;
  EXPECT_EQ(decide(get, reply), (Decision{Action::not_found, Fault::not_found}));
  EXPECT_NE(message(get, reply).find("it is deleted"), std::string::npos);
  EXPECT_EQ(message(get, reply).find("does not offer"), std::string::npos);
}

TEST(MakeError, says_where_a_redirect_leads) {
  ErrorReply reply{.status = 301, .code = "PermanentRedirect"};
  reply.endpoint = "s3.eu.store.example";
  EXPECT_NE(message(get, reply).find("the bucket is at s3.eu.store.example: give that as"),
            std::string::npos);
  reply.region = "eu";
  EXPECT_NE(message(get, reply).find("is in the region eu, at s3.eu.store.example: give"),
            std::string::npos);
  reply.region = "us-east-1";  // the region that the request was signed for
  EXPECT_NE(message(get, reply).find("the bucket is at s3.eu"), std::string::npos);
}

TEST(Faults, a_400_of_an_unknown_code_may_want_a_checksum) {
  EXPECT_TRUE(may_want_checksum({.status = 400, .code = "InvalidRequest"}));
  EXPECT_TRUE(may_want_checksum({.status = 400, .code = "MissingContentMD5"}));
  EXPECT_FALSE(may_want_checksum({.status = 400, .code = "ExpiredToken"}));
  EXPECT_FALSE(may_want_checksum({.status = 403, .code = "Unknown"}));
}

}  // namespace
}  // namespace s3
