#include "archive/deliver/file_sink.h"

#include "base/error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
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

void write_next(int descriptor, std::string const& name, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE)
      throw Error(Fault::disconnected, name + " was closed before the zip was whole");
    if (written < 0) throw_system(name, "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

FileSink::FileSink(net::BlockingPool& pool, std::string path, std::uint64_t size, Existing existing)
    : pool_(pool), path_(std::move(path)), file_(path_, existing) {
  // A full disk is told now rather than after an hour. Not every file system can tell.
  bool const has_room = ::fallocate(file_.descriptor(), 0, 0, static_cast<off_t>(size)) == 0;
  if (!has_room && errno != EOPNOTSUPP) throw_system(path_, "make room");
}

net::task<void> FileSink::write(std::vector<Slice> slices) {
  auto const write_all = [&] {
    for (Slice const& slice : slices) write_at(file_.descriptor(), path_, slice);
  };
  co_await pool_.run(write_all);
}

net::task<void> FileSink::finish() {
  auto const finishing = [this] { file_.keep(); };
  co_await pool_.run(finishing);
}

net::task<void> DescriptorSink::write(std::vector<Slice> slices) {
  auto const write_all = [&] {
    for (Slice const& slice : slices) write_next(descriptor_, name_, slice.bytes);
  };
  co_await pool_.run(write_all);
}

}  // namespace archive
