// Tells those who are at work for an account that it was disabled or deleted, which a command in
// another process may have done: downloads, event streams, waiting results. Thread-safe.
#pragma once

#include "net/latch.h"
#include "store/accounts.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace jobs {

class AccountWatch {
 public:
  explicit AccountWatch(store::Accounts& accounts) : accounts_(accounts) {}

  // Looks at limits::account_check_interval for those that are held.
  void start(net::Executor const& loop);
  // Set soon after the account has ended; for as long as somebody holds it.
  std::shared_ptr<net::Latch> ended(std::string const& account_id);

 private:
  net::task<void> look();
  std::vector<std::string> held();
  void tell(std::vector<std::string> const& ended);

  store::Accounts& accounts_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<net::Latch>> latches_;
};

// Until it is set.
net::task<void> wait_for_end(std::shared_ptr<net::Latch> ended);

}  // namespace jobs
