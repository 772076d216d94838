// The faults that strike a request: all rules of the faults file, each with its own count. The
// effect of a rule depends only on the seed, its name and the number of requests that it has seen.
//
// A request is shown to the rules in the order of the file. Of the rules of one class the first
// that strikes acts, and those behind it do not see the request; of the class pace, all act
// together.
//
// Thread-safe. Rules of other buckets cost nothing.
#pragma once

#include "sandbox/faults/fault_file.h"
#include "sandbox/faults/fault_rule.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

using SteadyTime = std::chrono::steady_clock::time_point;

// The facts of a request that rules look at.
struct FaultSubject {
  std::string_view call;
  std::string_view bucket;  // empty: the service
  std::string_view key;     // of a listing: the prefix
  ByteSpan bytes;           // of the object that are asked for
  std::uint64_t part = 0;
};

// One rule that strikes one request.
struct Strike {
  FaultRule const* rule = nullptr;  // nullptr: none
  std::uint64_t number = 0;         // of the requests that the rule has seen, from 1
  std::uint64_t random = 0;
};

struct Strikes {
  Strike answer;
  std::vector<Strike> paces;
  std::chrono::milliseconds delay{0};  // of all paces together
  std::uint64_t bytes_per_second = 0;  // 0: as fast as it goes
};

class Faults {
 public:
  explicit Faults(FaultFile file);
  ~Faults();

  // Counts the request. Gives the strikes of the classes answer and pace.
  Strikes strikes(FaultSubject const& subject, SteadyTime now);
  // Counts a look at an object, in a GetObject or HeadObject, as the source of a copy, or in a
  // listing.
  Strike view(FaultSubject const& subject);

  // True if a rule that makes the store go away has struck not long ago.
  bool is_away(std::string_view bucket, SteadyTime now) const;
  bool can_go_away(std::string_view bucket) const { return !rules_for(bucket).away.empty(); }
  bool has_views(std::string_view bucket) const { return !rules_for(bucket).views.empty(); }

 private:
  struct Counted;
  // Rules in the order of the file.
  struct Rules {
    std::vector<Counted*> answers_and_paces;
    std::vector<Counted*> views;
    std::vector<Counted*> away;
    void add(Counted& rule);
  };
  Rules const& rules_for(std::string_view bucket) const;

  std::vector<std::unique_ptr<Counted>> rules_;
  std::map<std::string, Rules, std::less<>> by_bucket_;  // buckets that rules name
  Rules others_;                                         // of all other buckets
};

}  // namespace sandbox
