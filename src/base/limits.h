// Every bound of the program, in one table, each with its reason. Times are in the chrono types,
// sizes in bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace base::limits {

using namespace std::chrono_literals;

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t MiB = 1024 * KiB;
inline constexpr std::uint64_t GiB = 1024 * MiB;

// ---- memory
// All data buffers of the process together; the config's memory.budget changes it.
inline constexpr std::uint64_t default_budget_bytes = 192 * MiB;
// Smallest useful budget: a part being filled, one being sent and a segment in flight.
inline constexpr std::uint64_t min_budget_bytes = 16 * MiB;
// Lists of objects and plans lie in the heap up to this part of the budget, past it in a file: at
// 200 bytes an entry, the default leaves room for 250,000 entries.
inline constexpr std::uint64_t list_memory_fraction = 4;
// Lists in the file keep this fraction of that part in memory, and at least this many bytes.
inline constexpr std::uint64_t list_window_fraction = 8;
inline constexpr std::uint64_t least_list_window_bytes = 256 * KiB;
// The size of that file at most: plans of 70,000,000 entries. It grows in steps, each a mapping.
inline constexpr std::uint64_t max_list_file_bytes = 16 * GiB;
inline constexpr std::uint64_t list_file_step_bytes = 16 * MiB;
// Freed memory is kept for later allocations, and given back this often: in this time a download
// mostly finds the pages of an earlier one. It goes back earlier if the process takes this much
// more than the budget, which is checked this often: the process may take 64 MiB more.
inline constexpr auto freed_memory_kept = 600s;
inline constexpr std::uint64_t freed_memory_beside_budget = 32 * MiB;
inline constexpr auto memory_looked_at_each = 250ms;
// A budget below this is small: then the heap keeps no more than it must, the store's connections
// keep little, and less of long lists lies in the heap. That saves some 30 MiB, and costs time.
inline constexpr std::uint64_t small_budget_below_bytes = 64 * MiB;
inline constexpr std::uint64_t small_budget_list_fraction = 8;
inline constexpr std::uint64_t small_budget_store_cache_bytes = 256 * KiB;

