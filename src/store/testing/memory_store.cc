#include "store/testing/memory_store.h"

#include "store/testing/memory_verbs.h"

namespace store {

struct MemoryStore::Verbs {
  explicit Verbs(MemoryTables& tables)
      : accounts(tables),
        user_keys(tables),
        sign_ins(tables),
        jobs(tables),
        links(tables),
        selections(tables),
        crcs(tables),
        outbox(tables),
        upkeep(tables) {}

  MemoryAccounts accounts;
  MemoryUserKeys user_keys;
  MemorySignIns sign_ins;
  MemoryJobs jobs;
  MemoryLinks links;
  MemorySelections selections;
  MemoryCrcs crcs;
  MemoryOutbox outbox;
  MemoryUpkeep upkeep;
  Store const store{.accounts = accounts,
                    .user_keys = user_keys,
                    .sign_ins = sign_ins,
                    .jobs = jobs,
                    .links = links,
                    .selections = selections,
                    .crcs = crcs,
                    .outbox = outbox,
                    .upkeep = upkeep};
};

MemoryStore::MemoryStore() : MemoryStore(std::make_shared<MemoryTables>()) {}

MemoryStore::MemoryStore(std::shared_ptr<MemoryTables> tables)
    : tables_(std::move(tables)), verbs_(std::make_unique<Verbs>(*tables_)) {}

MemoryStore::~MemoryStore() = default;

Store const& MemoryStore::store() const {
  return verbs_->store;
}

}  // namespace store
