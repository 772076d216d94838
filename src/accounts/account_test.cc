#include "accounts/account.h"

#include "base/error.h"
#include "base/limits.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

TEST(Account, a_new_account_has_an_id_of_its_own_and_no_rights) {
  Account const account = new_account("Åse & co", 1000);
  EXPECT_EQ(account.name, "Åse & co");
  EXPECT_EQ(account.created_at, 1000);
  EXPECT_EQ(account.generation, 1);
  EXPECT_FALSE(account.disabled);
  EXPECT_FALSE(account.is_admin);
  EXPECT_EQ(account.password_hash, "");
  EXPECT_EQ(account.id.size(), 36U);
  EXPECT_NE(new_account("b", 0).id, account.id);
}

TEST(Account, names_that_cannot_be_shown_are_refused_and_the_field_is_named) {
  std::size_t const most = base::limits::max_account_name_bytes;
  EXPECT_EQ(new_account(std::string(most, 'x'), 0).name.size(), most);
  for (std::string const& name : {std::string(), std::string(" "), std::string("a "),
                                  std::string("a\nb"), std::string("a\x7F"), std::string("\0", 1),
                                  std::string("\xFF"), std::string(most + 1, 'x')}) {
    try {
      new_account(name, 0);
      ADD_FAILURE() << "accepted: " << name;
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::bad_input);
      EXPECT_TRUE(error.message().starts_with("name: ")) << error.message();
    }
  }
}

}  // namespace
}  // namespace accounts
