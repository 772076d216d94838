#include "aws/sigv4.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace aws {
namespace {

using namespace std::chrono_literals;

Credentials const example{.access_key = "AKIAIOSFODNN7EXAMPLE",
                          .secret_key = base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                          .session_token = {}};
Credentials const temporary{
    .access_key = "AKIAIOSFODNN7EXAMPLE",
    .secret_key = base::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    .session_token = base::Secret("IQoJb3JpZ2luX2VjEHQaCXVzLWVhc3QtMSJHMEUC+/==")};

base::UnixSeconds at(std::string_view amz_date) {
  return base::parse_amz_date(amz_date).value();
}

http::Request make(std::string method, std::string host, std::string target,
                   std::vector<http::Field> const& headers = {}) {
  http::Request request{.method = std::move(method), .target = std::move(target), .headers = {}};
  request.headers.add("Host", std::move(host));
  for (http::Field const& line : headers) request.headers.add(line.name, line.value);
  return request;
}

// The part of Authorization behind the credential.
std::string signed_with(http::Request request, Credentials const& credentials,
                        std::string_view region, std::string_view payload_hash,
                        base::UnixSeconds now) {
  Signer signer;
  signer.sign_headers(request, credentials, region, payload_hash, now);
  std::string const value(request.headers.get("Authorization"));
  return value.substr(value.find(' ', value.find("Credential=")) + 1);
}

// "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk",
// Amazon S3 API reference: its four examples.
TEST(Sigv4, signs_headers_like_the_published_examples) {
  base::UnixSeconds const now = at("20130524T000000Z");
  std::string const host = "examplebucket.s3.amazonaws.com";
  EXPECT_EQ(signed_with(make("GET", host, "/test.txt", {{"Range", "bytes=0-9"}}), example,
                        "us-east-1", empty_payload_hash, now),
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature="
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(
      signed_with(make("PUT", host, "/test%24file.text",
                       {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                        {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}),
                  example, "us-east-1", base::hex(base::sha256("Welcome to Amazon S3.")), now),
      "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, "
      "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(
      signed_with(make("GET", host, "/?lifecycle"), example, "us-east-1", empty_payload_hash, now),
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(signed_with(make("GET", host, "/?max-keys=2&prefix=J"), example, "us-east-1",
                        empty_payload_hash, now),
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// "Authenticating Requests: Using Query Parameters", Amazon S3 API reference.
TEST(Sigv4, presigns_like_the_published_example) {
  Signer signer;
  http::Request const request = make("GET", "examplebucket.s3.amazonaws.com", "/test.txt");
  EXPECT_EQ(signer.presign(request, example, "us-east-1", 86400s, at("20130524T000000Z")),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F"
            "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
            "X-Amz-SignedHeaders=host&X-Amz-Signature="
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

// The expected values were made with botocore 1.29, an independent implementation.
TEST(Sigv4, signs_like_botocore) {
  base::UnixSeconds const now = at("20261122T123456Z");
  std::string const host = "bucket-1.s3.eu-west-1.amazonaws.com";
  EXPECT_EQ(
      signed_with(make("GET", host, "/a%20b"), temporary, "eu-west-1", empty_payload_hash, now),
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature="
      "36aef8fa9fc238c86e5615c0e3a8551f7a701c2d71360efd1e633617067b8a44");
  EXPECT_EQ(signed_with(make("PUT", host, "/k",
                             {{"Content-Type", "application/zip"},
                              {"x-amz-meta-Note", "two  spaces "},
                              {"x-amz-checksum-crc32", "NhCmhg=="}}),
                        example, "eu-west-1", unsigned_payload, now),
            "SignedHeaders=content-type;host;x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date;"
            "x-amz-meta-note, Signature="
            "8bc4a39e99aa627b43a48ff98692afc04dd13ede6f3ae2a024e10a1a0fcb36ce");
  EXPECT_EQ(signed_with(make("GET", "127.0.0.1:7480",
                             "/bucket1/x//y/../z/./%01%0A%2B%25%C3%BC%27%28%29%2A%21~-_."),
                        example, "default", empty_payload_hash, now),
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
            "0617893ee710d5b66b9bf6232b394ac7e3970abdb8c9604150995ad07d59008f");
  EXPECT_EQ(signed_with(make("GET", "127.0.0.1:7480",
                             "/bucket1?list-type=2&prefix=a%2Bb%20c%26%3D%C3%BC%2F&start-after=%25"
                             "&encoding-type=url&delimiter=%2F"),
                        example, "default", empty_payload_hash, now),
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
            "d077e4b88c50c7df63a285fdcbe6fd753da77418634a53fd7212a7ef8b5abf1e");
}

TEST(Sigv4, presigns_with_a_session_token_and_response_headers_like_botocore) {
  Signer signer;
  http::Request const request =
      make("GET", "bucket-1.s3.eu-west-1.amazonaws.com",
           "/a%20b.zip?response-content-disposition=attachment%3B%20filename%3D%22a%20b.zip%22");
  std::string const query =
      signer.presign(request, temporary, "eu-west-1", 1h, at("20261122T123456Z"));
  EXPECT_TRUE(query.ends_with(
      "&X-Amz-Signature=b98ece1ee7b0bc5aded4a43acb3855b98438ef00f126da89722a4a45626690b0"))
      << query;
  EXPECT_NE(query.find("X-Amz-Security-Token=IQoJb3JpZ2luX2VjEHQaCXVzLWVhc3QtMSJHMEUC%2B%2F%3D%3D"),
            std::string::npos);
  EXPECT_NE(query.find("&response-content-disposition=attachment%3B%20filename%3D%22a%20b.zip%22"),
            std::string::npos);
}

TEST(Sigv4, a_link_lasts_from_a_second_to_a_week) {
  Signer signer;
  http::Request const request = make("GET", "host", "/key");
  base::UnixSeconds const now = at("20130524T000000Z");
  EXPECT_THROW(signer.presign(request, example, "r", 0s, now), base::Error);
  EXPECT_NO_THROW(signer.presign(request, example, "r", 1s, now));
  EXPECT_NO_THROW(signer.presign(request, example, "r", 168h, now));
  EXPECT_THROW(signer.presign(request, example, "r", 168h + 1s, now), base::Error);
}

TEST(Sigv4, a_request_is_signed_anew_for_each_attempt) {
  Signer signer;
  base::UnixSeconds const now = at("20130524T000000Z");
  http::Request request = make("GET", "host", "/key");
  signer.sign_headers(request, temporary, "us-east-1", empty_payload_hash, now - 100'000);
  signer.sign_headers(request, example, "eu-west-1", empty_payload_hash, now);
  http::Request once = make("GET", "host", "/key");
  signer.sign_headers(once, example, "eu-west-1", empty_payload_hash, now);
  EXPECT_EQ(request.headers.size(), once.headers.size());
  EXPECT_EQ(request.headers.get("Authorization"), once.headers.get("Authorization"));
  EXPECT_FALSE(request.headers.find("x-amz-security-token"));
}

TEST(SigningKeys, another_secret_for_the_same_access_key_never_finds_the_right_key) {
  SigningKeys keys;
  Scope const scope{.day = "20130524", .region = "us-east-1"};
  base::Secret const right("right");
  base::Secret const wrong("wrong");
  EXPECT_EQ(keys.find(right, scope), derive_key(right, scope));
  EXPECT_EQ(keys.find(wrong, scope), derive_key(wrong, scope));
  EXPECT_EQ(keys.find(right, scope), derive_key(right, scope));
  EXPECT_EQ(keys.size(), 2U);
}

TEST(SigningKeys, day_region_and_service_each_make_another_key) {
  SigningKeys keys;
  base::Secret const secret("secret");
  std::set<std::string> seen;
  for (std::string const day : {"20130524", "20130525"}) {
    for (std::string const region : {"us-east-1", "eu-west-1"}) {
      for (std::string const service : {"s3", "sts"}) {
        Scope const scope{.day = day, .region = region, .service = service};
        seen.insert(keys.find(secret, scope).reveal());
        EXPECT_EQ(keys.find(secret, scope), derive_key(secret, scope));
      }
    }
  }
  EXPECT_EQ(seen.size(), 8U);
}

TEST(SigningKeys, are_bounded_and_the_longest_unused_goes_first) {
  SigningKeys keys;
  Scope const scope{.day = "20130524", .region = "us-east-1"};
  base::Secret const kept("kept");
  for (std::size_t i = 0; i < base::limits::max_signing_keys * 2; ++i) {
    keys.find(base::Secret(std::to_string(i)), scope);
    keys.find(kept, scope);
    ASSERT_LE(keys.size(), base::limits::max_signing_keys);
  }
  EXPECT_EQ(keys.find(kept, scope), derive_key(kept, scope));
  EXPECT_EQ(keys.derived_count(), base::limits::max_signing_keys * 2 + 1);
}

TEST(SigningKeys, may_be_used_from_many_threads) {
  SigningKeys keys;
  auto const use = [&keys] {
    for (int i = 0; i < 2000; ++i) {
      Scope const scope{.day = std::to_string(i % 7), .region = "r"};
      base::Secret const secret("secret");
      if (keys.find(secret, scope) != derive_key(secret, scope)) ADD_FAILURE() << i;
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(use);
}

}  // namespace
}  // namespace aws
