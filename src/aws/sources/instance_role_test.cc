#include "aws/sources/instance_role.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

using std::chrono::seconds;

std::string const good = R"({"Code": "Success", "LastUpdated": "2026-11-23T00:00:00Z",
    "Type": "AWS-HMAC", "AccessKeyId": "ASIAROLE", "SecretAccessKey": "role-secret",
    "Token": "role-token", "Expiration": "2026-11-23T06:00:00Z"})";

std::string with(std::string const& from, std::string const& to) {
  std::string text = good;
  return text.replace(text.find(from), from.size(), to);
}

TEST(InstanceRole, credentials_are_read) {
  RoleCredentials const role = parse_role_credentials(good);
  EXPECT_EQ(role.credentials.access_key, "ASIAROLE");
  EXPECT_EQ(role.credentials.secret_key.reveal(), "role-secret");
  EXPECT_EQ(role.credentials.session_token.reveal(), "role-token");
  EXPECT_EQ(base::rfc3339(role.expires_at), "2026-11-23T06:00:00Z");
}

TEST(InstanceRole, what_holds_no_credentials_is_refused) {
  for (std::string const& wrong :
       {std::string(), std::string("[]"), std::string("{}"), with("Success", "Failed"),
        with("\"role-secret\"", "\"\""), with("\"role-token\"", "1"), with("AccessKeyId", "Key"),
        with("2026-11-23T06", "soon")}) {
    try {
      parse_role_credentials(wrong);
      ADD_FAILURE() << wrong;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::unavailable);
      EXPECT_EQ(std::string(error.what()).find("role-secret"), std::string::npos);
    }
  }
}

TEST(InstanceRole, credentials_are_asked_for_before_they_end) {
  EXPECT_EQ(use_of(seconds(6 * 3600)), seconds(6 * 3600 - 300));
  EXPECT_EQ(use_of(seconds(400)), seconds(200));
  EXPECT_EQ(use_of(seconds(4)), seconds(2));
  EXPECT_EQ(use_of(seconds(0)), seconds(1));
  EXPECT_EQ(use_of(seconds(-50)), seconds(1));
}

TEST(OwnCredentials, end_in_time) {
  OwnCredentials own;
  try {
    own.get(0);
    ADD_FAILURE() << "there are none";
  } catch (base::Error const& error) {
    // A code marks lasting trouble, which is told at once.
    EXPECT_EQ(error.code(), "NoCredentials");
  }
  own.set({.access_key = "A", .secret_key = base::Secret("s"), .session_token = {}}, 100);
  EXPECT_EQ(own.get(99).access_key, "A");
  EXPECT_THROW(own.get(100), base::Error);
  own.set({.access_key = "B", .secret_key = base::Secret("s"), .session_token = {}},
          OwnCredentials::never);
  EXPECT_EQ(own.get(1LL << 40).access_key, "B");
}

}  // namespace
}  // namespace aws
