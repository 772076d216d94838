#include "notify/webhooks.h"

#include "base/limits.h"

#include <gtest/gtest.h>

namespace notify {
namespace {

// The signature is openssl's: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
TEST(Webhooks, sign_the_time_and_the_body) {
  EXPECT_EQ(webhook_signature("secret", 1700000000, R"({"a":1})"),
            "v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686");
}

TEST(Webhooks, are_tried_for_about_a_day) {
  EXPECT_EQ(webhook_pause(1).count(), 5);
  EXPECT_EQ(webhook_pause(2).count(), 13);
  std::chrono::seconds all{0};
  for (int attempts = 1; attempts < base::limits::webhook_attempts; ++attempts) {
    EXPECT_GE(webhook_pause(attempts), all) << "each is longer than all before together";
    all += webhook_pause(attempts);
  }
  EXPECT_GT(all, std::chrono::hours(20));
  EXPECT_LT(all, std::chrono::hours(25));
}

}  // namespace
}  // namespace notify
