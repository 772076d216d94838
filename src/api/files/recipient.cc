#include "api/files/recipient.h"

#include "api/files/file_calls.h"
#include "api/files/zip_contents.h"
#include "api/links/link.h"
#include "api/zips/reply.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "http/router.h"

#include <algorithm>

#include <boost/json.hpp>

namespace api {

namespace json = boost::json;
using base::Error;
using base::Fault;

namespace {

struct Shared {
  LinkTarget target;
  store::Link link;
};

// The link that the path names. Error{gone} after its end.
net::task<Shared> find_shared(Service const& service, http::Exchange& exchange) {
  std::string const target = http::path_parameter(exchange, "target");
  std::string const signature = http::path_parameter(exchange, "signature");
  Shared shared;
  shared.target = parse_link_target(service, target, signature);
  std::optional<store::Link> link =
      co_await links::find_with_owner(service.store, shared.target.link_id);
  if (!link) throw Error(Fault::not_found, "there is no such download; check the link");
  links::check_has_not_ended(*link);
  shared.link = *std::move(link);
  co_return shared;
}

// The owner reads why a listing failed; those who got the link read that it did.
json::object reply_of(Shared const& shared, std::string const& url) {
  store::Link const& link = shared.link;
  std::size_t const count = std::max<std::size_t>(1, link.plan.archives.size());
  if (shared.target.archive >= count) throw Error(Fault::not_found, "there is no such download");
  json::object reply{
      {"state", store::name(link.state)},
      {"fileName", base::to_utf8(archive::archive_key(link.file_name, shared.target.archive))},
      {"part", shared.target.archive + 1},
      {"parts", count},
      {"entries", nullptr},
      {"bytes", nullptr},
      {"expiresAt", base::rfc3339(link.expires_at)},
      {"url", base::to_utf8(url)}};
  if (link.state != store::LinkState::ready) return reply;
  store::ArchiveFacts const& archive = link.plan.archives[shared.target.archive];
  reply["entries"] = archive.entry_count;
  reply["bytes"] = archive.archive_bytes;
  return reply;
}

}  // namespace

net::task<void> about_shared(Service const& service, http::Exchange& exchange) {
  Shared const shared = co_await find_shared(service, exchange);
  std::vector<std::string> const urls =
      link_urls(service.keys, base_url(service, exchange), shared.link);
  std::string const url = shared.target.archive < urls.size() ? urls[shared.target.archive] : "";
  json::object const reply = reply_of(shared, url);
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> list_shared_files(Service const& service, ContentsCache& cache,
                                  http::Exchange& exchange) {
  Shared shared = co_await find_shared(service, exchange);
  if (shared.target.archive != 0)
    throw Error(Fault::not_found, "the list of files is with the first part of this download");
  if (shared.link.state != store::LinkState::ready)
    throw Error(Fault::conflict, "the files of this download are not listed");
  ZipContents const zip =
      co_await contents_of_link(service, cache, std::move(shared.link), exchange.id());
  co_await answer_page(service, exchange, zip.contents);
}

}  // namespace api
