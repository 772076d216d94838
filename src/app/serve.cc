#include "app/serve.h"

#include "accounts/account.h"
#include "accounts/key_file.h"
#include "api/cors.h"
#include "api/link.h"
#include "api/redirect.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "jobs/mailer.h"
#include "jobs/sqlite_store.h"
#include "net/deadline.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "net/tls.h"
#include "net/tls_server.h"
#include "s3/instance_role.h"
#include "sandbox/server.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <thread>

#include <fmt/format.h>

namespace app {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

constexpr std::size_t blocking_threads = 4;

std::size_t loop_count(Config const& config) {
  if (config.threads > 0) return config.threads;
  return std::max(1U, std::thread::hardware_concurrency());
}

void write_ready_file(std::string const& path, std::string const& text) {
  if (path.empty()) return;
  std::string const temporary = path + ".new";
  std::ofstream(temporary) << text;
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) throw Error(Fault::config, fmt::format("cannot write {}: {}", path, error.message()));
}

// An HTTP server on an address, for as long as this lives; with `tls`, which is borrowed, https.
class Front {
 public:
  Front(std::vector<net::Executor> const& loops, std::string const& address, http::Handler handler,
        http::ErrorPage error_page, net::TlsServer* tls = nullptr)
      : address_(net::parse_address(address)),
        scheme_(tls == nullptr ? "http" : "https"),
        server_(std::move(handler), std::move(error_page)),
        listener_(loops, address_, {.server = tls}) {}

  void start(net::Executor const& loop) {
    auto const serve = [this](std::unique_ptr<net::Stream> stream) {
      return server_.serve(std::move(stream));
    };
    net::spawn_detached(loop, listener_.run(serve), "listener");
  }
  void stop() {
    listener_.stop();
    server_.stop();
  }
  std::size_t connection_count() const { return server_.connection_count(); }
  std::uint16_t port() const { return listener_.port(); }
  std::string url() const { return fmt::format("{}://{}:{}", scheme_, shown_host(), port()); }

 private:
  std::string shown_host() const {
    return address_.host.find(':') == std::string::npos ? address_.host : '[' + address_.host + ']';
  }

  net::Address address_;
  std::string_view scheme_;
  http::Server server_;
  net::Listener listener_;
};

std::unique_ptr<sandbox::Sandbox> make_sandbox(SandboxCommand const& command,
                                               net::BlockingPool& pool) {
  sandbox::SandboxOptions options;
  options.folder = command.dir;
  options.region = command.region;
  options.credentials.push_back({command.access_key, base::Secret(command.secret_key), {}});
  // As a role's: with a session token.
  options.credentials.push_back({command.access_key + "-temporary",
                                 base::Secret(command.secret_key),
                                 base::Secret(command.access_key + "-session")});
  options.virtual_objects = command.virtual_objects;
  options.faults_file = command.faults_file;
  return std::make_unique<sandbox::Sandbox>(std::move(options), pool);
}

std::unique_ptr<Front> make_sandbox_front(std::vector<net::Executor> const& loops,
                                          std::string const& address, sandbox::Sandbox& sandbox) {
  auto const handle = [&sandbox](http::Exchange& exchange) { return sandbox.handle(exchange); };
  return std::make_unique<Front>(loops, address, handle, sandbox::Sandbox::error_page);
}

net::task<void> clean_now_and_then(jobs::JobStore& store, net::BlockingPool& pool) {
  for (;;) {
    auto const clean = [&] { return store.remove_expired(base::unix_now()); };
    bool more = false;
    try {
      more = co_await pool.get(clean);
    } catch (Error const& error) {
      if (error.fault() == Fault::cancelled) throw;
      base::log_error(fmt::format("removing what has expired: {}", error.what()));
    }
    auto const pause = more ? std::chrono::seconds(1) : std::chrono::seconds(60);
    co_await net::sleep(pause);
  }
}

std::unique_ptr<net::TlsServer> make_tls(Config const& config) {
  if (config.tls_certificate_file.empty()) return nullptr;
  return std::make_unique<net::TlsServer>(config.tls_certificate_file, config.tls_key_file);
}

