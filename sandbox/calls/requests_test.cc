// Facts read from requests before a call: the bucket and key, the signer, conditions, ranges.
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/error.h"
#include "sandbox/access.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/request_target.h"
#include "sandbox/refusal.h"

#include <functional>

#include <gtest/gtest.h>

namespace sandbox {
namespace {

http::Request request(std::string target, std::string host = "127.0.0.1:9000") {
  http::Request made{"GET", std::move(target), {}};
  made.headers.add("Host", std::move(host));
  return made;
}

std::string code_of_failure(std::function<void()> const& deed) {
  try {
    deed();
  } catch (base::Error const& error) {
    return std::string(code_of(error));
  }
  return "";
}

struct TargetCase {
  std::string host, target, bucket, key;
};

TEST(RequestTarget, path_and_virtual_host_style) {
  TargetCase const cases[] = {
      {"127.0.0.1:9000", "/", "", ""},
      {"127.0.0.1:9000", "/b", "b", ""},
      {"127.0.0.1:9000", "/b/", "b", ""},
      {"127.0.0.1:9000", "/b/a/b?x=/y", "b", "a/b"},
      {"127.0.0.1:9000", "/b//a%2F..%20+%C3%A4", "b", "/a/.. +\xC3\xA4"},
      {"localhost:9000", "/b/k", "b", "k"},
      {"s3.localhost:9000", "/b/k", "b", "k"},
      {"my.bucket.s3.localhost:9000", "/k/l", "my.bucket", "k/l"},
      {"Bucket.localhost", "/", "bucket", ""},
      {"[::1]:9000", "/b/k", "b", "k"},
  };
  for (TargetCase const& one : cases) {
    RequestTarget const found = request_target(request(one.target, one.host));
    EXPECT_EQ(found.bucket, one.bucket) << one.host << one.target;
    EXPECT_EQ(found.key, one.key) << one.host << one.target;
  }
}

TEST(RequestTarget, what_cannot_be_a_key_is_refused) {
  EXPECT_EQ(code_of_failure([] { request_target(request("/b/%4")); }), "InvalidURI");
  EXPECT_EQ(code_of_failure([] { request_target(request("/b/" + std::string(1025, 'x'))); }),
            "KeyTooLongError");
}

class AccessTest : public testing::Test {
 protected:
  AccessTest()
      : first_{"AKIDONE", base::Secret("one"), {}},
        second_{"AKID/TWO", base::Secret("two"), base::Secret("token")},
        access_({first_, second_}, "eu-west-1") {}

  std::string outcome(aws::Credentials const& credentials, std::string_view region,
                      base::UnixSeconds age = 0,
                      std::function<void(http::Request&)> const& change = {}) {
    http::Request made = request("/bucket/key?list-type=2");
    aws::Signer signer;
    signer.sign_headers(made, credentials, region, aws::unsigned_payload, base::unix_now() - age);
    if (change) change(made);
    return code_of_failure([&] { access_.admit(made, base::unix_now()); });
  }

