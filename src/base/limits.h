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
// Of a list in the file, so much of that part, and this at least, stays in memory at a time.
inline constexpr std::uint64_t list_window_fraction = 8;
inline constexpr std::uint64_t least_list_window_bytes = 256 * KiB;
// That file's size at most: plans of 70,000,000 entries. It grows in steps, each a mapping.
inline constexpr std::uint64_t max_list_file_bytes = 16 * GiB;
inline constexpr std::uint64_t list_file_step_bytes = 16 * MiB;
// Freed memory is kept for what comes next, and given back so often: in this time a download mostly
// finds the pages of an earlier one. It goes back before that where the process takes so much more
// than the budget, which is looked at so often: 64 MiB more is what it may take.
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
// In smaller ones where the client is slow: for one that takes less than 1 MB/s two of the least
// are held, so that hundreds of them fit the budget. Before its rate is known: those in between. A
// segment is no more than this part of what is free.
inline constexpr std::uint64_t least_segment_bytes = 64 * KiB;
inline constexpr std::uint64_t first_segment_bytes = 128 * KiB;
inline constexpr std::uint64_t segment_of_free = 16;
// An entry up to this size is read whole before its header is written, so that the header carries
// its CRC. One segment: a stream that owns one segment of the budget can always go on.
inline constexpr std::uint64_t held_entry_bytes = segment_bytes;
// GETs in flight ahead of one cursor, and requests of all of them together: S3 takes 5,500 reads a
// second of one prefix, and a small one takes some 30 ms.
inline constexpr std::size_t max_gets_ahead = 96;
// However near the store is: so many bytes in flight, in so many GETs where objects are small, and
// three times as many bytes in all: as much again has arrived, and as much is being written.
inline constexpr std::size_t least_gets_ahead_small = 32;
inline constexpr std::uint64_t least_bytes_in_flight = 4 * MiB;
inline constexpr std::uint64_t least_bytes_ahead = 3 * least_bytes_in_flight;
// What was read ahead for a client that takes nothing of it for so long goes back where memory is
// scarce, which is looked at so often: it can be read again.
inline constexpr auto untaken_blocks_kept = 2s;
inline constexpr auto untaken_blocks_looked_at_each = 500ms;
// One download may have so many times as much ahead as is free beside it: the first of many leaves
// a third of the budget to those that come later, and each of them a part of what is left.
inline constexpr std::uint64_t ahead_for_free = 2;
// A fetcher that had as many in flight as it may begins the next ones so many at a time.
inline constexpr std::size_t gets_begun_together = 16;
// Second GETs in place of slow ones, for so many GETs one.
inline constexpr std::size_t gets_per_hedge = 50;
inline constexpr std::size_t max_s3_requests = 256;
// Blocks that are being read or wait for the consumer: small objects that are done pile up behind
// a slow one.
inline constexpr std::size_t max_blocks_ahead = 1024;
// Bytes of a GET's body that who waits for them is woken for.
inline constexpr std::size_t arrival_bytes = 128 * KiB;
// A sink is given this much of objects at a time, or so many slices, or what there is when nothing
// more is ready: writes of many segments let store, server and client each work for longer before
// it waits for the others. A client that takes less in 1/64 s is given that, as what it was given
// is held until it has taken it all. A central directory is made, and given, in smaller pieces.
inline constexpr std::uint64_t flush_bytes = 4 * MiB;
inline constexpr std::size_t max_slices_held = 1024;
inline constexpr std::uint64_t directory_piece_bytes = 128 * KiB;
// Less than this waits so long for more to come along.
inline constexpr std::uint64_t gathered_bytes = 64 * KiB;
inline constexpr auto gather_time = 300us;
// A listed object from this size on whose listing promises a CRC-32 is asked for it (HeadObject).
inline constexpr std::uint64_t crc_head_from_bytes = 8 * MiB;
// Listed objects of one selection that HeadObject is asked about for their CRCs alone: 8 s at 64 at
// a time, 25 ms each.
inline constexpr std::size_t max_inspections = 20'000;
// Running CRC-32 values are kept at these steps of a large object.
inline constexpr std::uint64_t crc_segment_bytes = 64 * MiB;
// A range of an archive that would need more reading than this only for CRCs is answered with the
// whole. Also what a resumed download may read again to check an object's CRC.
inline constexpr std::uint64_t max_crc_reads = 256 * MiB;
// And so many more before the place where a download breaks off, one a segment: the client has less
// than was sent by what lies in the buffers of sockets and proxies.
inline constexpr std::size_t crc_places_of_download = 16;
// Learned CRCs are stored when they stand for this much reading, or are so many (some 100 bytes
// each while that is done), even before keep_interval has passed: what a crash loses is small
// beside max_crc_reads.
inline constexpr std::uint64_t crc_news_bytes = 128 * MiB;
inline constexpr std::size_t crc_news_count = 16'384;

