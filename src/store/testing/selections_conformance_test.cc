// The selections of jobs and links: chunks that come and go.
#include "base/limits.h"
#include "store/testing/conformance.h"

namespace store {

TEST_P(StoreConformance, chunks_of_a_selection_are_kept_by_owner_and_number) {
  Job const job = add_running_job();
  Link const link = add_link();
  std::string const large(3'000'000, 'x');
  EXPECT_TRUE(put_chunk(job.hold(), 0, large));
  EXPECT_TRUE(put_chunk(job.hold(), 1, every_byte()));
  EXPECT_TRUE(put_chunk(job.hold(), 7, ""));
  EXPECT_TRUE(put_chunk(link.hold(), 0, "first"));
  EXPECT_TRUE(put_chunk(link.hold(), 0, "second"));
  reopen();
  EXPECT_EQ(get_chunk(job.id, 0), large);
  EXPECT_EQ(get_chunk(job.id, 1), every_byte());
  EXPECT_EQ(get_chunk(job.id, 7), "");
  EXPECT_EQ(get_chunk(job.id, 2), std::nullopt);
  EXPECT_EQ(get_chunk(link.id, 0), "second");
  EXPECT_EQ(get_chunk("nobody", 0), std::nullopt);
}

TEST_P(StoreConformance, a_dropped_selection_is_gone_and_can_be_made_anew) {
  Link const link = add_link();
  Link const other = add_link();
  std::size_t const count = 2 * base::limits::drop_step_chunks;
  for (std::size_t i = 0; i < count; ++i) put_chunk(link.hold(), i);
  put_chunk(other.hold(), 0, "kept");
  EXPECT_TRUE(fail(link));
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(get_chunk(link.id, i), std::nullopt);
  EXPECT_EQ(get_chunk(other.id, 0), "kept");

  std::optional<Hold> const anew = await(store().links.relist(link.id, session_, start_time));
  ASSERT_TRUE(anew);
  EXPECT_TRUE(put_chunk(*anew, 0, "anew"));
  remove_all_expired(start_time);
  EXPECT_EQ(get_chunk(link.id, 0), "anew");
}

TEST_P(StoreConformance, no_selection_is_kept_for_what_has_ended_or_never_was) {
  Job const job = add_running_job();
  Link const failed = add_link();
  Link const revoked = add_link();
  finish(job);
  fail(failed);
  await(store().links.revoke(revoked.id, start_time));
  Hold const nobodys{.id = "nobody", .session = session_, .attempt = 1};
  for (Hold const& hold : {job.hold(), failed.hold(), revoked.hold(), nobodys}) {
    EXPECT_FALSE(put_chunk(hold, 0));
    EXPECT_EQ(get_chunk(hold.id, 0), std::nullopt);
  }
}

TEST_P(StoreConformance, freezing_drops_the_chunks_that_an_earlier_listing_left_over) {
  Job const job = add_running_job();
  Link const link = add_link();
  for (Hold const& hold : {job.hold(), link.hold()}) {
    for (std::uint64_t i = 0; i < 5; ++i) put_chunk(hold, i);
  }
  EXPECT_TRUE(save(job, {.plan = some_plan(3)}));
  EXPECT_TRUE(freeze(link, some_plan(3)));
  for (std::string const& id : {job.id, link.id}) {
    EXPECT_EQ(get_chunk(id, 2), "chunk");
    EXPECT_EQ(get_chunk(id, 3), std::nullopt);
    EXPECT_EQ(get_chunk(id, 4), std::nullopt);
  }
}

TEST_P(StoreConformance, the_chunks_of_what_was_left_out_are_a_plans_as_well) {
  Job const job = add_running_job();
  for (std::uint64_t i = 0; i < 6; ++i) put_chunk(job.hold(), i);
  PlanFacts plan = some_plan(2);
  plan.missing_chunks = 2;
  plan.own_zip_chunks = 1;
  EXPECT_TRUE(save(job, {.plan = plan}));
  EXPECT_EQ(get_chunk(job.id, 4), "chunk");
  EXPECT_EQ(get_chunk(job.id, 5), std::nullopt);
  EXPECT_EQ(found(job)->plan, plan);
}

}  // namespace store
