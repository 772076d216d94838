#include "base/part_file.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace base {
namespace {

// Marks a file that is being written by this program, on file systems that have such attributes.
constexpr char const* mark = "user.s3zipper.part";
constexpr std::size_t random_characters = 8;

[[noreturn]] void throw_system(std::string const& path, char const* deed) {
  int const number = errno;
  Fault const fault = number == EACCES || number == EPERM ? Fault::forbidden : Fault::conflict;
  throw Error(fault, fmt::format("{}: cannot {}: {}", path, deed, std::strerror(number)));
}

[[noreturn]] void throw_exists(std::string const& path) {
  throw Error(Fault::conflict, path + " exists; --force replaces it");
}

std::optional<struct stat> look(std::string const& path) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  return found;
}

bool is_marked(int descriptor) {
  return ::fgetxattr(descriptor, mark, nullptr, 0) >= 0;
}

// Whether this name still belongs to the descriptor's file.
bool has_name(int descriptor, std::string const& path) {
  struct stat open{};
  auto const named = look(path);
  return named && ::fstat(descriptor, &open) == 0 && open.st_ino == named->st_ino &&
         open.st_dev == named->st_dev;
}

int create_new(std::string const& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
}

// Makes the new name survive a power cut, too.
void sync_folder_of(std::string const& path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string follow_links(std::string const& path) {
  std::filesystem::path here = path;
  for (int links = 0; links < limits::max_links_followed; ++links) {
    std::error_code error;
    std::filesystem::path const target = std::filesystem::read_symlink(here, error);
    if (error) return here.string();  // no link, or nothing at all
    here = here.parent_path() / target;
  }
  throw Error(Fault::conflict, path + ": its links lead in a circle");
}

bool is_special_file(std::string const& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

PartFile::PartFile(std::string const& path, Existing existing)
    : shown_(path), path_(follow_links(path)), existing_(existing) {
  auto const found = look(path_);
  if (found && S_ISDIR(found->st_mode))
    throw Error(Fault::conflict, shown_ + " is a folder; name a file in it");
  if (found && existing_ == Existing::refuse) throw_exists(shown_);
  if (found && !S_ISREG(found->st_mode))
    throw Error(Fault::conflict, shown_ + " is no regular file, and is not replaced");
  open_part();
}

PartFile::~PartFile() {
  if (descriptor_ < 0) return;
  if (has_name(descriptor_, part_path_)) ::unlink(part_path_.c_str());
  ::close(descriptor_);
}

void PartFile::open_part() {
  part_path_ = path_ + ".part";
  descriptor_ = create_new(part_path_);
  if (descriptor_ < 0 && errno == EEXIST && take_over_left_part()) return;
  if (descriptor_ < 0 && errno == EEXIST) {
    part_path_ = fmt::format("{}.{}.part", path_, random_text(random_characters));
    descriptor_ = create_new(part_path_);
  }
  if (descriptor_ < 0) throw_system(part_path_, "create");
  ::flock(descriptor_, LOCK_EX | LOCK_NB);  // until it is closed, also by the death of the process
  ::fsetxattr(descriptor_, mark, "", 0, 0);
}

// True if a process of this program has left the file. errno is EEXIST if the file is foreign.
bool PartFile::take_over_left_part() {
  auto const found = look(part_path_);
  bool const may_be_ours = found && S_ISREG(found->st_mode) && found->st_nlink == 1;
  int const left = may_be_ours ? ::open(part_path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
  errno = EEXIST;
  if (left < 0) return false;
  if (::flock(left, LOCK_EX | LOCK_NB) != 0) {
    ::close(left);
    throw Error(Fault::conflict, part_path_ + " is being written by another process");
  }
  // The lock's last holder may have finished: then the file has no mark any more, and another name.
  if (is_marked(left) && has_name(left, part_path_) && ::ftruncate(left, 0) == 0) {
    descriptor_ = left;
    return true;
  }
  ::close(left);
  errno = EEXIST;
  return false;
}

void PartFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system(shown_, "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void PartFile::keep() {
  constexpr mode_t permissions = S_IRWXU | S_IRWXG | S_IRWXO;
  auto const replaced = look(path_);
  if (replaced && S_ISREG(replaced->st_mode))
    ::fchmod(descriptor_, replaced->st_mode & permissions);
  ::fremovexattr(descriptor_, mark);
  if (::fsync(descriptor_) != 0) throw_system(shown_, "write");
  unsigned const flags = existing_ == Existing::refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, part_path_.c_str(), AT_FDCWD, path_.c_str(), flags) != 0) {
    if (errno == EEXIST) throw_exists(shown_);
    // Some file systems do not know the flag.
    bool const unknown = errno == EINVAL && !(flags != 0 && look(path_));
    if (!unknown || ::rename(part_path_.c_str(), path_.c_str()) != 0)
      throw_system(shown_, "be given its name");
  }
  ::close(std::exchange(descriptor_, -1));
  sync_folder_of(path_);
}

}  // namespace base
