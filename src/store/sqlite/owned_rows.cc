#include "store/sqlite/owned_rows.h"

#include "base/codec.h"
#include "base/error.h"
#include "base/limits.h"

namespace store {
namespace {

// Zeros in front of sealed credentials, one page of SQLite's: with them the rest of the row lies on
// overflow pages, which stay where they are until they are freed, and are then overwritten. A short
// row would lie in a leaf of the b-tree; balancing copies those, and the copies left in gaps are
// not overwritten, even with secure_delete (seen: one in 1,400 erased rows).
constexpr std::size_t padding_bytes = 4096;

void delete_row(SqliteConnection& connection, char const* sql, std::string_view owner_id) {
  SqliteQuery(connection, sql).text(owner_id).run();
}

}  // namespace

void insert_request(SqliteConnection& connection, std::string_view owner_id,
                    std::string_view request) {
  SqliteQuery(connection, "INSERT INTO requests (owner_id, body) VALUES (?, ?)")
      .text(owner_id)
      .blob(request)
      .run();
}

std::string read_request(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection, "SELECT body FROM requests WHERE owner_id = ?");
  query.text(owner_id);
  return query.next() ? query.read_text() : std::string();
}

void insert_credentials(SqliteConnection& connection, std::string_view owner_id,
                        std::string_view sealed) {
  if (sealed.empty()) return;
  SqliteQuery(connection, "INSERT INTO credentials (owner_id, padded) VALUES (?, ?)")
      .text(owner_id)
      .blob(padded(sealed))
      .run();
}

std::string read_credentials(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection, "SELECT padded FROM credentials WHERE owner_id = ?");
  query.text(owner_id);
  if (!query.next()) return {};
  return without_padding(query.read_text());
}

std::string padded(std::string_view sealed) {
  return std::string(padding_bytes, '\0').append(sealed);
}

std::string without_padding(std::string stored) {
  if (stored.size() < padding_bytes)
    throw base::Error(base::Fault::corrupt, "stored credentials are damaged");
  return stored.substr(padding_bytes);
}

void erase_credentials(SqliteConnection& connection, std::string_view owner_id) {
  delete_row(connection, "DELETE FROM credentials WHERE owner_id = ?", owner_id);
}

namespace {

std::string encode_texts(std::vector<std::string> const& texts) {
  base::Encoder out;
  for (std::string const& text : texts) out.text(text);
  return out.take();
}

std::vector<std::string> decode_texts(std::string_view bytes) {
  std::vector<std::string> texts;
  for (base::Decoder in(bytes); !in.done();) texts.emplace_back(in.text());
  return texts;
}

void insert_archive(SqliteConnection& connection, std::string_view owner_id, std::size_t index,
                    ArchiveFacts const& archive) {
  SqliteQuery(connection,
              "INSERT INTO archives (owner_id, archive_index, entry_count, source_bytes,"
              " archive_bytes, etag, chunk_count) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .text(owner_id)
      .number(index)
      .number(archive.entry_count)
      .number(archive.source_bytes)
      .number(archive.archive_bytes)
      .text(archive.etag)
      .number(archive.chunk_count)
      .run();
}

std::vector<ArchiveFacts> read_archives(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection,
                    "SELECT entry_count, source_bytes, archive_bytes, etag, chunk_count"
                    " FROM archives WHERE owner_id = ? ORDER BY archive_index");
  query.text(owner_id);
  std::vector<ArchiveFacts> archives;
  while (query.next()) {
    archives.push_back({.entry_count = query.read_number<std::uint64_t>(),
                        .source_bytes = query.read_number<std::uint64_t>(),
                        .archive_bytes = query.read_number<std::uint64_t>(),
                        .etag = query.read_text(),
                        .chunk_count = query.read_number<std::uint64_t>()});
  }
  return archives;
}

}  // namespace

