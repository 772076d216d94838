// Where accounts, jobs and streams live: the only state that a node has. One interface, one
// conformance suite (store_conformance.h), and an implementation for each database.
//
// Each call is one transaction and blocks: from a coroutine, go through net::BlockingPool. All
// calls may be made from any thread at any time. What a call has stored is there after kill -9;
// what a client was told of (a job, a link, an upload id, an end) is there after a power cut, too.
//
// Records are given to whoever knows their id: the caller compares account ids. Any call may throw
// Error{unavailable} (locked, disk full) or Error{corrupt}, naming the database.
#pragma once

#include "accounts/account.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/deliveries.h"
#include "store/job.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace store {

// A page of what an account has.
struct ListQuery {
  std::string account_id;
  base::UnixSeconds created_from = 0;
  // Only what stands after this one in the list: the last of the page before.
  struct Place {
    base::UnixSeconds created_at = 0;
    std::string id;
  };
  std::optional<Place> after = std::nullopt;
  std::size_t limit = 0;
};

// What a job that failed or was cancelled needs to run anew.
struct Retry {
  std::string job_id;
  std::string sealed_credentials;      // in place of those that were erased
  bool uses_kept_credentials = false;  // of its expiry
  // In place of the one that told, or was to tell, of the end before; nullopt where the job has
  // none.
  std::optional<Delivery> delivery;
};

class JobStore {
 public:
  virtual ~JobStore() = default;

  // ---- accounts. Each write changes what it says and nothing else; false where its condition does
  // not hold, and then nothing changes.
  // Error{conflict} where the id, the name or the userKey is another's.
  virtual void insert_account(accounts::Account const& account) = 0;
  // Its new secret_hash and key_generation, where the one before is still in use and the account is
  // not disabled. The userSecret among the kept credentials is erased.
  virtual bool rotate_account(accounts::Account const& account) = 0;
  // Where it is not disabled: it is, and its key generation is another, so that the tokens of now
  // never count again. The kept credentials are erased. Its links and its work are ended by
  // remove_expired(); until then nobody claims its jobs.
  virtual bool disable_account(std::string_view id) = 0;
  // Where it is disabled. What has ended stays so.
  virtual bool enable_account(std::string_view id) = 0;
  // It is unknown from now on, and its name is free. remove_expired() ends its work, and deletes
  // its records as soon as nothing of them is left to do in a bucket.
  virtual bool delete_account(std::string_view id) = 0;
  // Empty: none. False for an unknown one.
  virtual bool set_error_url(std::string_view id, std::string_view url) = 0;
  // Which of these are disabled, deleted or unknown.
  virtual std::vector<std::string> ended_accounts(std::span<std::string const> ids) = 0;
  virtual std::optional<accounts::Account> find_account(std::string_view id) = 0;
  virtual std::optional<accounts::Account> find_account_by_user_key(std::string_view user_key) = 0;
  virtual std::optional<accounts::Account> find_account_by_name(std::string_view name) = 0;
  virtual std::vector<accounts::Account> list_accounts() = 0;  // the oldest first

  // ---- credentials that accounts keep here
  // In place of those before. Error{conflict} unless the account has this key generation and is
  // not disabled.
  virtual void keep_credentials(KeptCredentials const& kept) = 0;
  virtual std::optional<KeptCredentials> find_kept_credentials(std::string_view account_id) = 0;
  virtual bool erase_kept_credentials(std::string_view account_id) = 0;  // false: there were none

  // ---- what accounts did, by the hour, for limits::usage_retention. Jobs and streams, and the
  // bytes of zips in buckets, are counted by the calls that begin and end them.
  virtual void count_usage(std::string_view account_id, Counted what, std::uint64_t amount,
                           base::UnixSeconds now) = 0;
  // From the hour on that `since` lies in.
  virtual Usage usage_since(std::string_view account_id, base::UnixSeconds since) = 0;
  virtual std::uint64_t count_jobs_of(std::string_view account_id, JobState state) = 0;

