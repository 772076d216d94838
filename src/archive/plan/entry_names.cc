#include "archive/plan/entry_names.h"

#include "archive/plan/plan.h"
#include "base/lists/fingerprint_set.h"
#include "zip/names.h"

#include <optional>

namespace archive {

namespace {

// The key that names are made of: a placeholder's is that of the folder.
std::string named_key(SelectedObject const& object) {
  std::string key(object.key);
  if (object.is_placeholder) key += '/';
  return key;
}

// The name by the API's bucketAsDir.
std::string styled_name(SelectedObject const& object, std::string key, Request const& request) {
  if (request.name_style == NameStyle::bucket_and_key)
    return std::string(object.bucket).append("/").append(key);
  std::string_view const folder = std::string_view(key).substr(0, object.folder_bytes);
  if (request.name_style == NameStyle::below_path) return key.substr(folder.size());
  if (request.name_style == NameStyle::below_folder && !folder.empty()) {
    std::string_view const without_slash = folder.substr(0, folder.size() - 1);
    std::string_view const last = without_slash.substr(without_slash.rfind('/') + 1);
    if (last == request.base_folder) return key.substr(folder.size());
  }
  return key;
}

// The name that the request itself gives; nullopt if it gives none.
std::optional<std::string> requested_name(SelectedObject const& object, std::string_view key,
                                          Selection const& selection) {
  if (object.rare == 0) return std::nullopt;
  RareFields const& rare = selection.rare_fields[object.rare - 1];
  if (rare.name.empty()) return std::nullopt;
  std::string name(rare.name);
  bool const has_slash = name.ends_with('/');
  if (!has_slash && (rare.is_folder || object.is_placeholder)) name += '/';
  if (!rare.is_folder) return name;
  return name.append(key.substr(object.folder_bytes));
}

EntryName raw_name(SelectedObject const& object, Request const& request,
                   Selection const& selection) {
  std::string key = named_key(object);
  if (auto name = requested_name(object, key, selection))
    return {std::move(*name), name_change::requested};
  EntryName named{styled_name(object, key, request)};
  if (auto mapped = selection.names.name_of(object.bucket, key, named.name)) {
    if (*mapped != named.name) named.changes = name_change::mapped;
    named.name = std::move(*mapped);
  }
  if (object.is_placeholder) named.changes |= name_change::folder;
  return named;
}

// A name that ends in a slash is a directory's. An object with content is a file all the same: "a/"
// becomes "a", and "a//", whose last segment is empty, "a/_".
std::string name_of_file(std::string name, std::string_view key) {
  if (name.ends_with('/')) name.pop_back();
  if (name.empty()) {  // relative to the very key, or mapped to nothing
    if (key.ends_with('/')) key.remove_suffix(1);
    name = key.substr(key.rfind('/') + 1);
  }
  if (name.empty() || name.ends_with('/')) name += '_';
  return name;
}

// Finds the empty keys that are folders of others.
class PlaceholderFinder {
 public:
  void note_empty(SelectedObject const& object) {
    empty_.insert(fingerprint_of(object.key, object));
  }
  bool has_empty() const { return empty_.size() > 0; }
  void note_folders_of(SelectedObject const& object);
  bool is_folder(SelectedObject const& object) {
    return folders_.contains(fingerprint_of(object.key, object));
  }

 private:
  static base::Fingerprint fingerprint_of(std::string_view key, SelectedObject const& object) {
    std::string identity(object.bucket);
    return base::fingerprint(identity.append("/").append(key));
  }

  base::FingerprintSet empty_;    // keys of empty objects
  base::FingerprintSet folders_;  // those among them that others lie below
  std::string last_folder_;       // looked at last; objects of one folder come one after another
  std::string last_bucket_;
};

void PlaceholderFinder::note_folders_of(SelectedObject const& object) {
  std::size_t slash = object.key.rfind('/');
  if (slash == std::string_view::npos) return;
  if (object.key.substr(0, slash) == last_folder_ && object.bucket == last_bucket_) return;
  last_folder_ = object.key.substr(0, slash);
  last_bucket_ = object.bucket;
  for (; slash != std::string_view::npos && slash > 0; slash = object.key.rfind('/', slash - 1)) {
    base::Fingerprint const folder = fingerprint_of(object.key.substr(0, slash), object);
    if (empty_.contains(folder)) folders_.insert(folder);
  }
}

bool may_be_placeholder(SelectedObject const& object) {
  return object.size == 0 && !object.key.ends_with('/');
}

}  // namespace

EntryName entry_name(SelectedObject const& object, Request const& request,
                     Selection const& selection) {
  EntryName named = raw_name(object, request, selection);
  bool const is_folder = object.size == 0 && (named.name.empty() || named.name.ends_with('/'));
  if (is_folder && named.name.empty()) return named;
  std::string clean = is_folder ? named.name : name_of_file(named.name, object.key);
  clean = zip::clean_name(clean, request.name_rule);
  if (clean != named.name) named.changes |= name_change::cleaned;
  named.name = std::move(clean);
  return named;
}

void mark_placeholders(Selection& selection) {
  PlaceholderFinder finder;
  std::size_t const count = selection.objects.size();
  auto const object_at = [&selection](std::size_t index) -> SelectedObject& {
    SelectedObject& object = selection.objects[index];
    base::list_memory().used(object.key.size());
    return object;
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (may_be_placeholder(selection.objects[i])) finder.note_empty(object_at(i));
  }
  if (!finder.has_empty()) return;
  for (std::size_t i = 0; i < count; ++i) finder.note_folders_of(object_at(i));
  for (std::size_t i = 0; i < count; ++i) {
    SelectedObject& object = object_at(i);
    if (may_be_placeholder(object) && finder.is_folder(object)) object.is_placeholder = true;
  }
}

}  // namespace archive
