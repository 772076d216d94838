// Files below a folder, without a way out of it: symbolic links in a path are not followed. All
// calls block.
#pragma once

#include "base/clock.h"

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct stat;

namespace sandbox {

// An open file descriptor.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

// One version of a file: it changes when the file is written or replaced.
struct FileStamp {
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  bool operator==(FileStamp const&) const = default;
};
FileStamp stamp_of(struct stat const& status);
base::UnixSeconds modified_seconds(FileStamp const& stamp);

// Throws Error{internal} that names the path and errno's words.
[[noreturn]] void throw_file_error(char const* deed, std::string_view path);

File open_folder(std::filesystem::path const& path);  // throws

// Opens the regular file `path` below `folder`; empty, with errno set, if there is none. Never
// waits, even if the name is a pipe or a device.
File open_file_below(int folder, std::string_view path);
// The stamp of a file, without opening it; nullopt if it is not a regular file.
std::optional<FileStamp> stamp_below(int folder, std::string_view path);
// Opens the folder `path` below `folder`; empty, with errno set, if there is none. `create` makes
// the missing folders.
File open_folder_below(int folder, std::string_view path, bool create = false);

// Moves a file from `source` to `path` below `folder`, making folders; false, with errno set, if it
// cannot.
bool move_below(std::filesystem::path const& source, int folder, std::string_view path);
// Removes a file, and the folders above it that are empty then. False if there was no file.
bool remove_below(int folder, std::string_view path);

struct FolderEntry {
  std::string name;
  bool is_folder = false;
  FileStamp stamp;  // of a regular file
};
// The regular files and folders in `folder`; other entries (links, pipes) are skipped.
void read_folder(File const& folder, std::function<void(FolderEntry const&)> const& each);
// Changes whenever a name in the folder comes or goes; nullopt where there is no such folder.
std::optional<std::int64_t> folder_modified_ns(int folder, std::string_view path);

File create_file(std::filesystem::path const& path);  // new and empty, for writing; throws
void write_all(File const& file, std::string_view data);
// Reads until `into` is full; throws Error{corrupt} where the file ends before.
void read_exactly(File const& file, std::uint64_t offset, std::span<char> into);
// Appends the whole of the file at `source`.
void append_file(File const& target, std::filesystem::path const& source);
// Makes `path` a second name of the file at `source`, in place of the file at `path`. False if the
// file system has no such links; `path` is then unchanged.
bool replace_by_link(std::filesystem::path const& source, std::filesystem::path const& path);
std::string read_text(std::filesystem::path const& path);  // empty where there is none
// Replaces the text in one step: a reader sees the old text or the new one.
void replace_text(std::filesystem::path const& path, std::string_view text);

}  // namespace sandbox
