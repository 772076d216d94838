#include "base/clock.h"

#include <gtest/gtest.h>

namespace base {
namespace {

constexpr UnixSeconds aws_example = 1'369'353'600;  // 24 May 2013, of AWS's SigV4 examples

TEST(Clock, every_text_form_reads_back) {
  EXPECT_EQ(rfc3339(aws_example), "2013-05-24T00:00:00Z");
  EXPECT_EQ(http_date(aws_example), "Fri, 24 May 2013 00:00:00 GMT");
  EXPECT_EQ(amz_date(aws_example), "20130524T000000Z");
  for (UnixSeconds const time :
       {UnixSeconds{-1}, UnixSeconds{0}, aws_example, UnixSeconds{951'782'400} /* 29 Feb 2000 */,
        UnixSeconds{253'402'300'799} /* end of 9999 */}) {
    EXPECT_EQ(parse_rfc3339(rfc3339(time)), time);
    EXPECT_EQ(parse_http_date(http_date(time)), time);
    EXPECT_EQ(parse_amz_date(amz_date(time)), time);
  }
}

TEST(Clock, fractions_of_seconds_are_dropped) {
  EXPECT_EQ(parse_rfc3339("2013-05-24T00:00:00.999Z"), aws_example);
  EXPECT_EQ(parse_rfc3339("2013-05-24T00:00:00+00:00"), aws_example);
  EXPECT_EQ(parse_rfc3339("2013-05-24T02:30:00.5+02:30"), aws_example);
  EXPECT_EQ(parse_rfc3339("2013-05-23T22:00:00-02:00"), aws_example);
}

TEST(Clock, malformed_times_are_refused) {
  for (char const* wrong : {"", "2013-05-24", "2013-05-24T00:00:00", "2013-02-30T00:00:00Z",
                            "2013-05-24T24:00:00Z", "x013-05-24T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(wrong)) << wrong;
  }
  EXPECT_FALSE(parse_http_date("Fri, 24 Mai 2013 00:00:00 GMT"));
  EXPECT_FALSE(parse_amz_date("20130524T000000"));
}

}  // namespace
}  // namespace base
