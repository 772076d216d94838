#include "sandbox/calls/upload_completion.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/buckets/call.h"
#include "sandbox/buckets/intake.h"
#include "sandbox/refusal.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace sandbox {
namespace {

// Parts up to this size together are copied into one plain file, which people can open.
constexpr std::uint64_t max_joined_bytes = 64 * base::limits::MiB;

// An upload under completion, given up again unless the object was made.
class Completion {
 public:
  Completion(Uploads& uploads, std::string const& key, std::string const& id)
      : uploads_(uploads), upload_(uploads.begin_completion(key, id)) {}
  ~Completion() {
    if (!ended_) uploads_.give_up_completion(upload_.id);
  }
  Completion(Completion const&) = delete;
  Completion& operator=(Completion const&) = delete;

  Upload const& upload() const { return upload_; }
  void end(std::set<std::string> const& kept) {
    ended_ = true;
    uploads_.end_completion(upload_.id, kept);
  }

 private:
  Uploads& uploads_;
  Upload const upload_;
  bool ended_ = false;
};

std::vector<UploadPart> chosen_parts(Upload const& upload, std::vector<NamedPart> const& named) {
  std::vector<UploadPart> chosen;
  std::uint32_t last_number = 0;
  for (NamedPart const& name : named) {
    if (name.number <= last_number) throw refusal("InvalidPartOrder");
    last_number = name.number;
    auto const found = upload.parts.find(name.number);
    if (found == upload.parts.end() || found->second.md5 != name.etag) throw refusal("InvalidPart");
    if (!name.crc32.empty() && name.crc32 != s3::crc32_text(found->second.crc32))
      throw refusal("InvalidPart", "The CRC32 of a part is not the one that was named.");
    chosen.push_back(found->second);
  }
  for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
    if (chosen[i].size < base::limits::min_part_bytes) throw refusal("EntityTooSmall");
  }
  return chosen;
}

// "CompletedPart" and "CompleteMultipartUpload", Amazon S3 API reference: with checksums the
// numbers are 1, 2, 3 …, and a COMPOSITE upload needs a checksum for each part.
void check_checksums_named(Upload const& upload, std::vector<NamedPart> const& named) {
  std::uint32_t expected = 1;
  for (NamedPart const& part : named) {
    if (upload.checksum_type == "COMPOSITE" && part.crc32.empty())
      throw refusal("InvalidRequest",
                    fmt::format("The upload was created using a crc32 checksum. The complete "
                                "request must include the checksum for each part. It was missing "
                                "for part {} in the request.",
                                part.number));
    if (!part.crc32.empty() && part.number != expected++) throw refusal("InvalidPartOrder");
  }
}

// Compares the object with the size and checksum that the request claims.
void check_whole(Object const& object, CompletionRequest const& request) {
  if (request.size && *request.size != object.size)
    throw refusal("InvalidRequest", fmt::format("x-amz-mp-object-size is {}, and the parts have {} "
                                                "bytes together.",
                                                *request.size, object.size));
  if (!request.checksum_type.empty() && request.checksum_type != object.crc32_type)
    throw refusal("InvalidRequest", "The upload was created with another checksum type.");
  if (request.crc32.empty()) return;
  if (object.crc32.empty())
    throw refusal("InvalidRequest", "The upload was created without a CRC32 checksum.");
  bool const with_count = request.crc32.find('-') != std::string::npos;
  std::string const own =
      with_count ? object.crc32 : object.crc32.substr(0, object.crc32.rfind('-'));
  if (request.crc32 != own)
    throw refusal("BadDigest", "The CRC32 that was sent is not that of the whole object.");
}