  // ---- jobs
  // A new job, pending: its id, account, api version, request, credentials, time of creation, and
  // of its expiry what was asked for; all else is empty. Error{conflict} where the id is taken or
  // the account does not exist; {unauthorized} where that is disabled.
  virtual void insert_job(Job const& job) = 0;
  // Of two inserts by an account with one key the second does nothing. Returns the id of the first
  // one's job; Error{conflict} where the hashes differ. Keys are forgotten with their job.
  virtual std::string insert_job_once(Job const& job, Once const& once) = 0;
  virtual std::optional<Job> find_job(std::string_view id) = 0;
  // The same without request and credentials, which can be megabytes: for who asks how it goes.
  virtual std::optional<Job> find_job_state(std::string_view id) = 0;
  // As find_job_state(), the newest first; `state`: only those in it.
  virtual std::vector<Job> list_jobs(ListQuery const& query, std::optional<JobState> state) = 0;
  virtual std::uint64_t count_jobs(JobState state) = 0;
  // Takes the oldest job that is pending or to be retried: it is started, with one more attempt.
  // No other call gets the same one. nullopt where none waits.
  virtual std::optional<Job> claim_next_job(base::UnixSeconds now) = 0;
  // After a start of the program: what was started then, by nobody now, is to be retried, and what
  // was cancelled is to be cleaned by anybody. Returns the number of jobs to be retried.
  virtual std::size_t requeue_started_jobs() = 0;
  // The next three change a job that has not ended; Error{conflict} if it has, or is unknown.
  // Freezing drops the chunks from plan.chunk_count on, and may be done anew.
  virtual void freeze_job(std::string_view id, PlanFacts const& plan) = 0;
  virtual void set_upload(std::string_view id, Upload const& upload) = 0;
  virtual void set_progress(std::string_view id, Progress const& progress) = 0;
  // Ends a job, as success or failure: its credentials are erased, but where they are to delete the
  // zip later; its selection stays as long as its row, for the report. Of a failure that has an
  // upload or finished archives the credentials stay until end_cleaning(). False, and nothing
  // changes, where it has ended already or is unknown.
  virtual bool finish_job(std::string_view id, JobState state, std::string_view error,
                          std::string_view sealed_result, base::UnixSeconds now) = 0;

  // Ends a job as cancelled, with the error "cancelled". Where it has begun to write, its
  // credentials stay until end_cleaning(); where it is started, cleaning is up to who runs it: the
  // calls above tell him. False, and nothing changes, where it has ended already or is unknown.
  virtual bool cancel_job(std::string_view id, base::UnixSeconds now) = 0;
  // Jobs that failed or were cancelled and have left something in the bucket, the oldest first;
  // not those whose runner is still at it.
  virtual std::vector<std::string> jobs_to_clean() = 0;
  // The runner of a cancelled job leaves its cleaning to others.
  virtual void hand_over_cleaning(std::string_view job_id) = 0;
  // All is removed: the credentials are erased.
  virtual void end_cleaning(std::string_view job_id) = 0;

  // Makes a job that failed or was cancelled, and left nothing to clean, pending again, as it was
  // when it was inserted: it selects anew, its mail waits for the new end, and it counts as one zip
  // more. False, and nothing changes, where it has not ended so, is to be cleaned, or is unknown.
  virtual bool retry_job(Retry const& retry, base::UnixSeconds now) = 0;

  // The zips that are to be deleted now, the first due first; some at a time.
  virtual std::vector<std::string> zips_to_delete(base::UnixSeconds now) = 0;
  // An attempt has failed: it is to be tried again from then on.
  virtual void note_deletion_failure(std::string_view job_id, std::string_view note,
                                     base::UnixSeconds next_attempt_at) = 0;
  // The zip is deleted, or that was given up: the credentials are erased.
  virtual void end_expiry(std::string_view job_id, bool deleted, std::string_view note,
                          base::UnixSeconds now) = 0;

