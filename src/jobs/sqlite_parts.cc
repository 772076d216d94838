#include "jobs/sqlite_parts.h"

#include "base/codec.h"
#include "base/error.h"
#include "base/limits.h"

namespace jobs {
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
  std::string padded(padding_bytes, '\0');
  padded += sealed;
  SqliteQuery(connection, "INSERT INTO credentials (owner_id, padded) VALUES (?, ?)")
      .text(owner_id)
      .blob(padded)
      .run();
}

std::string read_credentials(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection, "SELECT padded FROM credentials WHERE owner_id = ?");
  query.text(owner_id);
  if (!query.next()) return {};
  std::string const padded = query.read_text();
  if (padded.size() < padding_bytes) {
    throw base::Error(base::Fault::corrupt, "stored credentials are damaged");
  }
  return padded.substr(padding_bytes);
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

}  // namespace

void write_plan(SqliteConnection& connection, std::string_view owner_id, PlanFacts const& plan) {
  SqliteQuery(connection,
              "INSERT OR REPLACE INTO plans (owner_id, entry_count, source_bytes, archive_bytes,"
              " layout_version, etag, chunk_count, missing_count, missing)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .text(owner_id)
      .number(plan.entry_count)
      .number(plan.source_bytes)
      .number(plan.archive_bytes)
      .number(plan.layout_version)
      .text(plan.etag)
      .number(plan.chunk_count)
      .number(plan.missing_count)
      .blob(encode_texts(plan.missing))
      .run();
  SqliteQuery(connection, "DELETE FROM selection_chunks WHERE owner_id = ? AND chunk_index >= ?")
      .text(owner_id)
      .number(plan.chunk_count)
      .run();
}

PlanFacts read_plan(SqliteConnection& connection, std::string_view owner_id) {
  SqliteQuery query(connection,
                    "SELECT entry_count, source_bytes, archive_bytes, layout_version, etag,"
                    " chunk_count, missing_count, missing FROM plans WHERE owner_id = ?");
  query.text(owner_id);
  if (!query.next()) return {};
  return {.frozen = true,
          .entry_count = query.read_number<std::uint64_t>(),
          .source_bytes = query.read_number<std::uint64_t>(),
          .archive_bytes = query.read_number<std::uint64_t>(),
          .layout_version = query.read_number<int>(),
          .etag = query.read_text(),
          .chunk_count = query.read_number<std::uint64_t>(),
          .missing_count = query.read_number<std::uint64_t>(),
          .missing = decode_texts(query.read_text())};
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

void delete_parts(SqliteConnection& connection, std::string_view owner_id) {
  erase_credentials(connection, owner_id);
  delete_row(connection, "DELETE FROM requests WHERE owner_id = ?", owner_id);
  delete_row(connection, "DELETE FROM plans WHERE owner_id = ?", owner_id);
}

}  // namespace jobs
