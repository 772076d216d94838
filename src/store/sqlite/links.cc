#include "store/sqlite/links.h"

#include "base/error.h"
#include "store/sqlite/accounts.h"
#include "store/sqlite/job_rows.h"
#include "store/sqlite/owned_rows.h"
#include "store/sqlite/selections.h"

#include <fmt/format.h>

namespace store {
namespace {

LinkState parse_state(std::string const& text) {
  for (LinkState const state : all_link_states) {
    if (name(state) == text) return state;
  }
  throw base::Error(base::Fault::corrupt, fmt::format("a stored link has the state {}", text));
}

// Faults are stored by name, as numbers may mean something else in the next version; a name that is
// gone is no reason to refuse the row.
base::Fault parse_fault(std::string const& text) {
  for (int i = 0; i < static_cast<int>(base::Fault::internal); ++i) {
    auto const fault = static_cast<base::Fault>(i);
    if (base::traits(fault).name == text) return fault;
  }
  return base::Fault::internal;
}

Downloads read_downloads(SqliteQuery& query) {
  return {.count = query.read_number<std::uint64_t>(),
          .bytes = query.read_number<std::uint64_t>(),
          .last_at = query.read_number()};
}

std::optional<DownloadFailure> read_failure(SqliteQuery& query) {
  DownloadFailure failure{
      .at = query.read_number(), .request_id = query.read_text(), .error = query.read_text()};
  if (failure.at == 0) return std::nullopt;
  return failure;
}

void insert_row(SqliteConnection& connection, Link const& link) {
  base::check(link.state == LinkState::listing, "a new link is listing");
  check_may_work(connection, link.account_id);
  SqliteQuery(connection,
              "INSERT INTO links (id, account_id, api_version, session, attempt, file_name,"
              " created_at, expires_at, uses_kept_credentials, signing_key,"
              " signing_generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .text(link.id)
      .text(link.account_id)
      .number(link.api_version)
      .text(link.session)
      .number(link.attempt)
      .text(link.file_name)
      .number(link.created_at)
      .number(link.expires_at)
      .number(link.uses_kept_credentials)
      .text(link.signing_key)
      .number(link.signing_generation)
      .run();
  insert_request(connection, link.id, link.request);
  insert_credentials(connection, link.id, link.sealed_credentials);
  add_usage(connection, link.account_id, Counted::streams, 1, link.created_at);
}

// If the account has ended, or its keys were rotated, the link ends soon, like the links that were
// there at that time.
void end_soon_if_late(SqliteConnection& connection, std::string_view link_id) {
  SqliteQuery(connection,
              "UPDATE accounts SET ending = 1 FROM links_and_keys AS link WHERE link.id = ?"
              " AND accounts.id = link.account_id AND (disabled OR signed_by_old_keys)")
      .text(link_id)
      .run();
}

std::string create_link(SqliteConnection& connection, NewLink const& created) {
  Link const& link = created.link;
  auto const earlier = use_once(connection, link.account_id, created.once, link.id);
  if (earlier) return *earlier;
  insert_row(connection, link);
  insert_messages(connection, created.mail, created.delivery);
  end_soon_if_late(connection, link.id);
  return link.id;
}

std::vector<Hold> take_all(SqliteConnection& connection, std::string_view session) {
  std::vector<Hold> holds;
  {
    SqliteQuery query(connection,
                      "SELECT id, attempt + 1 FROM links WHERE state = 'listing' AND erased = 0"
                      " ORDER BY created_at, rowid");
    while (query.next())
      holds.push_back({query.read_text(), std::string(session), query.read_number<int>()});
  }
  SqliteQuery(connection,
              "UPDATE links SET session = ?, attempt = attempt + 1"
              " WHERE state = 'listing' AND erased = 0")
      .text(session)
      .run();
  return holds;
}

std::optional<Hold> relist_row(SqliteConnection& connection, std::string_view id,
                               std::string_view session, base::UnixSeconds now) {
  bool const begun = SqliteQuery(connection,
                                 "UPDATE links SET state = 'listing', erased = 0,"
                                 " fault = 'internal', error = '', session = ?,"
                                 " attempt = attempt + 1, created_at = ?"
                                 " WHERE id = ? AND state = 'failed' AND revoked = 0")
                         .text(session)
                         .number(now)
                         .text(id)
                         .run() > 0;
  if (!begun) return std::nullopt;
  end_soon_if_late(connection, id);
  return read_link(connection, id)->hold();
}

bool fail_row(SqliteConnection& connection, Hold const& hold, base::Fault fault,
              std::string_view error, base::UnixSeconds now) {
  if (!holds_link(connection, hold)) return false;
  SqliteQuery(connection, "UPDATE links SET state = 'failed', fault = ?, error = ? WHERE id = ?")
      .text(base::traits(fault).name)
      .text(error)
      .text(hold.id)
      .run();
  erase_link(connection, hold.id);
  make_messages_due(connection, hold.id, now);
  return true;
}

bool revoke_row(SqliteConnection& connection, std::string_view id, base::UnixSeconds now) {
  bool const known =
      SqliteQuery(connection, "UPDATE links SET revoked = 1 WHERE id = ?").text(id).run() > 0;
  if (!known) return false;
  erase_link(connection, id);
  make_messages_due(connection, id, now);
  return true;
}

}  // namespace

std::optional<Link> read_link(SqliteConnection& connection, std::string_view id) {
  SqliteQuery query(
      connection,
      "SELECT id, account_id, api_version, state, session, attempt, file_name, error,"
      " fault, created_at, expires_at, revoked OR signed_by_old_keys,"
      " uses_kept_credentials, signing_key, signing_generation, failed_at,"
      " failure_request_id, failure_error, download_count, download_bytes, downloaded_at"
      " FROM links_and_keys WHERE id = ?");
  if (!query.text(id).next()) return std::nullopt;
  Link link;
  link.id = query.read_text();
  link.account_id = query.read_text();
  link.api_version = query.read_number<int>();
  link.state = parse_state(query.read_text());
  link.session = query.read_text();
  link.attempt = query.read_number<int>();
  link.file_name = query.read_text();
  link.error = query.read_text();
  link.fault = parse_fault(query.read_text());
  link.created_at = query.read_number();
  link.expires_at = query.read_number();
  link.revoked = query.read_number() != 0;
  link.uses_kept_credentials = query.read_number() != 0;
  link.signing_key = query.read_text();
  link.signing_generation = query.read_number<int>();
  link.last_failure = read_failure(query);
  link.downloads = read_downloads(query);
  link.plan = read_plan(connection, id);
  return link;
}

bool holds_link(SqliteConnection& connection, Hold const& hold) {
  SqliteQuery query(connection,
                    "SELECT 1 FROM links WHERE id = ? AND state = 'listing' AND erased = 0"
                    " AND session = ? AND attempt = ?");
  return query.text(hold.id).text(hold.session).number(hold.attempt).next();
}

void erase_link(SqliteConnection& connection, std::string_view id) {
  SqliteQuery(connection, "UPDATE links SET erased = 1 WHERE id = ?").text(id).run();
  erase_credentials(connection, id);
  mark_selection_dropped(connection, id);
}

// Durable: the client is told the link.
net::task<std::string> SqliteLinks::create(NewLink link) {
  return write(WriteMode::durable, [link = std::move(link)](SqliteConnection& connection) {
    return create_link(connection, link);
  });
}

net::task<std::optional<Link>> SqliteLinks::find(std::string id) {
  return read([id = std::move(id)](SqliteConnection& connection) {
    std::optional<Link> link = read_link(connection, id);
    if (!link) return link;
    link->request = read_request(connection, id);
    link->sealed_credentials = read_credentials(connection, id);
    return link;
  });
}

net::task<std::vector<Link>> SqliteLinks::list(ListQuery query) {
  return read([page = std::move(query)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id FROM links WHERE account_id = ? AND created_at >= ?"
                      " AND (created_at, id) < (?, ?)"
                      " AND (instr(lower(file_name), ?) > 0 OR instr(id, ?) > 0)"
                      " ORDER BY created_at DESC, id DESC LIMIT ?");
    std::vector<Link> links;
    for (std::string const& id : read_page(query.text(page.account_id), page))
      links.push_back(*read_link(connection, id));
    return links;
  });
}

net::task<std::vector<Hold>> SqliteLinks::listing(std::string session) {
  return read([session = std::move(session)](SqliteConnection& connection) {
    SqliteQuery query(connection,
                      "SELECT id, session, attempt FROM links WHERE state = 'listing'"
                      " AND erased = 0 AND session = ? ORDER BY created_at, rowid");
    query.text(session);
    std::vector<Hold> holds;
    while (query.next())
      holds.push_back({query.read_text(), query.read_text(), query.read_number<int>()});
    return holds;
  });
}

net::task<std::vector<Hold>> SqliteLinks::take_listing(std::string session) {
  return write(WriteMode::relaxed, [session = std::move(session)](SqliteConnection& connection) {
    return take_all(connection, session);
  });
}

net::task<std::optional<Hold>> SqliteLinks::relist(std::string id, std::string session,
                                                   base::UnixSeconds now) {
  return write(WriteMode::relaxed, [id = std::move(id), session = std::move(session),
                                    now](SqliteConnection& connection) {
    return relist_row(connection, id, session, now);
  });
}

// Durable: clients resume downloads of these very bytes.
net::task<bool> SqliteLinks::freeze(Hold hold, PlanFacts plan, base::UnixSeconds now) {
  return write(WriteMode::durable, [hold = std::move(hold), plan = std::move(plan),
                                    now](SqliteConnection& connection) {
    if (!holds_link(connection, hold)) return false;
    write_plan(connection, hold.id, plan);
    SqliteQuery(connection, "UPDATE links SET state = 'ready' WHERE id = ?").text(hold.id).run();
    make_messages_due(connection, hold.id, now);
    return true;
  });
}

net::task<bool> SqliteLinks::fail(Hold hold, base::Fault fault, std::string error,
                                  base::UnixSeconds now) {
  return work(
      [hold = std::move(hold), fault, error = std::move(error), now](SqliteDatabase& database) {
        auto const fail = [&](SqliteConnection& connection) {
          return fail_row(connection, hold, fault, error, now);
        };
        bool const was_held = database.write(WriteMode::durable, fail);
        if (was_held) drop_erased_selection(database, hold.id);
        return was_held;
      });
}

// Durable: a link that was revoked does not come back.
net::task<bool> SqliteLinks::revoke(std::string id, base::UnixSeconds now) {
  return work([id = std::move(id), now](SqliteDatabase& database) {
    auto const revoke = [&](SqliteConnection& connection) {
      return revoke_row(connection, id, now);
    };
    bool const known = database.write(WriteMode::durable, revoke);
    if (known) drop_erased_selection(database, id);
    return known;
  });
}

// A client that tries again and again causes reads, and one write a second. Relaxed: the next
// failure tells as much.
net::task<void> SqliteLinks::note_failure(std::string id, DownloadFailure failure) {
  return work([id = std::move(id), failure = std::move(failure)](SqliteDatabase& database) {
    auto const is_known = [&](SqliteConnection& connection) {
      SqliteQuery query(connection, "SELECT 1 FROM links WHERE id = ? AND failed_at = ?");
      return query.text(id).number(failure.at).next();
    };
    if (database.read(is_known)) return;
    database.write(WriteMode::relaxed, [&](SqliteConnection& connection) {
      SqliteQuery(connection,
                  "UPDATE links SET failed_at = ?1, failure_request_id = ?2, failure_error = ?3"
                  " WHERE id = ?4 AND failed_at <> ?1")
          .number(failure.at)
          .text(failure.request_id)
          .text(failure.error)
          .text(id)
          .run();
    });
  });
}

// Relaxed: a crash loses a minute of counts, of which the caller holds the next.
net::task<void> SqliteLinks::add_downloads(std::string id, Downloads more) {
  return write(WriteMode::relaxed, [id = std::move(id), more](SqliteConnection& connection) {
    SqliteQuery(connection,
                "UPDATE links SET download_count = download_count + ?,"
                " download_bytes = download_bytes + ?, downloaded_at = max(downloaded_at, ?)"
                " WHERE id = ?")
        .number(more.count)
        .number(more.bytes)
        .number(more.last_at)
        .text(id)
        .run();
  });
}

}  // namespace store
