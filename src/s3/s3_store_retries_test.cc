// The time for which a store's trouble is borne, and the lessons of its refusals.
#include "base/clock.h"
#include "s3/testing/scripted_store.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace s3 {
namespace {

// ---- the patience

TEST_F(S3StoreTest, calls_share_what_is_left_of_the_patience) {
  patience_ = std::chrono::milliseconds(200);
  std::vector<Answer> const answers(100, reset);
  EXPECT_TRUE(run(answers, [](S3Store& store) { return abort_after_failed_complete(store); }));
  std::size_t const completes = static_cast<std::size_t>(std::ranges::count_if(
      script_.requests, [](std::string const& request) { return request.starts_with("POST"); }));
  EXPECT_GT(completes, 2U);
  EXPECT_EQ(script_.requests.size(), completes + 1) << "one more look whether it is over";
}

TEST_F(S3StoreTest, a_pause_ends_when_the_patience_is_limited) {
  Answer later = error("503 Slow Down", "SlowDown");
  later.bytes.insert(later.bytes.find("\r\n") + 2, "Retry-After: 200\r\n");
  auto const failure =
      run({later}, [this](S3Store& store) { return limit_when_asked(store, script_); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), "SlowDown");
  EXPECT_EQ(script_.requests.size(), 1U);
}

TEST_F(S3StoreTest, a_store_that_comes_back_too_late_is_asked_once_more) {
  Answer later = error("503 Slow Down", "SlowDown");
  later.bytes.insert(later.bytes.find("\r\n") + 2, "Retry-After: 3600\r\n");
  patience_ = std::chrono::milliseconds(50);
  EXPECT_FALSE(read({later, part(0, "hello")}, 0, 5));
}

TEST_F(S3StoreTest, of_reads_of_an_ailing_object_one_goes_on_trying) {
  patience_ = std::chrono::milliseconds(400);
  std::vector<Answer> const answers(1000, reset);
  EXPECT_TRUE(run(answers, [](S3Store& store) { return read_in_pieces(store, 32); }));
  // Each read asks once; then one alone goes on, for five to ten tries.
  EXPECT_LT(script_.requests.size(), 60U);
}

TEST_F(S3StoreTest, reads_that_waited_go_on_when_one_gets_through) {
  std::vector<Answer> answers(32, reset);
  for (int i = 0; i < 32; ++i) answers.push_back(reply("404 Not Found", "", ""));
  auto const failure = run(answers, [](S3Store& store) { return read_in_pieces(store, 32); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault(), Fault::not_found);
}

// ---- clocks

Answer skewed(std::string_view code, base::UnixSeconds offset = 7200) {
  base::UnixSeconds const ahead = base::unix_now() + offset;
  Answer answer = code.empty() ? reply("403 Forbidden", "", "", 0) : error("403 Forbidden", code);
  answer.bytes.insert(answer.bytes.find("\r\n") + 2,
                      fmt::format("Date: {}\r\n", base::http_date(ahead)));
  return answer;
}

base::UnixSeconds hours_ahead(std::string const& amz_date) {
  auto const time = base::parse_amz_date(amz_date);
  return time ? (*time - base::unix_now() + 60) / 3600 : -1;
}

TEST_F(S3StoreTest, a_clock_that_is_off_is_corrected_by_the_store_s) {
  EXPECT_FALSE(read({skewed("RequestTimeTooSkewed"), part(0, "hello")}, 0, 5));
  EXPECT_EQ(hours_ahead(sent(0, "x-amz-date")), 0);
  EXPECT_EQ(hours_ahead(sent(1, "x-amz-date")), 2);
  EXPECT_FALSE(read({part(0, "hello")}, 0, 5));
  EXPECT_NE(hours_ahead(sent(0, "x-amz-date")), 2) << "another endpoint has another clock";
}

TEST_F(S3StoreTest, a_corrected_clock_is_kept_for_later_calls_and_for_links) {
  std::vector<std::string> links;
  auto const call = [&](S3Store& store) { return read_and_presign(store, links); };
  EXPECT_FALSE(run({skewed("RequestTimeTooSkewed"), part(0, "hello"), part(0, "hello")}, call));
  EXPECT_EQ(script_.requests.size(), 3U);
  EXPECT_EQ(hours_ahead(sent(2, "x-amz-date")), 2);
  ASSERT_EQ(links.size(), 1U);
  std::size_t const at = links[0].find("X-Amz-Date=");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(hours_ahead(links[0].substr(at + 11, 16)), 2);
}

TEST_F(S3StoreTest, the_clocks_of_a_store_may_differ_among_its_machines) {
  EXPECT_FALSE(read(
      {skewed("RequestTimeTooSkewed"), skewed("RequestTimeTooSkewed", 0), part(0, "hello")}, 0, 5));
  EXPECT_EQ(hours_ahead(sent(1, "x-amz-date")), 2);
  EXPECT_EQ(hours_ahead(sent(2, "x-amz-date")), 0);
  std::vector<Answer> answers;
  for (int i = 0; i < 20; ++i)
    answers.push_back(skewed("RequestTimeTooSkewed", i % 2 == 0 ? 0 : 7200));
  EXPECT_TRUE(read(std::move(answers), 0, 5));
  EXPECT_LE(script_.requests.size(), 5U);
}

TEST_F(S3StoreTest, a_clock_is_corrected_once_and_only_where_it_differs) {
  auto const twice = read({skewed("RequestTimeTooSkewed"), skewed("RequestTimeTooSkewed")}, 0, 5);
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->code(), "RequestTimeTooSkewed");
  EXPECT_EQ(script_.requests.size(), 2U);
  EXPECT_TRUE(read({error("403 Forbidden", "RequestTimeTooSkewed")}, 0, 5)) << "without a Date";
  EXPECT_EQ(script_.requests.size(), 1U);
  EXPECT_TRUE(read({skewed("AccessDenied")}, 0, 5)) << "it is about something else";
  EXPECT_EQ(script_.requests.size(), 1U);
}

TEST_F(S3StoreTest, a_head_that_is_refused_for_its_time_is_corrected_too) {
  std::optional<ObjectInfo> found;
  auto const call = [&](S3Store& store) { return head(store, found); };
  EXPECT_FALSE(run({skewed(""), reply("200 OK", "ETag: \"e\"\r\n", "", 0)}, call));
  EXPECT_TRUE(found);
  EXPECT_EQ(hours_ahead(sent(1, "x-amz-date")), 2);
}

// ---- the reason of a refused HEAD

TEST_F(S3StoreTest, a_head_that_is_refused_is_told_for_what_a_get_says) {
  std::optional<ObjectInfo> found;
  auto const call = [&](S3Store& store) { return head(store, found); };
  auto const expired =
      run({reply("400 Bad Request", "", "", 0), error("400 Bad Request", "ExpiredToken")}, call);
  ASSERT_TRUE(expired);
  EXPECT_EQ(expired->code(), "ExpiredToken");
  EXPECT_NE(expired->message().find("HeadObject"), std::string::npos);
  EXPECT_EQ(sent(1, "Range"), "bytes=0-0");
  auto const denied =
      run({reply("403 Forbidden", "", "", 0), error("403 Forbidden", "AccessDenied")}, call);
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->fault(), Fault::forbidden);
  EXPECT_EQ(denied->code(), "AccessDenied");
  auto const readable = run({reply("403 Forbidden", "", "", 0), part(0, "h")}, call);
  ASSERT_TRUE(readable) << "it is not found out";
  EXPECT_EQ(readable->fault(), Fault::forbidden);
}

