// `s3zipper serve`: puts the program together and runs it until SIGINT or SIGTERM.
#pragma once

#include "server/config.h"
#include "server/reload.h"

#include <string>

namespace server {

// `read` gives the settings, and is asked for them again at SIGHUP. `ready_file`: written, whole or
// not at all, once connections are accepted, with the lines url=… and, if there are such,
// sandbox_url=…, redirect_url=… and metrics_url=…; empty for none.
void serve(ReadSettings const& read, std::string const& ready_file);

struct SandboxCommand {
  std::string dir;
  std::string listen = "127.0.0.1:9000";
  std::string access_key = "sandbox";
  std::string secret_key = "sandbox-secret";
  std::string region = "us-east-1";
  std::vector<std::string> virtual_objects;
  std::string faults_file;
  std::vector<std::string> quirks;
  std::string ready_file;
};
// `s3zipper sandbox`: the sandbox's object store alone.
void serve_sandbox(SandboxCommand const& command);

}  // namespace server
