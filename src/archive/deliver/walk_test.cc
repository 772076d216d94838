// The steps of a walk, against a plain count of the bytes that the wanted stretches need.
#include "archive/deliver/walk.h"

#include "archive/testing/sample_plans.h"
#include "base/digest.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::Extent;
using zip::Form;

std::vector<Step> all_steps(PlannedArchive const& archive, std::vector<Extent> const& wanted) {
  Walk walk(archive, wanted);
  std::vector<Step> steps;
  while (auto const step = walk.next()) steps.push_back(*step);
  return steps;
}

bool meets(std::vector<Extent> const& wanted, Extent extent) {
  return std::ranges::any_of(wanted, [&](Extent const& one) {
    return one.size > 0 && extent.size > 0 && one.offset < extent.end() &&
           extent.offset < one.end();
  });
}

// The bytes of the entry's object that have to be read. Block headers count as their block's first
// byte.
std::vector<bool> needed_bytes(PlannedArchive const& archive, std::size_t index,
                               std::vector<Extent> const& wanted) {
  zip::Layout const& layout = archive.plan.layout();
  zip::Entry const entry = layout.entry(index);
  std::vector<bool> needed(entry.size, false);
  if (entry.form == Form::directory) return needed;
  std::uint64_t const data = layout.data(index).offset;
  std::uint64_t place = data;
  for (std::uint64_t i = 0; i < entry.size; ++i) {
    bool const header = entry.form == Form::stored_blocks && i % 65'535 == 0;
    std::uint64_t const width = header ? 6 : 1;
    needed[i] = meets(wanted, {place, width});
    place += width;
  }
  bool const in_header = entry.form == Form::stored && meets(wanted, layout.local_header(index));
  bool const crc_wanted = in_header || meets(wanted, layout.descriptor(index)) ||
                          meets(wanted, layout.central_header(index));
  if (!crc_wanted || archive.crcs.whole(index)) return needed;
  auto const first = static_cast<std::uint64_t>(std::ranges::find(needed, true) - needed.begin());
  std::uint64_t const known = archive.crcs.longest_prefix(index, first).bytes;
  std::fill(needed.begin() + static_cast<std::ptrdiff_t>(known), needed.end(), true);
  return needed;
}

void expect_right_steps(PlannedArchive const& archive, std::vector<Extent> const& wanted) {
  std::vector<std::vector<bool>> read;
  for (std::size_t i = 0; i < archive.plan.entry_count(); ++i)
    read.emplace_back(archive.plan.layout().entry(i).size, false);
  for (Step const& step : all_steps(archive, wanted)) {
    ASSERT_LE(step.end, read[step.entry].size());
    for (std::uint64_t i = step.begin; i < step.end; ++i) {
      ASSERT_FALSE(read[step.entry][i]) << "byte " << i << " of " << step.entry << " is read twice";
      read[step.entry][i] = true;
    }
    if (!step.needs_crc) continue;
    ASSERT_EQ(step.end, read[step.entry].size()) << "a CRC needs the rest of the object";
    ASSERT_EQ(step.crc_before, archive.crcs.longest_prefix(step.entry, step.begin).crc);
  }
  for (std::size_t i = 0; i < archive.plan.entry_count(); ++i)
    ASSERT_EQ(read[i], needed_bytes(archive, i, wanted)) << "entry " << i;
}

void expect_order(PlannedArchive const& archive, std::vector<Extent> const& wanted) {
  std::vector<Step> const steps = all_steps(archive, wanted);
  auto const round_ends = std::ranges::adjacent_find(steps, [](Step const& a, Step const& b) {
    return std::pair(b.entry, b.begin) <= std::pair(a.entry, a.begin);
  });
  if (round_ends == steps.end()) return;
  // The second round has only entries that nothing but the central directory wants.
  for (auto step = round_ends + 1; step != steps.end(); ++step) {
    ASSERT_FALSE(meets(wanted, archive.plan.layout().local(step->entry)));
    ASSERT_TRUE(step->needs_crc);
    if (step != round_ends + 1) ASSERT_LT((step - 1)->entry, step->entry);
  }
}

std::vector<std::uint64_t> interesting_offsets(PlannedArchive const& archive) {
  std::vector<std::uint64_t> offsets{0, archive.plan.layout().size()};
  for (auto piece = archive.plan.layout().piece_at(0); piece;
       piece = archive.plan.layout().next(*piece)) {
    for (std::uint64_t const near : {piece->offset, piece->offset + piece->size / 2}) {
      for (std::uint64_t const at : {near - 1, near, near + 1})
        if (at <= archive.plan.layout().size()) offsets.push_back(at);
    }
  }
  std::ranges::sort(offsets);
  auto const twice = std::ranges::unique(offsets);
  offsets.erase(twice.begin(), twice.end());
  return offsets;
}

