// What jobs and streams work with: the store, the keys, the loops with their connections, the
// budgets. Made by server/, borrowed by all; everything in it is thread-safe but the pools, which
// belong to their loops.
#pragma once

#include "accounts/keys.h"
#include "archive/request.h"
#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "base/budget.h"
#include "base/limits.h"
#include "http/pool.h"
#include "net/blocking.h"
#include "s3/s3_store.h"
#include "store/board.h"
#include "store/store.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace store {

struct Loop {
  net::Executor executor;
  http::ConnectionPool* pool = nullptr;
};

struct Context {
  JobStore& store;
  accounts::Keys const& keys;
  net::BlockingPool& blocking;
  std::vector<Loop> loops;
  s3::Shared& s3;
  base::Budget& blocks;  // what is fetched
  base::Budget& parts;   // what fills parts of uploads
  Board& board;
  // Of requests that name no endpoint; the region of requests that name none.
  std::string default_endpoint;  // URL; empty: AWS
  std::string default_region;
  aws::Addressing addressing = aws::Addressing::path;
  // How long trouble with a store is borne: by jobs, and where somebody waits for an answer.
  std::chrono::milliseconds patience = base::limits::default_patience;
  std::chrono::milliseconds download_patience = base::limits::default_download_patience;
};

// The object store that a request means, for use on this loop. `made_for` ("job <id>", "request
// <id>") goes into the User-Agent of its calls.
std::shared_ptr<s3::ObjectStore> open_store(Context const& context, Loop const& loop,
                                            archive::Request const& request,
                                            aws::Credentials credentials, std::string_view made_for,
                                            std::chrono::milliseconds patience);
// The URL of that store, as CRCs are remembered by it.
aws::Endpoint endpoint_of(Context const& context, archive::Request const& request);

// The loop that the asking task runs on.
net::task<Loop> this_loop(Context const& context);

// AWS credentials at rest: sealed for the job or stream that they belong to.
std::string seal_credentials(accounts::Keys const& keys, std::string_view owner_id,
                             aws::Credentials const& credentials);
// Error{gone} where they have been erased.
aws::Credentials open_credentials(accounts::Keys const& keys, std::string_view owner_id,
                                  std::string_view sealed);

}  // namespace store
