// The stores that the conformance suite runs on.
#include "store/testing/conformance.h"

#include "store/testing/memory_store.h"
#include "store/testing/sqlite_test_home.h"

namespace store {
namespace {

template <class Opened>
class OpenedStore final : public OpenStore {
 public:
  explicit OpenedStore(std::unique_ptr<Opened> opened) : opened_(std::move(opened)) {}
  Store const& store() const override { return opened_->store(); }

 private:
  std::unique_ptr<Opened> const opened_;
};

class SqliteHome final : public StoreHome {
 public:
  std::unique_ptr<OpenStore> open() override {
    return std::make_unique<OpenedStore<SqliteStore>>(home_.open());
  }

 private:
  SqliteTestHome const home_;
};

// The first store's tables are those of all that are opened later.
class MemoryHome final : public StoreHome {
 public:
  std::unique_ptr<OpenStore> open() override {
    auto store = std::make_unique<MemoryStore>(first_.tables());
    return std::make_unique<OpenedStore<MemoryStore>>(std::move(store));
  }

 private:
  MemoryStore const first_;
};

StoreKind const sqlite{"sqlite", [] { return std::make_unique<SqliteHome>(); }};
StoreKind const memory{"memory", [] { return std::make_unique<MemoryHome>(); }};

INSTANTIATE_TEST_SUITE_P(Store, StoreConformance, testing::Values(sqlite, memory),
                         [](auto const& info) { return info.param.name; });

}  // namespace
}  // namespace store