// ---- fetching
// A large object is read in ranges of this size: long enough that a request's 25 ms is small
// beside it, short enough that many fit the budget.
inline constexpr std::uint64_t segment_bytes = 1 * MiB;
// Ranges are smaller for a slow client: for one that takes less than 1 MB/s two of the least size
// are held, so that hundreds of clients fit the budget. Before a client's rate is known they have
// the first size. A segment is at most this part of the free budget.
inline constexpr std::uint64_t least_segment_bytes = 64 * KiB;
inline constexpr std::uint64_t first_segment_bytes = 128 * KiB;
inline constexpr std::uint64_t segment_of_free = 16;
// An entry up to this size is read whole before its header is written, so that the header carries
// its CRC. One segment: a stream that owns one segment of the budget can always go on.
inline constexpr std::uint64_t held_entry_bytes = segment_bytes;
// GETs in flight ahead of one cursor, and requests of all of them together: S3 takes 5,500 reads a
// second of one prefix, and a small one takes some 30 ms.
inline constexpr std::size_t max_gets_ahead = 96;
// The least read-ahead, however near the store is: bytes in flight, or GETs if objects are small,
// and three times the bytes in all: as much again has arrived, and as much is being written.
inline constexpr std::size_t least_gets_ahead_small = 32;
inline constexpr std::uint64_t least_bytes_in_flight = 4 * MiB;
inline constexpr std::uint64_t least_bytes_ahead = 3 * least_bytes_in_flight;
// Blocks that a client has left untaken for this long go back if memory is scarce, which is checked
// this often: they can be read again.
inline constexpr auto untaken_blocks_kept = 2s;
inline constexpr auto untaken_blocks_looked_at_each = 500ms;
// One download may have this many times as much ahead as is free beside it: the first of many
// leaves a third of the budget to later ones, and each of them a part of the rest.
inline constexpr std::uint64_t ahead_for_free = 2;
// A fetcher that had all its GETs in flight begins the next ones this many at a time.
inline constexpr std::size_t gets_begun_together = 16;
// One GET in so many may get a second one beside it, if it is slow.
inline constexpr std::size_t gets_per_hedge = 50;
inline constexpr std::size_t max_s3_requests = 256;
// Blocks that are being read or wait for the consumer: small objects that are done pile up behind
// a slow one.
inline constexpr std::size_t max_blocks_ahead = 1024;
// Bytes of a GET's body for which a waiting consumer is woken.
inline constexpr std::size_t arrival_bytes = 128 * KiB;
// A sink is given this many bytes of objects at a time, or this many slices, or all that is ready:
// writes of many segments let store, server and client each work for longer before they wait for
// each other. A client that takes less in 1/64 s is given that much, as its bytes are held until it
// has taken them all. A central directory is made, and given, in smaller pieces.
inline constexpr std::uint64_t flush_bytes = 4 * MiB;
inline constexpr std::size_t max_slices_held = 1024;
inline constexpr std::uint64_t directory_piece_bytes = 128 * KiB;
// Fewer bytes than this wait this long for more to come along.
inline constexpr std::uint64_t gathered_bytes = 64 * KiB;
inline constexpr auto gather_time = 300us;
// HeadObject asks for a listed object's CRC-32 from this size on, if its listing promises one.
inline constexpr std::uint64_t crc_head_from_bytes = 8 * MiB;
// Bytes of globs times bytes of keys after which a listing gives other work its turn: some 3 ms.
inline constexpr std::uint64_t matched_bytes_in_a_row = 1'000'000;
// HeadObject calls for CRCs alone that one selection makes: 8 s at 64 at a time, 25 ms each.
inline constexpr std::size_t max_inspections = 20'000;
// Running CRC-32 values are kept at these steps of a large object.
inline constexpr std::uint64_t crc_segment_bytes = 64 * MiB;
// A range of an archive that needs more reading than this for CRCs alone is answered with the whole
// archive. A resumed download may also read this much again to check an object's CRC.
inline constexpr std::uint64_t max_crc_reads = 256 * MiB;
// Running CRC-32 values that a download also keeps when it breaks off, one a segment: the client
// has fewer bytes than were sent, as some lie in the buffers of sockets and proxies.
inline constexpr std::size_t crc_places_of_download = 16;
// Learned CRCs are stored when they stand for this much reading, or are this many (some 100 bytes
// each meanwhile), even before keep_interval has passed: a crash then loses little beside
// max_crc_reads.
inline constexpr std::uint64_t crc_news_bytes = 128 * MiB;
inline constexpr std::size_t crc_news_count = 16'384;

// ---- reading archives (the commands ls and get)
// A central directory is read in ranges of this size: some 80,000 entries.
inline constexpr std::uint64_t directory_read_bytes = 8 * MiB;
// Segments of one entry read ahead, and entries read at a time: as a segment takes some 30 ms, 250
// MB/s of one large entry, and some 500 small ones a second.
inline constexpr std::size_t extract_segments_ahead = 8;
inline constexpr std::size_t entries_at_a_time = 16;

// ---- S3's own limits (Amazon S3 user guide, "multipart upload limits")
inline constexpr std::uint64_t min_part_bytes = 5 * MiB;
inline constexpr std::uint64_t default_part_bytes = 8 * MiB;
inline constexpr std::uint32_t max_parts = 10'000;
// Parts of an upload that are sent at a time: fewer than S3's connections could take, so that the
// memory of parts serves many uploads.
inline constexpr std::size_t parts_sent_at_once = 4;
inline constexpr std::size_t max_key_bytes = 1024;
// Names of old buckets; new ones have up to 63.
inline constexpr std::size_t max_bucket_name_bytes = 255;
inline constexpr int listing_page_keys = 1000;
// Empty pages in a row that a listing may have: a store may find only deleted keys for a page.
inline constexpr int max_empty_pages = 1000;
// Pages of unfinished uploads to one key: 100,000 uploads.
inline constexpr int max_upload_pages = 100;
// Buckets of which something is remembered, some 100 bytes each; forgotten facts are learned again.
inline constexpr std::size_t max_remembered_buckets = 10'000;
// S3 user guide: "Working with object metadata", "Categorizing your storage using tags".
inline constexpr std::size_t max_metadata_bytes = 2 * KiB;  // names and values, of an object
inline constexpr std::size_t max_tags = 10;                 // of an object
inline constexpr std::size_t max_tag_key_characters = 128;
inline constexpr std::size_t max_tag_value_characters = 256;
// AWS's longest storage class has 19 bytes; ARNs of KMS keys have some 80.
inline constexpr std::size_t max_storage_class_bytes = 64;
inline constexpr std::size_t max_kms_key_id_bytes = 2048;