// ---- reading archives (the commands ls and get)
// A central directory is read in ranges of this size: some 80,000 entries.
inline constexpr std::uint64_t directory_read_bytes = 8 * MiB;
// Of one entry, and entries at a time: as a segment takes some 30 ms, 250 MB/s of one large entry,
// and some 500 small ones a second.
inline constexpr std::size_t extract_segments_ahead = 8;
inline constexpr std::size_t entries_at_a_time = 16;

// ---- S3's own limits (Amazon S3 user guide, "multipart upload limits")
inline constexpr std::uint64_t min_part_bytes = 5 * MiB;
inline constexpr std::uint64_t default_part_bytes = 8 * MiB;
inline constexpr std::uint32_t max_parts = 10'000;
inline constexpr std::size_t max_key_bytes = 1024;
// Names of old buckets; new ones have up to 63.
inline constexpr std::size_t max_bucket_name_bytes = 255;
inline constexpr int listing_page_keys = 1000;
// A store may look through many deleted keys for a page, and find none: so many pages in a row.
inline constexpr int max_empty_pages = 1000;
// Of unfinished uploads to one key: 100,000 of them.
inline constexpr int max_upload_pages = 100;
// Buckets of which something is remembered, some 100 bytes each; what is forgotten is learned
// again.
inline constexpr std::size_t max_remembered_buckets = 10'000;
// S3 user guide: "Working with object metadata", "Categorizing your storage using tags".
inline constexpr std::size_t max_metadata_bytes = 2 * KiB;  // names and values, of an object
inline constexpr std::size_t max_tags = 10;                 // of an object
inline constexpr std::size_t max_tag_key_characters = 128;
inline constexpr std::size_t max_tag_value_characters = 256;
// Of AWS's own the longest has 19; ARNs of KMS keys have some 80.
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
// Its next credentials are there 5 minutes before those in use end.
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
// How often is looked whether the files of the server's certificate have changed: twice until they
// are read, as they must not change any more.
inline constexpr auto certificate_check_interval = 2s;
// No byte moved for this long: the connection is closed.
inline constexpr auto idle_io_timeout = 30s;
// A client that has nothing to read, as the store is in trouble, is looked for so often.
inline constexpr auto client_look_interval = 500ms;
// A client of a link may pause longer: people suspend laptops, browsers ask "where to save".
inline constexpr auto slow_client_timeout = 120s;
inline constexpr auto request_head_timeout = 30s;
// A whole request body of an API call: 32 MiB take 450 s at 600 kbit/s.
inline constexpr auto request_body_timeout = 600s;
// After an answer to a request that was not read to its end, a client may go on sending so long,
// with pauses so long.
inline constexpr auto linger_time = 10s;
inline constexpr auto linger_idle = 2s;
inline constexpr auto keep_alive_timeout = 75s;
// S3 closes idle connections after some 20 s; reuse stops before.
inline constexpr auto pooled_connection_idle = 15s;
// One try at an S3 call without a large body; what it has left of the patience may be less.
inline constexpr auto s3_call_timeout = 60s;
// One try at a part: at 100 kB/s, a part of 8 MiB takes 84 s.
inline constexpr auto s3_upload_timeout = 300s;
// CompleteMultipartUpload of 10,000 parts may take minutes (AWS API reference).
inline constexpr auto s3_complete_timeout = 600s;
inline constexpr auto shutdown_grace = 10s;
// A store that takes longer to say that it is there makes /readyz say no: load balancers ask every
// few seconds.
inline constexpr auto ready_check_timeout = 2s;
// Between two writes of /readyz: a flood of questions does not become a flood of writes.
inline constexpr auto ready_check_pause = 250ms;
// What it writes: more than the database's log has room for without growing.
inline constexpr std::size_t ready_check_bytes = 128 * KiB;

