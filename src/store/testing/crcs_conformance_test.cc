// CRCs of objects that were read before.
#include "base/limits.h"
#include "store/testing/conformance.h"

#include <algorithm>

namespace store {

TEST_P(StoreConformance, crcs_are_found_by_object_in_the_order_of_the_prefixes) {
  CrcRow const segment{object_id(1), 64 << 20, UINT32_MAX};
  CrcRow const whole{object_id(1), UINT64_MAX >> 1, 0};
  CrcRow const other{object_id(2), 0, 7};
  CrcRow const replaced{object_id(2), 0, 8};
  await(store().crcs.remember({whole, other, segment}, start_time));
  await(store().crcs.remember({replaced}, start_time));
  await(store().crcs.remember({}, start_time));
  reopen();
  Ids const asked{object_id(1), object_id(3), object_id(1)};
  EXPECT_EQ(await(store().crcs.find(asked, start_time)), (std::vector{segment, whole}));
  EXPECT_EQ(await(store().crcs.find({object_id(2)}, start_time)), std::vector{replaced});
  EXPECT_TRUE(await(store().crcs.find({}, start_time)).empty());
}

TEST_P(StoreConformance, crcs_of_many_objects_are_found_at_once) {
  std::size_t const count = 2 * base::limits::expiry_crcs + 1;
  std::vector<CrcRow> rows;
  Ids ids;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back({object_id(i), i, static_cast<std::uint32_t>(i)});
    ids.push_back(object_id(i));
    ids.push_back(object_id(i + count));  // unknown
  }
  await(store().crcs.remember(rows, start_time));
  std::vector<CrcRow> const found = await(store().crcs.find(ids, days_later(30)));
  ASSERT_EQ(found.size(), count);
  std::ranges::sort(rows, {}, &CrcRow::object_id);
  EXPECT_TRUE(found == rows);
}

TEST_P(StoreConformance, a_crc_that_is_used_is_kept_and_one_that_is_not_is_forgotten) {
  Ids const used{object_id(1)};
  Ids const unused{object_id(2)};
  auto const count = [&](Ids const& ids, base::UnixSeconds now) {
    return await(store().crcs.find(ids, now)).size();
  };
  await(store().crcs.remember({{used[0], 5, 1}, {unused[0], 5, 2}}, start_time));
  EXPECT_EQ(count(used, days_later(30)), 1U);

  await(store().upkeep.remove_expired(days_later(90)));
  EXPECT_EQ(count(unused, start_time), 1U);
  await(store().upkeep.remove_expired(days_later(91)));
  EXPECT_EQ(count(unused, start_time), 0U);
  await(store().upkeep.remove_expired(days_later(120)));
  EXPECT_EQ(count(used, days_later(30)), 1U);
  await(store().upkeep.remove_expired(days_later(121)));
  EXPECT_EQ(count(used, days_later(30)), 0U);
}

TEST_P(StoreConformance, of_many_crcs_those_that_are_not_used_are_forgotten) {
  std::size_t const count = 2 * base::limits::expiry_crcs + 1;
  std::vector<CrcRow> rows;
  Ids ids;
  Ids used;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back({object_id(i), i, static_cast<std::uint32_t>(i)});
    ids.push_back(object_id(i));
    if (i % 3 == 0) used.push_back(object_id(i));
  }
  await(store().crcs.remember(rows, start_time));
  await(store().crcs.find(used, days_later(30)));
  while (await(store().upkeep.remove_expired(days_later(90)))) reopen();
  EXPECT_EQ(await(store().crcs.find(ids, start_time)).size(), count);
  while (await(store().upkeep.remove_expired(days_later(91)))) reopen();
  EXPECT_EQ(await(store().crcs.find(ids, start_time)).size(), used.size());
}

}  // namespace store
