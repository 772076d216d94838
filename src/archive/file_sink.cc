#include "archive/file_sink.h"

#include "base/error.h"
#include "base/limits.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace archive {

using base::Error;
using base::Fault;

namespace {

[[noreturn]] void throw_system(std::string const& path, char const* deed) {
  int const number = errno;
  Fault const fault = number == EACCES || number == EPERM ? Fault::forbidden : Fault::conflict;
  throw Error(fault, fmt::format("{}: cannot {}: {}", path, deed, std::strerror(number)));
}

[[noreturn]] void throw_exists(std::string const& path) {
  throw Error(Fault::conflict, path + " exists; --force replaces it");
}

bool exists(std::string const& path) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0;
}

void write_at(int descriptor, std::string const& path, Slice slice) {
  while (!slice.bytes.empty()) {
    ssize_t const written = ::pwrite(descriptor, slice.bytes.data(), slice.bytes.size(),
                                     static_cast<off_t>(slice.offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system(path, "write");
    slice.bytes.remove_prefix(static_cast<std::size_t>(written));
    slice.offset += static_cast<std::uint64_t>(written);
  }
}

void write_next(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE)
      throw Error(Fault::disconnected, "standard output was closed before the zip was whole");
    if (written < 0) throw_system("standard output", "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// So that the new name survives a power cut, too.
void sync_folder_of(std::string const& path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

FileSink::FileSink(net::BlockingPool& pool, std::string path, std::uint64_t size, Existing existing)
    : pool_(pool), path_(std::move(path)), part_path_(path_ + ".part"), existing_(existing) {
  if (existing_ == Existing::refuse && exists(path_)) throw_exists(path_);
  int const descriptor = ::open(part_path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                                S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  if (descriptor < 0) throw_system(part_path_, "create");
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(descriptor);
    throw Error(Fault::conflict, part_path_ + " is being written by another process");
  }
  descriptor_ = descriptor;
  if (::ftruncate(descriptor_, 0) != 0) throw_system(part_path_, "empty");
  // Better no room now than after an hour. Not every file system can tell.
  if (::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)) == 0 || errno == EOPNOTSUPP) return;
  int const number = errno;
  ::unlink(part_path_.c_str());
  ::close(descriptor_);
  errno = number;
  throw_system(path_, "make room");
}

FileSink::~FileSink() {
  if (descriptor_ < 0) return;
  ::unlink(part_path_.c_str());
  ::close(descriptor_);
}

net::task<void> FileSink::write(std::vector<Slice> slices) {
  auto const write_all = [&] {
    for (Slice const& slice : slices) write_at(descriptor_, path_, slice);
  };
  co_await pool_.run(write_all);
}

net::task<void> FileSink::finish() {
  auto const finishing = [this] { put_in_place(); };
  co_await pool_.run(finishing);
}

void FileSink::put_in_place() {
  if (::fsync(descriptor_) != 0) throw_system(path_, "write");
  unsigned const flags = existing_ == Existing::refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, part_path_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    if (errno == EEXIST) throw_exists(path_);
    // File systems that have no such flag.
    if (errno != EINVAL || exists(path_) || ::rename(part_path_.c_str(), path_.c_str()) != 0)
      throw_system(path_, "be given its name");
  }
  ::close(descriptor_);
  descriptor_ = -1;
  sync_folder_of(path_);
}

net::task<void> DescriptorSink::write(std::vector<Slice> slices) {
  auto const write_all = [&] {
    for (Slice const& slice : slices) write_next(descriptor_, slice.bytes);
  };
  co_await pool_.run(write_all);
}

}  // namespace archive
