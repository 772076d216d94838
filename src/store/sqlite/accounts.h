// Accounts in SQLite, and functions by which other files of the store ask and change them, on a
// connection that is in a transaction.
#pragma once

#include "store/accounts.h"
#include "store/sqlite/part.h"

#include <cstdint>
#include <string_view>

namespace store {

class SqliteAccounts final : public Accounts, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<void> insert(accounts::Account account, std::optional<accounts::UserKey> key) override;
  net::task<bool> set_standing(std::string id, Standing standing) override;
  net::task<bool> set_error_url(std::string id, std::string url) override;
  net::task<bool> set_password(std::string id, std::string password_hash) override;
  net::task<bool> set_admin(std::string id, bool is_admin) override;
  net::task<std::optional<accounts::Account>> find(AccountKey by, std::string value) override;
  net::task<std::vector<accounts::Account>> list() override;
  net::task<bool> is_any() override;
  net::task<std::vector<std::string>> ended(std::vector<std::string> ids) override;

  net::task<void> add_usage(std::string account_id, Counted what, std::uint64_t amount,
                            base::UnixSeconds now) override;
  net::task<Usage> usage_since(std::string account_id, base::UnixSeconds since) override;
  net::task<std::vector<DayUsage>> usage_by_day(std::string account_id,
                                                base::UnixSeconds since) override;
};

// The columns of the view live_accounts, which other views end with.
accounts::Account read_account(SqliteQuery& query);
bool is_any_account(SqliteConnection& connection);
// Error{conflict} if the id or the name is another account's.
void insert_account(SqliteConnection& connection, accounts::Account const& account);
// Error{unauthorized} if the account is disabled.
void check_may_work(SqliteConnection& connection, std::string_view account_id);
// Whether the account is disabled, deleted or unknown.
bool is_ended(SqliteConnection& connection, std::string_view account_id);

// Counts nothing if the account is gone.
void add_usage(SqliteConnection& connection, std::string_view account_id, Counted what,
               std::uint64_t amount, base::UnixSeconds now);
// The hour in which usage of this time is counted.
std::int64_t usage_hour(base::UnixSeconds time);

}  // namespace store
