#include "server/program.h"

#include "api/compat/replies.h"
#include "api/links/link.h"
#include "api/zips/delivery_calls.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "server/process_limits.h"
#include "server/without_accounts.h"
#include "store/master_keys.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace server {

namespace limits = base::limits;

namespace {

store::SqliteOptions store_options(Config const& config, DataFolder const& folder) {
  store::SqliteOptions options{.path = folder.database(), .serving = true};
  if (has_small_budget(config)) options.cache_bytes = limits::small_budget_store_cache_bytes;
  return options;
}

std::size_t job_workers(Config const& config) {
  if (config.job_workers > 0) return config.job_workers;
  return limits::workers_per_core * std::max(1U, std::thread::hardware_concurrency());
}

std::chrono::milliseconds download_patience(Config const& config) {
  return std::min(config.s3_patience, config.s3_download_patience);
}

void tell(DataFolder::Notes const& notes) {
  for (std::string const& made : notes.made) base::log_info(made);
  if (!notes.warning.empty()) base::log_warning(notes.warning);
}

}  // namespace

Program::Program(Config const& config, DataFolder folder, net::Runtime const& runtime,
                 api::Monitor& monitor)
    : loops(runtime.loops()),
      allowed_networks(config.s3_allowed_networks),
      tls(config.s3_ca_file),
      keys(folder.take_keys()),
      database(store_options(config, folder)),
      parts(config.memory_budget_bytes / 8 * 3),
      requests(config.memory_budget_bytes / 8),
      blocks(config.memory_budget_bytes / 2, has_small_budget(config) ? nullptr : &parts),
      object_stores(s3_shared, make_pools(),
                    {.endpoint = config.s3_endpoint,
                     .region = config.s3_region,
                     .addressing = config.s3_virtual_host ? aws::Addressing::virtual_host
                                                          : aws::Addressing::path}),
      job_tools{.store = store,
                .keys = keys,
                .object_stores = object_stores,
                .live = live,
                .times = job_times,
                .blocking = blocking,
                .blocks = blocks,
                .parts = parts,
                .session = session,
                .patience = config.s3_patience},
      runner(job_tools, loops, job_workers(config)),
      link_tools{.store = store,
                 .keys = keys,
                 .object_stores = object_stores,
                 .live = live,
                 .blocking = blocking,
                 .session = session,
                 .patience = config.s3_patience,
                 .download_patience = download_patience(config)},
      links(link_tools, loops, blocks.total_bytes() / limits::plan_cache_fraction),
      account_watch(store.accounts),
      mailer(
          store, keys, live, config.mail,
          [this](std::string const& base, store::Link const& link) {
            return api::link_urls(keys, base, link);
          },
          [](int api_version, std::string_view uuid) {
            return api::task_id(api::TaskKind::job, api_version, uuid);
          }),
      service{.store = store,
              .keys = keys,
              .object_stores = object_stores,
              .download_patience = download_patience(config),
              .live = live,
              .blocking = blocking,
              .blocks = blocks,
              .requests = requests,
              .runner = runner,
              .links = links,
              .traffic = traffic,
              .account_watch = account_watch,
              .rules = {.allowed_endpoints = config.s3_allowed_endpoints,
                        .default_endpoint = config.s3_endpoint,
                        .can_mail = mailer.can_send(),
                        .own_credentials = config.without_accounts,
                        .allowed_buckets = allowed_buckets(config),
                        .webhook_networks = config.webhook.allowed_networks},
              .public_url = config.public_url,
              .tls = !config.tls_certificate_file.empty(),
              .open = config.without_accounts,
              .throttle = throttle,
              .passwords = passwords,
              .site = site_rules(config),
              .trusted_proxies = config.trusted_proxies,
              .monitor = monitor,
              .watches = watches,
              .measured = {.s3_calls = s3_shared.counts,
                           .pools = loop_pools,
                           .blocks = blocks,
                           .parts = parts,
                           .requests = requests,
                           .job_times = job_times}},
      webhooks(store, keys, config.webhook, [this](store::Delivery const& delivery) {
        return api::delivery_body(service, delivery);
      }) {
  s3_shared.idle_timeout = config.s3_timeout;
  s3_shared.allowed_buckets = allowed_buckets(config);
  store::take_up_keys(database.sealed(), keys);
  net::run_to_end(note_serving_key(store.upkeep, keys));
  tell(folder.notes());
  net::run_to_end(add_everybody(config, store.accounts));
}

Program::~Program() {
  try {
    net::run_to_end(traffic.store(store));
  } catch (base::Error const& error) {
    base::log_warning(fmt::format("usage is lost: {}", error.what()));
  }
}

// Links in mails must not begin with what the Host of a stranger's request says.
api::SiteRules Program::site_rules(Config const& config) {
  api::SiteRules rules;
  rules.registration = config.registration;
  if (mailer.can_send() && !config.public_url.empty()) {
    rules.post = [this](std::string address, notify::MailText mail) {
      net::spawn_detached(loops.front(), mailer.post(std::move(address), std::move(mail)), "mail");
    };
  }
  return rules;
}

std::vector<s3::LoopPool> Program::make_pools() {
  for (net::Executor const& loop : loops) {
    pools.push_back(std::make_unique<http::ConnectionPool>(loop, tls, allowed_networks));
    loop_pools.push_back({loop, pools.back().get()});
  }
  return loop_pools;
}

}  // namespace server
