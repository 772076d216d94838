#include "accounts/user_key.h"

#include "base/error.h"

#include <vector>

#include <gtest/gtest.h>

namespace accounts {
namespace {

constexpr base::UnixSeconds now = 1'800'000'000;
constexpr auto at_once = std::chrono::seconds(0);

Keys test_keys() {
  std::vector<base::Secret> const masters{base::Secret(std::string(master_key_bytes, 'k'))};
  return Keys(masters);
}

bool is_alphanumeric(std::string const& text) {
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") ==
         std::string::npos;
}

TEST(UserKey, a_new_key_has_a_secret_that_is_not_stored) {
  Keys const keys = test_keys();
  auto const [key, secret] = new_user_key("account", "Åse & co", keys, now);
  EXPECT_EQ(key.account_id, "account");
  EXPECT_EQ(key.name, "Åse & co");
  EXPECT_EQ(key.created_at, now);
  EXPECT_EQ(key.generation, 1);
  EXPECT_EQ(key.user_key.size(), 20U);
  EXPECT_TRUE(is_alphanumeric(key.user_key));
  EXPECT_EQ(secret.reveal().size(), 36U);
  EXPECT_TRUE(is_alphanumeric(secret.reveal()));
  EXPECT_EQ(key.secret_hash.size(), 32U);
  EXPECT_EQ(key.secret_end, secret.reveal().substr(32));
  EXPECT_EQ(key.hashed_by, keys.fingerprint());
  EXPECT_NE(new_user_key("account", "b", keys, now).key.user_key, key.user_key);
  EXPECT_THROW(new_user_key("account", "", keys, now), base::Error);
}

TEST(UserKey, only_its_own_secret_matches) {
  Keys const keys = test_keys();
  NewUserKey const made = new_user_key("account", "a", keys, now);
  std::string const& secret = made.secret.reveal();
  EXPECT_EQ(match_secret(made.key, secret, keys, now), 1);
  EXPECT_EQ(match_secret(made.key, "", keys, now), std::nullopt);
  EXPECT_EQ(match_secret(made.key, secret.substr(1), keys, now), std::nullopt);
  EXPECT_EQ(match_secret(made.key, secret + "x", keys, now), std::nullopt);
  EXPECT_EQ(match_secret(made.key, made.key.secret_hash, keys, now), std::nullopt);
  EXPECT_EQ(match_secret(std::nullopt, secret, keys, now), std::nullopt);
  EXPECT_EQ(match_secret(new_user_key("account", "b", keys, now).key, secret, keys, now),
            std::nullopt);
}

TEST(UserKey, renewing_ends_the_old_secret_and_keeps_the_user_key) {
  Keys const keys = test_keys();
  NewUserKey const made = new_user_key("account", "a", keys, now);
  UserKey key = made.key;
  base::Secret const fresh = renew_secret(key, at_once, keys, now);
  EXPECT_EQ(key.user_key, made.key.user_key);
  EXPECT_EQ(key.generation, 2);
  EXPECT_EQ(key.secret_end, fresh.reveal().substr(32));
  EXPECT_EQ(match_secret(key, fresh.reveal(), keys, now), 2);
  EXPECT_EQ(match_secret(key, made.secret.reveal(), keys, now), std::nullopt);
  EXPECT_TRUE(is_current(key, 2, now));
  EXPECT_FALSE(is_current(key, 1, now));
}

TEST(UserKey, the_secret_before_works_as_long_as_was_asked_for) {
  Keys const keys = test_keys();
  NewUserKey const made = new_user_key("account", "a", keys, now);
  UserKey key = made.key;
  base::Secret const second = renew_secret(key, std::chrono::hours(24), keys, now);
  base::UnixSeconds const end = now + 24 * 3600;
  EXPECT_EQ(match_secret(key, made.secret.reveal(), keys, end - 1), 1);
  EXPECT_EQ(match_secret(key, made.secret.reveal(), keys, end), std::nullopt);
  EXPECT_EQ(match_secret(key, second.reveal(), keys, end), 2);
  EXPECT_TRUE(is_current(key, 1, end - 1));
  EXPECT_FALSE(is_current(key, 1, end));
  EXPECT_FALSE(is_current(key, 0, end - 1));

  renew_secret(key, std::chrono::hours(1), keys, now);
  EXPECT_EQ(match_secret(key, made.secret.reveal(), keys, now), std::nullopt) << "two before";
  EXPECT_EQ(match_secret(key, second.reveal(), keys, now), 2);
}

}  // namespace
}  // namespace accounts