// ---- S3 signatures
// One key per credentials, day and region in use, some 200 bytes each.
inline constexpr std::size_t max_signing_keys = 1024;
// S3 refuses a signature whose time is further off ("RequestTimeTooSkewed").
inline constexpr auto signature_clock_skew = 15min;
// The longest life that SigV4 gives a presigned link.
inline constexpr auto max_presigned_life = 24h * 7;

// ---- the machine's role
// The metadata service is on the machine itself and answers in milliseconds, or not at all.
inline constexpr auto role_answer_timeout = 5s;
inline constexpr std::uint64_t max_role_answer_bytes = 64 * KiB;
inline constexpr auto role_retry_pause = 10s;
// The next credentials are there 5 minutes before those in use end.
inline constexpr auto role_renewed_before_end = 300s;

// ---- HTTP
inline constexpr std::size_t max_head_bytes = 64 * KiB;
// 100,000 paths of 100 bytes, URL-encoded, fit.
inline constexpr std::uint64_t max_request_body_bytes = 32 * MiB;
inline constexpr std::uint64_t max_reply_body_bytes = 16 * MiB;  // XML replies of S3
inline constexpr std::size_t max_form_fields = 200'000;
inline constexpr std::size_t max_json_depth = 32;
inline constexpr std::size_t max_connections = 10'000;
// An X-Request-Id that is taken over from a proxy; it goes into each line about the request.
inline constexpr std::size_t max_request_id_bytes = 128;
// Ranges of one request; programs that read archives from afar ask for two or three.
inline constexpr std::size_t max_ranges = 32;
// Ranges no further apart than this are sent as one: the head of a part has some 120 bytes.
inline constexpr std::uint64_t max_range_gap = 100;

// ---- times
inline constexpr auto connect_timeout = 10s;
inline constexpr auto tls_handshake_timeout = 10s;
// The server checks its certificate's files this often; it reads changed files once two checks have
// found them the same.
inline constexpr auto certificate_check_interval = 2s;
// No byte moved for this long: the connection is closed.
inline constexpr auto idle_io_timeout = 30s;
// The server checks this often on a client that has nothing to read, as the store is in trouble.
inline constexpr auto client_look_interval = 500ms;
// A client of a link may pause longer: people suspend laptops, browsers ask "where to save".
inline constexpr auto slow_client_timeout = 120s;
inline constexpr auto request_head_timeout = 30s;
// A whole request body of an API call: 32 MiB take 450 s at 600 kbit/s.
inline constexpr auto request_body_timeout = 600s;
// After the answer to a request that was not read to its end, a client may go on sending for this
// long, with pauses this long.
inline constexpr auto linger_time = 10s;
inline constexpr auto linger_idle = 2s;
inline constexpr auto keep_alive_timeout = 75s;
// S3 closes idle connections after some 20 s; the pool stops reusing them before.
inline constexpr auto pooled_connection_idle = 15s;
// One try at an S3 call without a large body; the patience that is left may be less.
inline constexpr auto s3_call_timeout = 60s;
// One try at a part: at 100 kB/s, a part of 8 MiB takes 84 s.
inline constexpr auto s3_upload_timeout = 300s;
// CompleteMultipartUpload of 10,000 parts may take minutes (AWS API reference).
inline constexpr auto s3_complete_timeout = 600s;
inline constexpr auto shutdown_grace = 10s;
// A store that takes longer to say that it is there makes /readyz say no: load balancers ask every
// few seconds.
inline constexpr auto ready_check_timeout = 2s;
// The pause between two writes of /readyz: a flood of questions does not become a flood of writes.
inline constexpr auto ready_check_pause = 250ms;
// The size of such a write: more than the database's log has room for without growing.
inline constexpr std::size_t ready_check_bytes = 128 * KiB;

