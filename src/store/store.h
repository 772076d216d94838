// All that a node must not forget: eight small interfaces and the store's own upkeep, implemented
// for each database (sqlite/) and, for tests, in memory (testing/). One conformance suite says what
// they do (testing/*_test.cc).
//
//     std::optional<store::Job> const job = co_await store.jobs.find(id);
#pragma once

#include "store/accounts.h"
#include "store/crcs.h"
#include "store/jobs.h"
#include "store/links.h"
#include "store/outbox.h"
#include "store/selections.h"
#include "store/sign_ins.h"
#include "store/upkeep.h"
#include "store/user_keys.h"

namespace store {

struct Store {
  Accounts& accounts;
  UserKeys& user_keys;
  SignIns& sign_ins;
  Jobs& jobs;
  Links& links;
  Selections& selections;
  Crcs& crcs;
  Outbox& outbox;
  Upkeep& upkeep;
};

}  // namespace store