net::task<void> reload_at_hangup(net::TlsServer& tls, net::BlockingPool& pool) {
  auto const reload = [&] { tls.reload(net::TlsServer::When::now); };
  for (;;) {
    co_await net::wait_for_hangup();
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

// The plain address beside that of the API; null where there is none.
std::unique_ptr<Front> make_redirect_front(std::vector<net::Executor> const& loops,
                                           Config const& config, std::uint16_t tls_port) {
  if (config.tls_redirect_listen.empty()) return nullptr;
  return std::make_unique<Front>(loops, config.tls_redirect_listen,
                                 api::redirect_to_https(config.public_url, tls_port),
                                 api::error_page);
}

// Connections end with the answer they are at; those that take too long are cut.
net::task<void> wait_until_idle(Front const& front) {
  constexpr auto step = std::chrono::milliseconds(50);
  for (auto waited = step; waited < limits::shutdown_grace && front.connection_count() > 0;
       waited += step) {
    co_await net::sleep(step);
  }
}

net::task<void> run_until_stopped(Front& front) {
  int const signal = co_await net::wait_for_stop_signal();
  base::log_info(fmt::format("signal {}: stopping", signal));
  front.stop();
  co_await wait_until_idle(front);
}

// Many downloads of many small objects have many connections; the system's default of 1,024
// descriptors is a limit that it lets every program lift.
void allow_many_descriptors() {
  struct rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// A core dump would hold the secrets of what is under way, and go to who knows where. Other
// programs of the same user cannot look into this one's memory then either.
void forbid_core_dumps() {
  bool const done = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  base::check(done, "PR_SET_DUMPABLE is known to the kernel");
}

std::vector<std::string> allowed_buckets(Config const& config) {
  return config.without_accounts ? config.ec2_allowed_buckets : std::vector<std::string>();
}

// Those of the usual variables; true where they are there.
bool take_credentials_of_environment(s3::OwnCredentials& own) {
  auto const variable = [](char const* name) {
    char const* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  s3::Credentials credentials;
  credentials.access_key = variable("AWS_ACCESS_KEY_ID");
  credentials.secret_key = base::Secret(variable("AWS_SECRET_ACCESS_KEY"));
  credentials.session_token = base::Secret(variable("AWS_SESSION_TOKEN"));
  if (credentials.access_key.empty() || credentials.secret_key.empty()) return false;
  own.set(std::move(credentials), s3::OwnCredentials::never);
  return true;
}

net::task<void> keep_role_credentials(std::string url, s3::OwnCredentials& own,
                                      std::chrono::seconds pause) {
  for (;;) {
    co_await net::sleep(pause);
    pause = co_await s3::renew_role_credentials(url, own);
  }
}

// Tasks belong to an account; this one's secret nobody knows.
void add_everybody(jobs::JobStore& store, accounts::Keys const& keys) {
  if (store.find_account(api::everybody_id)) return;
  accounts::Account account =
      accounts::create_account("everybody (auth.mode = none)", keys, base::unix_now()).account;
  account.id = api::everybody_id;
  store.insert_account(account);
}

// Without accounts the server has credentials of its own, from here on.
void start_own_credentials(Config const& config, net::Executor const& loop,
                           s3::OwnCredentials& own) {
  if (!config.without_accounts) return;
  base::log_warning("auth.mode = none: whoever reaches this server may use it");
  if (take_credentials_of_environment(own) || config.ec2_metadata_url.empty()) return;
  std::string const& url = config.ec2_metadata_url;
  std::optional<std::chrono::seconds> pause;
  net::run_to_end(net::store_result(s3::renew_role_credentials(url, own), pause));
  net::spawn_detached(loop, keep_role_credentials(url, own, *pause), "role");
}

// Everything that belongs to loops, and goes while they stand still.
struct Program {
  Program(Config const& config, net::Runtime const& runtime)
      : loops(runtime.loops()),
        allowed_networks(config.s3_allowed_networks),
        tls(config.s3_ca_file),
        keys(accounts::load_or_create_keys(key_paths(config))),
        store({.path = database_path(config), .serving = true}),
        blocks(config.memory_budget_bytes / 2),
        parts(config.memory_budget_bytes / 2),
        context{.store = store,
                .keys = keys,
                .blocking = blocking,
                .loops = make_loops(),
                .s3 = s3_shared,
                .blocks = blocks,
                .parts = parts,
                .board = board,
                .default_endpoint = config.s3_endpoint,
                .default_region = config.s3_region,
                .addressing =
                    config.s3_virtual_host ? s3::Addressing::virtual_host : s3::Addressing::path},
        runner(context, config.job_workers),
        streams(context),
        mailer(context, config.mail,
               [this](std::string const& base, jobs::Stream const& stream) {
                 return api::link_urls(keys, base, stream);
               }),
        service{.context = context,
                .runner = runner,
                .streams = streams,
                .rules = {.allowed_endpoints = config.s3_allowed_endpoints,
                          .default_endpoint = config.s3_endpoint,
                          .can_mail = mailer.can_send(),
                          .own_credentials = config.without_accounts,
                          .allowed_buckets = allowed_buckets(config)},
                .public_url = config.public_url,
                .tls = !config.tls_certificate_file.empty(),
                .open = config.without_accounts,
                .throttle = throttle,
                .trusted_proxies = config.trusted_proxies} {
    s3_shared.idle_timeout = config.s3_timeout;
    s3_shared.allowed_buckets = allowed_buckets(config);
    check_master_key(store, keys);
    if (config.without_accounts) add_everybody(store, keys);
  }

  std::vector<jobs::Loop> make_loops() {
    std::vector<jobs::Loop> made;
    for (net::Executor const& loop : loops) {
      pools.push_back(std::make_unique<http::ConnectionPool>(loop, tls, allowed_networks));
      made.push_back({loop, pools.back().get()});
    }
    return made;
  }

  std::vector<net::Executor> loops;
  std::vector<net::Network> allowed_networks;
  net::TlsClient tls;
  accounts::Keys keys;
  jobs::SqliteStore store;
  std::vector<std::unique_ptr<http::ConnectionPool>> pools;
  s3::Shared s3_shared;
  base::Budget blocks;
  base::Budget parts;
  jobs::Board board;
  net::BlockingPool blocking{blocking_threads};
  jobs::Context context;
  jobs::Runner runner;
  jobs::Streams streams;
  jobs::Mailer mailer;
  accounts::Throttle throttle;
  api::Service service;
};

}  // namespace

std::string database_path(Config const& config) {
  return config.data_dir + "/s3zipper.db";
}

std::vector<std::string> key_paths(Config const& config) {
  if (!config.key_files.empty()) return config.key_files;
  return {config.data_dir + "/master.key"};
}

void check_master_key(jobs::JobStore& store, accounts::Keys const& keys) {
  constexpr std::string_view setting = "master_key_fingerprint";
  auto const stored = store.get_setting(setting);
  if (stored && !keys.has_fingerprint(*stored)) {
    throw Error(Fault::config,
                "the master key is not the one that this database was made with; restore the key "
                "file, or list it in key_files");
  }
  store.set_setting(setting, keys.fingerprint());
}

void serve(Config const& given, std::string const& ready_file) {
  Config config = given;
  if (!config.mail.url.empty() && config.mail.from.empty())
    throw Error(Fault::config, "mail.url is set: set mail.from too, the sender's address");
  if (!config.core_dumps) forbid_core_dumps();
  allow_many_descriptors();
  std::filesystem::create_directories(config.data_dir);
  net::Runtime runtime(loop_count(config));
  net::BlockingPool sandbox_pool(blocking_threads);
  std::unique_ptr<sandbox::Sandbox> store_to_try;
  std::unique_ptr<Front> sandbox_front;
  std::string ready;
  if (!config.sandbox_dir.empty()) {
    SandboxCommand to_try;
    to_try.dir = config.sandbox_dir;
    to_try.faults_file = config.sandbox_faults;
    store_to_try = make_sandbox(to_try, sandbox_pool);
    sandbox_front = make_sandbox_front(runtime.loops(), config.sandbox_listen, *store_to_try);
    sandbox_front->start(runtime.loops().front());
    if (config.s3_endpoint.empty()) config.s3_endpoint = sandbox_front->url();
    ready += fmt::format("sandbox_url={}\n", sandbox_front->url());
    base::log_info(
        fmt::format("sandbox S3 store at {}: access key sandbox, secret key sandbox-secret",
                    sandbox_front->url()));
  }
  std::unique_ptr<net::TlsServer> const tls = make_tls(config);
  Program program(config, runtime);
  http::Handler const handler = api::with_cors(config.cors_origins, api::routes(program.service));
  Front front(program.loops, config.listen, handler, api::error_page, tls.get());
  auto const redirect_front = make_redirect_front(program.loops, config, front.port());
  start_own_credentials(config, program.loops.front(), program.s3_shared.own);
  program.runner.start();
  program.streams.start();
  program.mailer.start(program.loops.front());
  net::spawn_detached(program.loops.front(), clean_now_and_then(program.store, program.blocking),
                      "cleaning");
  if (tls) {
    net::spawn_detached(program.loops.front(), reload_at_hangup(*tls, program.blocking), "SIGHUP");
    net::spawn_detached(program.loops.front(), reload_when_changed(*tls, program.blocking),
                        "certificate");
  }
  front.start(program.loops.front());
  base::log_info(fmt::format("s3zipper listens at {}", front.url()));
  if (redirect_front) {
    redirect_front->start(program.loops.front());
    ready += fmt::format("redirect_url={}\n", redirect_front->url());
    base::log_info(fmt::format("{} redirects to https", redirect_front->url()));
  }
  write_ready_file(ready_file, fmt::format("url={}\n{}", front.url(), ready));
  net::run_to_end(run_until_stopped(front));
  runtime.stop();
}

void serve_sandbox(SandboxCommand const& command) {
  net::Runtime runtime(std::max(1U, std::thread::hardware_concurrency()));
  net::BlockingPool pool(blocking_threads);
  auto const sandbox = make_sandbox(command, pool);
  auto const front = make_sandbox_front(runtime.loops(), command.listen, *sandbox);
  front->start(runtime.loops().front());
  base::log_info(fmt::format("S3 store of {} at {}", command.dir, front->url()));
  write_ready_file(command.ready_file, fmt::format("sandbox_url={}\n", front->url()));
  net::run_to_end(run_until_stopped(*front));
  runtime.stop();
}

}  // namespace app