// ---- trouble with a store: calls are made again after pauses that its Retry-After sets, or that
// double, with jitter
// Calls are tried for this long after the last sign of life: by jobs and commands (s3.patience,
// --patience), and by downloads and other answers that clients wait for (s3.download_patience).
inline constexpr auto default_patience = 300s;
inline constexpr auto default_download_patience = 30s;
inline constexpr auto longest_patience = 24h;
// A command's patience until the store has answered once: its address may be mistyped.
inline constexpr auto first_answer_patience = 15s;
// The patience for removing remains of failed or cancelled work; the server comes back to them.
inline constexpr auto tidying_patience = 10s;
inline constexpr auto retry_base = 50ms;
inline constexpr auto retry_cap = 5s;
// Trouble is reported once it has lasted this long.
inline constexpr auto quiet_trouble_time = 3s;
// The last try, at the end of the patience, has at least this long.
inline constexpr auto least_try_time = 5s;
// A GET that has brought this many bytes since its last trouble has the whole patience again: a
// segment is asked for at most 16 times more.
inline constexpr std::uint64_t resumed_bytes = 64 * KiB;
inline constexpr int max_redirects = 8;
inline constexpr int max_abort_rounds = 8;
// A refused request is signed with the store's time if our clock differs by at least this.
inline constexpr auto noticed_clock_difference = 60s;
// Corrections in one call: the machines behind a store's one address may differ.
inline constexpr int max_clock_corrections = 3;

