// CopyObject and UploadPartCopy.
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/buckets/bucket_access.h"
#include "sandbox/buckets/content.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/buckets/object_tags.h"
#include "sandbox/calls/calls.h"
#include "sandbox/calls/seen_object.h"
#include "sandbox/calls/upload_argument.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace sandbox {
namespace {

constexpr std::size_t copy_step_bytes = 1 * base::limits::MiB;
constexpr std::uint64_t max_copy_bytes = 5 * base::limits::GiB;
// "UploadPartCopy takes a byte range only of sources over 5 MB", says AWS.
constexpr std::uint64_t min_ranged_source_bytes = 5 * base::limits::MiB;

struct Source {
  std::string bucket;
  std::string key;
  Opened opened;
};

// x-amz-copy-source: "/bucket/key" or "bucket/key", percent-encoded, perhaps with ?versionId=.
Source open_source(Call const& call) {
  std::string_view text = call.headers().get("x-amz-copy-source");
  std::size_t const query = text.find("?versionId=");
  if (query != std::string_view::npos) {
    if (text.substr(query) != "?versionId=null") throw refusal("NoSuchVersion");
    text = text.substr(0, query);
  }
  auto const decoded = base::percent_decode(text);
  if (!decoded) throw refusal("InvalidArgument", "x-amz-copy-source cannot be decoded");
  std::string_view path = *decoded;
  if (path.starts_with('/')) path.remove_prefix(1);
  std::size_t const slash = path.find('/');
  if (slash == std::string_view::npos || slash + 1 == path.size())
    throw refusal("InvalidArgument", "x-amz-copy-source names no bucket and key");
  Source source;
  source.bucket = path.substr(0, slash);
  source.key = path.substr(slash + 1);
  check_payer(call, source.bucket);
  source.opened = open_object(call, source.bucket, source.key);
  if (failed_condition(call.headers(), *source.opened.object, "x-amz-copy-source-"))
    throw refusal("PreconditionFailed");
  return source;
}

// The content is copied in steps, so that a long copy shares the pool with others.
net::task<Received> copy_content(Call& call, Opened const& source, base::Extent range,
                                 File const& target) {
  BodyClaims claims;
  claims.size = range.size;
  Intake intake(std::move(claims), &target);
  ContentReader reader(source);
  std::vector<char> buffer(std::min<std::uint64_t>(range.size, copy_step_bytes));
  std::function<void()> const step = [&] {
    auto const piece = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), range.size));
    reader.read(range.offset, piece);
    intake.consume({piece.data(), piece.size()});
    range.offset += piece.size();
    range.size -= piece.size();
  };
  while (range.size > 0) co_await call.pool.run(step);
  co_return intake.finish();
}

void write_copied(XmlWriter& xml, std::string_view etag, base::UnixSeconds modified) {
  xml.text("LastModified", s3_time(modified));
  xml.text("ETag", quoted_etag(etag));
}

bool replaces(Call const& call, std::string_view header) {
  std::string_view const directive = call.headers().get(header);
  if (directive.empty() || directive == "COPY") return false;
  if (directive != "REPLACE") throw refusal("InvalidArgument", "Unknown metadata directive.");
  return true;
}

// x-amz-copy-source-range: "bytes=first-last", both given and inside the source.
base::Extent source_range(Call const& call, std::uint64_t size) {
  auto const header = call.headers().find("x-amz-copy-source-range");
  if (!header) return {0, size};
  std::string_view text = base::trim(*header);
  constexpr std::string_view unit = "bytes=";
  std::size_t const dash = text.find('-');
  if (!text.starts_with(unit) || dash == std::string_view::npos)
    throw refusal("InvalidArgument", "The x-amz-copy-source-range value must be bytes=first-last");
  auto const first = base::parse_uint(text.substr(unit.size(), dash - unit.size()));
  auto const last = base::parse_uint(text.substr(dash + 1));
  if (!first || !last || *first > *last)
    throw refusal("InvalidArgument", "The x-amz-copy-source-range value must be bytes=first-last");
  if (*last >= size)
    throw refusal("InvalidArgument", fmt::format("Range specified is not valid for source object "
                                                 "of size: {}",
                                                 size));
  if (size <= min_ranged_source_bytes)
    throw refusal("InvalidRequest", "The source of a range must be over 5 MiB.");
  return {*first, *last - *first + 1};
}

