#include "cli/clock_command.h"

#include "net/runtime.h"
#include "server/data_folder.h"
#include "store/erasing_clock.h"
#include "store/sqlite/store.h"

#include <fmt/core.h>

namespace cli {

void show_clock(server::Config const& config) {
  server::DataFolder const folder = server::DataFolder::open(config);
  store::SqliteStore const database({.path = folder.database()});
  store::ErasingClock const clock =
      net::result_of(store::read_erasing_clock(database.store().upkeep));
  if (clock.believed == 0) {
    fmt::print("No server has looked at the clock yet.\n");
  } else if (!clock.is_doubted()) {
    fmt::print(
        "The clock is believed: what is old is erased. It showed {} when a server last looked.\n",
        base::rfc3339(clock.looked_at));
  } else {
    fmt::print(
        "The clock is doubted: it showed {} when it was last believed, and then {}.\n"
        "Nothing that came to its end since is erased until a day has gone by. Where the clock is "
        "right: s3zipper clock confirm\n",
        base::rfc3339(clock.believed), base::rfc3339(clock.doubted_at));
  }
}

void confirm_clock(server::Config const& config) {
  server::DataFolder const folder = server::DataFolder::open(config);
  store::SqliteStore const database({.path = folder.database()});
  base::UnixSeconds const now = base::unix_now();
  net::run_to_end(store::confirm_clock(database.store().upkeep, now));
  fmt::print("The clock shows {}, and is believed: what is old by it is erased.\n",
             base::rfc3339(now));
}

}  // namespace cli
