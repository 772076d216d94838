// For tests: a store in memory, which does all that a database's does (see the conformance suite),
// but does not outlive its process. Stores that are given the same tables see the same rows, as
// nodes on one database would, or a program that is started again.
#pragma once

#include "store/store.h"

#include <memory>

namespace store {

class MemoryTables;

class MemoryStore {
 public:
  MemoryStore();  // on tables of its own, empty
  explicit MemoryStore(std::shared_ptr<MemoryTables> tables);
  MemoryStore(MemoryStore const&) = delete;
  MemoryStore& operator=(MemoryStore const&) = delete;
  ~MemoryStore();

  Store const& store() const;
  std::shared_ptr<MemoryTables> const& tables() const { return tables_; }

 private:
  struct Verbs;
  std::shared_ptr<MemoryTables> const tables_;
  std::unique_ptr<Verbs> const verbs_;
};

}  // namespace store