// ---- trouble with a store: calls are made again after pauses, which its Retry-After sets, or
// which double, with jitter
// For so long, counted from its last sign of life: of jobs and commands (s3.patience, --patience),
// and of downloads and other answers that somebody waits for (s3.download_patience).
inline constexpr auto default_patience = 300s;
inline constexpr auto default_download_patience = 30s;
inline constexpr auto longest_patience = 24h;
// A command's, until the store has answered once: its address may be mistyped.
inline constexpr auto first_answer_patience = 15s;
// For removing what work that failed or was called off has left; the server comes back to it.
inline constexpr auto tidying_patience = 10s;
inline constexpr auto retry_base = 50ms;
inline constexpr auto retry_cap = 5s;
// Who waits is told of trouble that lasts so long.
inline constexpr auto quiet_trouble_time = 3s;
// The last try, at the end of the patience, is given so long at least.
inline constexpr auto least_try_time = 5s;
// A GET that has brought so many bytes since its last trouble has the whole patience again: a
// segment is asked for 16 times more at most.
inline constexpr std::uint64_t resumed_bytes = 64 * KiB;
inline constexpr int max_redirects = 8;
inline constexpr int max_abort_rounds = 8;
// Signed with the store's time where ours differs by this, and is refused.
inline constexpr auto noticed_clock_difference = 60s;
// In one call: the machines behind a store's one address may differ.
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
inline constexpr int job_end_attempts = 8;  // to keep what it came to
// Nobody wakes a worker for a job whose pause is over: it looks.
inline constexpr auto job_look_interval = 1s;
inline constexpr auto job_retry_pause = 5s;
// An upload that could not be aborted when its job failed is tried again, at doubled pauses, until
// the job is removed.
inline constexpr auto left_upload_first_pause = 5s;
inline constexpr auto left_upload_longest_pause = 1h;
// What is to be done in buckets after the end of jobs, looked for at a time.
inline constexpr std::size_t chores_at_once = 100;
// A zip expires so many hours after its job succeeded. One that cannot be deleted then is tried
// again at the same pauses, for some 18 hours.
inline constexpr int min_zip_life_hours = 1;
inline constexpr int max_zip_life_hours = 8'760;
inline constexpr auto zip_expiry_look_interval = 5s;
inline constexpr int zip_deletion_attempts = 28;
// How often progress and learned CRCs are written to the store.
inline constexpr auto keep_interval = 1s;
// A start call waits this long for the listing, to tell the size.
inline constexpr auto start_reply_wait = 700ms;
// A download waits this long for the listing of its link.
inline constexpr auto listing_wait = 600s;
// What a listing came to is kept so often where the store cannot be written to: for some hours.
inline constexpr int listing_keep_attempts = 120;
inline constexpr auto listing_keep_first_pause = 1s;
inline constexpr auto listing_keep_longest_pause = 60s;
// Listings that a lost answer of the store has left without anybody at them are looked for.
inline constexpr auto lost_listing_interval = 60s;
// zipresult writes a space this often while it waits, so that no load balancer cuts it.
inline constexpr auto result_heartbeat = 15s;
inline constexpr std::size_t max_paths = 100'000;
inline constexpr std::size_t max_key_rules = 1'000;  // include and exclude globs, each
inline constexpr std::size_t max_idempotency_key_bytes = 255;
// Zips or links that one page of their list shows.
inline constexpr std::size_t largest_list_page = 200;
inline constexpr std::size_t default_list_page = 50;
// awsKey, awsSecret and awsToken: session tokens of AWS have up to 4 KB and may grow.
inline constexpr std::size_t max_credential_bytes = 16 * KiB;
inline constexpr std::size_t max_endpoint_bytes = 1024;
// Buckets that the credentials which an account keeps at the server are for: one row holds them.
inline constexpr std::size_t max_kept_buckets = 100;
// A link that an application signs may end so far ahead: its listing is stored until then.
inline constexpr auto max_signed_link_life = 24h * 366;
// A link whose listing failed is listed anew by a click so much later.
inline constexpr auto failed_listing_pause = 30s;
// Where a listing of a bucket goes on: S3's own tokens have some 100 bytes, others hold a key.
inline constexpr std::size_t max_cursor_bytes = 4 * KiB;
inline constexpr std::size_t max_region_bytes = 63;
// Of what a rule left out, and of paths that matched nothing, so many are told by name.
inline constexpr std::size_t max_left_out_told = 100;
// The latest plans stay in memory, up to this part of the budget of blocks.
inline constexpr std::uint64_t plan_cache_fraction = 8;
// Entries of a frozen selection are stored in rows of so many.
inline constexpr std::size_t selection_chunk_entries = 2'000;
inline constexpr std::size_t max_entries = 10'000'000;
// Objects that one selection looks at, those that its rules leave out too: 100,000 pages, which
// take some three hours.
inline constexpr std::uint64_t max_objects_seen = 100'000'000;
// A zip is split into so many at most: a job's row and its answers name each.
inline constexpr std::size_t max_archives = 1'000;
inline constexpr std::uint64_t max_file_mapper_bytes = 16 * MiB;
// Lines of a manifest, blank ones too; bytes of one (a key URL-encoded has 3,072, and its name may
// be as long) and of all, unpacked.
inline constexpr std::uint64_t max_manifest_lines = 1'000'000;
inline constexpr std::size_t max_manifest_line_bytes = 64 * KiB;
inline constexpr std::uint64_t max_manifest_bytes = 4 * GiB;
// A manifest is read in ranges of this size, and its lines in stretches of that.
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
// A mail is tried so often, with pauses that double: for some six hours.
inline constexpr int mail_attempts = 12;
inline constexpr auto mail_first_pause = 10s;
inline constexpr auto mail_longest_pause = 3600s;
// Links that one mail names; the rest are counted.
inline constexpr std::size_t max_links_in_mail = 50;

