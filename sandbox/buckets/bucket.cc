#include "sandbox/buckets/bucket.h"

#include "base/random.h"
#include "sandbox/buckets/bucket_load.h"
#include "sandbox/plain_path.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unordered_set>
#include <utility>

namespace sandbox {
namespace {

namespace fs = std::filesystem;

// Files put there by hand may stay unlisted for this long.
constexpr auto refresh_interval = std::chrono::milliseconds(500);

fs::path with_folders(fs::path hidden) {
  fs::create_directories(hidden / "data");
  return hidden;
}

void check_condition(Condition const& condition, ObjectPointer const& present) {
  if (condition.absent && present) throw refusal("PreconditionFailed");
  if (condition.etag.empty()) return;
  if (!present) throw refusal("NoSuchKey");
  if (present->etag != condition.etag) throw refusal("PreconditionFailed");
}

}  // namespace

Bucket::Bucket(fs::path const& content, fs::path const& hidden, Index const& virtual_objects)
    : path_(content),
      hidden_(with_folders(hidden)),
      content_(open_folder(content)),
      journal_(hidden / "journal"),
      scan_(content_),
      index_(load_index(journal_, scan_, hidden, virtual_objects)),
      uploads_(hidden, files_in_use(index_)),
      refreshed_(std::chrono::steady_clock::now()) {}

bool Bucket::is_current() const {
  struct stat now{};
  struct stat own{};
  return ::lstat(path_.c_str(), &now) == 0 && ::fstat(content_.get(), &own) == 0 &&
         now.st_ino == own.st_ino && now.st_dev == own.st_dev;
}

// The index's object, after it has been compared with the plain file.
ObjectPointer Bucket::current(std::string const& key) {
  auto const found = index_.find(key);
  ObjectPointer known = found == index_.end() ? nullptr : found->second;
  bool const known_file = known && known->place == Place::file;
  auto const stamp = is_plain_path(key) ? stamp_below(content_.get(), key) : std::nullopt;
  if (!stamp) {
    if (!known_file) return known;
    index_.erase(found);
    return nullptr;
  }
  if (known_file && known->stamp == *stamp) return known;
  auto object = std::make_shared<Object const>(object_of_file(*stamp));
  index_.insert_or_assign(key, object);
  return object;
}

ObjectPointer Bucket::find(std::string const& key) {
  std::lock_guard const lock(mutex_);
  return current(key);
}

std::optional<Opened> Bucket::open(std::string const& key) {
  std::lock_guard const lock(mutex_);
  constexpr int attempts = 3;  // a user may be replacing the file by hand
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Opened opened{.object = current(key), .file = {}};
    if (!opened.object) return std::nullopt;
    if (opened.object->place != Place::file) return opened;
    opened.file = open_file_below(content_.get(), key);
    struct stat status{};
    if (opened.file && ::fstat(opened.file.get(), &status) == 0 &&
        stamp_of(status) == opened.object->stamp)
      return opened;
  }
  throw base::Error(base::Fault::unavailable, "the file of " + key + " cannot be opened");
}

ListPage Bucket::list(ListQuery const& query) {
  std::lock_guard const lock(mutex_);
  refresh();
  ListPage page = list_page(index_, query);
  for (ListPage::Item& item : page.items) {
    if (item.object->place == Place::file) item.object = current(item.key);
  }
  std::erase_if(page.items, [](ListPage::Item const& item) { return !item.object; });
  return page;
}

bool Bucket::empty() {
  std::lock_guard const lock(mutex_);
  refreshed_ = {};
  refresh();
  while (!index_.empty()) {
    std::string const key = index_.begin()->first;
    if (current(key)) return false;
  }
  return true;
}

NewFile Bucket::new_file() {
  NewFile made;
  made.name = "data/" + base::random_text(24);
  made.file = create_file(hidden_ / made.name);
  std::vector<DataFiles::Extent> extents{{.name = made.name, .size = 0}};
  made.owner = std::make_shared<DataFiles>(hidden_, std::move(extents));
  made.owner->drop();
  return made;
}

