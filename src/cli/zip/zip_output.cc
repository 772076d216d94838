#include "cli/zip/zip_output.h"

#include "base/part_file.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "s3/uri.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <climits>
#include <fmt/format.h>

namespace cli {

using base::Error;
using base::Fault;

namespace {

[[noreturn]] void throw_system(std::string const& name, char const* deed) {
  int const number = errno;
  Fault const fault = number == EACCES || number == EPERM ? Fault::forbidden : Fault::conflict;
  throw Error(fault, fmt::format("{}: cannot {}: {}", name, deed, std::strerror(number)));
}

// Names of descriptors that this process has got. Opening such a name would make another one, which
// begins at the file's first byte.
std::optional<int> own_descriptor(std::string_view name) {
  if (name == "-" || name == "/dev/stdout") return STDOUT_FILENO;
  if (name == "/dev/stderr") return STDERR_FILENO;
  constexpr std::array<std::string_view, 2> folders{"/dev/fd/", "/proc/self/fd/"};
  for (std::string_view const folder : folders) {
    if (!name.starts_with(folder)) continue;
    auto const number = base::parse_uint(name.substr(folder.size()));
    if (number && *number <= INT_MAX) return static_cast<int>(*number);
  }
  return std::nullopt;
}

bool is_block_device(std::string const& name) {
  struct stat found{};
  return ::stat(name.c_str(), &found) == 0 && S_ISBLK(found.st_mode);
}

int open_output(ZipOutput const& output) {
  bool const is_own = output.own_descriptor >= 0;
  int const opened = is_own ? ::fcntl(output.own_descriptor, F_DUPFD_CLOEXEC, 0)
                            : ::open(output.name.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (opened < 0) throw_system(output.name, "be opened for writing");
  return opened;
}

}  // namespace

bool ZipOutput::is_stdout() const {
  return own_descriptor == STDOUT_FILENO;
}

ZipOutput find_output(std::string const& name) {
  ZipOutput output{.kind = ZipOutput::Kind::file, .name = name};
  auto const own = own_descriptor(name);
  if (s3::is_uri(name)) {
    output.kind = ZipOutput::Kind::bucket;
  } else if (own) {
    output.kind = ZipOutput::Kind::in_order;
    output.own_descriptor = *own;
  } else if (base::is_special_file(name)) {
    output.kind = ZipOutput::Kind::in_order;
    output.is_block_device = is_block_device(name);
  }
  return output;
}

OutputDescriptor::OutputDescriptor(ZipOutput const& output)
    : name_(output.is_stdout() ? "standard output" : output.name),
      descriptor_(open_output(output)) {
  if (::isatty(descriptor_) == 0) return;
  ::close(descriptor_);
  throw UsageError(name_ + " is a terminal; pipe the zip on, or name a file");
}

OutputDescriptor::~OutputDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void OutputDescriptor::finish() {
  // Pipes and most devices have nothing to sync.
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
    throw_system(name_, "be written");
  if (::close(std::exchange(descriptor_, -1)) != 0) throw_system(name_, "be written");
}

}  // namespace cli
