#include "api/admin/all_zips.h"

#include "api/caller.h"
#include "api/zips/reply.h"
#include "base/error.h"
#include "base/log.h"
#include "base/service_limits.h"
#include "http/router.h"
#include "jobs/run_job.h"

#include <map>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace api {

namespace json = boost::json;
namespace limits = base::limits;

namespace {

using Names = std::map<std::string, std::string>;  // of accounts, by id

net::task<Names> account_names(store::Accounts& accounts) {
  Names names;
  for (accounts::Account& account : co_await accounts.list())
    names.emplace(account.id, std::move(account.name));
  co_return names;
}

json::object reply_with_account(Service const& service, store::Job const& job,
                                std::string const& name) {
  json::object reply = zip_reply(service, job);
  reply["account"] = json::object{{"id", job.account_id}, {"name", name}};
  // A zip that waits for its next try says why.
  if (reply["error"].is_null()) reply["error"] = text_or_null(job.error);
  return reply;
}

}  // namespace

net::task<void> list_unended_zips(Service const& service, http::Exchange& exchange) {
  co_await identify_admin(service, exchange);
  Names names = co_await account_names(service.store.accounts);
  json::array zips;
  for (store::Job const& job : co_await service.store.jobs.list_unended(limits::unended_zips_told))
    zips.push_back(reply_with_account(service, job, names[job.account_id]));
  json::object const reply{{"zips", std::move(zips)}};
  co_await answer(exchange, json::serialize(reply));
}

net::task<void> cancel_any_zip(Service const& service, http::Exchange& exchange) {
  Caller const caller = co_await identify_admin(service, exchange);
  std::string const id = http::path_parameter(exchange, "id");
  std::optional<store::Job> job = co_await service.store.jobs.find(id);
  if (!job) throw base::Error(base::Fault::not_found, "there is no zip with this id");
  co_await jobs::cancel_job(service.store.jobs, service.live, id);
  base::log_info(fmt::format("job {}: cancelled by {}", id, caller.account.name),
                 {{"request_id", exchange.id()}});
  auto const owner = co_await service.store.accounts.find(store::AccountKey::id, job->account_id);
  job = co_await service.store.jobs.find(id);
  if (!job) throw base::Error(base::Fault::not_found, "there is no zip with this id");
  json::object const reply = reply_with_account(service, *job, owner ? owner->name : "");
  co_await answer(exchange, json::serialize(reply));
}

}  // namespace api