std::string raw_bytes(std::vector<std::uint8_t> const& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string md5_bytes(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    std::uint8_t value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// FULL_OBJECT: the CRC of all bytes. COMPOSITE: the CRC of the parts' CRCs, and their number.
void set_checksum(Object& object, Upload const& upload, std::vector<UploadPart> const& parts) {
  if (upload.checksum_type.empty()) return;
  object.crc32_type = upload.checksum_type;
  std::uint32_t whole = 0;
  std::string values;
  for (UploadPart const& part : parts) {
    whole = base::crc32_combine(whole, part.crc32, part.size);
    values += raw_bytes(*base::base64_decode(s3::crc32_text(part.crc32)));
  }
  bool const composite = upload.checksum_type == "COMPOSITE";
  if (composite) {
    for (UploadPart const& part : parts) object.part_crc32s.push_back(part.crc32);
  }
  object.crc32 = composite
                     ? fmt::format("{}-{}", s3::crc32_text(base::crc32(0, values)), parts.size())
                     : s3::crc32_text(whole);
}

Object object_of(Upload const& upload, std::vector<UploadPart> const& parts) {
  Object object;
  std::string digests;
  for (UploadPart const& part : parts) {
    digests += md5_bytes(part.md5);
    object.size += part.size;
    object.part_sizes.push_back(part.size);
  }
  object.etag = fmt::format("{}-{}", base::hex(base::md5(digests)), parts.size());
  object.headers = upload.headers;
  object.upload_id = upload.id;
  object.place = Place::data;
  set_checksum(object, upload, parts);
  return object;
}

std::shared_ptr<DataFiles> join(Bucket& bucket, std::vector<UploadPart> const& parts,
                                std::uint64_t size) {
  NewFile file = bucket.new_file();
  // A single part is linked: the upload keeps its file until the object is there.
  bool const linked = parts.size() == 1 && replace_by_link(bucket.hidden() / parts.front().name,
                                                           bucket.hidden() / file.name);
  if (!linked) {
    for (UploadPart const& part : parts) append_file(file.file, bucket.hidden() / part.name);
  }
  return bucket.finished(file, size);
}

std::shared_ptr<DataFiles> keep_apart(Bucket& bucket, std::vector<UploadPart> const& parts) {
  std::vector<DataFiles::Extent> extents;
  for (UploadPart const& part : parts) extents.push_back({.name = part.name, .size = part.size});
  return std::make_shared<DataFiles>(bucket.hidden(), std::move(extents));
}

}  // namespace

std::vector<NamedPart> parse_completion(std::string_view body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) throw refusal("MalformedXML");
  std::vector<NamedPart> named;
  for (pugi::xml_node const& node : document.child("CompleteMultipartUpload").children("Part")) {
    auto const number = base::parse_uint(base::trim(node.child_value("PartNumber")));
    if (!number || *number < 1 || *number > base::limits::max_parts) throw refusal("MalformedXML");
    named.push_back({.number = static_cast<std::uint32_t>(*number),
                     .etag = std::string(bare_etag(node.child_value("ETag"))),
                     .crc32 = std::string(base::trim(node.child_value("ChecksumCRC32")))});
  }
  if (named.empty()) throw refusal("MalformedXML");
  return named;
}

ObjectPointer complete_upload(Bucket& bucket, std::string const& key, std::string const& id,
                              CompletionRequest const& request) {
  ObjectPointer present = bucket.find(key);
  if (present && !id.empty() && present->upload_id == id) return present;
  Completion completion(bucket.uploads(), key, id);
  check_checksums_named(completion.upload(), request.parts);
  std::vector<UploadPart> const parts = chosen_parts(completion.upload(), request.parts);
  Object object = object_of(completion.upload(), parts);
  check_whole(object, request);
  bool const joined = parts.size() == 1 || object.size <= max_joined_bytes;
  object.data = joined ? join(bucket, parts, object.size) : keep_apart(bucket, parts);
  ObjectPointer made = bucket.put(key, std::move(object), request.condition);
  std::set<std::string> kept;
  if (!joined) {
    for (UploadPart const& part : parts) kept.insert(part.name);
  }
  completion.end(kept);
  return made;
}

}  // namespace sandbox
