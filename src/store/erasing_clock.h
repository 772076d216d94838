// The time by which things are erased for their age. A clock that jumps ahead would have the store
// erase what is not old at all, zips in buckets among it. So the store keeps what the clock showed;
// where it has moved ahead by more than a day since it was last looked at, things are erased by
// what it showed then, until a day has gone by as it should, or an operator has confirmed the
// clock. (A clock that goes back erases less, and is believed.)
#pragma once

#include "base/clock.h"
#include "store/upkeep.h"

namespace store {

struct ErasingClock {
  base::UnixSeconds believed = 0;    // what it showed when it was last believed; 0: never looked at
  base::UnixSeconds doubted_at = 0;  // what it showed when the doubt began; 0: it is believed
  base::UnixSeconds looked_at = 0;   // what it showed at the last look

  bool is_doubted() const { return doubted_at != 0; }
  bool operator==(ErasingClock const&) const = default;
};

// What becomes of it where the clock shows `now`. Pure.
ErasingClock looked_at(ErasingClock clock, base::UnixSeconds now);

// As the store has it.
net::task<ErasingClock> read_erasing_clock(Upkeep& upkeep);
// `now` itself, where the clock is believed.
net::task<base::UnixSeconds> time_to_erase_by(Upkeep& upkeep, base::UnixSeconds now);
// Looks at the clock, and logs where a doubt begins or ends; gives the time to erase by.
net::task<base::UnixSeconds> look_at_clock(Upkeep& upkeep, base::UnixSeconds now);
// The clock is right, says an operator.
net::task<void> confirm_clock(Upkeep& upkeep, base::UnixSeconds now);

}  // namespace store
