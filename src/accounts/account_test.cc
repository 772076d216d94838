#include "accounts/account.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"

#include <vector>

#include <gtest/gtest.h>

namespace accounts {
namespace {

Keys test_keys() {
  std::vector<base::Secret> const masters{base::Secret(std::string(master_key_bytes, 'k'))};
  return Keys(masters);
}

bool is_alphanumeric(std::string const& text) {
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") ==
         std::string::npos;
}

TEST(Account, a_new_account_has_a_key_and_a_secret_that_is_not_stored) {
  Keys const keys = test_keys();
  NewAccount const made = create_account("Åse & co", keys, 1000);
  EXPECT_EQ(made.account.name, "Åse & co");
  EXPECT_EQ(made.account.created_at, 1000);
  EXPECT_EQ(made.account.key_generation, 1);
  EXPECT_FALSE(made.account.disabled);
  EXPECT_EQ(made.account.id.size(), 36U);
  EXPECT_EQ(made.account.user_key.size(), 20U);
  EXPECT_TRUE(is_alphanumeric(made.account.user_key));
  EXPECT_EQ(made.user_secret.reveal().size(), 36U);
  EXPECT_TRUE(is_alphanumeric(made.user_secret.reveal()));
  EXPECT_EQ(made.account.secret_hash.size(), 32U);
  EXPECT_NE(create_account("b", keys, 0).account.user_key, made.account.user_key);
}

TEST(Account, only_its_own_secret_verifies) {
  Keys const keys = test_keys();
  NewAccount const made = create_account("a", keys, 0);
  std::string const& secret = made.user_secret.reveal();
  EXPECT_TRUE(verify_secret(made.account, secret, keys));
  EXPECT_FALSE(verify_secret(made.account, "", keys));
  EXPECT_FALSE(verify_secret(made.account, secret.substr(1), keys));
  EXPECT_FALSE(verify_secret(made.account, secret + "x", keys));
  EXPECT_FALSE(verify_secret(made.account, made.account.secret_hash, keys));
  EXPECT_FALSE(verify_secret(std::nullopt, secret, keys));
  EXPECT_FALSE(verify_secret(create_account("b", keys, 0).account, secret, keys));
}

TEST(Account, a_disabled_account_does_not_verify) {
  Keys const keys = test_keys();
  NewAccount made = create_account("a", keys, 0);
  made.account.disabled = true;
  EXPECT_FALSE(verify_secret(made.account, made.user_secret.reveal(), keys));
}

TEST(Account, rotation_ends_the_old_secret_and_keeps_the_user_key) {
  Keys const keys = test_keys();
  NewAccount const made = create_account("a", keys, 0);
  Account account = made.account;
  base::Secret const fresh = rotate_keys(account, keys);
  EXPECT_EQ(account.user_key, made.account.user_key);
  EXPECT_EQ(account.key_generation, 2);
  EXPECT_TRUE(is_alphanumeric(fresh.reveal()));
  EXPECT_EQ(fresh.reveal().size(), 36U);
  EXPECT_TRUE(verify_secret(account, fresh.reveal(), keys));
  EXPECT_FALSE(verify_secret(account, made.user_secret.reveal(), keys));
}

TEST(Account, names_that_cannot_be_shown_are_refused_and_the_field_is_named) {
  Keys const keys = test_keys();
  std::size_t const most = base::limits::max_account_name_bytes;
  EXPECT_EQ(create_account(std::string(most, 'x'), keys, 0).account.name.size(), most);
  for (std::string const& name : {std::string(), std::string(" "), std::string("a "),
                                  std::string("a\nb"), std::string("a\x7F"), std::string("\0", 1),
                                  std::string("\xFF"), std::string(most + 1, 'x')}) {
    try {
      create_account(name, keys, 0);
      ADD_FAILURE() << "accepted: " << name;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input);
      EXPECT_TRUE(error.message().starts_with("name: ")) << error.message();
    }
  }
}

}  // namespace
}  // namespace accounts
