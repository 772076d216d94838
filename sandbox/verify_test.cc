#include "sandbox/verify.h"

#include "base/text.h"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

using namespace std::chrono_literals;

aws::Credentials const example{
    .access_key = "AKIAIOSFODNN7EXAMPLE",
    .secret_key = base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    .session_token = {}};
base::UnixSeconds const noon = base::parse_amz_date("20130524T120000Z").value();

http::Request signed_request(base::UnixSeconds time = noon) {
  http::Request request{.method = "PUT", .target = "/bucket/a%20b?x=1&a", .headers = {}};
  request.headers.add("Host", "127.0.0.1:9000");
  request.headers.add("x-amz-meta-note", "hello");
  aws::Signer signer;
  signer.sign_headers(request, example, "us-east-1", aws::unsigned_payload, time);
  return request;
}

http::Request presigned_request(std::chrono::seconds expires = 60s,
                                aws::Credentials const& credentials = example) {
  http::Request request{.method = "GET", .target = "/bucket/a%20b", .headers = {}};
  request.headers.add("Host", "127.0.0.1:9000");
  aws::Signer signer;
  request.target += "?" + signer.presign(request, credentials, "us-east-1", expires, noon);
  return request;
}

Verification check(http::Request const& request, base::UnixSeconds now = noon,
                   std::string_view region = "us-east-1",
                   base::Secret const& secret = example.secret_key) {
  aws::SigningKeys keys;
  ParsedAuthorization const parsed = parse_authorization(request);
  if (parsed.verdict != Verdict::ok) return {parsed.verdict, parsed.problem};
  return verify(request, parsed.authorization, {.secret_key = secret, .region = region, .now = now},
                keys);
}

TEST(Verify, takes_what_the_signer_signed) {
  EXPECT_EQ(check(signed_request()).verdict, Verdict::ok) << check(signed_request()).problem;
  EXPECT_EQ(check(presigned_request()).verdict, Verdict::ok) << check(presigned_request()).problem;
  EXPECT_EQ(check(signed_request(), noon, "").verdict, Verdict::ok);
}

// Only a link's own signature is not signed.
TEST(Verify, signs_a_query_field_that_is_called_a_signature) {
  http::Request request{.method = "GET", .target = "/b/k?X-Amz-Signature=1", .headers = {}};
  request.headers.add("Host", "127.0.0.1:9000");
  aws::Signer signer;
  signer.sign_headers(request, example, "us-east-1", aws::unsigned_payload, noon);
  EXPECT_EQ(check(request).verdict, Verdict::ok) << check(request).problem;
  request.target.back() = '2';
  EXPECT_EQ(check(request).verdict, Verdict::mismatch);
}

