#include "net/every.h"

#include "base/error.h"
#include "net/deadline.h"
#include "net/runtime.h"
#include "net/task_group.h"

#include <gtest/gtest.h>

namespace net {
namespace {

using std::chrono::milliseconds;

task<void> fail_the_first_time(int& times) {
  if (++times == 1) throw base::Error(base::Fault::unavailable, "on purpose");
  co_return;
}

task<void> work_goes_on_after_an_error() {
  int times = 0;
  auto const work = [&times] { return fail_the_first_time(times); };
  TaskGroup group(co_await this_loop());
  group.spawn(every(milliseconds(1), "work", work));
  while (times < 3) co_await sleep(milliseconds(1));
  group.cancel();
  while (group.running() > 0) co_await sleep(milliseconds(1));
}
TEST(Every, does_its_work_again_after_an_error_until_it_is_cancelled) {
  run_to_end(work_goes_on_after_an_error());
}

}  // namespace
}  // namespace net
