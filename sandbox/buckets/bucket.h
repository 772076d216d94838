// One bucket: a folder of plain files, the hidden folder beside it, and the index of all objects in
// memory. docs/guides/sandbox.md draws the folders.
//
// Two things must agree after a crash, the file and its line in the journal. The line is written
// first and names the file's inode, size and time; it counts only while the file at the key's path
// is that one. So a file is never served with another's ETag, and a file that no line fits was put
// there by hand. A plain file is always the object of its key: a deletion removes it before its
// line is written, a put of content that lies elsewhere removes it afterwards.
//
// Thread-safe. All calls block.
#pragma once

#include "sandbox/buckets/folder_scan.h"
#include "sandbox/buckets/journal.h"
#include "sandbox/buckets/listing.h"
#include "sandbox/buckets/object.h"
#include "sandbox/buckets/uploads.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sandbox {

// A put happens only if these conditions hold.
struct Condition {
  bool absent = false;  // If-None-Match: *
  std::string etag;     // If-Match, without quotes; empty: any
};

// An object that can be read for as long as this lives, whatever happens to its key.
struct Opened {
  ObjectPointer object;
  File file;  // with Place::file
};

// A file being written; removed again unless it is put.
struct NewFile {
  File file;
  std::string name;  // below the hidden folder
  std::shared_ptr<DataFiles> owner;
};

class Bucket {
 public:
  // `virtual_objects` come from the sandbox's options; later puts and deletions override them.
  Bucket(std::filesystem::path const& content, std::filesystem::path const& hidden,
         Index const& virtual_objects);

  std::optional<Opened> open(std::string const& key);
  ObjectPointer find(std::string const& key);  // null: none
  ListPage list(ListQuery const& query);
  bool empty();

  NewFile new_file();
  // The content of `file`, which has been written to its end.
  std::shared_ptr<DataFiles> finished(NewFile& file, std::uint64_t size) const;
  // The content of `object` is in `data` (a single new file becomes the plain file where the key
  // allows it) or computed. Error PreconditionFailed, or NoSuchKey for If-Match on nothing.
  ObjectPointer put(std::string const& key, Object object, Condition const& condition);
  void remove(std::string const& key);

  Uploads& uploads() { return uploads_; }
  std::filesystem::path const& hidden() const { return hidden_; }
  // True while the path still leads to the folder that this Bucket was made for.
  bool is_current() const;

 private:
  ObjectPointer current(std::string const& key);
  void remove_plain_file(std::string const& key);
  bool put_as_file(std::string const& key, Object& object);
  void refresh();
  void take_folder(std::string const& prefix, std::vector<FolderEntry> const& entries);
  void erase_files_below(std::string const& prefix);

  std::mutex mutex_;
  std::filesystem::path const path_;
  std::filesystem::path const hidden_;
  File const content_;
  Journal journal_;
  FolderScan scan_;
  Index index_;
  Uploads uploads_;
  std::chrono::steady_clock::time_point refreshed_;
};

}  // namespace sandbox
