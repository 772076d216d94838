#include "store/sqlite/schema.h"

#include "base/error.h"

#include <array>

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

namespace store {
namespace {

// The number in the file's header by which it is known as ours: "S3Zp".
constexpr std::int64_t application_id = 0x53335A70;

// Versions up to this one were never released.
constexpr std::int64_t last_unreleased = 17;

// The data of a job or a link beside its row stand in tables of their own, by the id of the owner:
// the row that is updated often stays small, and erasing is deleting a row. A row that is polled
// has a time at which it is due, 0 for never, and an index by it that holds nothing else.
constexpr char first_schema[] = R"sql(
-- ending: remove_expired() has links or jobs of it to end.
-- deleted: the row stays until nothing points to it any more.
CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  is_admin INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  ending INTEGER NOT NULL DEFAULT 0,
  error_url TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_disabled ON accounts(id) WHERE disabled;
CREATE INDEX accounts_deleted ON accounts(id) WHERE deleted;
CREATE INDEX accounts_ending ON accounts(id) WHERE ending;

CREATE VIEW live_accounts AS
  SELECT id, name, generation, is_admin, password_hash, disabled, created_at, error_url
  FROM accounts WHERE NOT deleted;

-- former_…: the secret before, which works until then; former_until 0: there is none.
CREATE TABLE user_keys (
  user_key TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  name TEXT NOT NULL,
  secret_hash BLOB NOT NULL,
  hashed_by TEXT NOT NULL,
  secret_end TEXT NOT NULL,
  generation INTEGER NOT NULL,
  former_hash BLOB NOT NULL,
  former_hashed_by TEXT NOT NULL,
  former_until INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  used_from TEXT NOT NULL
) STRICT;
CREATE INDEX user_keys_by_account ON user_keys(account_id, created_at);
CREATE INDEX user_keys_with_former_secret ON user_keys(former_until) WHERE former_until <> 0;
CREATE VIEW keys_and_accounts AS
  SELECT user_key, account_id, user_keys.name AS key_name, secret_hash, hashed_by, secret_end,
    user_keys.generation AS key_generation, former_hash, former_hashed_by, former_until,
    user_keys.created_at AS key_created_at, used_at, used_from, live_accounts.*
  FROM user_keys JOIN live_accounts ON live_accounts.id = account_id;

CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  browser TEXT NOT NULL,
  address TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions(account_id, seen_at);
CREATE INDEX sessions_by_age ON sessions(seen_at);
CREATE VIEW sessions_and_accounts AS
  SELECT sessions.id AS session_id, token_hash, account_id,
    sessions.created_at AS session_created_at, seen_at, browser, address, live_accounts.*
  FROM sessions JOIN live_accounts ON live_accounts.id = account_id;

-- name, password_hash: of the account that is to be made when its mail address is confirmed.
CREATE TABLE codes (
  token_hash BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX codes_by_end ON codes(expires_at);

-- user_key, key_generation: the key whose secret is here; empty if none is.
-- padded: a page of zeros, then the sealed credentials (owned_rows.cc says why); the secret lies
-- behind them, off the page.
CREATE TABLE kept_credentials (
  account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts(id),
  user_key TEXT NOT NULL,
  key_generation INTEGER NOT NULL,
  kept_at INTEGER NOT NULL,
  padded BLOB NOT NULL,
  sealed_secret BLOB NOT NULL
) STRICT;

CREATE TABLE usage (
  account_id TEXT NOT NULL REFERENCES accounts(id),
  hour INTEGER NOT NULL,
  counted TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (account_id, hour, counted)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_by_hour ON usage(hour);

-- session, attempt: who holds it (hold.h); of a job that was cancelled while it ran, who cleans.
-- cleaning: it has ended and left something in the bucket; clean_due_at 0: its runner is at it.
-- settled_at: it has ended, and so has the life of its zip; from then on its row is kept a while.
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  api_version INTEGER NOT NULL,
  target_bucket TEXT NOT NULL,
  target_key TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')),
  session TEXT NOT NULL DEFAULT '',
  attempt INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  settled_at INTEGER NOT NULL DEFAULT 0,
  entries_done INTEGER NOT NULL DEFAULT 0,
  bytes_done INTEGER NOT NULL DEFAULT 0,
  upload_archive INTEGER NOT NULL DEFAULT 0,
  upload_bucket TEXT NOT NULL DEFAULT '',
  upload_key TEXT NOT NULL DEFAULT '',
  upload_id TEXT NOT NULL DEFAULT '',
  upload_part_bytes INTEGER NOT NULL DEFAULT 0,
  sealed_result BLOB NOT NULL DEFAULT x'',
  cleaning INTEGER NOT NULL DEFAULT 0,
  clean_due_at INTEGER NOT NULL DEFAULT 0,
  clean_failures INTEGER NOT NULL DEFAULT 0,
  expire_after_hours INTEGER NOT NULL DEFAULT 0,
  expire_by_kept INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL DEFAULT 0,
  expire_due_at INTEGER NOT NULL DEFAULT 0,
  expire_failures INTEGER NOT NULL DEFAULT 0,
  expire_ended_at INTEGER NOT NULL DEFAULT 0,
  expire_deleted INTEGER NOT NULL DEFAULT 0,
  expire_note TEXT NOT NULL DEFAULT '',
  CHECK (state <> 'running' OR session <> ''),
  CHECK ((state = 'waiting') = (due_at <> 0)),
  CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at <> 0)),
  CHECK (cleaning OR clean_due_at = 0),
  CHECK (NOT cleaning OR clean_due_at <> 0 OR session <> '')
) STRICT;
CREATE INDEX jobs_queued ON jobs(created_at) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs(id) WHERE state = 'running';
CREATE INDEX jobs_waiting ON jobs(due_at, created_at) WHERE state = 'waiting';
CREATE INDEX jobs_settled ON jobs(settled_at) WHERE settled_at <> 0;
CREATE INDEX jobs_to_clean ON jobs(clean_due_at) WHERE cleaning;
CREATE INDEX zips_to_delete ON jobs(expire_due_at) WHERE expire_due_at <> 0;
CREATE INDEX jobs_by_account ON jobs(account_id, created_at, id);
CREATE INDEX jobs_by_account_and_state ON jobs(account_id, state, created_at, id);

-- How many jobs there are, kept by the triggers; account_id '': of all accounts.
CREATE TABLE job_counts (
  account_id TEXT NOT NULL,
  state TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (account_id, state)
) STRICT, WITHOUT ROWID;
CREATE INDEX accounts_with_queued_jobs ON job_counts(account_id)
  WHERE state = 'queued' AND amount > 0 AND account_id <> '';
CREATE TRIGGER jobs_counted AFTER INSERT ON jobs BEGIN
  INSERT INTO job_counts VALUES ('', NEW.state, 1), (NEW.account_id, NEW.state, 1)
    ON CONFLICT DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER jobs_counted_anew AFTER UPDATE OF state ON jobs WHEN OLD.state <> NEW.state BEGIN
  UPDATE job_counts SET amount = amount - 1
    WHERE account_id IN ('', OLD.account_id) AND state = OLD.state;
  INSERT INTO job_counts VALUES ('', NEW.state, 1), (NEW.account_id, NEW.state, 1)
    ON CONFLICT DO UPDATE SET amount = amount + 1;
END;
CREATE TRIGGER jobs_counted_less AFTER DELETE ON jobs BEGIN
  UPDATE job_counts SET amount = amount - 1
    WHERE account_id IN ('', OLD.account_id) AND state = OLD.state;
END;

-- erased: credentials and selection are gone, as the link failed, was revoked or has expired.
-- failure_…: the last download that failed; failed_at 0: none.
CREATE TABLE links (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  api_version INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'listing' CHECK (state IN ('listing', 'ready', 'failed')),
  session TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '',
  fault TEXT NOT NULL DEFAULT 'internal',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0,
  erased INTEGER NOT NULL DEFAULT 0,
  uses_kept_credentials INTEGER NOT NULL,
  signing_key TEXT NOT NULL,
  signing_generation INTEGER NOT NULL,
  failed_at INTEGER NOT NULL DEFAULT 0,
  failure_request_id TEXT NOT NULL DEFAULT '',
  failure_error TEXT NOT NULL DEFAULT '',
  download_count INTEGER NOT NULL DEFAULT 0,
  download_bytes INTEGER NOT NULL DEFAULT 0,
  downloaded_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX links_by_account ON links(account_id, created_at, id);
CREATE INDEX links_of_account_to_erase ON links(account_id) WHERE erased = 0;
CREATE INDEX links_to_erase ON links(expires_at) WHERE erased = 0;
CREATE INDEX links_to_delete ON links(expires_at) WHERE erased = 1;
CREATE INDEX links_listing ON links(created_at) WHERE state = 'listing' AND erased = 0;
-- Links that were signed end with the secret that signed.
CREATE VIEW links_and_keys AS
  SELECT links.*, signing_key <> '' AND NOT EXISTS
    (SELECT 1 FROM user_keys WHERE user_key = signing_key AND (generation = signing_generation
      OR (former_until <> 0 AND generation = signing_generation + 1))) AS signed_by_old_keys
  FROM links;

CREATE TABLE idempotency_keys (
  account_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_owner ON idempotency_keys(owner_id);

CREATE TABLE requests (
  owner_id TEXT NOT NULL PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE credentials (
  owner_id TEXT NOT NULL PRIMARY KEY,
  padded BLOB NOT NULL
) STRICT;

-- A row here says that the owner's plan is frozen.
CREATE TABLE plans (
  owner_id TEXT NOT NULL PRIMARY KEY,
  layout_version INTEGER NOT NULL,
  missing_count INTEGER NOT NULL,
  missing BLOB NOT NULL,
  missing_chunks INTEGER NOT NULL,
  own_zip_count INTEGER NOT NULL,
  own_zips BLOB NOT NULL,
  own_zip_chunks INTEGER NOT NULL,
  excluded INTEGER NOT NULL,
  excluded_told BLOB NOT NULL
) STRICT;
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

-- due_at 0: its owner has not ended, or it has itself.
CREATE TABLE mails (
  id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  api_version INTEGER NOT NULL,
  address TEXT NOT NULL,
  link_base TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'retrying', 'sent', 'failed')),
  round INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX mails_due ON mails(due_at) WHERE due_at <> 0;

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts(id),
  host TEXT NOT NULL,
  sealed_url BLOB NOT NULL,
  link_base TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'retrying', 'sent', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX deliveries_due ON deliveries(host, due_at) WHERE due_at <> 0;

CREATE TABLE crcs (
  object_id BLOB NOT NULL,
  prefix_bytes INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  used_day INTEGER NOT NULL,
  PRIMARY KEY (object_id, prefix_bytes)
) STRICT, WITHOUT ROWID;
-- Instead of an index of CRCs by use, which doubles what storing one takes, a walk through all of
-- them. One row: the day of the last walk, and the object that it is behind, empty where it is over.
CREATE TABLE crc_sweep (
  day INTEGER NOT NULL,
  last_object_id BLOB NOT NULL
) STRICT;
INSERT INTO crc_sweep VALUES (0, x'');

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Which master keys rows may need, and what is left of those that seal no more (master_keys.h).
CREATE TABLE master_keys (
  fingerprint TEXT NOT NULL PRIMARY KEY
) STRICT;
CREATE TABLE retired_keys (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  retired_at INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
)sql";

// The step at index i makes schema last_unreleased + i + 1 of the one before. A step that has been
// released stays as it is.
constexpr std::array migrations{first_schema};

std::int64_t version_of(SqliteConnection& connection) {
  return connection.ask_number("PRAGMA user_version");
}

[[noreturn]] void refuse(std::string const& path, std::string_view why) {
  throw base::Error(base::Fault::config, fmt::format("database {}: {}", path, why));
}

}  // namespace

int const sqlite_schema_version = static_cast<int>(last_unreleased + migrations.size());

void check_sqlite_schema(SqliteConnection& connection, std::string const& path) {
  std::int64_t const version = version_of(connection);
  std::int64_t const owner = connection.ask_number("PRAGMA application_id");
  bool const empty = connection.ask_number("SELECT count(*) FROM sqlite_schema") == 0;
  if (owner != application_id && !(empty && owner == 0 && version == 0))
    refuse(path, "it is another program's");
  if (version > sqlite_schema_version) {
    refuse(path,
           fmt::format("a newer s3zipper has written it (schema {}; this one knows schemas up "
                       "to {}); use that or a later version",
                       version, sqlite_schema_version));
  }
  if (version != 0 && version <= last_unreleased) {
    refuse(path, fmt::format("a version of s3zipper from before the first release has written it "
                             "(schema {}), which this one does not read; begin with a new data "
                             "folder, or move this file away: accounts are made anew then",
                             version));
  }
}

void migrate_sqlite_schema(SqliteConnection& connection, std::string const& path) {
  if (version_of(connection) == sqlite_schema_version) return;
  SQLite::Transaction transaction(connection.database(), SQLite::TransactionBehavior::IMMEDIATE);
  check_sqlite_schema(connection, path);  // another process may have been faster
  std::int64_t const version = version_of(connection);
  auto const first = static_cast<std::size_t>(version == 0 ? 0 : version - last_unreleased);
  for (std::size_t i = first; i < migrations.size(); ++i) connection.execute(migrations.at(i));
  connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
  connection.execute(fmt::format("PRAGMA user_version = {}", sqlite_schema_version));
  transaction.commit();
}

}  // namespace store
