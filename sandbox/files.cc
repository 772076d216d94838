#include "sandbox/files.h"

#include "base/error.h"
#include "base/limits.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::int64_t ns_per_second = 1'000'000'000;

struct Split {
  std::string parent;  // empty: the folder itself
  std::string name;
};

Split split_path(std::string_view path) {
  std::size_t const slash = path.rfind('/');
  if (slash == std::string_view::npos) return {.parent = {}, .name = std::string(path)};
  return {.parent = std::string(path.substr(0, slash)),
          .name = std::string(path.substr(slash + 1))};
}

File open_segment(int folder, std::string const& name, bool create) {
  File opened(::openat(folder, name.c_str(), folder_flags));
  if (opened || !create || errno != ENOENT) return opened;
  if (::mkdirat(folder, name.c_str(), 0777) != 0 && errno != EEXIST) return {};
  return File(::openat(folder, name.c_str(), folder_flags));
}

}  // namespace

File::~File() {
  if (descriptor_ < 0) return;
  int const error = errno;  // the caller may be about to look at it
  ::close(descriptor_);
  errno = error;
}

FileStamp stamp_of(struct stat const& status) {
  return {.inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .modified_ns = status.st_mtim.tv_sec * ns_per_second + status.st_mtim.tv_nsec};
}

base::UnixSeconds modified_seconds(FileStamp const& stamp) {
  std::int64_t const seconds = stamp.modified_ns / ns_per_second;
  return stamp.modified_ns % ns_per_second < 0 ? seconds - 1 : seconds;
}

void throw_file_error(char const* deed, std::string_view path) {
  throw base::Error(base::Fault::internal,
                    fmt::format("cannot {} {}: {}", deed, path, std::strerror(errno)));
}

File open_folder(std::filesystem::path const& path) {
  File folder(::open(path.c_str(), folder_flags));
  if (!folder) throw_file_error("open the folder", path.native());
  return folder;
}

File open_folder_below(int folder, std::string_view path, bool create) {
  File current;
  while (!path.empty()) {
    std::size_t const slash = path.find('/');
    std::string const name(path.substr(0, slash));
    current = open_segment(current ? current.get() : folder, name, create);
    if (!current) return {};
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  if (current) return current;
  return File(::openat(folder, ".", folder_flags));
}

File open_file_below(int folder, std::string_view path) {
  auto const [parent, name] = split_path(path);
  File const within = open_folder_below(folder, parent);
  if (!within) return {};
  File file(::openat(within.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) return {};
  if (S_ISREG(status.st_mode)) return file;
  errno = ENOENT;
  return {};
}

std::optional<FileStamp> stamp_below(int folder, std::string_view path) {
  auto const [parent, name] = split_path(path);
  File const within = parent.empty() ? File() : open_folder_below(folder, parent);
  if (!parent.empty() && !within) return std::nullopt;
  struct stat status{};
  int const at = within ? within.get() : folder;
  if (::fstatat(at, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return stamp_of(status);
}

bool move_below(std::filesystem::path const& source, int folder, std::string_view path) {
  auto const [parent, name] = split_path(path);
  File const within = open_folder_below(folder, parent, true);
  return within && ::renameat(AT_FDCWD, source.c_str(), within.get(), name.c_str()) == 0;
}

bool remove_below(int folder, std::string_view path) {
  auto [parent, name] = split_path(path);
  File within = open_folder_below(folder, parent);
  if (!within || ::unlinkat(within.get(), name.c_str(), 0) != 0) return false;
  while (!parent.empty()) {
    Split const above = split_path(parent);
    within = open_folder_below(folder, above.parent);
    if (!within || ::unlinkat(within.get(), above.name.c_str(), AT_REMOVEDIR) != 0) break;
    parent = above.parent;
  }
  return true;
}

void read_folder(File const& folder, std::function<void(FolderEntry const&)> const& each) {
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  int const own = ::openat(folder.get(), ".", folder_flags);  // closed with the stream
  std::unique_ptr<DIR, Close> const stream(own < 0 ? nullptr : ::fdopendir(own));
  if (!stream) throw_file_error("read", "a folder");
  while (dirent const* const found = ::readdir(stream.get())) {
    FolderEntry entry{.name = found->d_name, .is_folder = false, .stamp = {}};
    if (entry.name == "." || entry.name == "..") continue;
    struct stat status{};
    if (::fstatat(own, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    entry.is_folder = S_ISDIR(status.st_mode);
    if (!entry.is_folder && !S_ISREG(status.st_mode)) continue;
    entry.stamp = stamp_of(status);
    each(entry);
  }
}

std::optional<std::int64_t> folder_modified_ns(int folder, std::string_view path) {
  File const opened = open_folder_below(folder, path);
  struct stat status{};
  if (!opened || ::fstat(opened.get(), &status) != 0) return std::nullopt;
  return stamp_of(status).modified_ns;
}

File create_file(std::filesystem::path const& path) {
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file) throw_file_error("create", path.native());
  return file;
}

void write_all(File const& file, std::string_view data) {
  while (!data.empty()) {
    ssize_t const written = ::write(file.get(), data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_file_error("write", "a file of the sandbox");
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

void read_exactly(File const& file, std::uint64_t offset, std::span<char> into) {
  while (!into.empty()) {
    ssize_t const got = ::pread(file.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_file_error("read", "a file of the sandbox");
    if (got == 0)
      throw base::Error(base::Fault::corrupt, "a file became shorter while it was read");
    into = into.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

void append_file(File const& target, std::filesystem::path const& source) {
  File const from(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from) throw_file_error("open", source.native());
  for (;;) {
    constexpr std::size_t most = 64 * base::limits::MiB;
    ssize_t const copied = ::copy_file_range(from.get(), nullptr, target.get(), nullptr, most, 0);
    if (copied == 0) return;
    if (copied < 0 && errno != EINTR) throw_file_error("copy", source.native());
  }
}

bool replace_by_link(std::filesystem::path const& source, std::filesystem::path const& path) {
  std::filesystem::path fresh = path;
  fresh += ".link";
  return ::link(source.c_str(), fresh.c_str()) == 0 && ::rename(fresh.c_str(), path.c_str()) == 0;
}

std::string read_text(std::filesystem::path const& path) {
  File const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return {};
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) throw_file_error("open", path.native());
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  read_exactly(file, 0, text);
  return text;
}

void replace_text(std::filesystem::path const& path, std::string_view text) {
  std::filesystem::path fresh = path;
  fresh += ".new";
  ::unlink(fresh.c_str());
  write_all(create_file(fresh), text);
  if (::rename(fresh.c_str(), path.c_str()) != 0) throw_file_error("replace", path.native());
}

}  // namespace sandbox
