// The sandbox alone, with the command line of `s3zipper sandbox`:
//   sandbox_main sandbox --dir DIR --listen ADDRESS --access-key KEY --secret-key SECRET
//                        [--region REGION] [--virtual BUCKET/KEY=SIZE …]
// Prints the port once it serves; SIGTERM ends it.
#include "base/error.h"
#include "http/server.h"
#include "net/listener.h"
#include "net/runtime.h"
#include "net/task_group.h"
#include "sandbox/server.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace {

net::task<void> until_stopped() {
  co_await net::wait_for_stop_signal();
}

void serve(sandbox::SandboxOptions options, std::string const& address) {
  net::BlockingPool pool(4);
  sandbox::Sandbox served(std::move(options), pool);
  auto const handle = [&served](http::Exchange& exchange) { return served.handle(exchange); };
  http::Server server(handle, sandbox::Sandbox::error_page);
  net::Runtime runtime(2);
  net::Listener listener(runtime.loops(), net::parse_address(address));
  auto const on_connection = [&server](std::unique_ptr<net::Stream> stream) {
    return server.serve(std::move(stream));
  };
  net::spawn_detached(runtime.loops().front(), listener.run(on_connection), "listener");
  std::printf("listening on port %d\n", listener.port());
  std::fflush(stdout);
  net::run_to_end(until_stopped());
  listener.stop();
}

}  // namespace

int main(int argc, char** argv) try {
  sandbox::SandboxOptions options;
  s3::Credentials credentials;
  std::string address;
  for (int i = 2; i + 1 < argc; i += 2) {
    std::string_view const name = argv[i];
    std::string const value = argv[i + 1];
    if (name == "--dir") options.folder = value;
    if (name == "--listen") address = value;
    if (name == "--access-key") credentials.access_key = value;
    if (name == "--secret-key") credentials.secret_key = base::Secret(value);
    if (name == "--region") options.region = value;
    if (name == "--virtual") options.virtual_objects.push_back(value);
  }
  options.credentials.push_back(credentials);
  serve(std::move(options), address);
  return 0;
} catch (base::Error const& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return base::traits(error.fault()).exit_code;
}
