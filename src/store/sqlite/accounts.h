// Accounts in SQLite.
#pragma once

#include "store/accounts.h"
#include "store/sqlite/part.h"

namespace store {

class SqliteAccounts final : public Accounts, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<void> insert(accounts::Account account) override;
  net::task<bool> rotate(accounts::Account account) override;
  net::task<bool> set_standing(std::string id, Standing standing) override;
  net::task<bool> set_error_url(std::string id, std::string url) override;
  net::task<std::optional<accounts::Account>> find(AccountKey by, std::string value) override;
  net::task<std::vector<accounts::Account>> list() override;
  net::task<std::vector<std::string>> ended(std::vector<std::string> ids) override;

  net::task<void> keep(KeptCredentials kept) override;
  net::task<std::optional<KeptCredentials>> find_kept(std::string account_id) override;
  net::task<bool> erase_kept(std::string account_id) override;

  net::task<void> add_usage(std::string account_id, Counted what, std::uint64_t amount,
                            base::UnixSeconds now) override;
  net::task<Usage> usage_since(std::string account_id, base::UnixSeconds since) override;
  net::task<std::vector<DayUsage>> usage_by_day(std::string account_id,
                                                base::UnixSeconds since) override;
};

}  // namespace store
