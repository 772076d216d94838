// The conformance suite on each database.
#include "store/testing/sqlite_test_home.h"
#include "store/testing/store_conformance.h"
#include "store/testing/store_conformance_accounts.h"
#include "store/testing/store_conformance_cancel.h"
#include "store/testing/store_conformance_failures.h"
#include "store/testing/store_conformance_lists.h"
#include "store/testing/store_conformance_people.h"
#include "store/testing/store_conformance_work.h"

namespace store {
namespace {

class SqliteHome : public StoreHome {
 public:
  std::unique_ptr<JobStore> open() override { return home_.open(); }

 private:
  SqliteTestHome home_;
};

StoreKind const sqlite{"sqlite", [] { return std::make_unique<SqliteHome>(); }};

INSTANTIATE_TEST_SUITE_P(Store, StoreConformance, testing::Values(sqlite),
                         [](auto const& info) { return info.param.name; });

}  // namespace
}  // namespace store
