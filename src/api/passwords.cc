#include "api/passwords.h"

#include "accounts/password.h"
#include "base/error.h"
#include "base/service_limits.h"

namespace api {
namespace {

// A place among those that wait or are served.
class Place {
 public:
  explicit Place(std::atomic<std::size_t>& taken) : taken_(taken) {
    if (taken_.fetch_add(1) < base::limits::passwords_waiting) return;
    --taken_;
    throw base::Error(base::Fault::unavailable,
                      "many people sign in just now; try again in a moment");
  }
  ~Place() { --taken_; }
  Place(Place const&) = delete;
  Place& operator=(Place const&) = delete;

 private:
  std::atomic<std::size_t>& taken_;
};

}  // namespace

net::task<std::string> Passwords::hash(base::Secret password) {
  Place const place(waiting_);
  auto const work = [&] { return accounts::hash_password(password); };
  co_return co_await threads_.get(work);
}

net::task<bool> Passwords::matches(base::Secret password, std::string hash) {
  Place const place(waiting_);
  auto const work = [&] { return accounts::password_matches(password, hash); };
  co_return co_await threads_.get(work);
}

}  // namespace api
