// For tests: a store that does what another one does, but fails at the calls that it is told to.
// Calls are counted and named, so that a test can let each call of a story fail in turn.
#pragma once

#include "store/store.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace store {

enum class FailMode {
  refuse,       // Error{unavailable}, and nothing is done
  lose_answer,  // it is done, then Error{unavailable}: as if a connection broke at its end
  hang,         // nothing is done, and there is no answer until the call is cancelled
  forget,       // nothing is done, and it is answered as if it were: true, or an empty result
};

// May be used from several loops, like any store.
class FailingStore {
 public:
  explicit FailingStore(Store const& inner);
  FailingStore(FailingStore const&) = delete;
  FailingStore& operator=(FailingStore const&) = delete;
  ~FailingStore();

  Store const& store() const;

  // The call of this number fails, counted over all interfaces; the first is 0.
  void fail_at(std::size_t call, FailMode mode);
  // The same, counted among the calls of this name: idle workers ask now and then, so that a call's
  // number among all says little.
  void fail_at(std::string name, std::size_t number, FailMode mode);
  bool has_failed() const;                 // at a call that it was told to
  std::size_t calls() const;               // so far: those that were begun
  std::vector<std::string> names() const;  // of these, in their order: "jobs.claim"

 private:
  struct Verbs;
  std::unique_ptr<Verbs> const verbs_;
};

}  // namespace store
