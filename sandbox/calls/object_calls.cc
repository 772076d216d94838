// PutObject, GetObject, HeadObject, DeleteObject and DeleteObjects.
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/buckets/content.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/calls/calls.h"
#include "sandbox/calls/quirky_calls.h"
#include "sandbox/calls/seen_object.h"
#include "sandbox/faults/quirky_answer.h"
#include "sandbox/refusal.h"
#include "sandbox/xml_writer.h"

#include <array>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace sandbox {
namespace {

constexpr std::uint64_t max_put_bytes = 5 * base::limits::GiB;
constexpr std::size_t max_deleted_keys = 1000;

// Applies ?response-content-type=… and similar arguments.
void override_headers(Call const& call, http::Headers& headers) {
  constexpr std::array<std::string_view, 6> names{
      "Content-Type",  "Content-Language",    "Expires",
      "Cache-Control", "Content-Disposition", "Content-Encoding"};
  for (std::string_view const name : names) {
    auto const value = call.argument("response-" + base::to_lower(name));
    if (value) headers.set(name, std::string(*value));
  }
}

http::Response object_head(Call const& call, Object const& object, Wanted const& wanted,
                           std::uint64_t part_number) {
  http::Response head = answer_head(call, wanted.partial ? 206 : 200);
  add_object_headers(head.headers, object);
  if (is_archived_tier(call, object)) head.headers.add("x-amz-archive-status", "ARCHIVE_ACCESS");
  override_headers(call, head.headers);
  head.headers.add("Content-Length", std::to_string(wanted.range.size));
  if (wanted.partial && wanted.range.size > 0) {
    std::uint64_t const last = wanted.range.offset + wanted.range.size - 1;
    head.headers.add("Content-Range",
                     fmt::format("bytes {}-{}/{}", wanted.range.offset, last, object.size));
  }
  if (part_number > 0 && !object.part_sizes.empty())
    head.headers.add("x-amz-mp-parts-count", std::to_string(object.part_sizes.size()));
  std::string_view const mode = call.headers().get("x-amz-checksum-mode");
  if (base::equals_ignoring_case(mode, "ENABLED")) {
    Object told = object;
    told.crc32 = checksum_of(object, wanted, part_number);
    add_checksum(head.headers, told);
  }
  return head;
}

net::task<void> answer_condition(Call& call, Object const& object, int status) {
  if (status == 412) throw refusal("PreconditionFailed");
  http::Response head = answer_head(call, status);
  add_object_headers(head.headers, object);
  head.headers.remove("content-type");
  co_await call.wire.respond(std::move(head), std::string());
}

// PutObject with x-sandbox-virtual-size: an object without a disk.
net::task<void> put_virtual(Call& call, std::uint64_t size) {
  Object object = computed_object(call.key, size, base::unix_now());
  object.headers = stored_headers(call.headers());
  Condition const condition = put_condition(call.headers());
  co_await read_document(call);
  auto const put = [&] { return call.open_bucket()->put(call.key, std::move(object), condition); };
  ObjectPointer const made = co_await call.pool.get(put);
  http::Response head = answer_head(call);
  head.headers.add("ETag", quoted_etag(made->etag));
  co_await call.wire.respond(std::move(head), std::string());
}

struct DeleteRequest {
  std::vector<std::string> keys;
  bool quiet = false;
};

DeleteRequest parse_delete(std::string const& text) {
  pugi::xml_document document;
  unsigned const options = pugi::parse_default | pugi::parse_ws_pcdata_single;
  if (!document.load_buffer(text.data(), text.size(), options)) throw refusal("MalformedXML");
  pugi::xml_node const root = document.child("Delete");
  DeleteRequest request;
  request.quiet = std::string_view(root.child_value("Quiet")) == "true";
  for (pugi::xml_node const& node : root.children("Object"))
    request.keys.emplace_back(node.child_value("Key"));
  if (request.keys.empty() || request.keys.size() > max_deleted_keys) throw refusal("MalformedXML");
  return request;
}

}  // namespace

net::task<void> get_object(Call& call) {
  auto const open = [&call] { return open_object(call, call.bucket, call.key); };
  Opened const opened = co_await call.pool.get(open);
  Object const& object = *opened.object;
  auto const if_match = call.headers().find("if-match");
  if (if_match && call.wire.quirks().any() && !can_match(*if_match, call.wire.quirks()))
    throw refusal("PreconditionFailed");
  bool const is_unpacked = co_await answer_unpacked(call, opened);
  if (is_unpacked) co_return;
  if (auto const status = failed_condition(call.headers(), object)) {
    co_await answer_condition(call, object, *status);
    co_return;
  }
  std::uint64_t const part_number = call.number("partNumber", 0, base::limits::max_parts);
  Wanted const wanted = wanted_range(call.headers(), object, part_number);
  http::Response head = object_head(call, object, wanted, part_number);
  co_await call.wire.start(std::move(head));
  bool const has_body = call.wire.request().method != "HEAD";
  if (has_body) co_await send_content(call.wire, call.pool, opened, wanted.range);
  co_await call.wire.finish();
}

net::task<void> put_object(Call& call) {
  if (auto const size = call.headers().find_uint("x-sandbox-virtual-size")) {
    co_await put_virtual(call, *size);
    co_return;
  }
  co_await check_checksum_is_sent(call);
  BodyClaims claims = body_claims(call.wire.request(), call.caller);
  if (claims.size > max_put_bytes) throw refusal("EntityTooLarge");
  Object object;
  object.headers = stored_headers(call.headers());
  Condition const condition = put_condition(call.headers());
  std::shared_ptr<Bucket> bucket;
  auto const prepare = [&] {
    bucket = call.open_bucket();
    return bucket->new_file();
  };
  NewFile file = co_await call.pool.get(prepare);
  Intake intake(std::move(claims), &file.file);
  Received const received = co_await receive(call, intake);
  object.etag = received.md5;
  object.size = received.size;
  object.crc32 = received.claimed_crc32;
  if (!object.crc32.empty()) object.crc32_type = "FULL_OBJECT";
  auto const put = [&] {
    object.place = Place::data;
    object.data = bucket->finished(file, received.size);
    return bucket->put(call.key, std::move(object), condition);
  };
  ObjectPointer const made = co_await call.pool.get(put);
  http::Response head = answer_head(call);
  head.headers.add("ETag", quoted_etag(made->etag));
  add_checksum(head.headers, *made);
  co_await call.wire.respond(std::move(head), std::string());
}

net::task<void> delete_object(Call& call) {
  std::function<void()> const remove = [&call] { call.open_bucket()->remove(call.key); };
  co_await call.pool.run(remove);
  co_await answer_empty(call, 204);
}

net::task<void> delete_objects(Call& call) {
  std::string const body = co_await read_document(call);
  DeleteRequest const request = parse_delete(body);
  std::function<void()> const remove = [&] {
    std::shared_ptr<Bucket> const bucket = call.open_bucket();
    for (std::string const& key : request.keys) bucket->remove(key);
  };
  co_await call.pool.run(remove);
  XmlWriter xml("DeleteResult");
  for (std::string const& key : request.keys) {
    if (request.quiet) break;
    xml.open("Deleted");
    xml.text("Key", key);
    xml.close();
  }
  co_await answer_xml(call, xml.finish());
}

}  // namespace sandbox
