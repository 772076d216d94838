#include "store/sqlite/store.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/runtime.h"
#include "store/sqlite/database.h"
#include "store/sqlite/schema.h"
#include "store/testing/sqlite_test_home.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace store {
namespace {

constexpr base::UnixSeconds now = 1'800'000'000;
using std::chrono_literals::operator""ms;

using net::result_of;

void add_account(SqliteStore& database) {
  accounts::Account account{.id = "account", .name = "n"};
  net::run_to_end(database.store().accounts.insert(std::move(account)));
}

void set(SqliteStore& database, std::string const& name, std::string const& value) {
  net::run_to_end(database.store().upkeep.set_setting(name, value));
}

std::optional<std::string> get(SqliteStore& database, std::string const& name) {
  return result_of(database.store().upkeep.get_setting(name));
}

Job some_job() {
  Job job;
  job.id = base::random_uuid();
  job.account_id = "account";
  job.request = "request of " + job.id;
  job.sealed_credentials = "credentials of " + job.id;
  job.created_at = now;
  return job;
}

// A job that this process runs.
Job add_job(SqliteStore& database) {
  result_of(database.store().jobs.create({.job = some_job()}));
  return *result_of(database.store().jobs.claim("session", {}, now));
}

std::optional<Job> find(SqliteStore& database, std::string const& id) {
  return result_of(database.store().jobs.find_whole(id));
}

bool put(SqliteStore& database, Job const& job, std::uint64_t index, std::string const& chunk) {
  return result_of(database.store().selections.put(job.hold(), index, chunk));
}

std::optional<std::string> chunk_of(SqliteStore& database, Job const& job, std::uint64_t index) {
  return result_of(database.store().selections.get(job.id, index));
}

bool remove_expired(SqliteStore& database, base::UnixSeconds time) {
  return result_of(database.store().upkeep.remove_expired(time));
}

mode_t mode_of(std::string const& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

// Clients read errors of a store in use, and are not told where its file lies.
constexpr char const* in_use = "the server's database";

// `database`: its name in the message.
void expect_error(std::function<void()> const& call, base::Fault fault, std::string const& database,
                  std::string const& what) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown; expected: " << what;
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), fault) << error.message();
    EXPECT_NE(error.message().find(database), std::string::npos) << error.message();
    EXPECT_NE(error.message().find(what), std::string::npos) << error.message();
  }
}

void expect_not_opened(std::string const& path, base::Fault fault, std::string const& what) {
  SqliteOptions const options{.path = path, .lock_timeout = 20ms};
  expect_error([&] { SqliteStore{options}; }, fault, path, what);
}

// ---- files

TEST(SqliteStore, its_files_are_for_their_owner_only) {
  SqliteTestHome const home;
  mode_t const before = ::umask(0);
  std::unique_ptr<SqliteStore> store = home.open();
  add_account(*store);
  ::umask(before);
  for (char const* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(home.path() + suffix), 0600U);

  store.reset();
  ASSERT_EQ(::chmod(home.path().c_str(), 0644), 0);
  store = home.open();
  set(*store, "a", "b");
  for (char const* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(home.path() + suffix), 0600U);
}

TEST(SqliteStore, a_path_that_sqlite_would_read_as_something_else_is_a_path) {
  SqliteTestHome const home;
  std::filesystem::path const before = std::filesystem::current_path();
  std::filesystem::current_path(home.folder());
  for (std::string const& name : {std::string(":memory:"), std::string("file:a.db?mode=memory")}) {
    {
      SqliteStore made{SqliteOptions{.path = name}};
      set(made, "a", "b");
    }
    SqliteStore again{SqliteOptions{.path = name}};
    EXPECT_EQ(get(again, "a"), "b");
    EXPECT_TRUE(std::filesystem::exists(home.folder() / name));
  }
  std::filesystem::current_path(before);
}

