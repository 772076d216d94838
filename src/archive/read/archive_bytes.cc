#include "archive/read/archive_bytes.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/take.h"
#include "s3/messages/faults.h"
#include "zip/read/foreign_names.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

struct StoredArchive {
  std::shared_ptr<s3::ObjectStore> store;
  s3::ObjectName name;
  std::string etag;
  std::uint64_t size;
};

net::task<void> read_object(std::shared_ptr<StoredArchive const> from, std::uint64_t offset,
                            std::span<char> room) {
  s3::ObjectRange const range{from->name.bucket, from->name.key, from->etag, offset, from->size};
  s3::Landing landing{.room = room};
  co_await from->store->read(range, landing);
}

class File {
 public:
  explicit File(std::string path)
      : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ >= 0) return;
    int const number = errno;
    Fault const fault = number == ENOENT ? Fault::not_found : Fault::forbidden;
    throw Error(fault, fmt::format("{}: cannot open: {}", path_, std::strerror(number)));
  }
  ~File() { ::close(descriptor_); }
  File(File const&) = delete;
  File& operator=(File const&) = delete;

  std::uint64_t size() const {
    struct stat found{};
    bool const is_file = ::fstat(descriptor_, &found) == 0 && S_ISREG(found.st_mode);
    if (!is_file) throw Error(Fault::bad_input, path_ + ": not a file that can be read anywhere");
    return static_cast<std::uint64_t>(found.st_size);
  }

  void read(std::uint64_t offset, std::span<char> room) const {
    while (!room.empty()) {
      ssize_t const got =
          ::pread(descriptor_, room.data(), room.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        throw Error(Fault::conflict, fmt::format("{}: cannot read: {}", path_, strerror(errno)));
      if (got == 0) throw Error(Fault::changed, path_ + " became shorter while it was read");
      offset += static_cast<std::uint64_t>(got);
      room = room.subspan(static_cast<std::size_t>(got));
    }
  }

 private:
  std::string path_;
  int descriptor_;
};

net::task<void> read_file(net::BlockingPool& pool, std::shared_ptr<File const> file,
                          std::uint64_t offset, std::span<char> room) {
  auto const read = [&] { file->read(offset, room); };
  co_await pool.run(read);
}

}  // namespace

net::task<ArchiveBytes> open_object(std::shared_ptr<s3::ObjectStore> store, s3::ObjectName object) {
  std::string const name = s3::shown(object.bucket, object.key);
  s3::Headed const headed = co_await store->head_object(object);
  auto const& info = headed.object;
  if (!info)
    throw Error(Fault::not_found, fmt::format("{}: there is no such object{}", name,
                                              s3::told_if_deleted(headed.is_deleted)));
  auto const from =
      std::make_shared<StoredArchive const>(StoredArchive{store, object, info->etag, info->size});
  ArchiveBytes bytes{.name = name, .size = info->size, .etag = info->etag, .read = {}};
  bytes.read = [from](std::uint64_t offset, std::span<char> room) {
    return read_object(from, offset, room);
  };
  co_return bytes;
}

ArchiveBytes open_file(net::BlockingPool& pool, std::string path) {
  auto const file = std::make_shared<File const>(path);
  return {.name = std::move(path),
          .size = file->size(),
          .read = [&pool, file](std::uint64_t offset, std::span<char> room) {
            return read_file(pool, file, offset, room);
          }};
}

namespace {

// A piece takes no more than a part of the budget: others go on beside the list.
std::uint64_t piece_bytes(ListTools const* tools) {
  constexpr std::uint64_t part_of_budget = 8;
  if (tools == nullptr) return limits::directory_read_bytes;
  std::uint64_t const most = tools->budget.total_bytes() / part_of_budget;
  return std::clamp(most, limits::segment_bytes, limits::directory_read_bytes);
}

net::task<void> feed(zip::DirectoryReader& reader, std::string_view piece,
                     zip::DirectoryReader::Take const& take, ListTools const* tools) {
  auto const feeding = [&] { reader.feed(piece, take); };
  if (tools == nullptr) {
    feeding();
  } else {
    co_await tools->pool.run(feeding);
  }
}

}  // namespace

net::task<zip::End> list_entries(ArchiveBytes const& bytes,
                                 zip::DirectoryReader::Take const& take_readable,
                                 ListTools const* tools) {
  zip::DirectoryReader::Take const take = [&take_readable](zip::ListedEntry entry) {
    std::string name = zip::readable_name(entry);
    if (name != entry.name) entry.raw_name = std::exchange(entry.name, std::move(name));
    take_readable(std::move(entry));
  };
  std::string tail(zip::tail_size(bytes.size), '\0');
  std::uint64_t const tail_offset = bytes.size - tail.size();
  if (!tail.empty()) co_await bytes.read(tail_offset, std::span<char>(tail));
  zip::End const end = zip::find_end(tail, bytes.size);
  zip::DirectoryReader reader(end);
  // The tail holds the directory from `have` on.
  std::uint64_t const have = std::clamp(tail_offset, end.central.offset, end.central.end());
  std::string piece;
  std::uint64_t const most = std::min(have - end.central.offset, piece_bytes(tools));
  base::Budget::Grant memory;
  if (tools != nullptr && most > 0) memory = co_await net::take(tools->budget, most);
  for (std::uint64_t at = end.central.offset; at < have; at += piece.size()) {
    piece.resize(std::min(have - at, most));
    co_await bytes.read(at, std::span<char>(piece));
    co_await feed(reader, piece, take, tools);
  }
  if (have < end.central.end()) {
    std::string_view const rest = std::string_view(tail).substr(have - tail_offset);
    co_await feed(reader, rest.substr(0, end.central.end() - have), take, tools);
  }
  reader.finish();
  co_return end;
}

}  // namespace archive
