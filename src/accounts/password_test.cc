#include "accounts/password.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

std::string refusal(std::string const& password) {
  try {
    check_password("password", base::Secret(password));
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
    return std::string(error.message());
  }
  return "";
}

TEST(Password, has_a_length_and_no_other_rule) {
  EXPECT_EQ(refusal("aaaaaaaaaa"), "");
  EXPECT_EQ(refusal("          "), "");
  EXPECT_EQ(refusal("ääääääääää"), "") << "ten characters";
  EXPECT_TRUE(refusal("ääääääääa").starts_with("password: ")) << "nine characters of 17 bytes";
  EXPECT_EQ(refusal(std::string(most_password_bytes, 'x')), "");
  EXPECT_NE(refusal(std::string(most_password_bytes + 1, 'x')), "");
  EXPECT_NE(refusal(std::string(20, '\xFF')), "");
}

TEST(Password, only_the_one_that_was_hashed_matches) {
  base::Secret const password("correct horse battery");
  std::string const hash = hash_password(password);
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_NE(hash_password(password), hash) << "salted";
  EXPECT_TRUE(password_matches(password, hash));
  EXPECT_FALSE(password_matches(base::Secret("correct horse batterx"), hash));
  EXPECT_FALSE(password_matches(base::Secret(hash), hash));
  EXPECT_FALSE(password_matches(password, ""));
  EXPECT_FALSE(password_matches(base::Secret("a password that nobody has"), ""));
}

}  // namespace
}  // namespace accounts
