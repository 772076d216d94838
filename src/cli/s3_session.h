// The tools of a command that works with S3, without a server: connections, memory, threads for
// blocking calls, and the object store; and the flags that say which.
#pragma once

#include "aws/sources/aws_profile.h"
#include "base/budget.h"
#include "http/pool.h"
#include "net/blocking.h"
#include "net/tls.h"
#include "s3/s3_store.h"

#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace cli {

// --profile, --region, --endpoint, --path-style, --virtual-host.
void add_aws_flags(CLI::App& command, aws::AwsFlags& flags);
// --patience, for commands whose calls are made again.
void add_patience_flag(CLI::App& command, aws::AwsFlags& flags);

// An argument like s3://bucket/key; UsageError for anything else.
s3::ObjectName parse_s3_argument(std::string const& text);

// The settings by these flags and this process's environment.
aws::AwsSettings read_aws_settings(aws::AwsFlags const& flags);

// Outlives all tasks that work with it.
struct S3Session {
  // The session is used on `loop`. Half of the memory is for fetched bytes, half for sent ones.
  S3Session(net::Executor const& loop, aws::AwsSettings const& settings,
            std::uint64_t memory_bytes);

  net::Executor loop;
  net::TlsClient tls;
  http::ConnectionPool pool;
  s3::Shared shared;
  base::Budget parts;
  base::Budget blocks;  // borrows of the parts'
  net::BlockingPool blocking;
  std::shared_ptr<s3::S3Store> store;
};

// Runs the work on the session's loop, a thread of its own; returns when it and all that it began
// have ended, and throws what it throws.
void run_with_s3(aws::AwsSettings const& settings, std::uint64_t memory_bytes,
                 std::function<net::task<void>(S3Session&)> const& work);

}  // namespace cli
