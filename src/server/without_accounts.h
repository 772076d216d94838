// A server without accounts (auth.mode = "none") has in their place: credentials of its own, an
// account that all share, and the buckets that bound it. docs/start/ec2.md.
#pragma once

#include "aws/sources/own_credentials.h"
#include "net/task.h"
#include "server/config.h"
#include "store/accounts.h"

#include <string>
#include <vector>

namespace server {

// The buckets that the server may use. Empty: all, as with accounts.
std::vector<std::string> allowed_buckets(Config const& config);

// Adds the account to which all jobs and links belong without accounts. It has no key.
net::task<void> add_everybody(Config const& config, store::Accounts& accounts);

// Without accounts the server has credentials of its own from here on: those of the environment,
// or of the machine's role, which are kept fresh on `loop`. `own` outlives its tasks.
void start_own_credentials(Config const& config, net::Executor const& loop,
                           aws::OwnCredentials& own);

}  // namespace server
