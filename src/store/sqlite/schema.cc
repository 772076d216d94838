#include "store/sqlite/schema.h"

#include "base/error.h"

#include <array>

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

namespace store {
namespace {

// In the header of the file, so that it is known for ours: "S3Zp".
constexpr std::int64_t application_id = 0x53335A70;

// What a job and a stream have beside their row stands in tables of its own, by the id of the
// owner: the row that is updated often stays small, and erasing is deleting a row.
constexpr char schema_1[] = R"sql(
CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  user_key TEXT NOT NULL UNIQUE,
  secret_hash BLOB NOT NULL,
  key_generation INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  api_version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('PENDING', 'STARTED', 'RETRY', 'SUCCESS', 'FAILURE')),
  error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  upload_bucket TEXT NOT NULL DEFAULT '',
  upload_key TEXT NOT NULL DEFAULT '',
  upload_id TEXT NOT NULL DEFAULT '',
  upload_part_bytes INTEGER NOT NULL DEFAULT 0,
  entries_done INTEGER NOT NULL DEFAULT 0,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  sealed_result BLOB NOT NULL DEFAULT x''
) STRICT;
CREATE INDEX jobs_by_state ON jobs(state);
CREATE INDEX jobs_waiting ON jobs(created_at) WHERE state IN ('PENDING', 'RETRY');
CREATE INDEX jobs_with_left_uploads ON jobs(ended_at) WHERE state = 'FAILURE' AND upload_id <> '';
CREATE INDEX jobs_ended ON jobs(ended_at) WHERE state IN ('SUCCESS', 'FAILURE');

-- erased: credentials and selection are gone, as the stream failed, was revoked or has expired.
CREATE TABLE streams (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  api_version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('LISTING', 'READY', 'FAILED')),
  file_name TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '',
  fault TEXT NOT NULL DEFAULT 'internal',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0,
  erased INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX streams_by_expiry ON streams(expires_at);
CREATE INDEX streams_to_erase ON streams(expires_at) WHERE erased = 0;
CREATE INDEX streams_listing ON streams(created_at) WHERE state = 'LISTING' AND erased = 0;

-- A row here says that the owner's plan is frozen.
CREATE TABLE plans (
  owner_id TEXT NOT NULL PRIMARY KEY,
  entry_count INTEGER NOT NULL,
  source_bytes INTEGER NOT NULL,
  archive_bytes INTEGER NOT NULL,
  layout_version INTEGER NOT NULL,
  etag TEXT NOT NULL,
  chunk_count INTEGER NOT NULL,
  missing_count INTEGER NOT NULL,
  missing BLOB NOT NULL
) STRICT;

CREATE TABLE requests (
  owner_id TEXT NOT NULL PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

-- padded: a page of zeros, then the sealed credentials (parts.cc says why).
CREATE TABLE credentials (
  owner_id TEXT NOT NULL PRIMARY KEY,
  padded BLOB NOT NULL
) STRICT;

CREATE TABLE selection_chunks (
  owner_id TEXT NOT NULL,
  chunk_index INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (owner_id, chunk_index)
) STRICT;

-- Owners whose chunks are being deleted, some at a time.
CREATE TABLE dropped_selections (
  owner_id TEXT NOT NULL PRIMARY KEY
) STRICT;

CREATE TABLE crcs (
  object_id BLOB NOT NULL,
  prefix_bytes INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  used_day INTEGER NOT NULL,
  PRIMARY KEY (object_id, prefix_bytes)
) STRICT, WITHOUT ROWID;
CREATE INDEX crcs_by_use ON crcs(used_day);

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
)sql";

// A zip may be split into several archives.
constexpr char schema_2[] = R"sql(
CREATE TABLE archives (
  owner_id TEXT NOT NULL,
  archive_index INTEGER NOT NULL,
  entry_count INTEGER NOT NULL,
  source_bytes INTEGER NOT NULL,
  archive_bytes INTEGER NOT NULL,
  etag TEXT NOT NULL,
  chunk_count INTEGER NOT NULL,
  PRIMARY KEY (owner_id, archive_index)
) STRICT;
INSERT INTO archives
  SELECT owner_id, 0, entry_count, source_bytes, archive_bytes, etag, chunk_count FROM plans;