  aws::Credentials const first_, second_;
  Access access_;
};

TEST_F(AccessTest, each_of_two_credentials_comes_in_with_its_own_secret) {
  EXPECT_EQ(outcome(first_, "eu-west-1"), "");
  EXPECT_EQ(outcome(second_, "eu-west-1"), "");
  EXPECT_EQ(outcome({"AKIDONE", base::Secret("two"), {}}, "eu-west-1"), "SignatureDoesNotMatch");
  EXPECT_EQ(outcome({"AKIDTHREE", base::Secret("one"), {}}, "eu-west-1"), "InvalidAccessKeyId");
  EXPECT_EQ(outcome({"AKID/TWO", base::Secret("two"), {}}, "eu-west-1"), "InvalidToken");
  EXPECT_EQ(outcome({"AKIDONE", base::Secret("one"), base::Secret("token")}, "eu-west-1"),
            "InvalidToken");
}

TEST_F(AccessTest, wrong_claims_are_told_apart) {
  EXPECT_EQ(outcome(first_, "us-east-1"), "AuthorizationHeaderMalformed");
  EXPECT_EQ(outcome(first_, "eu-west-1", 16 * 60), "RequestTimeTooSkewed");
  EXPECT_EQ(outcome(first_, "eu-west-1", -16 * 60), "RequestTimeTooSkewed");
  EXPECT_EQ(outcome(first_, "eu-west-1", 14 * 60), "");
  auto const unsigned_line = [](http::Request& made) { made.headers.add("x-amz-acl", "public"); };
  EXPECT_NE(outcome(first_, "eu-west-1", 0, unsigned_line), "");
  auto const other_path = [](http::Request& made) { made.target = "/bucket/other?list-type=2"; };
  EXPECT_EQ(outcome(first_, "eu-west-1", 0, other_path), "SignatureDoesNotMatch");
  auto const nothing = [](http::Request& made) { made.headers.remove("authorization"); };
  EXPECT_EQ(outcome(first_, "eu-west-1", 0, nothing), "AccessDenied");
}

Object sample() {
  Object object;
  object.etag = "abc";
  object.size = 100;
  object.modified = 1'700'000'000;
  return object;
}

struct ConditionCase {
  std::vector<http::Field> lines;
  int status;  // 0: go on
};

TEST(ObjectHeaders, conditions_by_rfc_9110) {
  std::string const before = base::http_date(1'699'999'999);
  std::string const same = base::http_date(1'700'000'000);
  ConditionCase const cases[] = {
      {{}, 0},
      {{{"If-Match", "\"abc\""}}, 0},
      {{{"If-Match", "abc"}}, 0},
      {{{"If-Match", "*"}}, 0},
      {{{"If-Match", "\"x\", \"abc\""}}, 0},
      {{{"If-Match", "\"x\""}}, 412},
      {{{"If-None-Match", "\"abc\""}}, 304},
      {{{"If-None-Match", "*"}}, 304},
      {{{"If-None-Match", "\"x\""}}, 0},
      {{{"If-Modified-Since", same}}, 304},
      {{{"If-Modified-Since", before}}, 0},
      {{{"If-Modified-Since", "no date"}}, 0},
      {{{"If-Unmodified-Since", same}}, 0},
      {{{"If-Unmodified-Since", before}}, 412},
      // The ETag's condition takes precedence over the date's.
      {{{"If-Match", "\"abc\""}, {"If-Unmodified-Since", before}}, 0},
      {{{"If-None-Match", "\"x\""}, {"If-Modified-Since", same}}, 0},
  };
  for (ConditionCase const& one : cases) {
    http::Headers headers;
    for (http::Field const& line : one.lines) headers.add(line.name, line.value);
    EXPECT_EQ(failed_condition(headers, sample()).value_or(0), one.status)
        << (one.lines.empty() ? "" : one.lines.front().name + one.lines.front().value);
  }
  http::Headers copy;
  copy.add("x-amz-copy-source-if-none-match", "\"abc\"");
  EXPECT_EQ(failed_condition(copy, sample(), "x-amz-copy-source-"), 412);
  EXPECT_EQ(failed_condition(copy, sample()), std::nullopt);
}

TEST(ObjectHeaders, parts_by_number) {
  Object object = sample();
  http::Headers const none;
  EXPECT_EQ(wanted_range(none, object, 1).range, (base::Extent{0, 100}));
  EXPECT_EQ(code_of_failure([&] { wanted_range(none, object, 2); }), "InvalidRange");
  object.part_sizes = {60, 30, 10};
  EXPECT_EQ(wanted_range(none, object, 3).range, (base::Extent{90, 10}));
  EXPECT_TRUE(wanted_range(none, object, 3).partial);
  EXPECT_EQ(code_of_failure([&] { wanted_range(none, object, 4); }), "InvalidRange");
}

TEST(ObjectHeaders, what_is_stored_of_a_request) {
  http::Headers headers;
  headers.add("content-encoding", "aws-chunked, gzip");
  headers.add("Content-Type", "text/plain");
  headers.add("X-Amz-Meta-A", "1");
  headers.add("x-amz-meta-a", "2");
  headers.add("x-amz-date", "no");
  std::vector<http::Field> const wanted{
      {"Content-Type", "text/plain"}, {"Content-Encoding", "gzip"}, {"x-amz-meta-a", "1,2"}};
  EXPECT_EQ(stored_headers(headers), wanted);
  headers.add("x-amz-meta-b", std::string(2048, 'x'));
  EXPECT_EQ(code_of_failure([&] { stored_headers(headers); }), "MetadataTooLarge");
}

TEST(Refusal, the_document_names_code_resource_and_request) {
  std::string const xml = error_document(refusal("AuthorizationHeaderMalformed", "a <b>"),
                                         {.resource = "/b/k", .request_id = "ID", .region = "r-1"});
  EXPECT_NE(xml.find("<Code>AuthorizationHeaderMalformed</Code><Message>a &lt;b&gt;</Message>"
                     "<Region>r-1</Region><Resource>/b/k</Resource><RequestId>ID</RequestId>"),
            std::string::npos)
      << xml;
  // An inner failure is not told to clients.
  base::Error const inside(base::Fault::internal, "cannot open /secret/path");
  EXPECT_EQ(error_document(inside, {}).find("secret"), std::string::npos);
  EXPECT_EQ(status_of(inside), 500);
}

}  // namespace
}  // namespace sandbox