// ---- events of a zip (Server-Sent Events)
// Progress is told at most so often; in between, the store is asked once for all who watch a zip.
inline constexpr auto event_interval = 500ms;
inline constexpr auto event_store_interval = 1s;
// A browser that lost the connection comes again after so long.
inline constexpr auto event_reconnect_pause = 3s;

// Of an account, where people are sent whom a link of it fails: browsers and proxies take as much.
inline constexpr std::size_t max_error_url_bytes = 2000;

// ---- webhooks
inline constexpr std::size_t max_webhook_url_bytes = 2 * KiB;
inline constexpr auto webhook_look_interval = 1s;
// Deliveries under way: a receiver that does not answer holds up its own only.
inline constexpr std::size_t webhooks_at_once = 64;
inline constexpr std::size_t webhooks_of_host_at_once = 4;
inline constexpr std::size_t webhooks_of_account_at_once = 16;
inline constexpr auto webhook_timeout = 20s;  // from the look-up of the name to the answer's head
// What follows the head is read so far, so that the receiver sees no broken connection.
inline constexpr std::uint64_t webhook_answer_bytes = 16 * KiB;
inline constexpr auto webhook_answer_time = 2s;
// A delivery is tried so often, each pause 2.5 times the one before: for some 22 hours.
inline constexpr int webhook_attempts = 12;
inline constexpr auto webhook_first_pause = 5s;
inline constexpr double webhook_pause_growth = 2.5;
inline constexpr auto webhook_longest_pause = 24h;

// ---- accounts
inline constexpr std::size_t max_account_name_bytes = 200;
// Failed token calls. So many of an address, of an address with one account, and of an account in
// all are free; then one more is for each of these times that passes.
inline constexpr int free_failures_of_address = 30;
inline constexpr int free_failures_of_both = 10;
inline constexpr int free_failures_of_account = 100;
inline constexpr auto failure_weight = 10s;
inline constexpr auto account_failure_weight = 1s;
// Three a failed call, some 150 bytes each.
inline constexpr std::size_t throttle_entries = 30'000;
// Bodies of gentoken and of calls that ask about a task: the first come from anyone.
inline constexpr std::uint64_t max_small_body_bytes = 64 * KiB;
// Ours have some 250 bytes; libjwt decodes on the stack.
inline constexpr std::size_t max_token_bytes = 4 * KiB;

// ---- the store
// Another process (an "account" command, a backup) may hold the database's lock so long.
inline constexpr auto store_lock_timeout = 5s;
// The log of emptied frames may hold erased secrets; who reads may keep it from being cut so long.
inline constexpr auto store_purge_timeout = 200ms;
inline constexpr std::size_t store_readers = 4;                  // connections
inline constexpr std::size_t store_threads = store_readers + 1;  // they work on one each
// Of the file, in each connection's memory: SQLite's own choice.
inline constexpr std::uint64_t store_cache_bytes = 2 * MiB;
// A log that a large transaction made longer is cut to this.
inline constexpr std::uint64_t store_log_bytes = 64 * MiB;
// A link that has expired answers 410 rather than 404 for so long.
inline constexpr auto expired_link_retention = 24h * 7;
// What accounts did is counted by the hour, for the last 30 days and the day that is not over.
inline constexpr auto usage_retention = 24h * 31;
// CRCs that no zip asked for in a quarter are forgotten; a use is noted once a week.
inline constexpr auto crc_retention = 24h * 90;
inline constexpr auto crc_use_noted_after = 24h * 7;
// Of a plan's entries, so many at a time (some 200 bytes each) are looked up for known CRCs.
inline constexpr std::size_t crcs_recalled_at_once = 5'000;
// One call of remove_expired: so many jobs and links, chunks of selections (some 200 kB each),
// and CRCs to look through; other writers wait some 100 ms at most.
inline constexpr std::size_t expiry_owners = 100;
inline constexpr std::size_t expiry_chunks = 256;
inline constexpr std::size_t expiry_crcs = 10'000;
// Chunks deleted in one transaction.
inline constexpr std::size_t drop_step_chunks = 32;
// Sealed rows that a change of master keys reads at a time; each is written by itself.
inline constexpr std::size_t sealed_rows_at_once = 100;

// ---- accounts that end
// Downloads, event streams and waiting results of an account that was disabled end so soon.
inline constexpr auto account_check_interval = 1s;

// ---- files
// Links that a name may lead through: as many as Linux itself follows.
inline constexpr int max_links_followed = 40;

}  // namespace base::limits
