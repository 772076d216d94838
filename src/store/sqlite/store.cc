#include "store/sqlite/store.h"

#include "store/sqlite/accounts.h"
#include "store/sqlite/crcs.h"
#include "store/sqlite/jobs.h"
#include "store/sqlite/links.h"
#include "store/sqlite/outbox.h"
#include "store/sqlite/sealed.h"
#include "store/sqlite/selections.h"
#include "store/sqlite/sign_ins.h"
#include "store/sqlite/upkeep.h"
#include "store/sqlite/user_keys.h"

namespace store {

struct SqliteStore::Parts {
  explicit Parts(SqliteOptions const& options) : database(options) {}

  SqliteDatabase database;
  net::BlockingPool threads{base::limits::store_threads};  // their calls end before the database
  SqliteAccounts accounts{database, threads};
  SqliteUserKeys user_keys{database, threads};
  SqliteSignIns sign_ins{database, threads};
  SqliteJobs jobs{database, threads};
  SqliteLinks links{database, threads};
  SqliteSelections selections{database, threads};
  SqliteCrcs crcs{database, threads};
  SqliteOutbox outbox{database, threads};
  SqliteUpkeep upkeep{database, threads};
  SqliteSealed sealed{database};
  Store store{accounts, user_keys, sign_ins, jobs, links, selections, crcs, outbox, upkeep};
};

SqliteStore::SqliteStore(SqliteOptions const& options) : parts_(std::make_unique<Parts>(options)) {}

SqliteStore::~SqliteStore() = default;

Store const& SqliteStore::store() const {
  return parts_->store;
}

SealedStore& SqliteStore::sealed() {
  return parts_->sealed;
}

}  // namespace store
