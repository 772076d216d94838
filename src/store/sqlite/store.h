// The store in one SQLite file: nothing to install, one node. Its methods stand in a file for each
// part of store/store.h.
//
// Erased credentials are out of reach at once, and out of the file and its log after the next
// remove_expired(), or when the store is opened or closed.
#pragma once

#include "base/limits.h"
#include "store/deliveries.h"
#include "store/sealed_store.h"
#include "store/store.h"

#include <chrono>
#include <memory>
#include <string>

namespace store {

class SqliteDatabase;

struct SqliteOptions {
  std::string path;
  // This process runs the jobs of the store: a second one that wants to is refused. Commands that
  // only look at or change rows leave it false.
  bool serving = false;
  // How long another process may hold the file's lock.
  std::chrono::milliseconds lock_timeout = base::limits::store_lock_timeout;
  // Of the file, what each of the connections keeps in memory.
  std::uint64_t cache_bytes = base::limits::store_cache_bytes;
};

// Whether a process runs the jobs of the store in this file.
bool is_served(std::string const& path);

class SqliteStore final : public JobStore, public DeliveryStore, public SealedStore {
 public:
  // Opens the file, or makes it with mode 0600; an older schema is brought up to date.
  // Error{config} where the file cannot be used, is another program's or a newer version's;
  // {corrupt} where it is damaged; {unavailable} where it is locked or, for serving, in use.
  explicit SqliteStore(SqliteOptions const& options);
  ~SqliteStore() override;

  void insert_account(accounts::Account const& account) override;
  bool rotate_account(accounts::Account const& account) override;
  bool disable_account(std::string_view id) override;
  bool enable_account(std::string_view id) override;
  bool delete_account(std::string_view id) override;
  bool set_error_url(std::string_view id, std::string_view url) override;
  std::vector<std::string> ended_accounts(std::span<std::string const> ids) override;
  std::optional<accounts::Account> find_account(std::string_view id) override;
  std::optional<accounts::Account> find_account_by_user_key(std::string_view user_key) override;
  std::optional<accounts::Account> find_account_by_name(std::string_view name) override;
  std::vector<accounts::Account> list_accounts() override;

  void keep_credentials(KeptCredentials const& kept) override;
  std::optional<KeptCredentials> find_kept_credentials(std::string_view account_id) override;
  bool erase_kept_credentials(std::string_view account_id) override;

  void count_usage(std::string_view account_id, Counted what, std::uint64_t amount,
                   base::UnixSeconds now) override;
  Usage usage_since(std::string_view account_id, base::UnixSeconds since) override;
  std::uint64_t count_jobs_of(std::string_view account_id, JobState state) override;

  void insert_job(Job const& job) override;
  std::string insert_job_once(Job const& job, Once const& once) override;
  std::optional<Job> find_job(std::string_view id) override;
  std::optional<Job> find_job_state(std::string_view id) override;
  std::vector<Job> list_jobs(ListQuery const& query, std::optional<JobState> state) override;
  std::uint64_t count_jobs(JobState state) override;
  std::optional<Job> claim_next_job(base::UnixSeconds now) override;
  std::size_t requeue_started_jobs() override;
  void freeze_job(std::string_view id, PlanFacts const& plan) override;
  void set_upload(std::string_view id, Upload const& upload) override;
  void set_progress(std::string_view id, Progress const& progress) override;
  bool finish_job(std::string_view id, JobState state, std::string_view error,
                  std::string_view sealed_result, base::UnixSeconds now) override;
  bool cancel_job(std::string_view id, base::UnixSeconds now) override;
  std::vector<std::string> jobs_to_clean() override;
  void hand_over_cleaning(std::string_view job_id) override;
  void end_cleaning(std::string_view job_id) override;
  bool retry_job(Retry const& retry, base::UnixSeconds now) override;
  std::vector<std::string> zips_to_delete(base::UnixSeconds now) override;
  void note_deletion_failure(std::string_view job_id, std::string_view note,
                             base::UnixSeconds next_attempt_at) override;
  void end_expiry(std::string_view job_id, bool deleted, std::string_view note,
                  base::UnixSeconds now) override;

  void insert_stream(Stream const& stream) override;
  std::string insert_stream_once(Stream const& stream, Once const& once) override;
  std::optional<Stream> find_stream(std::string_view id) override;
  std::vector<Stream> list_streams(ListQuery const& query) override;
  void freeze_stream(std::string_view id, PlanFacts const& plan) override;
  void fail_stream(std::string_view id, base::Fault fault, std::string_view error) override;
  std::vector<std::string> listing_streams() override;
  bool relist_stream(std::string_view id, base::UnixSeconds now) override;
  bool revoke_stream(std::string_view id) override;
  void note_download_failure(std::string_view stream_id, DownloadFailure const& failure) override;

  void insert_mail(Mail const& mail) override;
  std::optional<Mail> find_mail(std::string_view id) override;
  std::vector<std::string> mails_to_send() override;
  void note_mail_failure(std::string_view id, std::string_view error) override;
  void finish_mail(std::string_view id, JobState state, std::string_view error) override;

  void insert_delivery(Delivery const& delivery) override;
  std::vector<Delivery> deliveries_of(std::string_view owner_id) override;
  std::vector<Delivery> due_deliveries(base::UnixSeconds now) override;
  void retry_delivery(std::string_view id, Attempt const& attempt,
                      base::UnixSeconds next_attempt_at) override;
  void finish_delivery(std::string_view id, Attempt const& attempt) override;

  void put_selection_chunk(std::string_view owner_id, std::uint64_t index,
                           std::string_view chunk) override;
  std::optional<std::string> get_selection_chunk(std::string_view owner_id,
                                                 std::uint64_t index) override;
  void drop_selection(std::string_view owner_id) override;

  void remember_crcs(std::span<CrcRow const> rows, base::UnixSeconds now) override;
  std::vector<CrcRow> find_crcs(std::span<std::string const> object_ids,
                                base::UnixSeconds now) override;

  std::optional<std::string> get_setting(std::string_view name) override;
  void set_setting(std::string_view name, std::string_view value) override;

  std::vector<std::string> master_keys() override;
  void add_master_key(std::string_view fingerprint) override;
  void forget_master_key(std::string_view fingerprint) override;
  std::uint64_t count_hashed_by(std::string_view fingerprint) override;
  std::vector<SealedRow> sealed_rows(SealedKind kind, std::string_view after) override;
  bool replace_sealed(SealedRow const& read, std::string_view sealed) override;
  void add_retired_key(std::string_view fingerprint, std::string_view sealed,
                       base::UnixSeconds now) override;
  void forget_retired_keys(base::UnixSeconds before) override;

  void check_usable() override;

  bool remove_expired(base::UnixSeconds now) override;

 private:
  void drop_marked_selection(std::string_view owner_id);
  bool erase_expired_streams(base::UnixSeconds now);
  bool fail_jobs_of_the_disabled(base::UnixSeconds now);
  bool delete_left_accounts();
  bool delete_old_owners(base::UnixSeconds now);
  bool drop_left_chunks();
  bool forget_unused_crcs(base::UnixSeconds now);
  void forget_old_usage(base::UnixSeconds now);

  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace store
