// ListParts and ListMultipartUploads.
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/checksum.h"
#include "sandbox/buckets/listing.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/calls.h"
#include "sandbox/calls/quirky_calls.h"
#include "sandbox/owner.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <set>
#include <tuple>

namespace sandbox {
namespace {

constexpr std::uint64_t max_page = 1000;

struct UploadQuery {
  std::string prefix, delimiter, key_marker, id_marker;
  std::uint64_t max_uploads = max_page;
  bool url = false;
  std::string shown(std::string_view text) const {
    return url ? base::percent_encode(text, true) : std::string(text);
  }
};

struct UploadPage {
  std::vector<Upload> uploads;
  std::set<std::string> common_prefixes;
  bool truncated = false;
};

// An upload is behind the markers if its key is later, or if its key is the same and its id later.
bool is_behind(Upload const& upload, UploadQuery const& query) {
  if (query.key_marker.empty() || upload.key > query.key_marker) return true;
  return upload.key == query.key_marker && !query.id_marker.empty() && upload.id > query.id_marker;
}

UploadPage upload_page(std::vector<Upload> const& all, UploadQuery const& query) {
  UploadPage page;
  for (Upload const& upload : all) {
    if (!upload.key.starts_with(query.prefix) || !is_behind(upload, query)) continue;
    std::size_t const at = query.delimiter.empty()
                               ? std::string::npos
                               : upload.key.find(query.delimiter, query.prefix.size());
    if (at != std::string::npos) {
      page.common_prefixes.insert(upload.key.substr(0, at + query.delimiter.size()));
      continue;
    }
    page.truncated = page.uploads.size() == query.max_uploads;
    if (page.truncated) break;
    page.uploads.push_back(upload);
  }
  return page;
}

void write_uploads(XmlWriter& xml, UploadQuery const& query, UploadPage const& page) {
  for (Upload const& upload : page.uploads) {
    xml.open("Upload");
    xml.text("Key", query.shown(upload.key));
    xml.text("UploadId", upload.id);
    write_owner(xml, "Initiator");
    write_owner(xml);
    xml.text("StorageClass", "STANDARD");
    xml.text("Initiated", s3_time(upload.initiated));
    xml.close();
  }
  for (std::string const& prefix : page.common_prefixes) {
    xml.open("CommonPrefixes");
    xml.text("Prefix", query.shown(prefix));
    xml.close();
  }
}

}  // namespace

net::task<void> list_parts(Call& call) {
  std::string const id(call.argument("uploadId").value_or(""));
  std::uint64_t const most = page_items(call, call.number("max-parts", max_page, max_page));
  std::uint64_t const marker = call.number("part-number-marker", 0, UINT32_MAX);
  bool const repeats = call.has(Quirk::repeated_token);
  auto const find = [&] { return call.open_bucket()->uploads().find(call.key, id); };
  Upload const upload = co_await call.pool.get(find);
  XmlWriter xml("ListPartsResult");
  xml.text("Bucket", call.bucket);
  xml.text("Key", call.key);
  xml.text("UploadId", id);
  write_owner(xml, "Initiator");
  write_owner(xml);
  xml.text("StorageClass", storage_class(upload.headers));
  xml.number("PartNumberMarker", marker);
  xml.number("MaxParts", most);
  if (!upload.checksum_type.empty()) {
    xml.text("ChecksumAlgorithm", "CRC32");
    xml.text("ChecksumType", upload.checksum_type);
  }
  auto part = upload.parts.upper_bound(repeats ? 0 : static_cast<std::uint32_t>(marker));
  std::uint64_t last = 0;
  for (std::uint64_t count = 0; part != upload.parts.end() && count < most; ++part, ++count) {
    last = part->first;
    xml.open("Part");
    xml.number("PartNumber", part->first);
    xml.text("LastModified", s3_time(part->second.modified));
    xml.text("ETag", quoted_etag(part->second.md5));
    xml.number("Size", part->second.size);
    if (!upload.checksum_type.empty())
      xml.text("ChecksumCRC32", s3::crc32_text(part->second.crc32));
    xml.close();
  }
  bool const truncated = part != upload.parts.end() || repeats || call.has(Quirk::missing_token);
  xml.truth("IsTruncated", truncated);
  if (truncated && !call.has(Quirk::missing_token)) xml.number("NextPartNumberMarker", last);
  co_await answer_xml(call, xml.finish());
}

net::task<void> list_multipart_uploads(Call& call) {
  UploadQuery query;
  query.prefix = call.argument("prefix").value_or("");
  query.delimiter = call.argument("delimiter").value_or("");
  query.key_marker = call.argument("key-marker").value_or("");
  query.id_marker = call.argument("upload-id-marker").value_or("");
  query.max_uploads = page_items(call, call.number("max-uploads", max_page, max_page));
  bool const repeats = call.has(Quirk::repeated_token);
  if (repeats) query.key_marker.clear();
  query.url = call.argument("encoding-type") == "url";
  auto const list = [&call] { return call.open_bucket()->uploads().list(); };
  std::vector<Upload> const all = co_await call.pool.get(list);
  UploadPage page = upload_page(all, query);
  if (repeats || call.has(Quirk::missing_token)) page.truncated = true;
  XmlWriter xml("ListMultipartUploadsResult");
  xml.text("Bucket", call.bucket);
  xml.text("KeyMarker", query.shown(query.key_marker));
  xml.text("UploadIdMarker", query.id_marker);
  xml.text("Prefix", query.shown(query.prefix));
  if (!query.delimiter.empty()) xml.text("Delimiter", query.shown(query.delimiter));
  xml.number("MaxUploads", query.max_uploads);
  if (query.url) xml.text("EncodingType", "url");
  xml.truth("IsTruncated", page.truncated);
  if (page.truncated && !page.uploads.empty() && !call.has(Quirk::missing_token)) {
    xml.text("NextKeyMarker", query.shown(page.uploads.back().key));
    xml.text("NextUploadIdMarker", page.uploads.back().id);
  }
  write_uploads(xml, query, page);
  co_await answer_xml(call, xml.finish());
}

}  // namespace sandbox
