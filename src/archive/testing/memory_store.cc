#include "archive/testing/memory_store.h"

#include "base/digest.h"
#include "base/error.h"
#include "net/deadline.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace archive {

using base::Error;
using base::Fault;

namespace {

// Counts the calls under way, also if they are cancelled.
class Under {
 public:
  Under(std::size_t& count, std::size_t& most) : count_(count) { most = std::max(most, ++count_); }
  Under(Under const&) = delete;
  Under& operator=(Under const&) = delete;
  ~Under() { --count_; }

 private:
  std::size_t& count_;
};

std::string joined(std::span<std::string_view const> pieces) {
  std::string text;
  for (std::string_view const piece : pieces) text += piece;
  return text;
}

std::map<std::string, std::string> metadata_of(s3::Attributes const& attributes) {
  std::map<std::string, std::string> metadata;
  for (http::Field const& line : attributes.metadata) metadata.emplace(line.name, line.value);
  return metadata;
}

std::string part_etag(std::string_view body) {
  return fmt::format("\"part-{:08x}\"", base::crc32(0, body));
}

}  // namespace

Content Content::computed(std::uint64_t size, std::uint32_t seed) {
  constexpr std::uint64_t period = 65'521;  // a prime: no block of another size looks like the next
  std::mt19937 random(seed);
  std::string bytes(std::min(size, period), ' ');
  for (char& c : bytes) c = static_cast<char>(random());
  Content content(std::move(bytes));
  content.size_ = size;
  return content;
}

void Content::copy(std::uint64_t offset, std::span<char> into) const {
  base::check(offset + into.size() <= size_, "the stretch lies in the content");
  while (!into.empty()) {
    std::uint64_t const at = offset % bytes_.size();
    std::size_t const count = std::min<std::size_t>(into.size(), bytes_.size() - at);
    std::memcpy(into.data(), bytes_.data() + at, count);
    offset += count;
    into = into.subspan(count);
  }
}

std::string Content::text() const {
  std::string text(size_, ' ');
  copy(0, text);
  return text;
}

StoredObject& MemoryStore::put(std::string const& bucket, std::string const& key, Content content) {
  StoredObject object;
  object.content = std::move(content);
  object.etag = fmt::format("\"etag-{}\"", next_etag_++);
  return buckets_[bucket].insert_or_assign(key, std::move(object)).first->second;
}

namespace {

// The key under which a version lies: no key of a test begins with a line feed.
std::string stored_key(std::string_view key, std::string_view version_id) {
  return version_id.empty() ? std::string(key) : fmt::format("\n{}\n{}", version_id, key);
}

}  // namespace

StoredObject& MemoryStore::put_version(std::string const& bucket, std::string const& key,
                                       std::string const& version_id, Content content) {
  return put(bucket, stored_key(key, version_id), std::move(content));
}

StoredObject& MemoryStore::at(std::string const& bucket, std::string const& key) {
  return buckets_.at(bucket).at(key);
}

bool MemoryStore::has(std::string const& bucket, std::string const& key) const {
  auto const found = buckets_.find(bucket);
  return found != buckets_.end() && found->second.contains(key);
}

net::task<void> MemoryStore::some_turns() {
  unsigned const turns = most_turns == 0 ? 0 : random_() % (most_turns + 1);
  for (unsigned i = 0; i < turns; ++i) co_await net::sleep(std::chrono::milliseconds(0));
}

net::task<void> MemoryStore::hang() {
  hanging = true;
  co_await net::sleep(std::chrono::hours(1));
}

net::task<std::vector<s3::ListedBucket>> MemoryStore::list_buckets() {
  co_await some_turns();
  std::vector<s3::ListedBucket> listed;
  for (auto const& [name, objects] : buckets_) listed.push_back({name, std::nullopt});
  co_return listed;
}

