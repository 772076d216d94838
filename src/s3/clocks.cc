#include "s3/clocks.h"

#include "base/limits.h"
#include "base/log.h"

#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

namespace s3 {

std::optional<base::UnixSeconds> better_offset(ErrorReply const& refusal,
                                               base::UnixSeconds used_offset,
                                               base::UnixSeconds now) {
  // The answer to a HeadObject has no code, so that a bare 403 may be about the time.
  bool const may_be_time =
      refusal.code == "RequestTimeTooSkewed" || (refusal.bare && refusal.status == 403);
  if (!may_be_time || !refusal.date) return std::nullopt;
  base::UnixSeconds const offset = *refusal.date - now;
  std::chrono::seconds const difference(std::abs(offset - used_offset));
  if (difference < base::limits::noticed_clock_difference) return std::nullopt;
  return offset;
}

std::optional<base::UnixSeconds> StoreClock::correct(ErrorReply const& refusal,
                                                     base::UnixSeconds used_offset,
                                                     std::string_view store) {
  auto const better = better_offset(refusal, used_offset, base::unix_now());
  if (!better) return std::nullopt;
  if (offset_.exchange(*better) == 0)
    base::log_warning(
        fmt::format("the clock of {} is {} s {} this machine's: requests to it are "
                    "signed with its time; set this machine's clock right",
                    store, std::abs(*better), *better > 0 ? "ahead of" : "behind"));
  return better;
}

}  // namespace s3
