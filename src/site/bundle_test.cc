#include "site/bundle.h"

#include <string>

#include <gtest/gtest.h>

namespace site {
namespace {

constexpr std::string_view packed =
    "s3zipper-site 1\n"
    "/assets/a-1.js\ttext/javascript; charset=utf-8\tabcd\t5\t2\t1\n"
    "/docs/a/index.html\ttext/html; charset=utf-8\tef01\t4\t0\t0\n"
    "/empty.txt\ttext/plain; charset=utf-8\t2345\t0\t0\t0\n"
    "/index.html\ttext/html; charset=utf-8\t6789\t5\t0\t3\n"
    "\n"
    "PLAINgzbdocsINDEXibr";

TEST(Bundle, files_have_what_was_packed) {
  Bundle const bundle(packed);
  ASSERT_EQ(bundle.files().size(), 4U);
  File const* const script = bundle.find("/assets/a-1.js");
  ASSERT_NE(script, nullptr);
  EXPECT_EQ(script->type, "text/javascript; charset=utf-8");
  EXPECT_EQ(script->hash, "abcd");
  EXPECT_EQ(script->plain, "PLAIN");
  EXPECT_EQ(script->gzip, "gz");
  EXPECT_EQ(script->brotli, "b");
  EXPECT_FALSE(script->is_html());
  File const* const index = bundle.find("/index.html");
  ASSERT_NE(index, nullptr);
  EXPECT_TRUE(index->is_html());
  EXPECT_EQ(index->plain, "INDEX");
  EXPECT_EQ(index->gzip, "");
  EXPECT_EQ(index->brotli, "ibr");
  EXPECT_EQ(bundle.find("/empty.txt")->plain, "");
}

TEST(Bundle, what_is_not_there_is_not_found) {
  Bundle const bundle(packed);
  for (char const* path : {"", "/", "/a", "/assets/a-1.j", "/assets/a-1.jss", "/assets", "/zzz"})
    EXPECT_EQ(bundle.find(path), nullptr) << path;
}

TEST(Bundle, a_page_is_found_with_and_without_its_slash) {
  Bundle const bundle(packed);
  for (char const* path : {"/docs/a", "/docs/a/"})
    EXPECT_EQ(bundle.find_page(path), bundle.find("/docs/a/index.html")) << path;
  EXPECT_EQ(bundle.find_page("/"), bundle.find("/index.html"));
  for (char const* path : {"/docs", "/docs/a/b", "/assets/a-1.js", "/docs/a/index.html"})
    EXPECT_EQ(bundle.find_page(path), nullptr) << path;
}

TEST(Bundle, of_nothing_it_is_empty) {
  EXPECT_TRUE(Bundle("").empty());
  EXPECT_TRUE(Bundle().empty());
  EXPECT_EQ(Bundle("").find("/index.html"), nullptr);
}

TEST(BundleDeathTest, a_text_that_is_damaged_stops_the_program) {
  EXPECT_DEATH(Bundle("s3zipper-site 2\n\n"), "packed as this program reads it");
  EXPECT_DEATH(Bundle("s3zipper-site 1\n/a\tb\n"), "all fields");
  EXPECT_DEATH(Bundle(packed.substr(0, packed.size() - 1)), "all bodies");
  EXPECT_DEATH(Bundle(std::string(packed) + "x"), "no bodies but");
}

}  // namespace
}  // namespace site