TEST(Walk, every_range_of_small_plans_reads_what_it_needs_once) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    MemoryStore store(seed);
    auto const archive = make_archive(store, random_entries(random, 4, {0, 1, 2, 7}, false));
    std::vector<std::uint64_t> const offsets = interesting_offsets(*archive);
    for (std::uint64_t const from : offsets) {
      for (std::uint64_t const to : offsets) {
        if (from >= to) continue;
        expect_right_steps(*archive, {{from, to - from}});
        expect_order(*archive, {{from, to - from}});
        if (HasFatalFailure()) FAIL() << "range " << from << " to " << to;
      }
    }
  }
}

TEST(Walk, several_stretches_read_what_they_need_once) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    MemoryStore store(seed);
    auto const archive = make_archive(store, random_entries(random, 6, {0, 1, 9, 60}, false));
    auto const wanted = random_stretches(random, archive->plan.layout().size(), 1 + random() % 5);
    expect_right_steps(*archive, wanted);
    expect_order(*archive, wanted);
    if (HasFatalFailure()) return;
  }
}

TEST(Walk, a_stretch_that_ends_in_the_header_of_a_deflate_block_takes_its_first_byte_in) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored_blocks, 3 * 65'535, true}});
  std::uint64_t const header =
      archive->plan.layout().data(0).offset + 65'540;  // of the second block
  for (std::uint64_t from = header - 2; from < header + 7; ++from) {
    for (std::uint64_t to = from + 1; to < header + 8; ++to) {
      SCOPED_TRACE(testing::Message() << from - header << " to " << to - header);
      expect_right_steps(*archive, {{from, to - from}});
    }
  }
  // Two stretches in one header share that byte.
  expect_right_steps(*archive, {{header - 1, 3}, {header + 3, 1}, {header + 4, 9}});
}

TEST(Walk, a_known_prefix_is_not_read_again) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored_blocks, 1000, false}});
  std::string const bytes = store.at("bucket", "0-").content.text();
  std::uint32_t const crc = base::crc32(0, std::string_view(bytes).substr(0, 400));
  archive->crcs.set_prefix(0, {400, crc});
  archive->crcs.set_prefix(0, {100, 7});
  zip::Layout const& layout = archive->plan.layout();
  EXPECT_EQ(all_steps(*archive, {layout.descriptor(0)}),
            (std::vector<Step>{{0, 400, 1000, true, crc}}));
  std::uint64_t const at_399 = layout.data(0).offset + 5 + 399;
  EXPECT_EQ(all_steps(*archive, {{at_399, layout.size() - at_399}}),
            (std::vector<Step>{{0, 100, 1000, true, 7}}))
      << "the prefix must end before the first wanted byte";
  archive->crcs.set_whole(0, 1);
  EXPECT_EQ(all_steps(*archive, {layout.descriptor(0)}), (std::vector<Step>{{.entry = 0}}));
}

TEST(Walk, a_resumed_object_is_read_from_a_near_prefix_to_be_checked) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored, 1000, true}, {Form::stored, 10, true}});
  zip::Layout const& layout = archive->plan.layout();
  auto const from = [&](std::uint64_t offset) -> Extent {
    std::uint64_t const at = layout.data(0).offset + offset;
    return {at, layout.local(1).offset - at};
  };
  EXPECT_EQ(all_steps(*archive, {from(300)}),
            (std::vector<Step>{{.entry = 0, .begin = 300, .end = 1000}}))
      << "nothing is at hand";
  archive->crcs.set_prefix(0, {200, 7});
  EXPECT_EQ(all_steps(*archive, {from(300)}), (std::vector<Step>{{0, 200, 1000, false, 7}}));
  EXPECT_EQ(all_steps(*archive, {from(200)}), (std::vector<Step>{{0, 200, 1000, false, 7}}));
  EXPECT_EQ(all_steps(*archive, {from(600)}), (std::vector<Step>{{0, 200, 1000, false, 7}}));
  EXPECT_EQ(all_steps(*archive, {from(601)}),
            (std::vector<Step>{{.entry = 0, .begin = 601, .end = 1000}}))
      << "more than is wanted";
  Extent const inside{layout.data(0).offset + 300, 699};
  EXPECT_EQ(all_steps(*archive, {inside}),
            (std::vector<Step>{{.entry = 0, .begin = 300, .end = 999}}))
      << "it cannot be checked without its end";
  archive->crcs.learn_whole(0, 1000, archive->crcs.whole(0).value());
  EXPECT_EQ(all_steps(*archive, {from(300)}),
            (std::vector<Step>{{.entry = 0, .begin = 300, .end = 1000}}))
      << "it was checked before";
}

