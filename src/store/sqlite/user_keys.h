// Keys of accounts, and the credentials that accounts keep here, in SQLite.
#pragma once

#include "store/sqlite/part.h"
#include "store/user_keys.h"

namespace store {

class SqliteUserKeys final : public UserKeys, private SqlitePart {
 public:
  using SqlitePart::SqlitePart;

  net::task<void> insert(accounts::UserKey key) override;
  net::task<std::optional<KeyOfAccount>> find(std::string user_key) override;
  net::task<std::vector<accounts::UserKey>> list(std::string account_id) override;
  net::task<bool> rename(std::string user_key, std::string name) override;
  net::task<bool> rotate(accounts::UserKey key) override;
  net::task<bool> revoke(std::string user_key) override;
  net::task<void> note_use(std::string user_key, std::string address,
                           base::UnixSeconds now) override;

  net::task<void> keep(KeptCredentials kept) override;
  net::task<std::optional<KeptCredentials>> find_kept(std::string account_id) override;
  net::task<bool> erase_kept(std::string account_id) override;
};

// The secrets that worked beside their successors until now end.
void end_former_secrets(SqliteDatabase& database, base::UnixSeconds now);

// On a connection that is in a transaction: Error{conflict} if the userKey is another key's.
void insert_key(SqliteConnection& connection, accounts::UserKey const& key);
// False if the account keeps no credentials.
bool erase_kept_row(SqliteConnection& connection, std::string_view account_id);

}  // namespace store
