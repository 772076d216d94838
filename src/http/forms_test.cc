#include "http/forms.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace http {
namespace {

using Fields = std::vector<Field>;

TEST(Forms, urlencoded_fields_keep_order_and_repeats) {
  Fields const expected{{"a", "1"}, {"b", "x y&"}, {"a", "2"}, {"empty", ""}, {"bare", ""}};
  EXPECT_EQ(parse_urlencoded("a=1&b=x+y%26&a=2&empty=&bare&&"), expected);
  EXPECT_THROW(parse_urlencoded("a=%zz"), base::Error);
}

TEST(Forms, multipart_fields_and_files) {
  std::string const body =
      "preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
      "--XX  \r\ncontent-disposition:form-data; filename=\"x;y.txt\"; name=b\r\n"
      "Content-Type: text/plain\r\n\r\ntwo\r\nlines\r\n--XX\r\n"
      "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--XX--\r\nepilogue";
  Fields const expected{{"a", "one"}, {"b", "two\r\nlines"}, {"empty", ""}};
  EXPECT_EQ(parse_multipart("multipart/form-data; boundary=XX", body), expected);
  EXPECT_EQ(parse_multipart("multipart/form-data; boundary=\"XX\"; charset=utf-8", body), expected);
}

TEST(Forms, a_cut_multipart_body_is_refused_wherever_it_is_cut) {
  std::string const body =
      "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--XX--";
  for (std::size_t size = 0; size < body.size() - 1; ++size) {
    EXPECT_THROW(parse_multipart("multipart/form-data; boundary=XX", body.substr(0, size)),
                 base::Error)
        << size;
  }
  EXPECT_THROW(parse_multipart("multipart/form-data", body), base::Error);
}

TEST(Forms, media_types_lose_their_parameters) {
  EXPECT_EQ(media_type("Application/JSON; charset=utf-8"), "application/json");
  EXPECT_EQ(media_type(""), "");
}

}  // namespace
}  // namespace http