// ---- jobs and links
inline constexpr auto token_life = 24h;
inline constexpr auto job_retention = 24h * 7;
inline constexpr int min_link_hours = 1;
inline constexpr int max_link_hours = 168;
inline constexpr int default_link_hours = 24;
// A job that fails for a passing reason that is not its S3 store is begun again, after a pause,
// this many times in all.
inline constexpr int job_attempts = 3;
inline constexpr int job_end_attempts = 8;  // to store a job's end
// A worker looks this often for jobs whose pause is over: no event wakes it for them.
inline constexpr auto job_look_interval = 1s;
inline constexpr std::size_t workers_per_core = 8;
// Besides the workers, this part of their number, one at least, is for accounts that run no zip.
inline constexpr std::size_t newcomers_part = 4;
// A job of which no byte has moved for so long leaves its seat to another; so many jobs for each
// worker may be under way.
inline constexpr auto job_stands_still_after = 1500ms;
inline constexpr auto job_looked_at_each = 500ms;
inline constexpr std::size_t jobs_per_worker = 4;
inline constexpr auto job_retry_pause = 5s;
// An upload that could not be aborted when its job failed is tried again, at doubled pauses, until
// the job is removed.
inline constexpr auto left_upload_first_pause = 5s;
inline constexpr auto left_upload_longest_pause = 1h;
// Chores in buckets after the end of jobs that one look takes.
inline constexpr std::size_t chores_at_once = 100;
// A zip expires this many hours after its job succeeded. If it cannot be deleted then, the server
// tries again at pauses like those above, for some 18 hours.
inline constexpr int min_zip_life_hours = 1;
inline constexpr int max_zip_life_hours = 8'760;
inline constexpr auto zip_expiry_look_interval = 5s;
inline constexpr int zip_deletion_attempts = 28;
// The interval at which progress and learned CRCs are written to the store.
inline constexpr auto keep_interval = 1s;
// A start call waits this long for the listing, to tell the size.
inline constexpr auto start_reply_wait = 700ms;
// A download waits this long for the listing of its link.
inline constexpr auto listing_wait = 600s;
// Tries to store a listing's result while the database cannot be written to: for some two hours.
inline constexpr int listing_keep_attempts = 120;
inline constexpr auto listing_keep_first_pause = 1s;
inline constexpr auto listing_keep_longest_pause = 60s;
// The server looks this often for listings that a lost answer of the database has left idle.
inline constexpr auto lost_listing_interval = 60s;
// zipresult writes a space this often while it waits, so that no load balancer cuts it.
inline constexpr auto result_heartbeat = 15s;
inline constexpr std::size_t max_paths = 100'000;
inline constexpr std::size_t max_key_rules = 1'000;  // include and exclude globs, each
// All globs of a request: each may take its length for each byte of a key.
inline constexpr std::size_t max_key_rule_bytes = 16 * KiB;
inline constexpr std::size_t max_idempotency_key_bytes = 255;
// Zips or links in one page of their list.
inline constexpr std::size_t largest_list_page = 200;
inline constexpr std::size_t default_list_page = 50;
// awsKey, awsSecret and awsToken: session tokens of AWS have up to 4 KB and may grow.
inline constexpr std::size_t max_credential_bytes = 16 * KiB;
inline constexpr std::size_t max_endpoint_bytes = 1024;
// Buckets that an account's stored credentials are for: one row holds them.
inline constexpr std::size_t max_kept_buckets = 100;
// A link that an application signs may end this far ahead: its listing is stored until then.
inline constexpr auto max_signed_link_life = 24h * 366;
// A link whose listing failed is listed again by a click this much later.
inline constexpr auto failed_listing_pause = 30s;
// The cursor of a bucket's listing: S3's own tokens have some 100 bytes, others hold a key.
inline constexpr std::size_t max_cursor_bytes = 4 * KiB;
inline constexpr std::size_t max_region_bytes = 63;
// Keys that a rule left out, and paths that matched nothing, are told by name up to this number.
inline constexpr std::size_t max_left_out_told = 100;
// The latest plans stay in memory, up to this part of the budget of blocks.
inline constexpr std::uint64_t plan_cache_fraction = 8;
// Entries in one stored row of a frozen selection.
inline constexpr std::size_t selection_chunk_entries = 2'000;
inline constexpr std::size_t max_entries = 10'000'000;
// Objects that one selection looks at, including those that its rules leave out: 100,000 pages,
// which take some three hours.
inline constexpr std::uint64_t max_objects_seen = 100'000'000;
// Archives that one zip is split into: a job's row and its answers name each.
inline constexpr std::size_t max_archives = 1'000;
inline constexpr std::uint64_t max_file_mapper_bytes = 16 * MiB;
// Lines of a manifest, blank ones too; bytes of one line (a key URL-encoded has 3,072, and its name
// may be as long) and of all lines, unpacked.
inline constexpr std::uint64_t max_manifest_lines = 1'000'000;
inline constexpr std::size_t max_manifest_line_bytes = 64 * KiB;
inline constexpr std::uint64_t max_manifest_bytes = 4 * GiB;
// A manifest is read in ranges of this size, and its lines in stretches of this size.
inline constexpr std::size_t manifest_read_bytes = 2 * MiB;
inline constexpr std::size_t manifest_block_bytes = 128 * KiB;
// The manifest.json of an S3 Inventory names its data files: some 200 bytes each.
inline constexpr std::uint64_t max_inventory_manifest_bytes = 16 * MiB;
// The report that is an entry of its zip: some 400,000 lines. It is kept in memory with the plan.
inline constexpr std::uint64_t max_report_entry_bytes = 64 * MiB;

// ---- mail
inline constexpr std::size_t max_address_bytes = 254;  // RFC 5321, 4.5.3.1.3, less the brackets
inline constexpr auto mail_look_interval = 1s;
inline constexpr std::size_t mails_at_once = 100;
inline constexpr auto smtp_connect_timeout = 20s;
inline constexpr auto smtp_timeout = 60s;  // of one mail, from connect to the last answer
// Tries to send a mail, with pauses that double: for some six hours.
inline constexpr int mail_attempts = 12;
inline constexpr auto mail_first_pause = 10s;
inline constexpr auto mail_longest_pause = 3600s;
// Links that one mail names; it counts the rest.
inline constexpr std::size_t max_links_in_mail = 50;

// ---- events of a zip (Server-Sent Events)
// Progress is told at most this often; the database is asked once for all watchers of a zip.
inline constexpr auto event_interval = 500ms;
inline constexpr auto event_store_interval = 1s;
// A browser that lost the connection comes back after this long.
inline constexpr auto event_reconnect_pause = 3s;