TEST(SqliteStore, what_is_no_database_of_ours_is_refused_and_left_as_it_was) {
  SqliteTestHome const home;
  std::string const text = home.folder() / "text";
  std::ofstream(text) << std::string(10'000, 'x');
  expect_not_opened(text, base::Fault::corrupt, "is not an SQLite database");

  std::string const foreign = home.folder() / "foreign.db";
  SQLite::Database(foreign, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE jobs (a)");
  auto const size = std::filesystem::file_size(foreign);
  expect_not_opened(foreign, base::Fault::config, "another program's");
  SQLite::Database unchanged(foreign);
  EXPECT_EQ(unchanged.execAndGet("PRAGMA journal_mode").getString(), "delete");
  EXPECT_EQ(std::filesystem::file_size(foreign), size);

  expect_not_opened(home.folder(), base::Fault::config, "is not a regular file");
}

TEST(SqliteStore, the_database_of_a_newer_program_is_refused_and_says_so) {
  SqliteTestHome const home;
  home.open();
  int const newer = sqlite_schema_version + 1;
  SQLite::Database(home.path(), SQLite::OPEN_READWRITE)
      .exec(fmt::format("PRAGMA user_version = {}", newer));
  expect_not_opened(home.path(), base::Fault::config,
                    fmt::format("a newer s3zipper has written it (schema {}", newer));
}

TEST(SqliteStore, a_database_of_before_the_first_release_is_refused_and_left_as_it_was) {
  for (int const version : {1, 15}) {
    SqliteTestHome const home;
    {
      SQLite::Database old(home.path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      old.exec(
          fmt::format("CREATE TABLE jobs (id TEXT); PRAGMA application_id = {};"
                      " PRAGMA user_version = {}",
                      0x53335A70, version));
    }
    auto const size = std::filesystem::file_size(home.path());
    expect_not_opened(
        home.path(), base::Fault::config,
        fmt::format("from before the first release has written it (schema {})", version));
    EXPECT_EQ(std::filesystem::file_size(home.path()), size);
  }
}

TEST(SqliteStore, a_damaged_database_is_reported_as_that) {
  SqliteTestHome const home;
  std::unique_ptr<SqliteStore> store = home.open();
  add_account(*store);
  for (int i = 0; i < 200; ++i) set(*store, fmt::format("name {}", i), "value");
  store.reset();
  std::fstream file(home.path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);  // behind the schema
  file << std::string(std::filesystem::file_size(home.path()) - 4096, '\x55');
  file.close();
  expect_error([&] { get(*home.open(), "name 7"); }, base::Fault::corrupt, home.path(),
               "is damaged");
}

TEST(SqliteStore, a_place_where_no_file_can_be_made_is_named) {
  SqliteTestHome const home;
  expect_not_opened(home.folder() / "no-folder" / "a.db", base::Fault::config, "cannot be made");
  std::ofstream(home.folder() / "file") << "x";
  expect_not_opened(home.folder() / "file" / "a.db", base::Fault::config, "cannot be made");
}

// Runs `call` in a child that has no rights on others' files; true if it returned true.
bool as_nobody(std::function<bool()> const& call) {
  pid_t const child = ::fork();
  if (child == 0) {
    bool const dropped = ::getuid() != 0 || ::setuid(65534) == 0;
    ::_exit(dropped && call() ? 0 : 1);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(SqliteStore, a_folder_or_file_that_this_user_cannot_write_is_named) {
  SqliteTestHome const home;
  home.open();
  ASSERT_EQ(::chmod(home.path().c_str(), 0400), 0);
  ASSERT_EQ(::chmod(home.folder().c_str(), 0555), 0);
  auto const fails_with = [](std::string const& path, std::string_view what) {
    return as_nobody([&] {
      try {
        SqliteStore{SqliteOptions{.path = path}};
      } catch (base::Error const& error) {
        return error.fault() == base::Fault::config &&
               error.message().find(path) != std::string::npos &&
               error.message().find(what) != std::string::npos;
      }
      return false;
    });
  };
  EXPECT_TRUE(fails_with(home.path(), "cannot be opened or written"));
  EXPECT_TRUE(fails_with((home.folder() / "new.db").string(), "cannot be made: Permission denied"));
  ::chmod(home.folder().c_str(), 0755);
}

// ---- other processes

TEST(SqliteStore, a_lock_that_another_process_holds_too_long_is_an_error_and_no_harm) {
  SqliteTestHome const home;
  SqliteOptions const options{.path = home.path(), .lock_timeout = 20ms};
  SqliteStore store(options);
  add_account(store);
  Job const job = some_job();
  auto const create = [&] { result_of(store.store().jobs.create({.job = job})); };
  auto const check = [&] { net::run_to_end(store.store().upkeep.check_usable()); };
  {
    SQLite::Database other(home.path(), SQLite::OPEN_READWRITE);
    SQLite::Transaction writing(other, SQLite::TransactionBehavior::IMMEDIATE);
    expect_error(create, base::Fault::unavailable, in_use, "is locked by another process");
    expect_error(check, base::Fault::unavailable, in_use, "is locked by another process");
    EXPECT_EQ(find(store, job.id), std::nullopt);  // readers do not wait
  }
  check();
  create();
  EXPECT_EQ(find(store, job.id), job);
}

TEST(SqliteStore, one_process_serves_a_database_and_others_may_look) {
  SqliteTestHome const home;
  SqliteOptions const serving{.path = home.path(), .serving = true};
  auto first = std::make_unique<SqliteStore>(serving);
  expect_error([&] { SqliteStore{serving}; }, base::Fault::unavailable, home.path(),
               "another s3zipper is serving it");
  add_account(*home.open());
  EXPECT_EQ(result_of(first->store().accounts.list()).size(), 1U);
  first.reset();
  SqliteStore second(serving);
  EXPECT_EQ(result_of(second.store().accounts.list()).size(), 1U);
}

TEST(SqliteStore, many_may_open_a_new_database_at_once) {
  for (int round = 0; round < 10; ++round) {
    SqliteTestHome const home;
    std::vector<std::thread> threads;
    std::atomic<int> opened = 0;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] {
        try {
          set(*home.open(), std::to_string(i), "x");
          ++opened;
        } catch (std::exception const& error) {
          ADD_FAILURE() << error.what();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(opened, 6);
  }
}

// ---- the end of the process, and of the disk

// A child stores jobs and tells each id once it is stored, until it is killed in the middle of it.
TEST(SqliteStore, what_was_stored_is_there_after_kill_9) {
  SqliteTestHome const home;
  int ids[2];
  ASSERT_EQ(::pipe(ids), 0);
  pid_t const child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::unique_ptr<SqliteStore> const store = home.open();
    add_account(*store);
    while (true) {
      Job const job = add_job(*store);
      put(*store, job, 0, "chunk of " + job.id);
      result_of(store->store().jobs.save(job.hold(), {.done = Done{7, 8}}));
      if (::write(ids[1], job.id.data(), job.id.size()) < 0) ::_exit(1);
    }
  }
  ::close(ids[1]);
  std::vector<std::string> told;
  std::string id(36, '\0');
  while (told.size() < 50 && ::read(ids[0], id.data(), id.size()) == 36) told.push_back(id);
  ::kill(child, SIGKILL);
  while (::read(ids[0], id.data(), id.size()) == 36) told.push_back(id);
  ::close(ids[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  std::unique_ptr<SqliteStore> const store = home.open();
  EXPECT_GE(told.size(), 50U);
  for (std::string const& known : told) {
    std::optional<Job> const job = find(*store, known);
    ASSERT_TRUE(job) << known;
    EXPECT_EQ(job->sealed_credentials, "credentials of " + known);
    EXPECT_EQ(job->done, (Done{7, 8}));
    EXPECT_EQ(chunk_of(*store, *job, 0), "chunk of " + known);
  }
  // The job under way is there whole or not at all.
  Jobs& jobs = store->store().jobs;
  result_of(jobs.requeue(std::nullopt, now));
  std::size_t count = 0;
  for (; std::optional<Job> const job = result_of(jobs.claim("session", {}, now)); ++count) {
    EXPECT_EQ(job->request, "request of " + job->id);
    EXPECT_EQ(job->sealed_credentials, "credentials of " + job->id);
  }
  EXPECT_LE(count, told.size() + 1);
}

// A limit on the size of files stands for a full disk: the write fails in the middle.
TEST(SqliteStore, a_write_that_fails_in_the_middle_changes_nothing) {
  SqliteTestHome const home;
  std::unique_ptr<SqliteStore> const store = home.open();
  add_account(*store);
  Job const job = add_job(*store);
  put(*store, job, 0, "before");

  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto const handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 500'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_error([&] { put(*store, job, 0, std::string(5'000'000, 'x')); }, base::Fault::unavailable,
               in_use, "reading or writing failed");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);

  EXPECT_EQ(chunk_of(*store, job, 0), "before");
  EXPECT_TRUE(put(*store, job, 0, "after"));
  EXPECT_EQ(chunk_of(*store, job, 0), "after");
}

// A drop that died half way goes on, but not with the chunks of a later listing.
TEST(SqliteStore, what_a_dead_process_left_of_a_dropped_selection_goes_later) {
  SqliteTestHome const home;
  std::unique_ptr<SqliteStore> const store = home.open();
  add_account(*store);
  Job const dropped = add_job(*store);
  Job const relisted = add_job(*store);
  std::size_t const count = base::limits::expiry_chunks + 1;
  for (Job const& job : {dropped, relisted}) {
    for (std::size_t i = 0; i < count; ++i) put(*store, job, i, "chunk");
  }
  SQLite::Database dead(home.path(), SQLite::OPEN_READWRITE);
  for (Job const& job : {dropped, relisted}) {
    dead.exec(fmt::format("INSERT INTO dropped_selections VALUES ('{}')", job.id));
  }
  put(*store, relisted, 0, "anew");
  EXPECT_TRUE(remove_expired(*store, now));
  EXPECT_FALSE(remove_expired(*store, now));
  EXPECT_EQ(dead.execAndGet("SELECT count(*) FROM dropped_selections").getInt(), 0);
  EXPECT_EQ(chunk_of(*store, dropped, 0), std::nullopt);
  EXPECT_EQ(chunk_of(*store, dropped, count - 1), std::nullopt);
  EXPECT_EQ(chunk_of(*store, relisted, 0), "anew");
  EXPECT_EQ(chunk_of(*store, relisted, count - 1), "chunk");
}

TEST(SqliteStore, nothing_is_left_of_what_was_removed) {
  SqliteTestHome const home;
  std::unique_ptr<SqliteStore> const database = home.open();
  Store const& store = database->store();
  add_account(*database);
  Job const job = add_job(*database);
  put(*database, job, 0, "chunk");
  PlanFacts const plan{.frozen = true, .archives = {{.etag = "e", .chunk_count = 1}}};
  EXPECT_TRUE(result_of(store.jobs.save(job.hold(), {.plan = plan})));
  EXPECT_TRUE(result_of(store.jobs.end_run(job.hold(), {.state = JobState::done}, now)));
  Link link;
  link.id = base::random_uuid();
  link.account_id = "account";
  link.session = "session";
  link.sealed_credentials = "x";
  link.expires_at = now;
  result_of(store.links.create({.link = link}));
  EXPECT_TRUE(result_of(store.selections.put(link.hold(), 0, "chunk")));
  remove_expired(*database,
                 now + std::chrono::seconds(base::limits::expired_link_retention).count());
  SQLite::Database look(home.path());
  for (char const* table : {"jobs", "links", "plans", "archives", "requests", "credentials",
                            "selection_chunks", "dropped_selections"}) {
    EXPECT_EQ(look.execAndGet(fmt::format("SELECT count(*) FROM {}", table)).getInt(), 0) << table;
  }
}

// Queries that run all the time must not take longer the more rows there are.
TEST(SqliteStore, polls_and_lists_are_served_by_indices) {
  SqliteTestHome const home;
  home.open();
  SQLite::Database look(home.path());
  for (char const* query :
       {"SELECT id FROM jobs WHERE state = 'waiting' AND due_at <= 1 ORDER BY due_at, created_at",
        "SELECT id FROM jobs WHERE state = 'queued' ORDER BY created_at, rowid LIMIT 1",
        "SELECT id FROM jobs WHERE cleaning AND clean_due_at <> 0 AND clean_due_at <= 1"
        " ORDER BY clean_due_at LIMIT 1",
        "SELECT id FROM jobs WHERE expire_due_at <> 0 AND expire_due_at <= 1"
        " ORDER BY expire_due_at LIMIT 1",
        "SELECT id FROM jobs WHERE settled_at <> 0 AND settled_at <= 1 LIMIT 1",
        "SELECT id FROM jobs WHERE account_id = '' AND state = 'done' AND created_at >= 1"
        " AND (created_at, id) < (2, '') ORDER BY created_at DESC, id DESC LIMIT 1",
        "SELECT id FROM mails WHERE due_at <> 0 AND due_at <= 1 ORDER BY due_at, rowid LIMIT 1",
        "SELECT min(host) FROM deliveries WHERE due_at <> 0 AND host > ''",
        "SELECT id FROM links WHERE erased = 0 AND expires_at <= 1 ORDER BY expires_at LIMIT 1",
        "SELECT id FROM links WHERE state = 'listing' AND erased = 0 ORDER BY created_at, rowid"}) {
    SQLite::Statement plan(look, fmt::format("EXPLAIN QUERY PLAN {}", query));
    while (plan.executeStep()) {
      std::string const step = plan.getColumn(3).getString();
      EXPECT_NE(step.find("USING"), std::string::npos) << query << ": " << step;
      EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << query << ": " << step;
    }
  }
}

TEST(SqliteStore, sqlites_codes_become_faults_that_say_what_to_do) {
  struct Case {
    int code;
    base::Fault fault;
    char const* what;
  };
  for (Case const& c : {Case{SQLITE_BUSY, base::Fault::unavailable, "locked"},
                        Case{SQLITE_BUSY_SNAPSHOT, base::Fault::unavailable, "locked"},
                        Case{SQLITE_FULL, base::Fault::unavailable, "the disk is full"},
                        Case{SQLITE_IOERR_FSYNC, base::Fault::unavailable, "failed: message"},
                        Case{SQLITE_CORRUPT_INDEX, base::Fault::corrupt, "is damaged (message)"},
                        Case{SQLITE_NOTADB, base::Fault::corrupt, "is not an SQLite database"},
                        Case{SQLITE_CANTOPEN, base::Fault::config, "cannot be opened"},
                        Case{SQLITE_READONLY, base::Fault::config, "writable by this user"},
                        Case{SQLITE_CONSTRAINT, base::Fault::conflict, "message"},
                        Case{SQLITE_TOOBIG, base::Fault::too_large, "too large"},
                        Case{SQLITE_MISUSE, base::Fault::internal, "message (SQLite 21)"}}) {
    base::Error const error = sqlite_error("database /a.db", c.code, "message");
    EXPECT_EQ(error.fault(), c.fault) << c.code;
    EXPECT_TRUE(error.message().starts_with("database /a.db: ")) << error.message();
    EXPECT_NE(error.message().find(c.what), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace store