// ---- regions told in documents only, which a HEAD does not get

TEST_F(S3StoreTest, a_head_learns_the_region_from_a_get) {
  Answer const moved =
      error("301 Moved Permanently", "PermanentRedirect", "<Region>eu-west-3</Region>");
  for (char const* status : {"400 Bad Request", "301 Moved Permanently", "403 Forbidden"}) {
    for (Answer const& told : {malformed_for("eu-west-3"), moved}) {
      std::optional<ObjectInfo> found;
      auto const call = [&](S3Store& store) { return head(store, found); };
      EXPECT_FALSE(
          run({reply(status, "", "", 0), told, reply("200 OK", "ETag: \"e\"\r\n", "")}, call))
          << status << told.bytes;
      EXPECT_TRUE(found);
      ASSERT_EQ(script_.requests.size(), 3U);
      EXPECT_TRUE(script_.requests[1].starts_with("GET /bucket/dir/key"));
      EXPECT_NE(sent(2, "Authorization").find("/eu-west-3/s3/"), std::string::npos);
    }
  }
}

TEST_F(S3StoreTest, a_region_is_learned_once_for_the_bucket) {
  std::vector<std::optional<ObjectInfo>> found(2);
  auto const call = [&](S3Store& store) { return head_twice(store, found); };
  EXPECT_FALSE(run({reply("400 Bad Request", "", "", 0), malformed_for("eu"),
                    reply("200 OK", "ETag: \"e\"\r\n", ""), reply("200 OK", "ETag: \"e\"\r\n", "")},
                   call));
  EXPECT_TRUE(found[0] && found[1]);
  EXPECT_EQ(script_.requests.size(), 4U);
}

// A listing learns the right region before the HEAD, sent to the old one, is refused: a GET would
// find no refusal then.
TEST_F(S3StoreTest, a_head_is_asked_again_where_another_call_has_learned_the_region) {
  Answer refused = reply("400 Bad Request", "", "", 0);
  refused.after = 3;
  std::optional<ObjectInfo> found;
  auto const call = [&](S3Store& store) { return head_beside_list(store, script_, found); };
  Answer const listing =
      reply("200 OK", "", "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
  auto const failure =
      run({refused, malformed_for("eu"), listing, reply("200 OK", "ETag: \"e\"\r\n", "")}, call);
  EXPECT_FALSE(failure) << failure->what();
  EXPECT_TRUE(found);
  EXPECT_TRUE(script_.requests[3].starts_with("HEAD /bucket/dir/key"));
}

TEST_F(S3StoreTest, a_head_that_nothing_tells_of_is_not_asked_for_ever) {
  std::optional<ObjectInfo> found;
  auto const call = [&](S3Store& store) { return head(store, found); };
  std::vector<Answer> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(reply("400 Bad Request", "", "", 0));
    answers.push_back(malformed_for(fmt::format("region-{}", i)));
  }
  EXPECT_TRUE(run(answers, call));
  EXPECT_LE(script_.requests.size(), 2U * base::limits::max_redirects + 2);
  Answer const moved = reply("301 Moved Permanently", "", "", 0);
  EXPECT_TRUE(run(std::vector(20, moved), call));
  EXPECT_LE(script_.requests.size(), 2U * base::limits::max_redirects + 2);
}

}  // namespace
}  // namespace s3
