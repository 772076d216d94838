#include "archive/plan/estimate.h"

#include "archive/testing/sample_plans.h"
#include "base/limits.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using base::limits::MiB;
using zip::Form;

std::uint64_t count_of(std::vector<CallCount> const& calls, std::string_view name) {
  for (CallCount const& call : calls) {
    if (call.name == name) return call.count;
  }
  return 0;
}

TEST(Estimate, a_download_reads_each_object_in_segments) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored, 0},
                                            {Form::stored, 1},
                                            {Form::stored, MiB},
                                            {Form::stored, 3 * MiB + 1},
                                            {Form::directory, 0}});
  auto const calls = count_calls(archive->plan, {.heads = 2, .lists = 3}, std::nullopt);
  EXPECT_EQ(calls, (std::vector<CallCount>{{"ListObjectsV2", 3, 3 * dollars_per_write},
                                           {"HeadObject", 2, 2 * dollars_per_read},
                                           {"GetObject", 6, 6 * dollars_per_read}}));
}

TEST(Estimate, a_small_zip_is_put_at_once) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored, MiB}});
  auto const calls = count_calls(archive->plan, {}, 8 * MiB);
  EXPECT_EQ(count_of(calls, "PutObject"), 1U);
  EXPECT_EQ(count_of(calls, "CreateMultipartUpload"), 0U);
  EXPECT_EQ(count_of(calls, "HeadObject"), 0U);
}

TEST(Estimate, a_large_zip_is_uploaded_in_parts) {
  MemoryStore store;
  auto const archive = make_archive(store, {{Form::stored, 16 * MiB}});
  auto const calls = count_calls(archive->plan, {.heads = 1, .lists = 0}, 8 * MiB);
  EXPECT_EQ(count_of(calls, "UploadPart"), 3U) << "the headers are in the third";
  EXPECT_EQ(count_of(calls, "CreateMultipartUpload"), 1U);
  EXPECT_EQ(count_of(calls, "CompleteMultipartUpload"), 1U);
  EXPECT_EQ(count_of(calls, "ListParts"), 1U);
  EXPECT_EQ(count_of(calls, "HeadObject"), 2U);
  EXPECT_EQ(count_of(calls, "PutObject"), 0U);
}

}  // namespace
}  // namespace archive
