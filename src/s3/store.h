// What the program needs of an object store: the interface that archives are made through.
//
// A store belongs to one event loop and speaks with one set of credentials. Its errors are
// base::Errors that name call, bucket, key and S3's own code; what is worth a retry has been
// retried by then.
#pragma once

#include "net/task.h"
#include "s3/messages/replies.h"
#include "s3/messages/requests.h"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace s3 {

struct ObjectName {
  std::string bucket;
  std::string key;
  std::string version_id = {};  // only HeadObject looks at it; empty: the latest
  bool operator==(ObjectName const&) const = default;
};

// A stretch of one version of an object.
struct ObjectRange {
  std::string_view bucket;
  std::string_view key;
  std::string_view etag;  // with quotes; empty where the store lists none
  std::uint64_t offset = 0;
  std::uint64_t object_size = 0;     // of the whole version
  bool hedge = false;                // beside another read of the same that is slow; only counted
  std::string_view version_id = {};  // empty: the latest
  base::UnixSeconds modified = 0;    // as it was listed; 0: not told
};

// Where the bytes of a read land. They are there up to `arrived`, which grows as they come.
struct Landing {
  std::span<char> room;
  std::size_t arrived = 0;
  std::function<void()> on_arrival = {};  // may be empty

  void add(std::size_t bytes) {
    arrived += bytes;
    if (on_arrival) on_arrival();
  }
};

// What HeadObject tells of a name.
struct Headed {
  std::optional<ObjectInfo> object;  // nullopt: there is no such object
  bool is_deleted = false;           // a delete marker stands in its place
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // Those that the credentials own, and may be used for here.
  virtual net::task<std::vector<ListedBucket>> list_buckets() = 0;
  // Error{forbidden} where S3 does not tell.
  virtual net::task<Headed> head_object(ObjectName object) = 0;
  virtual net::task<ListPage> list_objects(std::string bucket, ListOptions options) = 0;
  // Fills all of the room. Error{changed} where the object no longer has this ETag or size.
  virtual net::task<void> read(ObjectRange from, Landing& into) = 0;

  // The body is given in pieces that live until the task is done.
  virtual net::task<Written> put_object(ObjectName object, PutOptions options,
                                        std::span<std::string_view const> body) = 0;
  virtual net::task<CreatedUpload> create_upload(ObjectName object,
                                                 CreateUploadOptions options) = 0;
  virtual net::task<Written> upload_part(ObjectName object, PartOptions options,
                                         std::span<std::string_view const> body) = 0;
  // All parts; nullopt: there is no such upload.
  virtual net::task<std::optional<std::vector<ListedPart>>> list_parts(ObjectName object,
                                                                       std::string upload_id) = 0;
  virtual net::task<CompletedUpload> complete_upload(ObjectName object,
                                                     CompleteOptions options) = 0;
  // Where there is none it is gone as well.
  virtual net::task<void> delete_object(ObjectName object) = 0;
  // Repeated until S3 says that the upload is gone: an abort may miss parts in flight.
  virtual net::task<void> abort_upload(ObjectName object, std::string upload_id) = 0;
  // Aborts all uploads to this key but one. For keys that nobody else writes to: an upload whose
  // id got lost on its way to us can be told from another's only by its key.
  virtual net::task<void> abort_other_uploads(ObjectName object, std::string kept_upload_id) = 0;

  // A link that needs no credentials, good for `life`.
  virtual net::task<std::string> presign(ObjectName object, std::chrono::seconds life) = 0;
  // The object's plain address.
  virtual net::task<std::string> url(ObjectName object) = 0;

  // Whether one more request may be sent now without being too much for the store: SlowDown lowers
  // what may be in flight, success raises it again. Who has none in flight need not ask.
  virtual bool has_room() const = 0;
  virtual std::string const& endpoint_url() const = 0;

  // From now on trouble with the store is borne no longer than this, also by calls under way.
  virtual void limit_patience(std::chrono::milliseconds) {}
  // Whether a call has failed for a reason that others would try again: all that was of use has
  // been tried by then.
  virtual bool has_given_up() const { return false; }
};

}  // namespace s3
