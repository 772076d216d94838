// The time by which things are erased for their age. A clock that jumps ahead would make the store
// erase things that are not old at all, among them zips in buckets. So the store keeps the time
// that the clock showed; if it has moved ahead by more than a day since the last look, things are
// erased by the time of that look, until a day has gone by as it should, or an operator has
// confirmed the clock. (A clock that goes back erases less, and is believed.)
#pragma once

#include "base/clock.h"
#include "store/upkeep.h"

namespace store {

struct ErasingClock {
  base::UnixSeconds believed = 0;    // its time when it was last believed; 0: never looked at
  base::UnixSeconds doubted_at = 0;  // its time when the doubt began; 0: it is believed
  base::UnixSeconds looked_at = 0;   // its time at the last look

  bool is_doubted() const { return doubted_at != 0; }
  bool operator==(ErasingClock const&) const = default;
};

// The result of a look at which the clock shows `now`. Pure.
ErasingClock looked_at(ErasingClock clock, base::UnixSeconds now);

// The clock as the store has it.
net::task<ErasingClock> read_erasing_clock(Upkeep& upkeep);
// `now` itself if the clock is believed, else the last believed time.
net::task<base::UnixSeconds> time_to_erase_by(Upkeep& upkeep, base::UnixSeconds now);
// Looks at the clock, and logs if a doubt begins or ends; gives the time to erase by.
net::task<base::UnixSeconds> look_at_clock(Upkeep& upkeep, base::UnixSeconds now);
// An operator says that the clock is right.
net::task<void> confirm_clock(Upkeep& upkeep, base::UnixSeconds now);

}  // namespace store