// The same request as in "Signature Calculations for the Authorization Header", with AWS's spelling
// of the header: no spaces behind the commas.
TEST(Verify, takes_the_published_example) {
  http::Request request{.method = "GET", .target = "/test.txt", .headers = {}};
  request.headers.add("Host", "examplebucket.s3.amazonaws.com");
  request.headers.add(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
      "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  request.headers.add("Range", "bytes=0-9");
  request.headers.add("x-amz-content-sha256", std::string(aws::empty_payload_hash));
  request.headers.add("x-amz-date", "20130524T000000Z");
  ParsedAuthorization const parsed = parse_authorization(request);
  ASSERT_EQ(parsed.verdict, Verdict::ok) << parsed.problem;
  EXPECT_EQ(parsed.authorization.access_key, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(parsed.authorization.scope, (aws::Scope{"20130524", "us-east-1", "s3"}));
  EXPECT_EQ(parsed.authorization.payload_hash, aws::empty_payload_hash);
  EXPECT_FALSE(parsed.authorization.presigned);
  EXPECT_EQ(check(request, parsed.authorization.time).verdict, Verdict::ok);
  EXPECT_EQ(check(request, parsed.authorization.time, "", base::Secret("other")).verdict,
            Verdict::mismatch);
}

TEST(Verify, any_change_to_a_signed_part_is_a_mismatch) {
  for (std::string const target : {"/bucket/a%20c?x=1&a", "/bucket/a%20b?x=2&a", "/bucket/a%20b"}) {
    http::Request request = signed_request();
    request.target = target;
    EXPECT_EQ(check(request).verdict, Verdict::mismatch) << target;
  }
  http::Request request = signed_request();
  request.method = "GET";
  EXPECT_EQ(check(request).verdict, Verdict::mismatch);
  for (std::string_view const name : {"Host", "x-amz-meta-note", "x-amz-content-sha256"}) {
    request = signed_request();
    request.headers.set(name, "other");
    EXPECT_EQ(check(request).verdict, Verdict::mismatch) << name;
  }
  request = signed_request();
  request.headers.remove("x-amz-meta-note");
  EXPECT_EQ(check(request).verdict, Verdict::mismatch);
  EXPECT_NE(check(request).problem.find("x-amz-meta-note"), std::string::npos);
}

TEST(Verify, another_spelling_of_the_same_request_is_not) {
  http::Request request = signed_request();
  request.target = "/bucket/a%20%62?a=&x=1";
  request.headers.set("x-amz-meta-note", "  hello ");
  request.headers.add("User-Agent", "not signed");
  EXPECT_EQ(check(request).verdict, Verdict::ok);
}

TEST(Verify, amz_headers_and_the_host_must_be_signed) {
  http::Request request = signed_request();
  request.headers.add("x-amz-acl", "public-read");
  EXPECT_EQ(check(request).verdict, Verdict::malformed);
  EXPECT_NE(check(request).problem.find("x-amz-acl"), std::string::npos);
  request = presigned_request();
  request.headers.add("x-amz-acl", "public-read");
  EXPECT_EQ(check(request).verdict, Verdict::malformed);
  request = signed_request();
  std::string value(request.headers.get("Authorization"));
  value.replace(value.find("host;"), 5, "");
  request.headers.set("Authorization", value);
  EXPECT_EQ(check(request).verdict, Verdict::malformed);
}

TEST(Verify, a_clock_may_be_15_minutes_off) {
  http::Request const request = signed_request();
  EXPECT_EQ(check(request, noon + 900).verdict, Verdict::ok);
  EXPECT_EQ(check(request, noon + 901).verdict, Verdict::expired);
  EXPECT_EQ(check(request, noon - 900).verdict, Verdict::ok);
  EXPECT_EQ(check(request, noon - 901).verdict, Verdict::expired);
}

TEST(Verify, a_link_lives_as_long_as_it_says) {
  http::Request const request = presigned_request(7200s);
  EXPECT_EQ(check(request, noon + 7200).verdict, Verdict::ok);
  EXPECT_EQ(check(request, noon + 7201).verdict, Verdict::expired);
  EXPECT_EQ(check(request, noon - 901).verdict, Verdict::expired);
  http::Request stretched = request;
  std::size_t const at = stretched.target.find("X-Amz-Expires=7200");
  stretched.target.replace(at, 18, "X-Amz-Expires=7201");
  EXPECT_EQ(check(stretched, noon).verdict, Verdict::mismatch);
}

TEST(Verify, another_region_service_or_day_is_the_wrong_scope) {
  EXPECT_EQ(check(signed_request(), noon, "eu-west-1").verdict, Verdict::wrong_scope);
  for (auto const& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"/20130524/", "/20130523/"}, {"/s3/", "/sts/"}}) {
    http::Request request = signed_request();
    std::string value(request.headers.get("Authorization"));
    value.replace(value.find(from), from.size(), to);
    request.headers.set("Authorization", value);
    EXPECT_EQ(check(request).verdict, Verdict::wrong_scope) << to;
  }
}

TEST(Verify, access_keys_may_hold_colons_and_slashes) {
  aws::Credentials odd = example;
  odd.access_key = "acc:one/two";
  http::Request const request = presigned_request(60s, odd);
  EXPECT_EQ(parse_authorization(request).authorization.access_key, "acc:one/two");
  EXPECT_EQ(check(request).verdict, Verdict::ok);
}

