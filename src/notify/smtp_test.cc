// Addresses that mails may be sent to; sending itself is tested against a real server
// (test/system/mail_test.py).
#include "notify/smtp.h"

#include <gtest/gtest.h>

namespace notify {
namespace {

TEST(IsMailAddress, takes_one_address_and_nothing_that_could_be_more) {
  for (char const* text : {"a@b", "name+tag@example.org", "first.last@mail.example.org", "#!@x.y"})
    EXPECT_TRUE(is_mail_address(text)) << text;
  for (char const* text :
       {"",       "name",       "@example.org", "name@",   "a@b@c",   "a b@c",
        "a@b c",  "a@b,c@d",    "a@b;c@d",      "<a@b>",   "a@b>",    "a@b\r\nBcc: c@d",
        "a@b\nX", "Name <a@b>", "\"a b\"@c",    "grüße@b", "a@[::1]", "a@b..c",
        "a@-b",   "a@10.1"})
    EXPECT_FALSE(is_mail_address(text)) << text;
  std::string const longest = std::string(252, 'x') + "@b";
  EXPECT_TRUE(is_mail_address(longest));
  EXPECT_FALSE(is_mail_address("x" + longest));
}

}  // namespace
}  // namespace notify
