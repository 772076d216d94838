// Looks up what a request asks for, many at a time ahead of the one at hand: objects by HeadObject,
// folders by the first page of their listing.
#pragma once

#include "archive/selection.h"
#include "net/event.h"
#include "net/task_group.h"
#include "s3/store.h"

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace archive {

// The bucket in which something is looked for, and its key or prefix.
struct Place {
  std::string bucket;
  std::string key;  // empty: the whole bucket
  bool operator==(Place const&) const = default;
};
// The place of a path in the request's bucket: without a leading slash, and without a first segment
// that is the bucket's name or "{{bucket}}".
Place place_of(std::string_view path, std::string_view bucket);
// The place with the path's first segment as the bucket; nullopt if that cannot be a bucket's name.
std::optional<Place> other_place_of(std::string_view path);

// One thing that a request asks for.
struct Wanted {
  enum class Kind : std::uint8_t {
    path,        // `text` is what docs/reference/api.md says of filePaths
    exact_path,  // `text` is "bucket/key", of an object or a folder
    place,       // an object or a folder
    object,
  };
  Kind kind = Kind::path;
  std::string text;  // the path, or how a list of what is missing names it
  Place place = {};
  std::string version_id = {};
  std::string name = {};    // Source::name
  std::string origin = {};  // for messages: "manifest lists/a.csv line 17"; may be empty
  // Set if S3 need not be asked.
  std::optional<s3::ObjectInfo> known = {};
};

// The result of a lookup: an object, a folder, or both.
struct ObjectOrFolder {
  Place place;
  std::optional<s3::ObjectInfo> object;
  std::optional<s3::ListPage> first_page;  // of a folder
};

// The prefix that all keys of the folder begin with.
std::string folder_prefix(std::string const& key);

struct LookingUp;

class Lookups {
 public:
  // `bucket`: for paths that name none. Runs on `loop`, the object store's own.
  Lookups(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store, std::string bucket);
  ~Lookups();

  // Whether to begin() another lookup before the next take(): one always, more while the object
  // store is not too busy.
  bool has_room() const;
  void begin(Wanted wanted);
  bool empty() const;  // all that was begun has been taken

  struct Answer {
    Wanted wanted;
    std::optional<ObjectOrFolder> found;
    bool is_deleted = false;  // nothing is found, as a delete marker stands in its place
    std::exception_ptr failure;
  };
  // The answer of the oldest lookup.
  net::task<Answer> take();

  // The calls made so far. A caller that lists further pages adds its own.
  LookupCalls& calls();

 private:
  net::SharedState<LookingUp> state_;  // the calls in flight hold it too
};

}  // namespace archive