void write_plan(SqliteConnection& connection, std::string_view owner_id, PlanFacts const& plan) {
  SqliteQuery(connection,
              "INSERT OR REPLACE INTO plans (owner_id, layout_version, missing_count, missing,"
              " missing_chunks, excluded, own_zip_count, own_zips, own_zip_chunks, excluded_told)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .text(owner_id)
      .number(plan.layout_version)
      .number(plan.missing_count)
      .blob(encode_texts(plan.missing))
      .number(plan.missing_chunks)
      .number(plan.excluded)
      .number(plan.own_zip_count)
      .blob(encode_texts(plan.own_zips))
      .number(plan.own_zip_chunks)
      .blob(encode_texts(plan.excluded_told))
      .run();
  delete_row(connection, "DELETE FROM archives WHERE owner_id = ?", owner_id);
  for (std::size_t i = 0; i < plan.archives.size(); ++i)
    insert_archive(connection, owner_id, i, plan.archives[i]);
  SqliteQuery(connection, "DELETE FROM selection_chunks WHERE owner_id = ? AND chunk_index >= ?")
      .text(owner_id)
      .number(plan.chunk_count())
      .run();
}

PlanFacts read_plan(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection,
                    "SELECT layout_version, missing_count, missing, missing_chunks, own_zip_count,"
                    " own_zips, own_zip_chunks, excluded, excluded_told"
                    " FROM plans WHERE owner_id = ?");
  query.text(owner_id);
  if (!query.next()) return {};
  return {.frozen = true,
          .layout_version = query.read_number<int>(),
          .archives = read_archives(connection, owner_id),
          .missing_count = query.read_number<std::uint64_t>(),
          .missing = decode_texts(query.read_text()),
          .missing_chunks = query.read_number<std::uint64_t>(),
          .own_zip_count = query.read_number<std::uint64_t>(),
          .own_zips = decode_texts(query.read_text()),
          .own_zip_chunks = query.read_number<std::uint64_t>(),
          .excluded = query.read_number<std::uint64_t>(),
          .excluded_told = decode_texts(query.read_text())};
}

void mark_selection_dropped(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery(connection, "INSERT OR IGNORE INTO dropped_selections (owner_id) VALUES (?)")
      .text(owner_id)
      .run();
}

std::size_t drop_some_chunks(SqliteConnection& connection, std::string_view owner_id) {
  std::size_t const dropped =
      SqliteQuery(connection,
                  "DELETE FROM selection_chunks WHERE rowid IN"
                  " (SELECT selection_chunks.rowid FROM selection_chunks"
                  " JOIN dropped_selections USING (owner_id) WHERE owner_id = ? LIMIT ?)")
          .text(owner_id)
          .number(base::limits::drop_step_chunks)
          .run();
  if (dropped < base::limits::drop_step_chunks) {
    delete_row(connection, "DELETE FROM dropped_selections WHERE owner_id = ?", owner_id);
  }
  return dropped;
}

std::optional<std::string> use_once(SqliteConnection& connection, std::string_view account_id,
                                    Once const& once, std::string_view owner_id) {
  if (once.key.empty()) return std::nullopt;
  SqliteQuery query(connection,
                    "SELECT owner_id, request_hash FROM idempotency_keys"
                    " WHERE account_id = ? AND key = ?");
  if (query.text(account_id).text(once.key).next()) {
    std::string earlier = query.read_text();
    if (query.read_text() == once.request_hash) return earlier;
    throw base::Error(base::Fault::conflict, "the idempotency key was used for another request");
  }
  SqliteQuery(connection,
              "INSERT INTO idempotency_keys (account_id, key, request_hash, owner_id)"
              " VALUES (?, ?, ?, ?)")
      .text(account_id)
      .text(once.key)
      .text(once.request_hash)
      .text(owner_id)
      .run();
  return std::nullopt;
}

void delete_plan(SqliteConnection& connection, std::string_view owner_id) {
  delete_row(connection, "DELETE FROM plans WHERE owner_id = ?", owner_id);
  delete_row(connection, "DELETE FROM archives WHERE owner_id = ?", owner_id);
}

void delete_owned_rows(SqliteConnection& connection, std::string_view owner_id) {
  erase_credentials(connection, owner_id);
  delete_row(connection, "DELETE FROM requests WHERE owner_id = ?", owner_id);
  delete_plan(connection, owner_id);
  delete_row(connection, "DELETE FROM mails WHERE owner_id = ?", owner_id);
  delete_row(connection, "DELETE FROM deliveries WHERE owner_id = ?", owner_id);
  delete_row(connection, "DELETE FROM idempotency_keys WHERE owner_id = ?", owner_id);
}

}  // namespace store
