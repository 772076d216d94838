// The lists of S3Store, which stores give in pages: objects, parts, uploads. Each list ends,
// whatever a store says.
#include "base/limits.h"
#include "s3/messages/listing_check.h"
#include "s3/s3_store.h"
#include "s3/understood.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace s3 {

using base::Error;
using base::Fault;

net::task<ListPage> S3Store::list_objects(std::string bucket, ListOptions options) {
  options.requester_pays = requester_pays_;
  auto const build = [&options](aws::Target const& target) {
    return s3::list_objects(target, options);
  };
  Outgoing outgoing{.call = Call::list_objects, .object = {bucket, ""}, .build = build};
  Reply const reply = co_await call(std::move(outgoing));
  auto const parse = [&reply] { return parse_list_page(reply.body); };
  ListPage page = understood(bucket, options.prefix, parse);
  check_page(page, options, bucket);
  co_return page;
}

net::task<std::optional<std::vector<ListedPart>>> S3Store::list_parts(ObjectName object,
                                                                      std::string upload_id) {
  std::vector<ListedPart> parts;
  ListPartsOptions options{.upload_id = std::move(upload_id)};
  for (;;) {
    auto const build = [&options](aws::Target const& target) {
      return s3::list_parts(target, options);
    };
    Outgoing outgoing{
        .call = Call::list_parts, .object = object, .build = build, .may_find_nothing = true};
    Reply const reply = co_await call(std::move(outgoing));
    if (reply.nothing) co_return std::nullopt;
    auto const parse = [&reply] { return parse_parts_page(reply.body); };
    PartsPage const page = understood(object.bucket, object.key, parse);
    bool const goes_on =
        options.after == 0 || page.parts.empty() || page.parts.front().number > options.after;
    if (!goes_on || (page.is_truncated && page.next_marker <= options.after))
      throw Error(Fault::corrupt,
                  fmt::format("{}: the store's list of parts does not go on behind part {}",
                              shown(object.bucket, object.key), options.after));
    parts.insert(parts.end(), page.parts.begin(), page.parts.end());
    if (!page.is_truncated) co_return parts;
    options.after = page.next_marker;
  }
}

net::task<void> S3Store::abort_other_uploads(ObjectName object, std::string kept_upload_id) {
  std::vector<ListedUpload> const uploads = co_await list_uploads(object);
  for (ListedUpload const& upload : uploads) {
    if (upload.upload_id != kept_upload_id) co_await abort_upload(object, upload.upload_id);
  }
}

net::task<std::vector<ListedUpload>> S3Store::list_uploads(ObjectName object) {
  std::vector<ListedUpload> uploads;
  UploadMarker after;
  for (int pages = 1;; ++pages) {
    auto const build = [&object, &after](aws::Target const& target) {
      return s3::list_uploads(target, object.key, after);
    };
    Outgoing outgoing{.call = Call::list_uploads, .object = {object.bucket, ""}, .build = build};
    Reply const reply = co_await call(std::move(outgoing));
    auto const parse = [&reply] { return parse_uploads_page(reply.body); };
    UploadsPage page = understood(object.bucket, object.key, parse);
    // Longer keys may have this key as their prefix.
    std::erase_if(page.uploads,
                  [&](ListedUpload const& upload) { return upload.key != object.key; });
    std::ranges::move(page.uploads, std::back_inserter(uploads));
    if (!page.is_truncated) co_return uploads;
    if (page.next == after || pages == base::limits::max_upload_pages)
      throw Error(Fault::corrupt, fmt::format("{}: the store's list of uploads does not go on",
                                              shown(object.bucket, object.key)));
    after = page.next;
  }
}

}  // namespace s3
