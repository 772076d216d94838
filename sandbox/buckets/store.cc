#include "sandbox/buckets/store.h"

#include "aws/endpoint.h"
#include "base/error.h"
#include "sandbox/plain_path.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace sandbox {
namespace {

namespace fs = std::filesystem;

constexpr char const* hidden_name = ".s3zipper";

// The lock is held until the process ends.
File lock_folder(fs::path const& folder) {
  std::error_code error;
  fs::create_directories(folder / hidden_name, error);
  fs::path const path = folder / hidden_name / "lock";
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!file)
    throw base::Error(base::Fault::config, fmt::format("the sandbox cannot use the folder {}: {}",
                                                       folder.native(), std::strerror(errno)));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    throw base::Error(base::Fault::config,
                      fmt::format("the folder {} is in use by another sandbox", folder.native()));
  return file;
}

base::UnixSeconds birth_of(fs::path const& path) {
  struct statx status{};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME | STATX_MTIME, &status) != 0)
    return 0;
  bool const knows_birth = (status.stx_mask & STATX_BTIME) != 0;
  return knows_birth ? status.stx_btime.tv_sec : status.stx_mtime.tv_sec;
}

// Removes a tree of folders; false where anything but folders is in it, which then stays.
bool remove_folders(fs::path const& path) {
  for (fs::directory_entry const& entry : fs::directory_iterator(path)) {
    if (!entry.is_directory() || entry.is_symlink() || !remove_folders(entry.path())) return false;
  }
  return ::rmdir(path.c_str()) == 0;
}

bool is_folder(fs::path const& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

Store::Store(fs::path folder, std::vector<std::string> const& virtual_objects)
    : folder_(fs::absolute(folder)), lock_file_(lock_folder(folder_)) {
  add_virtual_manifest(virtual_, read_text(folder_ / hidden_name / "virtual.txt"));
  for (std::string const& declaration : virtual_objects) add_virtual_objects(virtual_, declaration);
  for (auto const& [name, index] : virtual_) fs::create_directories(folder_ / name);
}

fs::path Store::hidden(std::string const& name) const {
  return folder_ / hidden_name / "buckets" / name;
}

std::vector<BucketInfo> Store::list() const {
  std::vector<BucketInfo> buckets;
  for (fs::directory_entry const& entry : fs::directory_iterator(folder_)) {
    std::string const name = entry.path().filename();
    if (is_served_bucket_name(name) && is_folder(entry.path()))
      buckets.push_back({.name = name, .created = birth_of(entry.path())});
  }
  std::ranges::sort(buckets, {}, &BucketInfo::name);
  return buckets;
}

std::shared_ptr<Bucket> Store::bucket(std::string const& name) {
  if (!is_served_bucket_name(name)) throw refusal("NoSuchBucket");
  std::lock_guard const lock(mutex_);
  std::shared_ptr<Bucket>& found = loaded_[name];
  if (found && found->is_current()) return found;
  found.reset();
  if (!is_folder(folder_ / name)) {
    loaded_.erase(name);
    throw refusal("NoSuchBucket");
  }
  auto const given = virtual_.find(name);
  Index const none;
  found = std::make_shared<Bucket>(folder_ / name, hidden(name),
                                   given == virtual_.end() ? none : given->second);
  return found;
}

bool Store::create(std::string const& name) {
  if (!aws::is_dns_bucket_name(name)) throw refusal("InvalidBucketName");
  std::lock_guard const lock(mutex_);
  if (::mkdir((folder_ / name).c_str(), 0777) == 0) {
    // These may be remains of a bucket whose folder was removed by hand.
    loaded_.erase(name);
    fs::remove_all(hidden(name));
    return true;
  }
  if (errno != EEXIST || !is_folder(folder_ / name))
    throw_file_error("create the bucket", (folder_ / name).native());
  return false;
}

void Store::remove(std::string const& name) {
  std::shared_ptr<Bucket> const found = bucket(name);
  if (!found->empty()) throw refusal("BucketNotEmpty");
  std::lock_guard const lock(mutex_);
  if (!remove_folders(folder_ / name)) throw refusal("BucketNotEmpty");
  loaded_.erase(name);
  virtual_.erase(name);
  std::error_code ignored;
  fs::remove_all(hidden(name), ignored);
}

}  // namespace sandbox