net::task<s3::Headed> MemoryStore::head_object(s3::ObjectName object) {
  ++heads;
  co_await some_turns();
  constexpr int most_waits = 1000;
  for (int i = 0; heads_await_listing && listings == 0; ++i) {
    if (i == most_waits) throw Error(Fault::timeout, "nobody has asked for a listing");
    co_await net::sleep(std::chrono::milliseconds(0));
  }
  if (odd_buckets.contains(object.bucket))
    throw Error(Fault::bad_input, "InvalidBucketName " + object.bucket);
  if (forbidden.contains(object.bucket + "/" + object.key))
    throw Error(Fault::forbidden, "AccessDenied " + object.key);
  if (unanswered_heads.contains(object.bucket + "/" + object.key))
    throw Error(Fault::unavailable, "ServiceUnavailable " + object.key);
  std::string const key = stored_key(object.key, object.version_id);
  s3::Headed headed;
  headed.is_deleted = deleted.contains(object.bucket + "/" + object.key);
  if (!has(object.bucket, key)) co_return headed;
  StoredObject const& stored = at(object.bucket, key);
  if (forbid_heads_of_archives && !stored.metadata.empty())
    throw Error(Fault::forbidden, "AccessDenied " + object.key);
  s3::ObjectInfo& info = headed.object.emplace();
  info.size = stored.content.size();
  info.etag = stored.etag;
  info.last_modified = stored.modified;
  info.crc32 = stored.crc;
  info.storage_class = stored.storage_class;
  info.restored = stored.restored;
  info.metadata = stored.metadata;
  co_return headed;
}

net::task<s3::ListPage> MemoryStore::list_objects(std::string bucket, s3::ListOptions options) {
  ++listings;
  co_await some_turns();
  if (odd_buckets.contains(bucket)) throw Error(Fault::bad_input, "InvalidBucketName " + bucket);
  if (forbidden.contains(bucket + "/")) throw Error(Fault::forbidden, "AccessDenied " + bucket);
  if (!buckets_.contains(bucket)) throw Error(Fault::not_found, "NoSuchBucket " + bucket);
  s3::ListPage page;
  auto& objects = buckets_.at(bucket);
  for (auto at = objects.upper_bound(options.continuation_token); at != objects.end(); ++at) {
    auto& [key, stored] = *at;
    if (!key.starts_with(options.prefix)) continue;
    if (page.objects.size() == page_keys) {
      page.is_truncated = true;
      page.next_continuation_token = page.objects.back().key;
      break;
    }
    s3::ListedObject listed;
    listed.key = key;
    listed.size = stored.content.size();
    listed.etag = stored.etag;
    listed.last_modified = stored.modified;
    listed.storage_class = stored.storage_class;
    if (stored.crc) {
      listed.checksum_algorithms = {"CRC32"};
      listed.checksum_type = "FULL_OBJECT";
    }
    page.objects.push_back(std::move(listed));
    if (key == changes_after_listing) stored.etag = "\"changed\"";
  }
  co_return page;
}

net::task<void> MemoryStore::read(s3::ObjectRange from, s3::Landing& into) {
  Under const under(reading, most_reading);
  std::size_t const number = reads.size();
  s3::ObjectName const object{std::string(from.bucket), stored_key(from.key, from.version_id)};
  reads.push_back({object.key, from.offset, into.room.size(), from.hedge});
  co_await some_turns();
  if (number == hanging_read && hanging_after == 0) co_await hang();
  if (number == failing_read) throw Error(Fault::unavailable, "a read failed");
  StoredObject const& stored = at(object.bucket, object.key);
  if (stored.etag != from.etag) throw Error(Fault::changed, object.key + " has changed");
  // The bytes come in pieces, as from a network.
  while (into.arrived < into.room.size()) {
    std::size_t piece = std::min(most_arriving, into.room.size() - into.arrived);
    if (number == hanging_read) piece = std::min(piece, hanging_after - into.arrived);
    std::span<char> const room = into.room.subspan(into.arrived, piece);
    stored.content.copy(from.offset + into.arrived, room);
    into.add(piece);
    co_await some_turns();
    if (number == hanging_read && into.arrived == hanging_after) co_await hang();
  }
}

net::task<s3::Written> MemoryStore::put_object(s3::ObjectName object, s3::PutOptions options,
                                               std::span<std::string_view const> body) {
  ++puts;
  co_await some_turns();
  std::string bytes = joined(body);
  base::check(options.content_length == bytes.size(), "a body is as long as it says");
  base::check(!options.crc32 || *options.crc32 == base::crc32(0, bytes), "a body has its CRC");
  StoredObject& stored = put(object.bucket, object.key, Content(std::move(bytes)));
  stored.metadata = metadata_of(options.attributes);
  co_return s3::Written{stored.etag, {}, std::nullopt};
}

