// Streams in SQLite.
#include "base/error.h"
#include "store/sqlite/database.h"
#include "store/sqlite/parts.h"
#include "store/sqlite/store.h"

#include <fmt/format.h>

namespace store {
namespace {

StreamState parse_state(std::string const& text) {
  for (StreamState state : {StreamState::listing, StreamState::ready, StreamState::failed}) {
    if (name(state) == text) return state;
  }
  throw base::Error(base::Fault::corrupt, fmt::format("a stored stream has the state {}", text));
}

// By name, as numbers may mean something else in the next version; a name that is gone is no
// reason to refuse the row.
base::Fault parse_fault(std::string const& text) {
  for (int i = 0; i < static_cast<int>(base::Fault::internal); ++i) {
    auto const fault = static_cast<base::Fault>(i);
    if (base::traits(fault).name == text) return fault;
  }
  return base::Fault::internal;
}

std::optional<Stream> read_stream(SqliteConnection& connection, std::string_view id) {
  std::optional<Stream> stream = read_stream_state(connection, id);
  if (!stream) return std::nullopt;
  stream->request = read_request(connection, id);
  stream->sealed_credentials = read_credentials(connection, id);
  return stream;
}

void check_listing(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM streams WHERE id = ? AND state = 'LISTING' AND erased = 0");
  if (query.text(id).next()) return;
  throw base::Error(base::Fault::conflict,
                    fmt::format("stream {} is not listing any more, or does not exist", id));
}

std::optional<DownloadFailure> read_failure(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(
      connection, "SELECT failed_at, request_id, error FROM download_failures WHERE stream_id = ?");
  if (!query.text(id).next()) return std::nullopt;
  return DownloadFailure{
      .at = query.read_number(), .request_id = query.read_text(), .error = query.read_text()};
}

void insert_row(SqliteConnection& connection, Stream const& stream) {
  check_may_work(connection, stream.account_id);
  base::check(stream.state == StreamState::listing, "a new stream is listing");
  SqliteQuery(connection,
              "INSERT INTO streams (id, account_id, api_version, state, file_name, created_at,"
              " expires_at, uses_kept_credentials, signing_generation)"
              " VALUES (?, ?, ?, 'LISTING', ?, ?, ?, ?, ?)")
      .text(stream.id)
      .text(stream.account_id)
      .number(stream.api_version)
      .text(stream.file_name)
      .number(stream.created_at)
      .number(stream.expires_at)
      .number(stream.uses_kept_credentials)
      .number(stream.signing_generation)
      .run();
  insert_request(connection, stream.id, stream.request);
  insert_credentials(connection, stream.id, stream.sealed_credentials);
  add_usage(connection, stream.account_id, Counted::streams, 1, stream.created_at);
}

}  // namespace

std::optional<Stream> read_stream_state(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(connection,
                    "SELECT id, account_id, api_version, state, file_name, error, fault,"
                    " created_at, expires_at, revoked OR signed_by_old_keys,"
                    " uses_kept_credentials, signing_generation FROM streams_and_keys"
                    " WHERE id = ?");
  query.text(id);
  if (!query.next()) return std::nullopt;
  Stream stream;
  stream.id = query.read_text();
  stream.account_id = query.read_text();
  stream.api_version = query.read_number<int>();
  stream.state = parse_state(query.read_text());
  stream.file_name = query.read_text();
  stream.error = query.read_text();
  stream.fault = parse_fault(query.read_text());
  stream.created_at = query.read_number();
  stream.expires_at = query.read_number();
  stream.revoked = query.read_number() != 0;
  stream.uses_kept_credentials = query.read_number() != 0;
  stream.signing_generation = query.read_number<int>();
  stream.plan = read_plan(connection, id);
  stream.last_failure = read_failure(connection, id);
  return stream;
}

// Durable: the client is told the link.
void SqliteStore::insert_stream(Stream const& stream) {
  insert_stream_once(stream, {});
}

std::string SqliteStore::insert_stream_once(Stream const& stream, Once const& once) {
  return database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    auto const earlier = use_once(connection, stream.account_id, once, stream.id);
    if (earlier) return *earlier;
    insert_row(connection, stream);
    return stream.id;
  });
}

std::optional<Stream> SqliteStore::find_stream(std::string_view id) {
  return database_->read(
      [id](SqliteConnection& connection) { return read_stream(connection, id); });
}

// Durable: clients resume downloads of these very bytes.
void SqliteStore::freeze_stream(std::string_view id, PlanFacts const& plan) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    check_listing(connection, id);
    write_plan(connection, id, plan);
    SqliteQuery(connection, "UPDATE streams SET state = 'READY' WHERE id = ?").text(id).run();
  });
}

void SqliteStore::fail_stream(std::string_view id, base::Fault fault, std::string_view error) {
  database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    check_listing(connection, id);
    SqliteQuery(connection,
                "UPDATE streams SET state = 'FAILED', erased = 1, fault = ?, error = ?"
                " WHERE id = ?")
        .text(base::traits(fault).name)
        .text(error)
        .text(id)
        .run();
    erase_credentials(connection, id);
    mark_selection_dropped(connection, id);
  });
  database_->note_erasure();
  drop_marked_selection(id);
}

std::vector<std::string> SqliteStore::listing_streams() {
  return database_->read([](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "SELECT id FROM streams WHERE state = 'LISTING' AND erased = 0"
                       " ORDER BY created_at, rowid")
        .read_texts();
  });
}

bool SqliteStore::relist_stream(std::string_view id, base::UnixSeconds now) {
  return database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    return SqliteQuery(connection,
                       "UPDATE streams SET state = 'LISTING', erased = 0, fault = 'internal',"
                       " error = '', created_at = ? WHERE id = ? AND state = 'FAILED'"
                       " AND revoked = 0")
               .number(now)
               .text(id)
               .run() > 0;
  });
}

// Durable: a link that was revoked does not come back.
bool SqliteStore::revoke_stream(std::string_view id) {
  bool const known = database_->write(WriteMode::durable, [&](SqliteConnection& connection) {
    std::size_t const changed =
        SqliteQuery(connection, "UPDATE streams SET revoked = 1, erased = 1 WHERE id = ?")
            .text(id)
            .run();
    if (!changed) return false;
    erase_credentials(connection, id);
    mark_selection_dropped(connection, id);
    return true;
  });
  if (!known) return false;
  database_->note_erasure();
  drop_marked_selection(id);
  return true;
}

// A client that tries again and again has the row read, and once a second written. Relaxed: the
// next failure tells as much.
void SqliteStore::note_download_failure(std::string_view stream_id,
                                        DownloadFailure const& failure) {
  auto const is_known = [&](SqliteConnection& connection) {
    auto const known = read_failure(connection, stream_id);
    return known && known->at == failure.at;
  };
  if (database_->read(is_known)) return;
  database_->write(WriteMode::relaxed, [&](SqliteConnection& connection) {
    SqliteQuery(connection,
                "INSERT INTO download_failures (stream_id, failed_at, request_id, error)"
                " SELECT id, ?2, ?3, ?4 FROM streams WHERE id = ?1"
                " ON CONFLICT (stream_id) DO UPDATE SET failed_at = excluded.failed_at,"
                " request_id = excluded.request_id, error = excluded.error"
                " WHERE failed_at <> excluded.failed_at")
        .text(stream_id)
        .number(failure.at)
        .text(failure.request_id)
        .text(failure.error)
        .run();
  });
}

}  // namespace store
