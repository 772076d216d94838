#include "archive/read/entry_store.h"

#include "base/error.h"
#include "base/service_limits.h"
#include "base/text.h"
#include "zip/format.h"
#include "zip/read/entry_reader.h"

#include <algorithm>

namespace archive {

namespace limits = base::limits;

namespace {

// Most headers have no more extra bytes than this.
constexpr std::uint64_t likely_extra_bytes = 64;

std::uint64_t likely_header_size(zip::ListedEntry const& entry) {
  return zip::local_header_fixed_size + entry.name_in_archive().size() + likely_extra_bytes;
}

[[noreturn]] void refuse() {
  throw base::Error(base::Fault::internal, "an entry of an archive can only be read");
}

}  // namespace

zip::ListedEntry listed(ContentEntry const& entry) {
  zip::ListedEntry listed;
  listed.name = entry.name;
  listed.raw_name = entry.raw_name;
  listed.flags = entry.is_encrypted ? 1 : 0;
  listed.method = entry.method;
  listed.crc = entry.crc.value_or(0);
  listed.compressed_size = entry.compressed_size;
  listed.size = entry.size;
  listed.local_offset = entry.local_offset;
  return listed;
}

EntryStore::EntryStore(std::vector<OpenArchive> archives, std::shared_ptr<Contents const> contents)
    : archives_(std::move(archives)), contents_(std::move(contents)) {
  for (OpenArchive const& archive : archives_)
    if (archive.store) beneath_ = archive.store;
  base::check(beneath_ != nullptr, "entries are read from an open archive");
}

net::task<void> EntryStore::read(s3::ObjectRange from, s3::Landing& into) {
  auto const place = base::parse_uint(from.version_id);
  base::check(place && *place < contents_->size(), "the entry is one of the list");
  ContentEntry const entry = (*contents_)[*place];
  std::uint64_t const begin = from.offset + into.arrived;
  std::span<char> const room = into.room.subspan(into.arrived);
  if (entry.size <= limits::read_with_header_bytes) {
    std::optional<std::string> const content = co_await read_small(entry);
    if (content) {
      content->copy(room.data(), room.size(), begin);
      into.add(room.size());
      co_return;
    }
  }
  std::uint64_t const data = co_await data_offset(*place, entry);
  co_await archives_.at(entry.archive).bytes.read(data + begin, room);
  into.add(room.size());
}

// Header and content in one read; nullopt if the header is longer than most.
net::task<std::optional<std::string>> EntryStore::read_small(ContentEntry entry) {
  ArchiveBytes const& bytes = archives_.at(entry.archive).bytes;
  zip::ListedEntry const wanted = listed(entry);
  zip::EntryReader reader(wanted);
  std::uint64_t const room = bytes.size - std::min(entry.local_offset, bytes.size);
  std::string packed(std::min(likely_header_size(wanted) + entry.size, room), '\0');
  co_await bytes.read(entry.local_offset, std::span<char>(packed));
  std::string content;
  zip::EntryReader::Take const keep = [&content](std::string_view piece) { content += piece; };
  reader.feed(packed, keep);
  if (!reader.total() || *reader.total() > packed.size()) co_return std::nullopt;
  reader.finish();
  co_return content;
}

net::task<std::uint64_t> EntryStore::data_offset(std::size_t place, ContentEntry entry) {
  auto const known = data_offsets_.find(place);
  if (known != data_offsets_.end()) co_return known->second;
  ArchiveBytes const& bytes = archives_.at(entry.archive).bytes;
  zip::ListedEntry const wanted = listed(entry);
  zip::EntryReader reader(wanted);
  zip::EntryReader::Take const drop = [](std::string_view) {};
  std::uint64_t at = entry.local_offset;
  std::string header(likely_header_size(wanted), '\0');
  while (!reader.total()) {
    header.resize(std::min<std::uint64_t>(header.size(), bytes.size - std::min(at, bytes.size)));
    if (header.empty()) reader.finish();  // throws: the archive ends inside the header
    co_await bytes.read(at, std::span<char>(header));
    at += header.size();
    reader.feed(header, drop);
  }
  std::uint64_t const data = entry.local_offset + *reader.total() - entry.compressed_size;
  data_offsets_.emplace(place, data);
  co_return data;
}

void EntryStore::limit_patience(std::chrono::milliseconds time) {
  for (OpenArchive const& archive : archives_)
    if (archive.store) archive.store->limit_patience(time);
}

net::task<std::vector<s3::ListedBucket>> EntryStore::list_buckets() {
  refuse();
}
net::task<s3::Headed> EntryStore::head_object(s3::ObjectName /*object*/) {
  refuse();
}
net::task<s3::ListPage> EntryStore::list_objects(std::string /*bucket*/,
                                                 s3::ListOptions /*options*/) {
  refuse();
}
net::task<s3::Written> EntryStore::put_object(s3::ObjectName /*object*/, s3::PutOptions /*options*/,
                                              std::span<std::string_view const> /*body*/) {
  refuse();
}
net::task<s3::CreatedUpload> EntryStore::create_upload(s3::ObjectName /*object*/,
                                                       s3::CreateUploadOptions /*options*/) {
  refuse();
}
net::task<s3::Written> EntryStore::upload_part(s3::ObjectName /*object*/,
                                               s3::PartOptions /*options*/,
                                               std::span<std::string_view const> /*body*/) {
  refuse();
}
net::task<std::optional<std::vector<s3::ListedPart>>> EntryStore::list_parts(
    s3::ObjectName /*object*/, std::string /*upload_id*/) {
  refuse();
}
net::task<s3::CompletedUpload> EntryStore::complete_upload(s3::ObjectName /*object*/,
                                                           s3::CompleteOptions /*options*/) {
  refuse();
}
net::task<void> EntryStore::delete_object(s3::ObjectName /*object*/) {
  refuse();
}
net::task<void> EntryStore::abort_upload(s3::ObjectName /*object*/, std::string /*upload_id*/) {
  refuse();
}
net::task<void> EntryStore::abort_other_uploads(s3::ObjectName /*object*/,
                                                std::string /*kept_upload_id*/) {
  refuse();
}
net::task<std::string> EntryStore::presign(s3::ObjectName /*object*/,
                                           std::chrono::seconds /*life*/) {
  refuse();
}
net::task<std::string> EntryStore::url(s3::ObjectName /*object*/) {
  refuse();
}

}  // namespace archive