net::task<s3::CreatedUpload> MemoryStore::create_upload(s3::ObjectName object,
                                                        s3::CreateUploadOptions options) {
  co_await some_turns();
  std::string const id = fmt::format("upload-{}", uploads_.size() + aborts + 1);
  uploads_[id] = Upload{object, metadata_of(options.attributes), {}};
  if (lose_create_answer) uploads_["lost " + id] = uploads_[id];
  co_return s3::CreatedUpload{id, options.crc32 ? "CRC32" : "", "", lose_create_answer};
}

net::task<s3::Written> MemoryStore::upload_part(s3::ObjectName object, s3::PartOptions options,
                                                std::span<std::string_view const> body) {
  Under const under(uploading_, most_uploading);
  std::size_t const number = uploaded.size();
  uploaded.push_back(options.number);
  co_await some_turns();
  if (number == hanging_upload) co_await hang();
  if (number == failing_upload) throw Error(Fault::unavailable, "a part failed");
  auto const upload = uploads_.find(options.upload_id);
  if (upload == uploads_.end()) throw Error(Fault::not_found, "NoSuchUpload");
  base::check(upload->second.target == object, "a part goes to its upload's object");
  base::check(options.number >= 1 && options.number <= 10'000, "S3 takes 10,000 parts");
  std::string bytes = joined(body);
  base::check(options.content_length == bytes.size(), "a body is as long as it says");
  base::check(options.crc32 == base::crc32(0, bytes), "a part has its CRC");
  if (options.number == short_part) bytes.pop_back();
  std::string etag = part_etag(bytes);
  upload->second.parts[options.number] = std::move(bytes);
  co_return s3::Written{std::move(etag), {}, options.crc32};
}

net::task<std::optional<std::vector<s3::ListedPart>>> MemoryStore::list_parts(
    s3::ObjectName object, std::string upload_id) {
  co_await some_turns();
  auto const upload = uploads_.find(upload_id);
  if (upload == uploads_.end()) co_return std::nullopt;
  base::check(upload->second.target == object, "parts are asked for by their upload's object");
  std::vector<s3::ListedPart> parts;
  for (auto const& [number, bytes] : upload->second.parts)
    parts.push_back({number, bytes.size(), part_etag(bytes), base::crc32(0, bytes)});
  co_return parts;
}

net::task<s3::CompletedUpload> MemoryStore::complete_upload(s3::ObjectName object,
                                                            s3::CompleteOptions options) {
  co_await some_turns();
  auto const found = uploads_.find(options.upload_id);
  if (found == uploads_.end()) throw Error(Fault::not_found, "NoSuchUpload");
  Upload const upload = found->second;
  std::string bytes;
  std::uint32_t last = 0;
  for (s3::CompletedPart const& part : options.parts) {
    if (part.number <= last) throw Error(Fault::internal, "InvalidPartOrder");
    last = part.number;
    auto const have = upload.parts.find(part.number);
    if (have == upload.parts.end() || part.etag != part_etag(have->second))
      throw Error(Fault::conflict, "InvalidPart");
    bytes += have->second;
  }
  StoredObject& stored = put(object.bucket, object.key, Content(std::move(bytes)));
  stored.metadata = upload.metadata;
  uploads_.erase(options.upload_id);
  if (lose_complete_answer) throw Error(Fault::not_found, "NoSuchUpload");
  co_return s3::CompletedUpload{};
}

net::task<void> MemoryStore::delete_object(s3::ObjectName object) {
  co_await some_turns();
  buckets_[object.bucket].erase(object.key);
}

net::task<void> MemoryStore::abort_upload(s3::ObjectName, std::string upload_id) {
  co_await some_turns();
  ++aborts;
  uploads_.erase(upload_id);
}

net::task<void> MemoryStore::abort_other_uploads(s3::ObjectName object,
                                                 std::string kept_upload_id) {
  co_await some_turns();
  std::erase_if(uploads_, [&](auto const& upload) {
    return upload.second.target == object && upload.first != kept_upload_id;
  });
}

net::task<std::string> MemoryStore::presign(s3::ObjectName object, std::chrono::seconds life) {
  co_return fmt::format("{}/{}/{}?life={}", endpoint_url_, object.bucket, object.key, life.count());
}

net::task<std::string> MemoryStore::url(s3::ObjectName object) {
  co_return fmt::format("{}/{}/{}", endpoint_url_, object.bucket, object.key);
}

}  // namespace archive
