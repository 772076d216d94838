// The nine interfaces of a MemoryStore: coroutines that do their work at once and never wait. Each
// verb's promises stand at its interface.
#pragma once

#include "store/testing/memory_tables.h"

namespace store {

class MemoryAccounts final : public Accounts {
 public:
  explicit MemoryAccounts(MemoryTables& tables) : tables_(tables) {}
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

 private:
  MemoryTables& tables_;
};

class MemoryUserKeys final : public UserKeys {
 public:
  explicit MemoryUserKeys(MemoryTables& tables) : tables_(tables) {}
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
  static void end_former_secrets(MemoryTables& tables, base::UnixSeconds now);

 private:
  MemoryTables& tables_;
};

class MemorySignIns final : public SignIns {
 public:
  explicit MemorySignIns(MemoryTables& tables) : tables_(tables) {}
  net::task<void> begin_session(accounts::Session session) override;
  net::task<std::optional<SessionOfAccount>> find_session(std::string token_hash,
                                                          base::UnixSeconds now) override;
  net::task<void> note_session(std::string id, std::string address, base::UnixSeconds now) override;
  net::task<std::vector<accounts::Session>> list_sessions(std::string account_id,
                                                          base::UnixSeconds now) override;
  net::task<bool> end_session(std::string account_id, std::string id) override;
  net::task<void> end_sessions(std::string account_id, std::string except_id) override;
  net::task<void> add_code(accounts::Code code) override;
  net::task<std::optional<accounts::Code>> take_code(accounts::CodeKind kind,
                                                     std::string token_hash,
                                                     base::UnixSeconds now) override;
  net::task<std::optional<accounts::Account>> redeem(accounts::CodeKind kind,
                                                     std::string token_hash,
                                                     accounts::Account account,
                                                     base::UnixSeconds now) override;
  static void forget(MemoryTables& tables, base::UnixSeconds now);

 private:
  MemoryTables& tables_;
};

class MemoryJobs final : public Jobs {
 public:
  explicit MemoryJobs(MemoryTables& tables) : tables_(tables) {}
  net::task<std::string> create(NewJob work) override;
  net::task<std::optional<Job>> find(std::string id) override;
  net::task<std::optional<Job>> find_whole(std::string id) override;
  net::task<std::vector<Job>> list(ListQuery query, std::optional<JobState> state) override;
  net::task<std::vector<Job>> list_unended(std::size_t limit) override;
  net::task<JobCounts> count(std::optional<std::string> account_id) override;
  net::task<bool> cancel(std::string id, base::UnixSeconds now) override;
  net::task<bool> retry(Retry retry, base::UnixSeconds now) override;
  net::task<std::optional<Job>> claim(std::string session, Turn turn,
                                      base::UnixSeconds now) override;
  net::task<std::size_t> requeue(std::optional<std::string> session,
                                 base::UnixSeconds now) override;
  net::task<bool> save(Hold hold, JobNews news) override;
  net::task<bool> end_run(Hold hold, RunEnd end, base::UnixSeconds now) override;
  net::task<std::vector<Chore>> due_chores(ChoreKind kind, base::UnixSeconds now) override;
  net::task<bool> put_off(Chore chore, std::string note, base::UnixSeconds due_at) override;
  net::task<bool> end_chore(Chore chore, ChoreEnd end, base::UnixSeconds now) override;

 private:
  MemoryTables& tables_;
};

class MemoryLinks final : public Links {
 public:
  explicit MemoryLinks(MemoryTables& tables) : tables_(tables) {}
  net::task<std::string> create(NewLink work) override;
  net::task<std::optional<Link>> find(std::string id) override;
  net::task<std::vector<Link>> list(ListQuery query) override;
  net::task<std::vector<Hold>> listing(std::string session) override;
  net::task<std::vector<Hold>> take_listing(std::string session) override;
  net::task<std::optional<Hold>> relist(std::string id, std::string session,
                                        base::UnixSeconds now) override;
  net::task<bool> freeze(Hold hold, PlanFacts plan, base::UnixSeconds now) override;
  net::task<bool> fail(Hold hold, base::Fault fault, std::string error,
                       base::UnixSeconds now) override;
  net::task<bool> revoke(std::string id, base::UnixSeconds now) override;
  net::task<void> note_failure(std::string id, DownloadFailure failure) override;
  net::task<void> add_downloads(std::string id, Downloads more) override;

 private:
  MemoryTables& tables_;
};

class MemorySelections final : public Selections {
 public:
  explicit MemorySelections(MemoryTables& tables) : tables_(tables) {}
  net::task<bool> put(Hold hold, std::uint64_t index, std::string chunk) override;
  net::task<std::optional<std::string>> get(std::string owner_id, std::uint64_t index) override;

 private:
  MemoryTables& tables_;
};

class MemoryCrcs final : public Crcs {
 public:
  explicit MemoryCrcs(MemoryTables& tables) : tables_(tables) {}
  net::task<void> remember(std::vector<CrcRow> rows, base::UnixSeconds now) override;
  net::task<std::vector<CrcRow>> find(std::vector<std::string> object_ids,
                                      base::UnixSeconds now) override;
  static void forget_unused(MemoryTables& tables, base::UnixSeconds now);

 private:
  MemoryTables& tables_;
};

class MemoryOutbox final : public Outbox {
 public:
  explicit MemoryOutbox(MemoryTables& tables) : tables_(tables) {}
  net::task<std::optional<Mail>> find_mail(std::string id) override;
  net::task<std::vector<Mail>> due_mails(base::UnixSeconds now) override;
  net::task<bool> put_off_mail(Mail mail, std::string error, base::UnixSeconds due_at) override;
  net::task<bool> end_mail(Mail mail, MessageState state, std::string error) override;
  net::task<std::optional<Delivery>> find_delivery(std::string owner_id) override;
  net::task<std::vector<Delivery>> due_deliveries(base::UnixSeconds now) override;
  net::task<bool> put_off_delivery(std::string id, Attempt attempt,
                                   base::UnixSeconds due_at) override;
  net::task<bool> end_delivery(std::string id, Attempt attempt) override;

 private:
  MemoryTables& tables_;
};

class MemoryUpkeep final : public Upkeep {
 public:
  explicit MemoryUpkeep(MemoryTables& tables) : tables_(tables) {}
  net::task<std::optional<std::string>> get_setting(std::string name) override;
  net::task<void> set_setting(std::string name, std::string value) override;
  net::task<void> check_usable() override;
  net::task<bool> remove_expired(base::UnixSeconds now) override;

 private:
  MemoryTables& tables_;
};

}  // namespace store
