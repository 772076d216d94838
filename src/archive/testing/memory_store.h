// For tests: an ObjectStore in memory. Objects have content that was given or is computed from a
// seed; uploads are checked as S3 checks them. Faults are set as plain fields, calls are counted,
// and answers may be put off for a seeded number of turns of the loop, so that they come in another
// order than they were asked for. Belongs to one loop.
#pragma once

#include "archive/plan/plan.h"
#include "s3/store.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace archive {

// `size` bytes that look random and differ with the seed; any stretch at the speed of memcpy.
class Content {
 public:
  explicit Content(std::string given) : size_(given.size()), bytes_(std::move(given)) {}
  static Content computed(std::uint64_t size, std::uint32_t seed);

  std::uint64_t size() const { return size_; }
  void copy(std::uint64_t offset, std::span<char> into) const;
  std::string text() const;

 private:
  std::uint64_t size_;
  std::string bytes_;  // repeated if the content is longer
};

struct StoredObject {
  Content content{""};
  std::string etag = {};
  std::int64_t modified = 1'600'000'000;
  std::optional<std::uint32_t> crc = {};  // what HeadObject tells
  std::map<std::string, std::string> metadata = {};
  std::string storage_class = {};
  bool restored = false;
};

class MemoryStore final : public s3::ObjectStore {
 public:
  struct Upload {
    s3::ObjectName target;
    std::map<std::string, std::string> metadata;
    std::map<std::uint32_t, std::string> parts;
  };
  struct ReadCall {
    std::string key;
    std::uint64_t offset;
    std::uint64_t size;
    bool hedge;
  };

  explicit MemoryStore(std::uint32_t seed = 1) : random_(seed) {}

  // Makes the bucket as well.
  StoredObject& put(std::string const& bucket, std::string const& key, Content content);
  StoredObject& at(std::string const& bucket, std::string const& key);
  // An older version of the key, which is there by its id only.
  StoredObject& put_version(std::string const& bucket, std::string const& key,
                            std::string const& version_id, Content content);
  bool has(std::string const& bucket, std::string const& key) const;
  std::map<std::string, std::map<std::string, StoredObject>>& buckets() { return buckets_; }
  std::map<std::string, Upload>& uploads() { return uploads_; }

  // ---- faults
  std::optional<std::size_t> failing_read = {};    // the n-th read, from 0, fails
  std::optional<std::size_t> hanging_read = {};    // the n-th read never ends
  std::size_t hanging_after = 0;                   // so many of its bytes come before
  std::optional<std::size_t> hanging_upload = {};  // the n-th part never arrives
  std::optional<std::size_t> failing_upload = {};  // the n-th part is refused
  std::optional<std::uint32_t> short_part = {};    // this part is kept one byte too short
  bool lose_create_answer = false;    // an upload is created twice, and the second one told
  bool lose_complete_answer = false;  // Complete works, but finds no upload when it is tried again
  bool forbid_heads_of_archives = false;        // HeadObject of uploaded objects is refused
  std::set<std::string> forbidden = {};         // "bucket/key", "bucket/" to list: refused
  std::set<std::string> unanswered_heads = {};  // "bucket/key": HeadObject finds the store ailing
  std::set<std::string> deleted = {};           // "bucket/key": a delete marker is there
  std::set<std::string> odd_buckets = {};       // of names that S3 does not take
  bool heads_await_listing = false;        // HeadObject is answered once a listing was asked for
  std::string changes_after_listing = {};  // an object of this key is another one after a listing
  std::size_t window_size = 8;
  unsigned most_turns = 0;              // an answer takes up to this many turns of the loop
  std::size_t most_arriving = 100'000;  // bytes of a read that come at a time

  // ---- what was asked
  std::vector<ReadCall> reads = {};
  std::size_t reading = 0;
  std::size_t most_reading = 0;
  std::vector<std::uint32_t> uploaded = {};  // part numbers, in the order they were begun
  std::size_t most_uploading = 0;
  std::size_t heads = 0;
  std::size_t listings = 0;
  std::size_t puts = 0;
  std::size_t aborts = 0;
  bool hanging = false;
  std::size_t page_keys = 1000;

  net::task<std::vector<s3::ListedBucket>> list_buckets() override;
  net::task<s3::Headed> head_object(s3::ObjectName object) override;
  net::task<s3::ListPage> list_objects(std::string bucket, s3::ListOptions options) override;
  net::task<void> read(s3::ObjectRange from, s3::Landing& into) override;
  net::task<s3::Written> put_object(s3::ObjectName object, s3::PutOptions options,
                                    std::span<std::string_view const> body) override;
  net::task<s3::CreatedUpload> create_upload(s3::ObjectName object,
                                             s3::CreateUploadOptions options) override;
  net::task<s3::Written> upload_part(s3::ObjectName object, s3::PartOptions options,
                                     std::span<std::string_view const> body) override;
  net::task<std::optional<std::vector<s3::ListedPart>>> list_parts(s3::ObjectName object,
                                                                   std::string upload_id) override;
  net::task<s3::CompletedUpload> complete_upload(s3::ObjectName object,
                                                 s3::CompleteOptions options) override;
  net::task<void> delete_object(s3::ObjectName object) override;
  net::task<void> abort_upload(s3::ObjectName object, std::string upload_id) override;
  net::task<void> abort_other_uploads(s3::ObjectName object, std::string kept_upload_id) override;
  net::task<std::string> presign(s3::ObjectName object, std::chrono::seconds life) override;
  net::task<std::string> url(s3::ObjectName object) override;
  bool has_room() const override { return reading < window_size; }
  std::string const& endpoint_url() const override { return endpoint_url_; }

 private:
  net::task<void> some_turns();
  net::task<void> hang();

  std::string const endpoint_url_ = "http://memory";
  std::mt19937 random_;
  std::map<std::string, std::map<std::string, StoredObject>> buckets_;
  std::map<std::string, Upload> uploads_;
  std::size_t uploading_ = 0;
  std::uint32_t next_etag_ = 1;
};

}  // namespace archive
