#include "server/serve.h"

#include "api/browser_rules.h"
#include "api/ops/metrics.h"
#include "api/ops/redirect.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/part_file.h"
#include "base/service_limits.h"
#include "http/cors.h"
#include "jobs/cleaning.h"
#include "jobs/expiring.h"
#include "net/deadline.h"
#include "net/every.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls_server.h"
#include "sandbox/server.h"
#include "server/config_checks.h"
#include "server/data_folder.h"
#include "server/front.h"
#include "server/process_limits.h"
#include "server/program.h"
#include "server/without_accounts.h"
#include "site/embedded.h"
#include "site/pages.h"
#include "store/erasing_clock.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include <fmt/format.h>

namespace server {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

std::size_t loop_count(Config const& config) {
  if (config.threads > 0) return config.threads;
  return std::max(1U, std::thread::hardware_concurrency());
}

void write_ready_file(std::string const& path, std::string const& text) {
  if (path.empty()) return;
  if (base::is_special_file(path)) {
    std::ofstream(path) << text;
    return;
  }
  base::PartFile file(path, base::PartFile::Existing::replace);
  file.write(text);
  file.keep();
}

std::unique_ptr<sandbox::Sandbox> make_sandbox(SandboxCommand const& command,
                                               net::BlockingPool& pool) {
  sandbox::SandboxOptions options;
  options.folder = command.dir;
  options.region = command.region;
  options.credentials.push_back({command.access_key, base::Secret(command.secret_key), {}});
  // These are like a role's: with a session token.
  options.credentials.push_back({command.access_key + "-temporary",
                                 base::Secret(command.secret_key),
                                 base::Secret(command.access_key + "-session")});
  options.virtual_objects = command.virtual_objects;
  options.faults_file = command.faults_file;
  options.quirks = command.quirks;
  return std::make_unique<sandbox::Sandbox>(std::move(options), pool);
}

std::unique_ptr<Front> make_sandbox_front(std::vector<net::Executor> const& loops,
                                          std::string const& address, sandbox::Sandbox& sandbox) {
  auto const handle = [&sandbox](http::Exchange& exchange) { return sandbox.handle(exchange); };
  return std::make_unique<Front>(loops, address, handle, sandbox::Sandbox::error_page);
}

// One round of the store's upkeep.
net::task<void> clean(store::Store const& store, links::Traffic& traffic) {
  constexpr auto pause = std::chrono::seconds(1);  // other processes use the database, too
  for (bool more = true; more;) {
    co_await traffic.store(store);
    base::UnixSeconds const time = co_await store::look_at_clock(store.upkeep, base::unix_now());
    more = co_await store.upkeep.remove_expired(time);
    if (more) co_await net::sleep(pause);
  }
}

std::unique_ptr<net::TlsServer> make_tls(Config const& config) {
  if (config.tls_certificate_file.empty()) return nullptr;
  return std::make_unique<net::TlsServer>(config.tls_certificate_file, config.tls_key_file);
}

net::task<void> reload_at_hangup(net::Hangups& hangups, Reloading& reloading,
                                 net::BlockingPool& pool) {
  auto const reload = [&] { reloading.reload(); };
  for (;;) {
    co_await hangups.next();
    co_await pool.run(reload);
  }
}

net::task<void> reload_when_changed(net::TlsServer& tls, net::BlockingPool& pool) {
  auto const reload = [&] { tls.reload(net::TlsServer::When::changed); };
  for (;;) {
    co_await net::sleep(limits::certificate_check_interval);
    co_await pool.run(reload);
  }
}

// The plain address beside that of the API; null if there is none.
std::unique_ptr<Front> make_redirect_front(std::vector<net::Executor> const& loops,
                                           Config const& config, std::uint16_t tls_port) {
  if (config.tls_redirect_listen.empty()) return nullptr;
  http::ServerOptions options{.every_answer = api::browser_rules(false)};
  return std::make_unique<Front>(loops, config.tls_redirect_listen,
                                 api::redirect_to_https(config.public_url, tls_port),
                                 api::error_page, std::move(options));
}

// Connections end with their present answer; those that take too long are cut.
net::task<void> wait_until_idle(Front const& front) {
  constexpr auto step = std::chrono::milliseconds(50);
  for (auto waited = step; waited < limits::shutdown_grace && front.connection_count() > 0;
       waited += step) {
    co_await net::sleep(step);
  }
}

net::task<void> wait_for_second_signal() {
  co_await net::wait_for_stop_signal();
}

// Load balancers hear that no more requests should come; those that come are still served.
net::task<void> drain(api::Readiness& readiness, std::chrono::seconds time) {
  net::TaskGroup second_signal(co_await net::this_loop());
  second_signal.spawn(wait_for_second_signal());
  readiness.drain();
  try {
    net::task<void> waiting = second_signal.wait_one();
    co_await net::with_deadline(std::move(waiting), time, "draining");
  } catch (Error const& error) {
    if (error.fault() != Fault::timeout) throw;
  }
}

net::task<void> stop_when_told(Front& front, api::Readiness& readiness,
                               std::chrono::seconds drain_time, std::function<void()> tell_ready) {
  int const signal = co_await net::wait_for_stop_signal(std::move(tell_ready));
  if (drain_time.count() > 0) {
    base::log_info(fmt::format("signal {}: stopping in {} s", signal, drain_time.count()));
    co_await drain(readiness, drain_time);
  }
  readiness.drain();
  base::log_info(fmt::format("signal {}: stopping", signal));
  front.stop();
  co_await wait_until_idle(front);
}

net::task<void> run_until_stopped(Front& front, std::function<void()> tell_ready) {
  int const signal = co_await net::wait_for_stop_signal(std::move(tell_ready));
  base::log_info(fmt::format("signal {}: stopping", signal));
  front.stop();
  co_await wait_until_idle(front);
}

// The handler at the API's address: it answers little while the program is put together, then it is
// the service.
class Entrance {
 public:
  explicit Entrance(api::Monitor& monitor) : at_start_(api::routes_at_start(monitor)) {}