// The copy has its own class and encryption.
void take_own_headers(Call const& call, Object& copy) {
  auto const is_own = [](http::Field const& line) {
    return line.name == "x-amz-storage-class" || is_encryption(line);
  };
  std::erase_if(copy.headers, is_own);
  std::ranges::copy_if(stored_headers(call.headers()), std::back_inserter(copy.headers), is_own);
}

// Tags have a directive of their own.
void copy_tags(Call const& call, Object const& original, Object& copy) {
  auto const is_tagging = [](http::Field const& line) { return line.name == tagging_header; };
  std::erase_if(copy.headers, is_tagging);
  if (replaces(call, "x-amz-tagging-directive")) {
    if (auto line = stored_tags(call.headers())) copy.headers.push_back(*std::move(line));
    return;
  }
  auto const kept = std::ranges::find_if(original.headers, is_tagging);
  if (kept != original.headers.end()) copy.headers.push_back(*kept);
}

// The object that the copy will be, without its content.
Object copied_object(Call const& call, Source const& source, bool replace) {
  Object const& original = *source.opened.object;
  Object object;
  object.headers = replace ? stored_headers(call.headers()) : original.headers;
  if (!replace) {
    take_own_headers(call, object);
  }
  copy_tags(call, original, object);
  if (original.place == Place::computed) {
    object.place = Place::computed;
    object.seed = original.seed;
    object.size = original.size;
    object.etag = original.etag;
  }
  return object;
}

}  // namespace

net::task<void> copy_object(Call& call) {
  bool const replace = replaces(call, "x-amz-metadata-directive");
  Condition const condition = put_condition(call.headers());
  std::shared_ptr<Bucket> bucket;
  auto const open = [&] {
    bucket = call.open_bucket();
    return open_source(call);
  };
  Source const source = co_await call.pool.get(open);
  Object const& original = *source.opened.object;
  bool const changes = replace || call.headers().find("x-amz-storage-class") ||
                       call.headers().find("x-amz-server-side-encryption");
  if (source.bucket == call.bucket && source.key == call.key && !changes)
    throw refusal("InvalidRequest",
                  "This copy request is illegal because it is trying to copy an object to itself "
                  "without changing the object's metadata.");
  if (original.size > max_copy_bytes && original.place != Place::computed)
    throw refusal("InvalidRequest", "The source is larger than 5 GiB; copy it in parts.");
  Object object = copied_object(call, source, replace);
  NewFile file;
  if (object.place != Place::computed) {
    auto const create = [&] { return bucket->new_file(); };
    file = co_await call.pool.get(create);
    base::Extent const whole(0, original.size);
    Received const received = co_await copy_content(call, source.opened, whole, file.file);
    object.etag = received.md5;
    object.size = received.size;
    // The stored CRC of a whole object stays true of its copy; a composite one becomes whole.
    if (!original.crc32.empty()) {
      object.crc32 = s3::crc32_text(received.crc32);
      object.crc32_type = "FULL_OBJECT";
    }
  }
  auto const put = [&] {
    if (file.file) {
      object.place = Place::data;
      object.data = bucket->finished(file, object.size);
    }
    return bucket->put(call.key, std::move(object), condition);
  };
  ObjectPointer const made = co_await call.pool.get(put);
  XmlWriter xml("CopyObjectResult");
  write_copied(xml, made->etag, made->modified);
  if (!made->crc32.empty()) xml.text("ChecksumCRC32", made->crc32);
  co_await answer_xml(call, xml.finish());
}

net::task<void> upload_part_copy(Call& call) {
  UploadArgument const argument = upload_argument(call);
  std::shared_ptr<Bucket> bucket;
  NewFile file;
  bool with_crc32 = false;
  auto const open = [&] {
    bucket = call.open_bucket();
    with_crc32 = !bucket->uploads().find(call.key, argument.id).checksum_type.empty();
    Source source = open_source(call);
    file = bucket->new_file();
    return source;
  };
  Source const source = co_await call.pool.get(open);
  base::Extent const range = source_range(call, source.opened.object->size);
  if (range.size > max_copy_bytes) throw refusal("EntityTooLarge");
  Received const received = co_await copy_content(call, source.opened, range, file.file);
  std::function<void()> const put = [&] { put_part(call, *bucket, argument, file, received); };
  co_await call.pool.run(put);
  XmlWriter xml("CopyPartResult");
  write_copied(xml, received.md5, base::unix_now());
  if (with_crc32) xml.text("ChecksumCRC32", s3::crc32_text(received.crc32));
  co_await answer_xml(call, xml.finish());
}

}  // namespace sandbox
