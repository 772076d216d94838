// Tells the work for an account (downloads, event streams, waiting results) that the account was
// disabled or deleted, which a command in another process may have done. Thread-safe.
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

  // Looks each limits::account_check_interval whether accounts with a held latch have ended.
  void start(net::Executor const& loop);
  // The account's latch, which is set soon after the account has ended if a caller still holds it.
  std::shared_ptr<net::Latch> ended(std::string const& account_id);

 private:
  net::task<void> look();
  std::vector<std::string> held();
  void tell(std::vector<std::string> const& ended);

  store::Accounts& accounts_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<net::Latch>> latches_;
};

// Waits until it is set.
net::task<void> wait_for_end(std::shared_ptr<net::Latch> ended);

}  // namespace jobs