TEST(Walk, an_object_in_doubt_is_read_whole_for_its_crc) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored, 1000, true}, {Form::stored, 10, true}});
  archive->crcs.learn_whole(0, 1000, ~archive->crcs.whole(0).value());
  zip::Layout const& layout = archive->plan.layout();
  Step const whole{0, 0, 1000, true, 0};
  EXPECT_EQ(all_steps(*archive, {layout.central_header(0)}), std::vector<Step>{whole});
  EXPECT_EQ(all_steps(*archive, {layout.local_header(0)}), std::vector<Step>{whole});
  EXPECT_TRUE(all_steps(*archive, {layout.central_header(1)}).empty());
  EXPECT_EQ(reads_for_crcs(*archive, layout.central_directory(), 5000), 1000U);
}

TEST(Walk, a_header_at_the_end_of_a_range_costs_a_reading_of_its_object) {
  MemoryStore store;
  auto const archive = make_archive(
      store,
      {{Form::stored, 10, false}, {Form::stored_blocks, 500, false}, {Form::stored, 1000, false}});
  zip::Layout const& layout = archive->plan.layout();
  auto const until = [&](std::uint64_t end) { return reads_for_crcs(*archive, {0, end}, 5000); };
  EXPECT_EQ(until(layout.local_header(2).offset), 0U);
  EXPECT_EQ(until(layout.local_header(2).offset + 1), 1000U);
  EXPECT_EQ(until(layout.data(2).offset + 400), 600U);
  EXPECT_EQ(until(layout.data(1).end()), 0U);
  EXPECT_EQ(until(layout.size()), 0U);
}

// Counts the reads of a real walk, and compares them with reads_for_crcs().
void expect_right_count(PlannedArchive const& archive, Extent wanted) {
  std::uint64_t reads = 0;
  for (Step const& step : all_steps(archive, {wanted})) {
    for (std::uint64_t i = step.begin; i < step.end && step.needs_crc; ++i) {
      bool const blocks = archive.plan.layout().entry(step.entry).form == Form::stored_blocks;
      bool const behind_header = blocks && i % 65'535 == 0;
      std::uint64_t const width = behind_header ? 6 : 1;
      std::uint64_t const headers = blocks ? (i / 65'535 + 1) * 5 : 0;
      std::uint64_t const place =
          archive.plan.layout().data(step.entry).offset + headers + i + 1 - width;
      if (!meets({wanted}, {place, width})) ++reads;
    }
  }
  ASSERT_EQ(reads_for_crcs(archive, wanted, UINT64_MAX), reads);
  if (reads > 0) {
    ASSERT_GT(reads_for_crcs(archive, wanted, reads - 1), reads - 1);
  }
}

TEST(Walk, the_reads_for_crcs_of_a_range_are_counted_beforehand) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    MemoryStore store(seed);
    auto const archive =
        make_archive(store, random_entries(random, 5, {0, 1, 2, 9, 66'000}, false));
    for (std::size_t i = 0; i < archive->plan.entry_count(); i += 2) {
      std::uint64_t const size = archive->plan.layout().entry(i).size;
      if (size > 2 && !archive->crcs.whole(i)) archive->crcs.set_prefix(i, {size / 2, 1});
    }
    std::vector<std::uint64_t> const offsets = interesting_offsets(*archive);
    for (std::uint64_t const from : offsets) {
      if (random() % 4 > 0) continue;
      std::uint64_t const to = offsets[random() % offsets.size()];
      if (from == archive->plan.layout().size()) continue;
      if (from < to) expect_right_count(*archive, {from, to - from});
      expect_right_count(*archive, {from, archive->plan.layout().size() - from});
      if (HasFatalFailure()) FAIL() << "range " << from << " to " << to;
    }
  }
}

TEST(Walk, nothing_wanted_is_nothing_to_do) {
  MemoryStore store;
  auto const archive =
      make_archive(store, {{Form::stored, 10, false}, {Form::stored_blocks, 9, false}});
  EXPECT_TRUE(all_steps(*archive, {}).empty());
  EXPECT_TRUE(all_steps(*archive, {archive->plan.layout().end_records()}).empty());
}

TEST(Overlap, gives_the_parts_of_the_wanted_stretches_within_an_extent) {
  std::vector<Extent> const wanted{{10, 10}, {30, 5}, {35, 5}, {60, 1}};
  using Parts = Extents;
  EXPECT_EQ(overlap(wanted, {0, 10}), Parts{});
  EXPECT_EQ(overlap(wanted, {0, 11}), (Parts{{10, 1}}));
  EXPECT_EQ(overlap(wanted, {12, 3}), (Parts{{12, 3}}));
  EXPECT_EQ(overlap(wanted, {19, 20}), (Parts{{19, 1}, {30, 5}, {35, 4}}));
  EXPECT_EQ(overlap(wanted, {20, 10}), Parts{});
  EXPECT_EQ(overlap(wanted, {60, 100}), (Parts{{60, 1}}));
  EXPECT_EQ(overlap(wanted, {15, 0}), Parts{});
}

}  // namespace
}  // namespace archive
