// The interface of an object store that archives are made through.
//
// A store belongs to one event loop and uses one set of credentials. Its errors are base::Errors
// that name call, bucket, key and S3's own code; all useful retries have been made by then.
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
  base::UnixSeconds modified = 0;    // as listed; 0: not told
};

// The room for the bytes of a read. They are there up to `arrived`, which grows as they come.
struct Landing {
  std::span<char> room;
  std::size_t arrived = 0;
  std::function<void()> on_arrival = {};  // may be empty

  void add(std::size_t bytes) {
    arrived += bytes;
    if (on_arrival) on_arrival();
  }
};

// HeadObject's answer about a name.
struct Headed {
  std::optional<ObjectInfo> object;  // nullopt: there is no such object
  bool is_deleted = false;           // a delete marker stands in its place
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // The buckets that the credentials' owner has, and that may be used here.
  virtual net::task<std::vector<ListedBucket>> list_buckets() = 0;
  // Error{forbidden} if S3 does not tell.
  virtual net::task<Headed> head_object(ObjectName object) = 0;
  virtual net::task<ListPage> list_objects(std::string bucket, ListOptions options) = 0;
  // Fills all of the room. Error{changed} if the object no longer has this ETag or size.
  virtual net::task<void> read(ObjectRange from, Landing& into) = 0;

  // The body comes in pieces that live until the task is done.
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
  // A missing object counts as deleted.
  virtual net::task<void> delete_object(ObjectName object) = 0;
  // Repeats the abort until S3 says that the upload is gone: an abort may miss parts in flight.
  virtual net::task<void> abort_upload(ObjectName object, std::string upload_id) = 0;
  // Aborts all uploads to this key but one. For keys with no other writer: only its key tells an
  // upload whose id got lost on its way to us from other uploads.
  virtual net::task<void> abort_other_uploads(ObjectName object, std::string kept_upload_id) = 0;

  // A link that works without credentials, for `life`.
  virtual net::task<std::string> presign(ObjectName object, std::chrono::seconds life) = 0;
  // The object's plain address.
  virtual net::task<std::string> url(ObjectName object) = 0;

  // Whether one more request may be sent now without being too much for the store: SlowDown lowers
  // the number in flight, success raises it again. A caller with none in flight need not ask.
  virtual bool has_room() const = 0;
  virtual std::string const& endpoint_url() const = 0;

  // From now on trouble with the store is borne no longer than this, even by calls under way.
  virtual void limit_patience(std::chrono::milliseconds) {}
  // Whether a call has failed with trouble that may pass: all useful tries have been made by then.
  virtual bool has_given_up() const { return false; }
};

}  // namespace s3
