// ListObjects, both versions.
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/calls.h"
#include "sandbox/calls/quirky_calls.h"
#include "sandbox/calls/seen_object.h"
#include "sandbox/faults/quirky_answer.h"
#include "sandbox/owner.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

namespace sandbox {
namespace {

constexpr std::uint64_t max_keys = base::limits::listing_page_keys;

// The arguments of both versions.
struct Arguments {
  ListQuery query;
  std::uint64_t max_keys = 0;
  bool url = false;  // encoding-type=url

  std::string shown(std::string_view text) const {
    return url ? base::percent_encode(text, true) : std::string(text);
  }
};

Arguments read_arguments(Call const& call) {
  Arguments arguments;
  arguments.query.prefix = call.argument("prefix").value_or("");
  arguments.query.delimiter = call.argument("delimiter").value_or("");
  arguments.max_keys = call.number("max-keys", max_keys, max_keys);
  arguments.query.max_items = arguments.max_keys;
  auto const encoding = call.argument("encoding-type");
  if (encoding && !encoding->empty() && *encoding != "url")
    throw refusal("InvalidArgument", "Invalid Encoding Method specified in Request");
  arguments.url = encoding == "url";
  return arguments;
}

// A token holds the key that the listing goes on from. The version in front keeps clients from
// making their own.
std::string continuation_token(ListPage const& page) {
  return base::base64(base::as_bytes("1:" + page.last));
}

std::string read_continuation_token(std::string_view token) {
  auto const bytes = base::base64_decode(token);
  std::string text = bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
  if (!text.starts_with("1:"))
    throw refusal("InvalidArgument", "The continuation token provided is incorrect");
  return text.substr(2);
}

void write_items(XmlWriter& xml, Call const& call, Arguments const& arguments, ListPage const& page,
                 bool with_owner) {
  for (ListPage::Item const& item : page.items) {
    xml.open("Contents");
    ObjectPointer const object = listed_object(call, item.key, item.object);
    xml.text("Key", arguments.shown(item.key));
    if (!call.has(Quirk::no_last_modified)) xml.text("LastModified", s3_time(object->modified));
    if (!call.has(Quirk::no_etags)) xml.text("ETag", listed_etag(object->etag, call.wire.quirks()));
    if (!object->crc32.empty()) {
      xml.text("ChecksumAlgorithm", "CRC32");
      xml.text("ChecksumType", object->crc32_type);
    }
    xml.number("Size", object->size);
    if (with_owner) write_owner(xml);
    xml.text("StorageClass", storage_class(object->headers));
    xml.close();
  }
  for (std::string const& prefix : page.common_prefixes) {
    xml.open("CommonPrefixes");
    xml.text("Prefix", arguments.shown(prefix));
    xml.close();
  }
}

void write_arguments(XmlWriter& xml, Call const& call, Arguments const& arguments,
                     ListPage const& page) {
  xml.text("Name", call.bucket);
  xml.text("Prefix", arguments.shown(arguments.query.prefix));
  if (!arguments.query.delimiter.empty())
    xml.text("Delimiter", arguments.shown(arguments.query.delimiter));
  xml.number("MaxKeys", arguments.max_keys);
  if (arguments.url) xml.text("EncodingType", "url");
  xml.truth("IsTruncated", page.truncated);
}

}  // namespace

net::task<void> list_objects(Call& call) {
  Arguments arguments = read_arguments(call);
  std::string const marker(call.argument("marker").value_or(""));
  arguments.query.after = marker;
  auto const list = [&] { return call.open_bucket()->list(arguments.query); };
  ListPage const page = co_await call.pool.get(list);
  XmlWriter xml("ListBucketResult");
  write_arguments(xml, call, arguments, page);
  xml.text("Marker", arguments.shown(marker));
  // Without a delimiter, clients go on behind the page's last key; an empty page has none.
  bool const names_last = arguments.query.delimiter.empty() && !page.items.empty();
  bool const tells_next = page.truncated && !names_last;
  if (tells_next) xml.text("NextMarker", arguments.shown(page.last));
  write_items(xml, call, arguments, page, true);
  co_await answer_xml(call, xml.finish());
}

net::task<void> list_objects_v2(Call& call) {
  Arguments arguments = read_arguments(call);
  auto const token = call.argument("continuation-token");
  auto const start_after = call.argument("start-after");
  arguments.query.after = start_after.value_or("");
  if (token) arguments.query.after = read_continuation_token(*token);
  auto const list = [&] { return quirky_page(call, arguments.query); };
  ListPage const page = co_await call.pool.get(list);
  XmlWriter xml("ListBucketResult");
  write_arguments(xml, call, arguments, page);
  xml.number("KeyCount", page.items.size() + page.common_prefixes.size());
  if (start_after) xml.text("StartAfter", arguments.shown(*start_after));
  if (token) xml.text("ContinuationToken", *token);
  if (page.truncated && !call.has(Quirk::missing_token))
    xml.text("NextContinuationToken", continuation_token(page));
  write_items(xml, call, arguments, page, call.argument("fetch-owner") == "true");
  co_await answer_xml(call, xml.finish());
}

}  // namespace sandbox
