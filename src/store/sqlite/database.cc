#include "store/sqlite/database.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/sqlite/schema.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

namespace store {
namespace {

[[noreturn]] void throw_config(std::string const& path, std::string_view what) {
  throw base::Error(base::Fault::config, fmt::format("database {}: {}", path, what));
}

[[noreturn]] void throw_system(std::string const& path, std::string_view what) {
  throw_config(path, fmt::format("{}: {}", what, std::strerror(errno)));
}

// SQLite gives the files beside it (-wal, -shm) the mode of the database; this changes files that
// were made with another.
void make_private(std::string const& path) {
  for (char const* suffix : {"", "-wal", "-shm"}) {
    std::string const file = path + suffix;
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) {
      if (errno == ENOENT && *suffix) continue;
      throw_system(path, "cannot be opened");
    }
    if (!S_ISREG(about.st_mode)) throw_config(path, "is not a regular file");
    if (!(about.st_mode & (S_IRWXG | S_IRWXO))) continue;
    if (::chmod(file.c_str(), 0600) != 0) throw_system(path, "cannot be made private");
  }
}

// An existing file is not opened: closing it again would end the locks that SQLite holds
// on it for another store of this process.
void make_file(std::string const& path) {
  int const made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) {
    ::close(made);
  } else if (errno != EEXIST) {
    throw_system(path, "cannot be made");
  }
  make_private(path);
}

}  // namespace

