#include "cli/unpack_folder.h"

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "zip/names.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace cli {

using base::Error;
using base::Fault;

namespace {

[[noreturn]] void throw_system(std::string const& name, char const* deed) {
  throw Error(Fault::conflict, fmt::format("{}: cannot {}: {}", name, deed, std::strerror(errno)));
}

bool names_nothing(std::string_view segment) {
  return segment.empty() || segment == ".";
}

// Opens a folder below `parent`, and makes it if it is missing; links are not followed.
int open_folder(int parent, std::string const& name, std::string const& shown) {
  if (::mkdirat(parent, name.c_str(), S_IRWXU | S_IRWXG | S_IRWXO) != 0 && errno != EEXIST)
    throw_system(shown, "make its folder");
  int const folder =
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) throw_system(shown, "go into its folder");
  return folder;
}

}  // namespace

void check_entry_name(std::string_view name) {
  bool leaves = name.starts_with('/');
  for (std::string_view const segment : base::split(name, '/')) leaves = leaves || segment == "..";
  if (!leaves) return;
  throw Error(Fault::conflict,
              fmt::format("{}: an entry of this name would be unpacked outside of the folder",
                          zip::shown_name(name)));
}

UnpackFolder::UnpackFolder(std::string const& path, Existing existing)
    : path_(path), existing_(existing) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  folder_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_ < 0) throw_system(path, "make the folder");
}

UnpackFolder::~UnpackFolder() {
  if (folder_ >= 0) ::close(folder_);
}

// Opens the folders of a path, one after the other; the last one's descriptor is the caller's.
int UnpackFolder::open_folders(std::string const& entry_name, std::string_view path) const {
  check_entry_name(entry_name);
  int folder = ::fcntl(folder_, F_DUPFD_CLOEXEC, 0);
  if (folder < 0) throw_system(entry_name, "open its folder");
  for (std::string_view const segment : base::split(path, '/')) {
    if (names_nothing(segment)) continue;
    int inner = -1;
    try {
      inner = open_folder(folder, std::string(segment), zip::shown_name(entry_name));
    } catch (Error const&) {
      ::close(folder);
      throw;
    }
    ::close(std::exchange(folder, inner));
  }
  return folder;
}

void UnpackFolder::make_folder(std::string const& entry_name) const {
  ::close(open_folders(entry_name, entry_name));
}

void UnpackFolder::set_time(std::string const& entry_name, std::int64_t modified) const {
  int const folder = open_folders(entry_name, entry_name);
  struct timespec const times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                    {.tv_sec = modified, .tv_nsec = 0}};
  ::futimens(folder, times);
  ::close(folder);
}

std::unique_ptr<UnpackFolder::File> UnpackFolder::create_file(std::string const& entry_name,
                                                              bool executable) const {
  std::size_t const slash = entry_name.rfind('/') + 1;  // 0 if there is none
  std::string name = entry_name.substr(slash);
  std::string const shown = zip::shown_name(entry_name);
  if (names_nothing(name)) throw Error(Fault::conflict, shown + ": not a file's name");
  int const folder = open_folders(entry_name, std::string_view(entry_name).substr(0, slash));
  return std::make_unique<File>(folder, std::move(name), shown, existing_, executable);
}

UnpackFolder::File::File(int folder, std::string name, std::string shown, Existing existing,
                         bool executable)
    : folder_(folder),
      name_(std::move(name)),
      shown_(std::move(shown)),
      part_name_(fmt::format(".s3zipper-{}.part", base::random_text(16))),
      existing_(existing) {
  struct stat found{};
  bool const there = ::fstatat(folder_, name_.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0;
  if (there && existing_ == Existing::refuse) {
    ::close(folder_);
    throw Error(Fault::conflict, shown_ + " exists; --force replaces it");
  }
  // A link's name is given to the file: the link's target may lie outside of the folder.
  if (there && !S_ISREG(found.st_mode) && !S_ISLNK(found.st_mode)) {
    ::close(folder_);
    throw Error(Fault::conflict, shown_ + " exists, is no regular file, and is not replaced");
  }
  mode_t const mode = executable ? 0777 : 0666;  // less the umask
  descriptor_ = ::openat(folder_, part_name_.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (descriptor_ >= 0) return;
  int const number = errno;
  ::close(folder_);
  errno = number;
  throw_system(shown_, "create the file");
}

UnpackFolder::File::~File() {
  if (descriptor_ >= 0) {
    ::unlinkat(folder_, part_name_.c_str(), 0);
    ::close(descriptor_);
  }
  ::close(folder_);
}

void UnpackFolder::File::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system(shown_, "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void UnpackFolder::File::keep(std::optional<std::int64_t> modified) {
  if (modified) {
    struct timespec const times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      {.tv_sec = *modified, .tv_nsec = 0}};
    ::futimens(descriptor_, times);
  }
  unsigned const flags = existing_ == Existing::refuse ? RENAME_NOREPLACE : 0;
  int result = ::renameat2(folder_, part_name_.c_str(), folder_, name_.c_str(), flags);
  // Some file systems have no such flag.
  if (result != 0 && errno == EINVAL)
    result = ::renameat(folder_, part_name_.c_str(), folder_, name_.c_str());
  if (result != 0) throw_system(shown_, "give the file its name");
  if (::close(std::exchange(descriptor_, -1)) != 0) throw_system(shown_, "write");
}

}  // namespace cli
