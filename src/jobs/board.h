// What is going on in this process, by job or stream: how far it is, and whether it has ended. The
// store knows all that must last; the board knows it sooner. Thread-safe.
#pragma once

#include "archive/progress.h"
#include "net/latch.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace jobs {

struct Live {
  archive::Progress progress;
  net::Latch selected;  // the listing is complete, the totals are final
  net::Latch ended;     // the store has the outcome
};

class Board {
 public:
  // The entry of this id, made where there is none; it is there as long as somebody holds it.
  std::shared_ptr<Live> open(std::string const& id);
  std::shared_ptr<Live> find(std::string const& id) const;  // null where nobody holds it

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Live>> entries_;
};

}  // namespace jobs
