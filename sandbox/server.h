// An S3 server over a folder: for trying the program, and for tests. docs/guides/sandbox.md
// describes its behaviour and the folder.
//
// Thread-safe: connections of all event loops may use one Sandbox.
#pragma once

#include "aws/credentials.h"
#include "base/error.h"
#include "http/server.h"
#include "net/blocking.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sandbox {

struct SandboxOptions {
  std::filesystem::path folder;  // made where it is missing; one process at a time
  std::vector<aws::Credentials> credentials;
  std::string region = "us-east-1";
  // "BUCKET/KEY=SIZE", see virtual_manifest.h; added to those in FOLDER/.s3zipper/virtual.txt.
  std::vector<std::string> virtual_objects;
  std::string faults_file;          // see fault_file.h; empty: no faults
  std::vector<std::string> quirks;  // of all buckets, by name; see quirks.h
};

class Sandbox {
 public:
  // `pool` is borrowed. Error{config} where the folder, a virtual object's declaration, a quirk
  // or the faults file cannot be used. Blocks.
  Sandbox(SandboxOptions options, net::BlockingPool& pool);
  ~Sandbox();

  // Answers one S3 request; an error becomes an S3 error. An exception means that the connection is
  // of no more use.
  net::task<void> handle(http::Exchange& exchange);

  // The answer to an error that comes before there is a request; for http::Server.
  static std::pair<http::Response, std::string> error_page(base::Error const& error,
                                                           http::Exchange const& exchange);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sandbox
