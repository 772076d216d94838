#include "net/every.h"

#include "base/error.h"
#include "base/log.h"
#include "net/deadline.h"

#include <fmt/format.h>

namespace net {

task<void> every(std::chrono::milliseconds pause, std::string name,
                 std::function<task<void>()> work) {
  for (;;) {
    try {
      task<void> once = work();
      co_await std::move(once);
    } catch (base::Error const& error) {
      base::log_error(fmt::format("{}: {}", name, error.what()));
    }
    co_await sleep(pause);
  }
}

}  // namespace net
