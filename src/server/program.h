// Everything that belongs to loops and goes while they stand still; serve() puts it together.
#pragma once

#include "accounts/keys.h"
#include "accounts/throttle.h"
#include "api/passwords.h"
#include "api/service.h"
#include "api/watch/monitor.h"
#include "api/zips/zip_watch.h"
#include "base/budget.h"
#include "base/random.h"
#include "http/pool.h"
#include "jobs/account_watch.h"
#include "jobs/runner.h"
#include "links/links.h"
#include "links/traffic.h"
#include "net/blocking.h"
#include "net/runtime.h"
#include "net/tls.h"
#include "notify/mailer.h"
#include "notify/webhooks.h"
#include "s3/object_stores.h"
#include "server/config.h"
#include "server/data_folder.h"
#include "store/live.h"
#include "store/sqlite/store.h"

#include <memory>
#include <string>
#include <vector>

namespace server {

// Threads that make calls which take a while, but no turn of a loop.
inline constexpr std::size_t blocking_threads = 4;

struct Program {
  Program(Config const& config, DataFolder folder, net::Runtime const& runtime,
          api::Monitor& monitor);
  // The loops stand still: the last counts are stored here.
  ~Program();
  Program(Program const&) = delete;
  Program& operator=(Program const&) = delete;

  std::vector<net::Executor> loops;
  std::vector<net::Network> allowed_networks;
  net::TlsClient tls;
  accounts::Keys keys;
  std::string const session = base::random_uuid();  // another one at each start
  store::SqliteStore database;
  store::Store const& store = database.store();
  std::vector<std::unique_ptr<http::ConnectionPool>> pools;
  std::vector<s3::LoopPool> loop_pools;
  s3::Shared s3_shared;
  base::Budget parts;
  base::Budget requests;
  base::Budget blocks;  // borrows of the parts'
  store::LiveZips live;
  jobs::JobTimes job_times;
  net::BlockingPool blocking{blocking_threads};
  s3::S3ObjectStores object_stores;
  jobs::Tools job_tools;
  jobs::Runner runner;
  links::Tools link_tools;
  links::Links links;
  links::Traffic traffic;
  jobs::AccountWatch account_watch;
  notify::Mailer mailer;
  accounts::Throttle throttle;
  api::Passwords passwords;
  api::ZipWatches watches;
  api::Service service;
  notify::Webhooks webhooks;

 private:
  std::vector<s3::LoopPool> make_pools();
  api::SiteRules site_rules(Config const& config);
};

}  // namespace server