// An account's page for people whose link fails: browsers and proxies take URLs of this length.
inline constexpr std::size_t max_error_url_bytes = 2000;

// ---- webhooks
inline constexpr std::size_t max_webhook_url_bytes = 2 * KiB;
inline constexpr auto webhook_look_interval = 1s;
// Deliveries under way: a receiver that does not answer holds up its own only.
inline constexpr std::size_t webhooks_at_once = 64;
inline constexpr std::size_t webhooks_of_host_at_once = 4;
inline constexpr std::size_t webhooks_of_account_at_once = 16;
inline constexpr auto webhook_timeout = 20s;  // from the look-up of the name to the answer's head
// The answer's body is read up to this size, so that the receiver sees no broken connection.
inline constexpr std::uint64_t webhook_answer_bytes = 16 * KiB;
inline constexpr auto webhook_answer_time = 2s;
// Tries of a delivery, each pause 2.5 times the one before: for some 22 hours.
inline constexpr int webhook_attempts = 12;
inline constexpr auto webhook_first_pause = 5s;
inline constexpr double webhook_pause_growth = 2.5;
inline constexpr auto webhook_longest_pause = 24h;

// ---- accounts
inline constexpr std::size_t max_account_name_bytes = 200;
// Failed token calls that are free: of an address, of an address with one account, and of an
// account in all. One more is free for each of these times that passes.
inline constexpr int free_failures_of_address = 30;
inline constexpr int free_failures_of_both = 10;
inline constexpr int free_failures_of_account = 100;
inline constexpr auto failure_weight = 10s;
inline constexpr auto account_failure_weight = 1s;
// Entries for failed token calls: three a call, some 150 bytes each.
inline constexpr std::size_t throttle_entries = 30'000;
// Bodies of small calls, such as gentoken, which any client may make.
inline constexpr std::uint64_t max_small_body_bytes = 64 * KiB;
// Our tokens have some 250 bytes; libjwt decodes on the stack.
inline constexpr std::size_t max_token_bytes = 4 * KiB;

// ---- the store
// Another process (an "account" command, a backup) may hold the database's lock for this long.
inline constexpr auto store_lock_timeout = 5s;
// The log of emptied frames may hold erased secrets; a reader may delay its cut for this long.
inline constexpr auto store_purge_timeout = 200ms;
inline constexpr std::size_t store_readers = 4;                  // connections
inline constexpr std::size_t store_threads = store_readers + 1;  // one connection each
// Cached pages of the database file in each connection: SQLite's own choice.
inline constexpr std::uint64_t store_cache_bytes = 2 * MiB;
// A log that a large transaction has lengthened is cut to this size.
inline constexpr std::uint64_t store_log_bytes = 64 * MiB;
// An expired link answers 410 rather than 404 for this long.
inline constexpr auto expired_link_retention = 24h * 7;
// CRCs that no zip asked for in a quarter are forgotten; a use is noted once a week.
inline constexpr auto crc_retention = 24h * 90;
inline constexpr auto crc_use_noted_after = 24h * 7;
// Entries of a plan (some 200 bytes each) that are looked up for known CRCs at a time.
inline constexpr std::size_t crcs_recalled_at_once = 5'000;
// One call of remove_expired takes this many jobs and links, chunks of selections (some 200 kB
// each), and CRCs; other writers wait some 100 ms at most.
inline constexpr std::size_t expiry_owners = 100;
inline constexpr std::size_t expiry_chunks = 256;
inline constexpr std::size_t expiry_crcs = 10'000;
// Chunks deleted in one transaction.
inline constexpr std::size_t drop_step_chunks = 32;
// Sealed rows that a change of master keys reads at a time; each is written by itself.
inline constexpr std::size_t sealed_rows_at_once = 100;

// ---- accounts that end
// Downloads, event streams and waiting results of a disabled account end within this time.
inline constexpr auto account_check_interval = 1s;

// ---- files
// Links that a name may lead through: as many as Linux itself follows.
inline constexpr int max_links_followed = 40;

}  // namespace base::limits