  // ---- streams
  // A new stream, listing: all but error, fault, revoked, plan and last_failure, which are empty.
  // Errors as insert_job().
  virtual void insert_stream(Stream const& stream) = 0;
  virtual std::string insert_stream_once(Stream const& stream, Once const& once) = 0;
  // One whose signing generation is not its account's any more is found revoked, here and in lists.
  virtual std::optional<Stream> find_stream(std::string_view id) = 0;
  // The newest first, without request and credentials.
  virtual std::vector<Stream> list_streams(ListQuery const& query) = 0;
  // The listing ended: the stream is ready. Error{conflict} unless it was listing (say, because it
  // has been revoked or has expired). Drops the chunks from plan.chunk_count on.
  virtual void freeze_stream(std::string_view id, PlanFacts const& plan) = 0;
  // The listing failed: credentials are erased, the selection is dropped. Error{conflict} as above.
  virtual void fail_stream(std::string_view id, base::Fault fault, std::string_view error) = 0;
  // The ids of those still listing, the oldest first: after a start they go on.
  virtual std::vector<std::string> listing_streams() = 0;
  // One that has failed lists anew, as if it had been created then. False, and nothing changes,
  // where it has not failed or was revoked.
  virtual bool relist_stream(std::string_view id, base::UnixSeconds now) = 0;
  // Ends the link: credentials are erased, the selection is dropped. False for an unknown one.
  virtual bool revoke_stream(std::string_view id) = 0;
  // A download of it has failed: that is its last failure, until it is deleted. Nothing is written
  // where one of the same second is known, or the stream is unknown.
  virtual void note_download_failure(std::string_view stream_id,
                                     DownloadFailure const& failure) = 0;

  // ---- mails; they are deleted with their job or stream
  // A new mail, pending. Error{conflict} where the id is taken or the account does not exist.
  virtual void insert_mail(Mail const& mail) = 0;
  virtual std::optional<Mail> find_mail(std::string_view id) = 0;
  // Those not sent yet whose job or stream has come to its end, the oldest first.
  virtual std::vector<std::string> mails_to_send() = 0;
  // An attempt has failed: it is to be tried again. Nothing changes where the mail has ended, or
  // its job runs anew; so it is with finish_mail().
  virtual void note_mail_failure(std::string_view id, std::string_view error) = 0;
  // Sent, or given up with the reason.
  virtual void finish_mail(std::string_view id, JobState state, std::string_view error) = 0;

  // ---- selections: the entries of a job or stream (the owner) in numbered, opaque chunks
  // Replaces a chunk of that number. Error{conflict} where the owner has ended or is unknown.
  virtual void put_selection_chunk(std::string_view owner_id, std::uint64_t index,
                                   std::string_view chunk) = 0;
  virtual std::optional<std::string> get_selection_chunk(std::string_view owner_id,
                                                         std::uint64_t index) = 0;
  virtual void drop_selection(std::string_view owner_id) = 0;

  // ---- CRCs of objects, a hundred thousand at once; each call may be several transactions
  virtual void remember_crcs(std::span<CrcRow const> rows, base::UnixSeconds now) = 0;
  // All rows of these objects, in the order of id and prefix; a found row counts as used.
  virtual std::vector<CrcRow> find_crcs(std::span<std::string const> object_ids,
                                        base::UnixSeconds now) = 0;

  // ---- settings of the whole installation, such as the fingerprint of its master key
  virtual std::optional<std::string> get_setting(std::string_view name) = 0;
  virtual void set_setting(std::string_view name, std::string_view value) = 0;

  // Returns where the store can be read and written just now.
  virtual void check_usable() = 0;

  // ---- the end of things
  // Deletes jobs that ended limits::job_retention ago, and whose zips expired as long ago if they
  // do, with their selections, erases the credentials and selections of links that have expired or
  // whose account is disabled (the row stays for limits::expired_link_retention, so that a click
  // hears "gone"), fails all jobs of disabled accounts that have not ended (who runs one notices,
  // and cleans up), deletes what is left of deleted accounts, forgets usage and CRCs when their
  // time is over, and makes sure that what was erased is out of the database's files too. Does a
  // bounded amount of work: true where more is left to do. Call it once a minute.
  virtual bool remove_expired(base::UnixSeconds now) = 0;
};

}  // namespace store
