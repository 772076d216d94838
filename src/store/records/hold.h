// A runner's hold on a job or a link that it has taken up. Every write of a runner names its hold
// and answers whether it was still valid. If not, nothing has changed, and the runner drops its
// work: the job was cancelled, or is another runner's by now.
#pragma once

#include <string>

namespace store {

struct Hold {
  std::string id;       // of the job or link
  std::string session;  // of the process that runs it: another one at each start
  int attempt = 0;      // one more each time it is taken up, never set back
  bool operator==(Hold const&) const = default;
};

}  // namespace store