bool is_served(std::string const& path) {
  int const lock = ::open((path + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  if (lock < 0) return false;
  bool const is_free = ::flock(lock, LOCK_SH | LOCK_NB) == 0;
  ::close(lock);
  return !is_free;
}

base::Error sqlite_error(std::string_view database, int code, std::string_view message) {
  auto const error = [&](base::Fault fault, std::string_view what) {
    return base::Error(fault, fmt::format("{}: {}", database, what));
  };
  switch (code & 0xFF) {  // the rest is detail
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return error(base::Fault::unavailable, "is locked by another process");
    case SQLITE_FULL:
      return error(base::Fault::unavailable, "the disk is full");
    case SQLITE_IOERR:
      return error(base::Fault::unavailable, fmt::format("reading or writing failed: {}", message));
    case SQLITE_CORRUPT:
      return error(base::Fault::corrupt, fmt::format("is damaged ({}); restore a copy", message));
    case SQLITE_NOTADB:
      return error(base::Fault::corrupt, "is not an SQLite database");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return error(base::Fault::config,
                   fmt::format("cannot be opened or written ({}); the file and its folder must be "
                               "writable by this user",
                               message));
    case SQLITE_CONSTRAINT:
      return error(base::Fault::conflict, message);
    case SQLITE_TOOBIG:
      return error(base::Fault::too_large, "a value is too large to be stored");
    default:
      return error(base::Fault::internal, fmt::format("{} (SQLite {})", message, code));
  }
}

// A lock file of its own: the system drops all locks a process has on a file when it closes any
// descriptor of it, so SQLite's file is no place for ours. Held until the process ends.
class SqliteDatabase::ServingLock {
 public:
  explicit ServingLock(std::string const& path)
      : descriptor_(::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) throw_system(path, "its lock file cannot be opened");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    int const error = std::exchange(errno, 0);
    ::close(descriptor_);
    if (error != EWOULDBLOCK) throw_config(path, "its lock file cannot be locked");
    throw base::Error(base::Fault::unavailable,
                      fmt::format("database {}: another s3zipper is serving it", path));
  }
  ServingLock(ServingLock const&) = delete;
  ServingLock& operator=(ServingLock const&) = delete;
  ~ServingLock() { ::close(descriptor_); }

 private:
  int descriptor_;
};

// An absolute path is neither ":memory:" nor a URI to SQLite.
SqliteDatabase::SqliteDatabase(SqliteOptions const& options)
    : path_(std::filesystem::absolute(options.path).string()),
      busy_timeout_ms_(static_cast<int>(options.lock_timeout.count())),
      cache_bytes_(options.cache_bytes) {
  make_file(path_);
  if (options.serving) serving_lock_ = std::make_unique<ServingLock>(path_);
  translated([&] { open_patiently(options.lock_timeout); });
  is_open_ = true;
}

// The last connection that closes moves the log into the file and removes it. If another process
// has the file open, values that were erased here are still to be cut off.
SqliteDatabase::~SqliteDatabase() {
  try {
    purge_log();
  } catch (std::exception const& error) {
    base::log_warning(fmt::format("erased secrets may still be in the log: {}", error.what()));
  }
}

// If several processes make a new file a WAL file at once, SQLite tells some that it is busy
// without waiting for the lock: they would wait for each other.
void SqliteDatabase::open_patiently(std::chrono::milliseconds patience) {
  auto const deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      return open();
    } catch (SQLite::Exception const& error) {
      if (error.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void SqliteDatabase::open() {
  idle_readers_.clear();
  writer_ = connect();
  {  // before anything in the file is changed
    SQLite::Transaction const looking(writer_->database());
    check_sqlite_schema(*writer_, path_);
  }
  if (writer_->ask_text("PRAGMA journal_mode = WAL") != "wal") {
    throw_config(path_, "cannot have a write-ahead log here (is it on a network file system?)");
  }
  migrate_sqlite_schema(*writer_, path_);
  make_private(path_);
  for (std::size_t i = 0; i < base::limits::store_readers; ++i) {
    idle_readers_.push_back(connect());
    idle_readers_.back()->execute("PRAGMA query_only = ON");
  }
  purge_log();
}

std::unique_ptr<SqliteConnection> SqliteDatabase::connect() const {
  auto connection = std::make_unique<SqliteConnection>(path_, busy_timeout_ms_);
  connection->execute("PRAGMA foreign_keys = ON");
  connection->execute("PRAGMA secure_delete = ON");
  connection->execute("PRAGMA synchronous = FULL");
  connection->execute("PRAGMA temp_store = MEMORY");  // a temporary file could hold secrets
  constexpr char const* set_cache = "PRAGMA cache_size = -{}";  // less than 0: KiB, not pages
  connection->execute(fmt::format(set_cache, cache_bytes_ / base::limits::KiB));
  connection->execute(fmt::format("PRAGMA journal_size_limit = {}", base::limits::store_log_bytes));
  return connection;
}

SQLite::Database& SqliteDatabase::writer_in(WriteMode mode) {
  if (mode == mode_) return writer_->database();
  writer_->execute(mode == WriteMode::durable ? "PRAGMA synchronous = FULL"
                                              : "PRAGMA synchronous = NORMAL");
  writer_->execute(mode == WriteMode::bulk_delete ? "PRAGMA secure_delete = FAST"
                                                  : "PRAGMA secure_delete = ON");
  mode_ = mode;
  return writer_->database();
}

SqliteDatabase::Writing::Writing(SqliteDatabase& database, WriteMode mode)
    : lock(database.writer_mutex_),
      transaction(database.writer_in(mode), SQLite::TransactionBehavior::IMMEDIATE) {}

SqliteDatabase::Reading::Reading(SqliteDatabase& from)
    : database(from), connection(from.lease_reader()) {
  try {
    transaction = std::make_unique<SQLite::Transaction>(connection->database());
  } catch (...) {
    database.return_reader(std::move(connection));
    throw;
  }
}

SqliteDatabase::Reading::~Reading() {
  transaction.reset();
  database.return_reader(std::move(connection));
}

std::unique_ptr<SqliteConnection> SqliteDatabase::lease_reader() {
  std::unique_lock lock(readers_mutex_);
  reader_returned_.wait(lock, [this] { return !idle_readers_.empty(); });
  std::unique_ptr<SqliteConnection> reader = std::move(idle_readers_.back());
  idle_readers_.pop_back();
  return reader;
}

void SqliteDatabase::return_reader(std::unique_ptr<SqliteConnection> reader) {
  std::lock_guard const lock(readers_mutex_);
  idle_readers_.push_back(std::move(reader));
  reader_returned_.notify_one();
}

void SqliteDatabase::purge_log() {
  translated([this] {
    std::lock_guard const lock(writer_mutex_);
    if (!purge_due_.exchange(false)) return;
    auto const patience = std::chrono::milliseconds(base::limits::store_purge_timeout);
    writer_->database().setBusyTimeout(static_cast<int>(patience.count()));
    SQLite::Statement checkpoint(writer_->database(), "PRAGMA wal_checkpoint(TRUNCATE)");
    int const result = checkpoint.tryExecuteStep();
    writer_->database().setBusyTimeout(busy_timeout_ms_);
    bool const done = result == SQLITE_ROW && checkpoint.getColumn(0).getInt() == 0;
    if (!done) purge_due_ = true;
    if (result != SQLITE_ROW) throw SQLite::Exception(writer_->database().getHandle(), result);
  });
}

void SqliteDatabase::throw_as_ours(SQLite::Exception const& error) const {
  base::Error const ours = sqlite_error("database " + path_, error.getErrorCode(), error.what());
  if (!is_open_) throw ours;
  // Clients read this message, and are not told where the file lies.
  bool const by_the_call =
      ours.fault() == base::Fault::conflict || ours.fault() == base::Fault::too_large;
  if (!by_the_call) base::log_warning(ours.what());
  throw sqlite_error("the server's database", error.getErrorCode(), error.what());
}

}  // namespace store
