#include "api/zips/zips.h"

#include "api/zips/accept.h"
#include "api/zips/list.h"
#include "api/zips/native_call.h"
#include "api/zips/reply.h"
#include "archive/select/inspect.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "http/router.h"
#include "jobs/run_job.h"

#include <ranges>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
using base::Error;
using base::Fault;

namespace {

// The query for a page and one item more, which tells whether another page follows.
store::ListQuery with_one_more(store::ListQuery page) {
  ++page.limit;
  return page;
}

// A page of the items that with_one_more() found, with the cursor of the next one if there is one.
template <class Items, class Reply>
json::object page_reply(std::string_view name, Items const& found, std::size_t limit, Reply reply) {
  json::array list;
  for (auto const& item : found | std::views::take(limit)) list.push_back(reply(item));
  json::value cursor = nullptr;
  if (found.size() > limit) cursor = cursor_of(found[limit - 1].created_at, found[limit - 1].id);
  return {{name, std::move(list)}, {"nextCursor", std::move(cursor)}};
}

// What was found by an id, if it is the account's.
template <class Found>
Found own(std::optional<Found> found, accounts::Account const& account, char const* what) {
  if (!found || found->account_id != account.id)
    throw Error(Fault::not_found, fmt::format("there is no {} with this id", what));
  return *std::move(found);
}

// The link with all that has been downloaded of it up to now.
net::task<store::Link> find_counted_link(Service const& service, accounts::Account const& account,
                                         std::string id) {
  co_await service.traffic.store(service.store);
  co_return co_await find_own_link(service, account, std::move(id));
}

}  // namespace

net::task<store::Job> find_own_job(Service const& service, accounts::Account const& account,
                                   std::string id) {
  co_return own(co_await service.store.jobs.find(std::move(id)), account, "zip");
}

net::task<store::Job> find_own_whole_job(Service const& service, accounts::Account const& account,
                                         std::string id) {
  co_return own(co_await service.store.jobs.find_whole(std::move(id)), account, "zip");
}

net::task<store::Link> find_own_link(Service const& service, accounts::Account const& account,
                                     std::string id) {
  co_return own(co_await service.store.links.find(std::move(id)), account, "stream");
}

net::task<void> create_zip(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  NativeCall asked = co_await read_native_call(service, exchange, NativeKind::zip, account);
  std::string id = base::random_uuid();
  std::string& key = asked.native.zip.request.target_key;
  if (key.empty()) key = fmt::format("{}{}.zip", archive::default_target_folder, id);
  Accepted const accepted = co_await accept_job(service, exchange, std::move(asked.native.zip),
                                                std::move(asked.terms), std::move(id));
  store::Job const job = co_await find_own_job(service, account, accepted.id);
  int const status = accepted.is_new ? 201 : 200;
  co_await answer(exchange, json::serialize(zip_reply(service, job)), status);
}

net::task<void> list_zips(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  NativeList list = parse_list_query(exchange.request().query(), ListedThing::zips);
  list.page.account_id = account.id;
  store::ListQuery const asked = with_one_more(list.page);
  std::vector<store::Job> const found = co_await service.store.jobs.list(asked, list.state);
  auto const reply = [&](store::Job const& job) { return zip_reply(service, job); };
  co_await answer(exchange, json::serialize(page_reply("zips", found, list.page.limit, reply)));
}

net::task<void> get_zip(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job const job = co_await find_own_job(service, account, std::move(id));
  co_await answer(exchange, json::serialize(zip_reply(service, job)));
}

net::task<void> cancel_zip(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Job job = co_await find_own_job(service, account, std::move(id));
  co_await jobs::cancel_job(service.store.jobs, service.live, job.id);
  // A zip that has ended stays as it is: the answer says how.
  job = co_await find_own_job(service, account, job.id);
  co_await answer(exchange, json::serialize(zip_reply(service, job)));
}

net::task<void> create_link(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  NativeCall asked = co_await read_native_call(service, exchange, NativeKind::stream, account);
  std::string const link_base = asked.terms.link_base;
  Accepted const accepted = co_await accept_link(service, exchange, std::move(asked.native.zip),
                                                 std::move(asked.terms), base::random_uuid());
  store::Link const link = co_await find_counted_link(service, account, accepted.id);
  int const status = accepted.is_new ? 201 : 200;
  co_await answer(exchange, json::serialize(link_reply(service, link, link_base)), status);
}

net::task<void> list_links(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  NativeList list = parse_list_query(exchange.request().query(), ListedThing::streams);
  list.page.account_id = account.id;
  co_await service.traffic.store(service.store);
  std::vector<store::Link> const found =
      co_await service.store.links.list(with_one_more(list.page));
  std::string const link_base = base_url(service, exchange);
  auto const reply = [&](store::Link const& link) { return link_reply(service, link, link_base); };
  co_await answer(exchange, json::serialize(page_reply("streams", found, list.page.limit, reply)));
}

net::task<void> get_link(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link const link = co_await find_counted_link(service, account, std::move(id));
  std::string const link_base = base_url(service, exchange);
  co_await answer(exchange, json::serialize(link_reply(service, link, link_base)));
}

net::task<void> revoke_link(Service const& service, http::Exchange& exchange) {
  accounts::Account const account = co_await authorize(service, exchange);
  std::string id = http::path_parameter(exchange, "id");
  store::Link link = co_await find_counted_link(service, account, std::move(id));
  co_await service.store.links.revoke(link.id, base::unix_now());
  link.revoked = true;
  std::string const link_base = base_url(service, exchange);
  co_await answer(exchange, json::serialize(link_reply(service, link, link_base)));
}

}  // namespace api