  net::task<void> handle(http::Exchange& exchange) const {
    http::Handler const* const service = service_in_use_;
    return service == nullptr ? at_start_(exchange) : (*service)(exchange);
  }
  // Called once, from any thread.
  void open(http::Handler service) {
    service_ = std::make_unique<http::Handler>(std::move(service));
    service_in_use_ = service_.get();
  }

 private:
  http::Router at_start_;
  std::unique_ptr<http::Handler> service_;
  std::atomic<http::Handler const*> service_in_use_ = nullptr;
};

std::unique_ptr<Front> make_front(net::Runtime const& runtime, Config const& config,
                                  Entrance const& entrance, api::Monitor& monitor,
                                  net::TlsServer* tls) {
  auto const handle = [&entrance](http::Exchange& exchange) { return entrance.handle(exchange); };
  http::ServerOptions options{.watch = api::watch(monitor, config.trusted_proxies),
                              .every_answer = api::browser_rules(tls != nullptr)};
  return std::make_unique<Front>(runtime.loops(), config.listen, handle, api::error_page,
                                 std::move(options), tls);
}

// The API, and the site behind it.
http::Handler whole_handler(Config const& config, api::Service const& service,
                            site::Bundle const& bundle) {
  site::Pages pages = site::pages(service, bundle);
  return http::with_cors(config.cors_origins, api::handler(service, std::move(pages.routes),
                                                           std::move(pages.otherwise)));
}

// Null if /metrics is at the API's address.
std::unique_ptr<Front> make_metrics_front(Config const& config, Program const& program,
                                          api::Monitor& monitor) {
  if (config.metrics_listen.empty()) return nullptr;
  auto const read = [&program](http::Exchange& exchange) {
    return api::metrics(program.service, exchange);
  };
  http::Router const router({{"GET", "/metrics", read}});
  http::ServerOptions options{.watch = api::watch(monitor, {}),
                              .every_answer = api::browser_rules(false)};
  auto front = std::make_unique<Front>(program.loops, config.metrics_listen, router,
                                       api::error_page, std::move(options));
  front->start(program.loops.front());
  base::log_info(fmt::format("metrics at {}/metrics", front->url()));
  return front;
}

// When it goes, the loops stand still: things that were made before it can go after it, also if an
// error ends the start.
struct StopLoops {
  explicit StopLoops(net::Runtime& loops) : runtime(loops) {}
  ~StopLoops() { runtime.stop(); }
  StopLoops(StopLoops const&) = delete;
  StopLoops& operator=(StopLoops const&) = delete;
  net::Runtime& runtime;
};

// The sandbox's object store, which becomes the default of s3.endpoint.
struct StoreToTry {
  net::BlockingPool pool{blocking_threads};
  std::unique_ptr<sandbox::Sandbox> store;
  std::unique_ptr<Front> front;
};

// Null if none is asked for.
std::unique_ptr<StoreToTry> start_store_to_try(Config& config, net::Runtime const& runtime) {
  if (config.sandbox_dir.empty()) return nullptr;
  auto to_try = std::make_unique<StoreToTry>();
  SandboxCommand command;
  command.dir = config.sandbox_dir;
  command.faults_file = config.sandbox_faults;
  to_try->store = make_sandbox(command, to_try->pool);
  to_try->front = make_sandbox_front(runtime.loops(), config.sandbox_listen, *to_try->store);
  to_try->front->start(runtime.loops().front());
  std::string const url = to_try->front->url();
  if (config.s3_endpoint.empty()) config.s3_endpoint = url;
  base::log_info(
      fmt::format("sandbox S3 store at {}: access key sandbox, secret key sandbox-secret", url));
  return to_try;
}

void warn_of_links_by_host(Config const& config) {
  if (!config.public_url.empty() || !listens_beyond_loopback(config)) return;
  base::log_warning(
      "public_url is not set: links begin with whatever Host a caller names; set it to the address "
      "by which clients reach this server");
}

// A server without an account is set up at its site, by somebody who reads its log.
void tell_set_up_code(Program& program, Config const& config) {
  if (config.without_accounts || net::result_of(program.store.accounts.is_any())) return;
  base::Secret token = config.set_up_code;
  if (token.empty()) {
    token = accounts::new_token();
    base::log_info(fmt::format(
        "there is no account yet: make the first one at /setup with the code {}", token.reveal()));
  }
  accounts::Code code;
  code.kind = accounts::CodeKind::set_up;
  code.token_hash = accounts::hash_token(token.reveal());
  code.expires_at = base::unix_now() + std::chrono::seconds(limits::set_up_code_life).count();
  net::run_to_end(program.store.sign_ins.add_code(std::move(code)));
}

// The settings in force, for administrators. Passwords are not among them.
boost::json::array shown_settings(Values const& given) {
  boost::json::array shown;
  for (Setting const& setting : settings()) {
    auto const value = given.find(std::string(setting.key));
    bool const is_secret = setting.key.ends_with("password") || setting.key == "site.setup_code";
    std::string text = value == given.end() ? std::string(setting.example) : value->second;
    if (is_secret && value != given.end()) text = "(set)";
    shown.push_back(boost::json::object{{"key", setting.key}, {"value", std::move(text)}});
  }
  return shown;
}

// Takes up jobs and listings that an earlier process has left: only one process runs the jobs of
// this database.
void take_up_work(Program& program) {
  std::size_t const left_behind =
      net::result_of(program.store.jobs.requeue(std::nullopt, base::unix_now()));
  if (left_behind > 0) base::log_info(fmt::format("{} unfinished jobs go on", left_behind));
  program.runner.start();
  net::run_to_end(program.links.take_up());
}

void repeat(net::Executor const& loop, std::chrono::milliseconds pause, std::string name,
            std::function<net::task<void>()> work) {
  char const* const task = "upkeep";
  net::spawn_detached(loop, net::every(pause, std::move(name), std::move(work)), task);
}

// Starts the work that goes on by itself for as long as the program serves.
void start_work(Program& program, Config const& config, net::Hangups& hangups, Reloading& reloading,
                net::TlsServer* tls) {
  net::Executor const& loop = program.loops.front();
  take_up_work(program);
  tell_set_up_code(program, config);
  program.account_watch.start(loop);
  program.mailer.start(loop);
  program.webhooks.start(loop);
  repeat(loop, limits::left_upload_first_pause, "cleaning up",
         [&] { return jobs::clean_up_left_jobs(program.job_tools); });
  repeat(loop, limits::zip_expiry_look_interval, "deleting expired zips",
         [&] { return jobs::delete_expired_zips(program.job_tools); });
  repeat(loop, limits::lost_listing_interval, "lost listings",
         [&] { return program.links.begin_lost_listings(); });
  repeat(loop, std::chrono::minutes(1), "removing what has expired",
         [&] { return clean(program.store, program.traffic); });
  net::spawn_detached(loop,
                      give_back_memory_now_and_then(program.blocking, config.memory_budget_bytes),
                      "freed memory");
  net::spawn_detached(loop, reload_at_hangup(hangups, reloading, program.blocking), "SIGHUP");
  if (tls == nullptr) return;
  net::spawn_detached(loop, reload_when_changed(*tls, program.blocking), "certificate");
}

}  // namespace

