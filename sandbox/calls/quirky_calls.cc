#include "sandbox/calls/quirky_calls.h"

#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/key_order.h"
#include "sandbox/buckets/content.h"
#include "sandbox/buckets/object_headers.h"
#include "sandbox/refusal.h"

#include <algorithm>

#include <zlib.h>

namespace sandbox {
namespace {

constexpr std::string_view elsewhere = "eu-west.store.example";
constexpr std::uint64_t small_page_items = 2;

std::string stored_encoding(Object const& object) {
  auto const found = std::ranges::find(object.headers, "Content-Encoding", &http::Field::name);
  return found == object.headers.end() ? "" : found->value;
}

// Unpacks the bytes of a gzip file.
std::string unpacked(std::string& packed) {
  constexpr int gzip_window = 15 + 16;
  z_stream stream{};
  base::check(inflateInit2(&stream, gzip_window) == Z_OK, "zlib has memory");
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  std::vector<char> buffer(64 * base::limits::KiB);
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END)
    throw base::Error(base::Fault::internal, "an object with Content-Encoding: gzip is no gzip");
  return out;
}

std::string unpacked_content(Opened const& opened) {
  std::string packed(opened.object->size, '\0');
  ContentReader reader(opened);
  reader.read(0, packed);
  return unpacked(packed);
}

}  // namespace

net::task<bool> answer_by_redirect(Call& call) {
  bool const by_endpoint = call.has(Quirk::redirect_by_endpoint);
  bool const by_location = call.has(Quirk::redirect_by_location);
  if (!by_endpoint && !by_location) co_return false;
  co_await call.wire.discard_body();
  http::Response head = answer_head(call, 301);
  std::string document;
  if (by_location) {
    std::string const path(call.wire.request().path());
    head.headers.add("Location", "https://" + std::string(elsewhere) + path);
  }
  if (by_endpoint) {
    head.headers.add("Content-Type", "application/xml");
    document = error_document("PermanentRedirect", "The bucket must be addressed elsewhere.",
                              {.resource = std::string(call.wire.request().path()),
                               .request_id = call.request_id,
                               .region = {},
                               .endpoint = std::string(elsewhere)});
  }
  co_await call.wire.respond(std::move(head), std::move(document));
  co_return true;
}

net::task<bool> answer_unpacked(Call& call, Opened const& opened) {
  Object const& object = *opened.object;
  bool const is_unpacked =
      call.has(Quirk::gzip_unpacked) && stored_encoding(object) == "gzip" &&
      call.headers().get("accept-encoding").find("gzip") == std::string_view::npos;
  if (!is_unpacked) co_return false;
  auto const unpack = [&opened] { return unpacked_content(opened); };
  std::string const content = co_await call.pool.get(unpack);
  http::Response head = answer_head(call);
  add_object_headers(head.headers, object);
  head.headers.remove("content-encoding");
  head.headers.add("x-goog-stored-content-encoding", "gzip");
  head.headers.add("x-goog-stored-content-length", std::to_string(object.size));
  head.headers.add("Warning", "214 UploadServer gunzipped");
  co_await call.wire.start(std::move(head));
  std::string_view const pieces[] = {content};
  co_await call.wire.write(pieces);
  co_await call.wire.finish();
  co_return true;
}

net::task<void> check_checksum_is_sent(Call& call) {
  if (!call.has(Quirk::checksum_required)) co_return;
  auto const is_checksum = [](http::Field const& line) {
    std::string const name = base::to_lower(line.name);
    return name == "content-md5" || name == "x-amz-trailer" || name.starts_with("x-amz-checksum-");
  };
  if (std::ranges::any_of(call.headers(), is_checksum)) co_return;
  co_await call.wire.discard_body();
  throw refusal("InvalidRequest",
                "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests "
                "with Object Lock parameters");
}

std::uint64_t page_items(Call const& call, std::uint64_t wanted) {
  return call.has(Quirk::small_pages) ? std::min(wanted, small_page_items) : wanted;
}

ListPage quirky_page(Call const& call, ListQuery query) {
  std::shared_ptr<Bucket> const bucket = call.open_bucket();
  std::string const after = query.after;
  query.max_items = page_items(call, query.max_items);
  if (call.has(Quirk::ignored_prefix)) query.prefix.clear();
  if (call.has(Quirk::repeated_token)) query.after.clear();
  ListPage page = bucket->list(query);
  bool const is_empty = page.items.empty() && page.common_prefixes.empty();
  if (call.has(Quirk::repeated_token) && !is_empty) {
    page.truncated = true;
    page.last = "again";
  }
  if (call.has(Quirk::missing_token)) page.truncated = true;
  if (call.has(Quirk::empty_pages)) {
    page = {.items = {}, .common_prefixes = {}, .truncated = true, .last = after + "+"};
  }
  if (call.has(Quirk::repeated_keys) && !after.empty()) {
    if (ObjectPointer before = bucket->find(after))
      page.items.insert(page.items.begin(), {after, std::move(before)});
  }
  if (call.has(Quirk::descending_keys)) std::ranges::reverse(page.items);
  if (call.has(Quirk::utf16_order))
    std::ranges::sort(page.items, s3::is_before_in_utf16, &ListPage::Item::key);
  return page;
}

bool is_delete_marker(Wire const& wire, base::Error const& error) {
  std::string_view const method = wire.request().method;
  bool const tells =
      wire.quirks().has(Quirk::delete_marker_404) || wire.quirks().has(Quirk::delete_marker_405);
  return tells && (method == "HEAD" || method == "GET") &&
         (error.code() == "NoSuchKey" || error.code() == "NoSuchVersion");
}

bool is_archived_tier(Call const& call, Object const& object) {
  return call.has(Quirk::archived_tiers) && storage_class(object.headers) == "INTELLIGENT_TIERING";
}

}  // namespace sandbox
