#include "site/html.h"

#include <gtest/gtest.h>

namespace site {
namespace {

constexpr std::string_view page =
    "<!doctype html>\n<html lang=\"en\" data-base=\"/\">\n<head>\n"
    "<script type=\"module\" src=\"./assets/a.js\"></script>\n"
    "<link rel=\"icon\" href=\"./icon.svg\"></head>\n"
    "<a href=\"./docs/guide\" class=\"x\">X=\"./x\", data-base=\"/\"</a> <a href=\"#top\">top</a>\n"
    "</html>\n1 < 2 =\"./";

TEST(Html, relative_urls_and_the_base_get_the_prefix) {
  EXPECT_EQ(html_below("/zips", page),
            "<!doctype html>\n<html lang=\"en\" data-base=\"/zips/\">\n<head>\n"
            "<script type=\"module\" src=\"/zips/assets/a.js\"></script>\n"
            "<link rel=\"icon\" href=\"/zips/icon.svg\"></head>\n"
            "<a href=\"/zips/docs/guide\" class=\"x\">X=\"./x\", data-base=\"/\"</a> "
            "<a href=\"#top\">top</a>\n</html>\n1 < 2 =\"./");
}

TEST(Html, without_a_prefix_they_begin_at_the_root) {
  EXPECT_EQ(html_below("", "<html data-base=\"/\"><a href=\"./\"><img src=\"./a.png\">"),
            "<html data-base=\"/\"><a href=\"/\"><img src=\"/a.png\">");
}

TEST(Html, a_prefix_is_no_markup) {
  EXPECT_EQ(html_below("/\"><script>&", "<a href=\"./b\">"),
            "<a href=\"/&quot;&gt;&lt;script&gt;&amp;/b\">");
}

}  // namespace
}  // namespace site