std::shared_ptr<DataFiles> Bucket::finished(NewFile& file, std::uint64_t size) const {
  std::vector<DataFiles::Extent> extents{{.name = file.name, .size = size}};
  auto data = std::make_shared<DataFiles>(hidden_, std::move(extents));
  data->drop();
  file.owner->keep();
  file.file = File();
  return data;
}

ObjectPointer Bucket::put(std::string const& key, Object object, Condition const& condition) {
  ObjectPointer old;  // its files are removed after the lock is given back
  std::lock_guard const lock(mutex_);
  old = current(key);
  check_condition(condition, old);
  object.modified = base::unix_now();
  if (!put_as_file(key, object)) {
    journal_.append(put_line(key, object));
    if (object.data) object.data->keep();
    if (old && old->place == Place::file) remove_plain_file(key);
  }
  if (old && old->data) old->data->drop();
  auto made = std::make_shared<Object const>(std::move(object));
  index_.insert_or_assign(key, made);
  return made;
}

// Puts a single new file at the key's path. False, with only a journal line written, where it
// cannot stand there: the key is no path, a part of it is a file and no folder, or the reverse.
bool Bucket::put_as_file(std::string const& key, Object& object) {
  if (object.place != Place::data || object.data->extents().size() != 1) return false;
  DataFiles::Extent const& extent = object.data->extents().front();
  if (!extent.name.starts_with("data/") || !is_plain_path(key)) return false;
  File const hidden = open_folder(hidden_);
  auto const stamp = stamp_below(hidden.get(), extent.name);
  if (!stamp) throw_file_error("find", extent.name);
  Object as_file = object;
  as_file.place = Place::file;
  as_file.stamp = *stamp;
  as_file.data.reset();
  journal_.append(put_line(key, as_file));
  if (!move_below(object.data->path(extent), content_.get(), key)) return false;
  object.data->keep();  // its file has moved
  object = std::move(as_file);
  return true;
}

void Bucket::remove(std::string const& key) {
  ObjectPointer old;
  std::lock_guard const lock(mutex_);
  old = current(key);
  if (!old) return;
  if (old->place == Place::file) remove_plain_file(key);
  journal_.append(delete_line(key));
  if (old->data) old->data->drop();
  index_.erase(key);
}

void Bucket::remove_plain_file(std::string const& key) {
  if (!remove_below(content_.get(), key) && errno != ENOENT) throw_file_error("remove", key);
}

void Bucket::refresh() {
  auto const now = std::chrono::steady_clock::now();
  if (now - refreshed_ < refresh_interval) return;
  refreshed_ = now;
  FolderScan::Listener listener;
  listener.changed = [this](std::string const& prefix, std::vector<FolderEntry> const& entries) {
    take_folder(prefix, entries);
  };
  listener.gone = [this](std::string const& prefix) { erase_files_below(prefix); };
  scan_.run(listener);
}

void Bucket::take_folder(std::string const& prefix, std::vector<FolderEntry> const& entries) {
  std::unordered_set<std::string_view> names;
  for (FolderEntry const& entry : entries) {
    std::string const key = prefix + entry.name;
    if (entry.is_folder || !is_plain_path(key)) continue;
    names.insert(entry.name);
    auto const known = index_.find(key);
    if (known == index_.end() || known->second->place != Place::file) current(key);
  }
  // Plain files of this folder, not of folders below it, may have gone.
  for (auto at = index_.lower_bound(prefix); at != index_.end() && at->first.starts_with(prefix);) {
    std::string_view const rest = std::string_view(at->first).substr(prefix.size());
    std::size_t const slash = rest.find('/');
    if (slash != std::string_view::npos) {
      at = index_.lower_bound(after_all_of(prefix + std::string(rest.substr(0, slash + 1))));
    } else if (at->second->place == Place::file && !names.contains(rest)) {
      std::string const key = (at++)->first;
      current(key);
    } else {
      ++at;
    }
  }
}

void Bucket::erase_files_below(std::string const& prefix) {
  auto at = index_.lower_bound(prefix);
  while (at != index_.end() && at->first.starts_with(prefix)) {
    std::string const key = at->first;
    bool const is_file = at->second->place == Place::file;
    ++at;
    if (is_file) current(key);
  }
}

}  // namespace sandbox