TEST(Verify, session_tokens_and_payload_hashes_are_handed_on) {
  aws::Credentials temporary = example;
  temporary.session_token = base::Secret("to+ken/==");
  http::Request const request = presigned_request(60s, temporary);
  Authorization const link = parse_authorization(request).authorization;
  EXPECT_EQ(link.session_token.reveal(), "to+ken/==");
  EXPECT_EQ(link.payload_hash, aws::unsigned_payload);
  EXPECT_TRUE(link.presigned);
  EXPECT_EQ(link.expires, 60s);
  http::Request headers = signed_request();
  aws::Signer signer;
  signer.sign_headers(headers, temporary, "us-east-1", aws::empty_payload_hash, noon);
  Authorization const call = parse_authorization(headers).authorization;
  EXPECT_EQ(call.session_token.reveal(), "to+ken/==");
  EXPECT_EQ(call.payload_hash, aws::empty_payload_hash);
  EXPECT_EQ(check(headers).verdict, Verdict::ok);
}

TEST(Verify, a_date_header_stands_in_for_x_amz_date) {
  http::Request request{.method = "GET", .target = "/key", .headers = {}};
  request.headers.add("Host", "host");
  request.headers.add("Date", base::http_date(noon));
  request.headers.add("x-amz-content-sha256", std::string(aws::unsigned_payload));
  aws::Scope const scope{.day = "20130524", .region = "us-east-1"};
  aws::CanonicalRequest const canonical{
      .method = "GET",
      .path = "/key",
      .query = "",
      .headers = aws::canonical_headers(request.headers, [](std::string_view) { return true; }),
      .payload_hash = std::string(aws::unsigned_payload)};
  request.headers.add("Authorization",
                      "AWS4-HMAC-SHA256 Credential=a/" + aws::to_text(scope) +
                          ", SignedHeaders=date;host;x-amz-content-sha256, Signature=" +
                          aws::signature(aws::derive_key(example.secret_key, scope),
                                         "20130524T120000Z", scope, aws::to_text(canonical)));
  EXPECT_EQ(check(request).verdict, Verdict::ok) << check(request).problem;
}

TEST(Verify, an_unsigned_request_is_missing_its_signature) {
  http::Request const request{.method = "GET", .target = "/bucket?list-type=2", .headers = {}};
  EXPECT_EQ(check(request).verdict, Verdict::missing);
}

TEST(Verify, malformed_headers_are_told_from_wrong_ones) {
  for (std::string const value :
       {"", "AWS AKIA:signature", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=a/20130524/us-east-1/s3/aws4_request",
        "AWS4-HMAC-SHA256 Credential=a/20130524/s3/aws4_request, SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        "AWS4-HMAC-SHA256 Credential=a/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, "
        "Signature=F0E8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"}) {
    http::Request request = signed_request();
    request.headers.set("Authorization", value);
    EXPECT_EQ(parse_authorization(request).verdict, Verdict::malformed) << value;
  }
  for (std::string_view const name : {"x-amz-date", "x-amz-content-sha256"}) {
    http::Request request = signed_request();
    request.headers.remove(name);
    EXPECT_EQ(check(request).verdict, Verdict::malformed) << name;
  }
  http::Request twice = presigned_request();
  aws::Signer().sign_headers(twice, example, "us-east-1", aws::unsigned_payload, noon);
  EXPECT_EQ(parse_authorization(twice).verdict, Verdict::malformed);
  http::Request broken = signed_request();
  broken.target = "/bucket/%zz";
  EXPECT_EQ(check(broken).verdict, Verdict::malformed);
  broken.target = "/bucket/x?a=%zz";
  EXPECT_EQ(check(broken).verdict, Verdict::malformed);
}

TEST(Verify, malformed_links_are_told_from_wrong_ones) {
  for (std::string const name :
       {"X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature", "X-Amz-Algorithm"}) {
    http::Request request = presigned_request();
    std::size_t const start = request.target.find(name) + name.size() + 1;
    std::size_t const end = std::min(request.target.find('&', start), request.target.size());
    request.target.replace(start, end - start, "x");
    EXPECT_EQ(check(request).verdict, Verdict::malformed) << name;
  }
  for (std::string const expires : {"0", "604801", "-1", "99999999999999999999"}) {
    http::Request request = presigned_request();
    std::size_t const start = request.target.find("X-Amz-Expires=") + 14;
    request.target.replace(start, 2, expires);
    EXPECT_EQ(check(request).verdict, Verdict::malformed) << expires;
  }
}

}  // namespace
}  // namespace sandbox
