// The rows of a MemoryStore, in tables that keep the order of insertion, and the steps that several
// of its verbs share. The caller holds the mutex. The code is clear rather than quick: for some
// hundred rows.
#pragma once

#include "base/text.h"
#include "store/store.h"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <tuple>
#include <utility>

namespace store {

class MemoryTables {
 public:
  struct AccountRow : accounts::Account {
    bool deleted = false;
  };
  struct JobRow : Job {
    base::UnixSeconds clean_due_at = 0;  // 0: nothing is to be cleaned, or its runner is at it
    int clean_failures = 0;
    base::UnixSeconds expire_due_at = 0;
  };
  struct LinkRow : Link {
    bool erased = false;  // credentials and selection are gone
  };
  struct KeyRow {
    std::string account_id;
    Once once;
    std::string owner_id;
  };
  struct CrcRecord {
    std::uint32_t crc = 0;
    std::int64_t used_day = 0;
  };
  // Records that come into the store together with a job or a link.
  struct Beside {
    std::string owner_id;
    std::string account_id;
    Once once;
    std::optional<Mail> mail;
    std::optional<Delivery> delivery;
  };

  std::mutex mutex;
  std::vector<AccountRow> accounts;
  std::vector<accounts::UserKey> user_keys;
  std::vector<accounts::Session> sessions;
  std::vector<accounts::Code> codes;
  std::map<std::string, KeptCredentials> kept;                                    // by account
  std::map<std::tuple<std::string, std::int64_t, Counted>, std::uint64_t> usage;  // by hour
  std::vector<JobRow> jobs;
  std::vector<LinkRow> links;
  std::vector<KeyRow> keys;
  std::vector<Mail> mails;
  std::vector<Delivery> deliveries;
  std::map<std::pair<std::string, std::uint64_t>, std::string> chunks;  // by owner and number
  std::map<std::pair<std::string, std::uint64_t>, CrcRecord> crcs;      // by object and prefix
  std::map<std::string, std::string> settings;

  template <class Row>
  static Row* find(std::vector<Row>& rows, std::string_view id);
  // Up to `most` rows that `takes` takes, by `key`, a member or a function; equal ones come as they
  // were inserted.
  template <class Row, class Takes, class Key>
  static std::vector<Row*> first(std::size_t most, std::vector<Row>& rows, Takes takes, Key key);
  // The query's page of the rows that `takes` takes, the newest first.
  template <class Row, class Takes>
  static std::vector<Row*> page(std::vector<Row>& rows, ListQuery const& query, Takes takes);

  // Whether a list's search finds the item.
  static bool holds(std::string_view search, std::string_view id, std::string_view name) {
    std::string const sought = base::to_lower(search);
    constexpr auto none = std::string_view::npos;
    return id.find(sought) != none || base::to_lower(name).find(sought) != none;
  }

  // nullptr if the job or link is not this hold's any more.
  JobRow* held_job(Hold const& hold);
  LinkRow* held_link(Hold const& hold);

  // Error{conflict} if the id or the name is another account's.
  void insert_account(accounts::Account account);
  // Error{conflict} if the userKey is another key's.
  void check_unique(accounts::UserKey const& key) const;
  // nullptr if the account is deleted or unknown.
  AccountRow* find_account(std::string_view id);
  bool is_any_account() const;
  bool is_active(std::string_view account_id);
  // Error{unauthorized} if the account is known and not active.
  void check_may_work(std::string_view account_id);
  // Counts nothing if the account is gone.
  void add_usage(std::string const& account_id, Counted what, std::uint64_t amount,
                 base::UnixSeconds now);
  static std::int64_t hour_of(base::UnixSeconds time);

  // The owner that the account has used the key for, if there is one; nothing is done then. Else
  // all is inserted; or an Error is thrown, and nothing is done.
  std::optional<std::string> insert_beside(Beside const& beside);
  // The owner has ended: its messages are due.
  void make_messages_due(std::string_view owner_id, base::UnixSeconds now);
  void drop_chunks(std::string const& owner_id, std::uint64_t from = 0);
  // Deletes all that the owner has beside its row.
  void forget_beside(std::string const& owner_id);

  // Ends a job by another's will than its runner's. False if it has ended.
  bool end_early(JobRow& job, JobState state, std::string error, base::UnixSeconds now);
  bool is_signed_by_old_keys(LinkRow const& link);
  // The link leads nowhere from now on.
  void erase(LinkRow& link, base::UnixSeconds now);

 private:
  std::optional<std::string> made_before(Beside const& beside) const;
  void check_insertable(Beside const& beside);
};

template <class Row>
Row* MemoryTables::find(std::vector<Row>& rows, std::string_view id) {
  auto const found = std::ranges::find(rows, id, &Row::id);
  return found == rows.end() ? nullptr : &*found;
}

template <class Row, class Takes, class Key>
std::vector<Row*> MemoryTables::first(std::size_t most, std::vector<Row>& rows, Takes takes,
                                      Key key) {
  std::vector<Row*> taken;
  for (Row& row : rows) {
    if (takes(row)) taken.push_back(&row);
  }
  // Rows of one key keep the order of insertion.
  std::ranges::sort(taken, {}, [key](Row* row) { return std::pair(std::invoke(key, *row), row); });
  if (taken.size() > most) taken.resize(most);
  return taken;
}

template <class Row, class Takes>
std::vector<Row*> MemoryTables::page(std::vector<Row>& rows, ListQuery const& query, Takes takes) {
  auto const place = [](Row const& row) { return std::pair(row.created_at, row.id); };
  auto const is_of_page = [&](Row const& row) {
    if (row.account_id != query.account_id || row.created_at < query.created_from) return false;
    if (query.after && place(row) >= std::pair(query.after->created_at, query.after->id))
      return false;
    return takes(row);
  };
  std::vector<Row*> all = first(rows.size(), rows, is_of_page, place);
  std::ranges::reverse(all);
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
}

}  // namespace store