void serve(ReadSettings const& read, std::string const& ready_file) {
  net::HangupWatch const no_end_by_hangup;
  GivenSettings const given = read();
  Config config = make_config({given.values});
  limit_memory(config);
  if (!config.core_dumps) forbid_core_dumps();
  allow_many_descriptors();
  DataFolder folder = DataFolder::open_or_make(config);
  net::Runtime runtime(loop_count(config));
  auto const store_to_try = start_store_to_try(config, runtime);
  std::unique_ptr<net::TlsServer> const tls = make_tls(config);
  api::Monitor monitor;
  monitor.version = S3ZIPPER_VERSION;
  if (config.metrics_listen.empty()) monitor.metrics_networks = config.metrics_networks;
  site::Bundle const site(site::embedded());
  Entrance entrance(monitor);
  auto const front = make_front(runtime, config, entrance, monitor, tls.get());
  auto const redirect_front = make_redirect_front(runtime.loops(), config, front->port());
  StopLoops const before_front_goes(runtime);
  front->start(runtime.loops().front());
  if (redirect_front) redirect_front->start(runtime.loops().front());
  Program program(config, std::move(folder), runtime, monitor);
  auto const metrics_front = make_metrics_front(config, program, monitor);
  StopLoops const before_program_goes(runtime);
  start_own_credentials(config, program.loops.front(), program.s3_shared.own);
  Reloading reloading(read, given, tls.get());
  net::Hangups hangups(program.loops.front());
  StopLoops const before_reloading_goes(runtime);
  program.service.site.settings = shown_settings(given.values);
  program.service.site.data_dir = config.data_dir;
  program.service.site.started_at = base::unix_now();
  start_work(program, config, hangups, reloading, tls.get());
  entrance.open(whole_handler(config, program.service, site));
  monitor.readiness.started();
  base::log_info(fmt::format("s3zipper listens at {}", front->url()));
  warn_of_links_by_host(config);
  std::string ready = fmt::format("url={}\n", front->url());
  if (store_to_try) ready += fmt::format("sandbox_url={}\n", store_to_try->front->url());
  if (redirect_front) ready += fmt::format("redirect_url={}\n", redirect_front->url());
  if (metrics_front) ready += fmt::format("metrics_url={}\n", metrics_front->url());
  auto const tell_ready = [&] { write_ready_file(ready_file, ready); };
  net::run_to_end(stop_when_told(*front, monitor.readiness, config.drain_time, tell_ready));
  if (redirect_front) redirect_front->stop();
  if (metrics_front) metrics_front->stop();
  program.mailer.stop();
}

void serve_sandbox(SandboxCommand const& command) {
  net::Runtime runtime(std::max(1U, std::thread::hardware_concurrency()));
  net::BlockingPool pool(blocking_threads);
  auto const sandbox = make_sandbox(command, pool);
  auto const front = make_sandbox_front(runtime.loops(), command.listen, *sandbox);
  front->start(runtime.loops().front());
  base::log_info(fmt::format("S3 store of {} at {}", command.dir, front->url()));
  auto const tell_ready = [&] {
    write_ready_file(command.ready_file, fmt::format("sandbox_url={}\n", front->url()));
  };
  net::run_to_end(run_until_stopped(*front, tell_ready));
  runtime.stop();
}

}  // namespace server