ALTER TABLE plans DROP COLUMN entry_count;
ALTER TABLE plans DROP COLUMN source_bytes;
ALTER TABLE plans DROP COLUMN archive_bytes;
ALTER TABLE plans DROP COLUMN etag;
ALTER TABLE plans DROP COLUMN chunk_count;
ALTER TABLE jobs ADD COLUMN upload_archive INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr char schema_3[] = R"sql(
CREATE TABLE mails (
  id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  api_version INTEGER NOT NULL,
  address TEXT NOT NULL,
  link_base TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('PENDING', 'RETRY', 'SUCCESS', 'FAILURE')),
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_by_owner ON mails(owner_id);
CREATE INDEX mails_waiting ON mails(created_at) WHERE state IN ('PENDING', 'RETRY');
)sql";

// padded: a page of zeros, then the sealed credentials; the secret lies behind them, off the page.
constexpr char kept_and_usage[] = R"sql(
CREATE TABLE kept_credentials (
  account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts(id),
  key_generation INTEGER NOT NULL,
  kept_at INTEGER NOT NULL,
  padded BLOB NOT NULL,
  sealed_secret BLOB NOT NULL
) STRICT;
ALTER TABLE streams ADD COLUMN uses_kept_credentials INTEGER NOT NULL DEFAULT 0;
CREATE TABLE usage (
  account_id TEXT NOT NULL REFERENCES accounts(id),
  hour INTEGER NOT NULL,
  counted TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (account_id, hour, counted)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_by_hour ON usage(hour);
)sql";

// Jobs and streams are listed by account; a request that is repeated is known by its key.
constexpr char lists_and_keys[] = R"sql(
ALTER TABLE jobs ADD COLUMN target_bucket TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN target_key TEXT NOT NULL DEFAULT '';
CREATE INDEX jobs_by_account ON jobs(account_id, created_at, id);
CREATE INDEX streams_by_account ON streams(account_id, created_at, id);
CREATE TABLE idempotency_keys (
  account_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_owner ON idempotency_keys(owner_id);
)sql";

// Reports tell of all that was left out, and of jobs that have ended, too.
constexpr char reports[] = R"sql(
ALTER TABLE plans ADD COLUMN missing_chunks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
)sql";

// Cancelled jobs are failures with a mark; what is left of ended jobs is cleaned
// (cancel.cc).
constexpr char cancelled_jobs[] = R"sql(
ALTER TABLE jobs ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN cleaning INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET cleaning = 2 WHERE state = 'FAILURE' AND upload_id <> '';
DROP INDEX jobs_with_left_uploads;
CREATE INDEX jobs_to_clean ON jobs(ended_at) WHERE cleaning <> 0;
)sql";

// A webhook's delivery, one a job or stream; it is gone with it.
constexpr char deliveries[] = R"sql(
CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  host TEXT NOT NULL,
  sealed_url BLOB NOT NULL,
  link_base TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('PENDING', 'RETRY', 'SUCCESS', 'FAILURE')),
  attempts INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries(next_attempt_at) WHERE state IN ('PENDING', 'RETRY');
)sql";

// A zip that is to be deleted from the bucket: a row here, from its job's beginning on.
constexpr char zip_expiries[] = R"sql(
CREATE TABLE zip_expiries (
  owner_id TEXT NOT NULL PRIMARY KEY,
  after_hours INTEGER NOT NULL,
  uses_kept_credentials INTEGER NOT NULL,
  expires_at INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX zips_to_delete ON zip_expiries(next_attempt_at)
  WHERE expires_at <> 0 AND ended_at = 0;
)sql";

// Instead of an index of CRCs by use, which doubled what storing one takes, a walk through all of
// them. One row: the day of the last walk, and the object that it is behind, empty where it is
// over.
constexpr char crc_sweep[] = R"sql(
DROP INDEX crcs_by_use;
CREATE TABLE crc_sweep (
  day INTEGER NOT NULL,
  last_object_id BLOB NOT NULL
) STRICT;
INSERT INTO crc_sweep VALUES (0, x'');
)sql";

// Streams that signed links made end with the keys that signed. Those of earlier versions have
// lived on: which keys signed them is not known any more.
constexpr char signing_generations[] = R"sql(
ALTER TABLE streams ADD COLUMN signing_generation INTEGER NOT NULL DEFAULT 0;
UPDATE streams SET signing_generation = -1
  WHERE uses_kept_credentials = 1 AND substr(id, 15, 1) = '8';
CREATE VIEW streams_and_keys AS
  SELECT streams.*, signing_generation <> 0 AND signing_generation <>
    (SELECT key_generation FROM accounts WHERE accounts.id = account_id) AS signed_by_old_keys
  FROM streams;
)sql";

// A deleted account's row stays until nothing points to it any more (account_ends.cc).
constexpr char deleted_accounts[] = R"sql(
ALTER TABLE accounts ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX accounts_disabled ON accounts(id) WHERE disabled;
)sql";

// Which master keys rows may need; by which an account's secret is hashed; and what is left of
// those that seal no more (master_keys.h).
constexpr char master_keys[] = R"sql(
CREATE TABLE master_keys (
  fingerprint TEXT NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO master_keys SELECT value FROM settings WHERE name = 'master_key_fingerprint';
ALTER TABLE accounts ADD COLUMN hashed_by TEXT NOT NULL DEFAULT '';
UPDATE accounts SET hashed_by = coalesce(
  (SELECT value FROM settings WHERE name = 'master_key_fingerprint'), '');
DELETE FROM settings WHERE name = 'master_key_fingerprint';
CREATE TABLE retired_keys (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  retired_at INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
)sql";

// Earlier zips of the same sources are told of as missing paths are.
constexpr char own_zips[] = R"sql(
ALTER TABLE plans ADD COLUMN own_zip_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN own_zips BLOB NOT NULL DEFAULT x'';
ALTER TABLE plans ADD COLUMN own_zip_chunks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN excluded_told BLOB NOT NULL DEFAULT x'';
)sql";

// Where people go whom a link of the account fails; and of each stream the last download that
// failed.
constexpr char failed_downloads[] = R"sql(
ALTER TABLE accounts ADD COLUMN error_url TEXT NOT NULL DEFAULT '';
CREATE TABLE download_failures (
  stream_id TEXT NOT NULL PRIMARY KEY,
  failed_at INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  error TEXT NOT NULL
) STRICT;
)sql";

// The step at index i makes schema i + 1 of schema i. A step that has been released stays as it is.
constexpr std::array migrations{schema_1,
                                schema_2,
                                schema_3,
                                kept_and_usage,
                                lists_and_keys,
                                reports,
                                cancelled_jobs,
                                deliveries,
                                zip_expiries,
                                crc_sweep,
                                signing_generations,
                                deleted_accounts,
                                master_keys,
                                own_zips,
                                failed_downloads};

std::int64_t version_of(SqliteConnection& connection) {
  return connection.ask_number("PRAGMA user_version");
}

}  // namespace

int const sqlite_schema_version = static_cast<int>(migrations.size());

void check_sqlite_schema(SqliteConnection& connection, std::string const& path) {
  std::int64_t const version = version_of(connection);
  std::int64_t const owner = connection.ask_number("PRAGMA application_id");
  bool const empty = connection.ask_number("SELECT count(*) FROM sqlite_schema") == 0;
  if (owner != application_id && !(empty && owner == 0 && version == 0)) {
    throw base::Error(base::Fault::config,
                      fmt::format("database {}: it is another program's", path));
  }
  if (version > sqlite_schema_version) {
    throw base::Error(base::Fault::config,
                      fmt::format("database {}: a newer s3zipper has written it (schema {}; this "
                                  "one knows schemas up to {}); use that or a later version",
                                  path, version, sqlite_schema_version));
  }
}

void migrate_sqlite_schema(SqliteConnection& connection, std::string const& path, int version) {
  if (version_of(connection) == version) return;
  SQLite::Transaction transaction(connection.database(), SQLite::TransactionBehavior::IMMEDIATE);
  check_sqlite_schema(connection, path);  // another process may have been faster
  auto const first = static_cast<std::size_t>(version_of(connection));
  for (std::size_t i = first; i < static_cast<std::size_t>(version); ++i)
    connection.execute(migrations.at(i));
  connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
  connection.execute(fmt::format("PRAGMA user_version = {}", version));
  transaction.commit();
}

}  // namespace store
