#include "sandbox/faults/quirks.h"

#include "base/error.h"
#include "sandbox/faults/fault_file.h"
#include "sandbox/faults/quirky_answer.h"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

Quirks quirks_of(std::vector<std::string> const& names) {
  return parse_quirks(names);
}

TEST(Quirks, an_unknown_one_is_named_with_all_that_there_are) {
  try {
    parse_quirks({"no-etags", "no-etag"});
    FAIL();
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::config);
    EXPECT_TRUE(error.message().starts_with("there is no quirk \"no-etag\": there are unquoted"));
    EXPECT_TRUE(error.message().ends_with(", other-clock"));
  }
}

TEST(Quirks, every_one_has_a_name_of_its_own) {
  Quirks all;
  for (std::size_t i = 0; i < quirk_count; ++i) {
    Quirks const one = parse_quirks({std::string(name_of(static_cast<Quirk>(i)))});
    EXPECT_TRUE(one.has(static_cast<Quirk>(i)));
    EXPECT_FALSE(all.has(static_cast<Quirk>(i)));
    all.add(one);
  }
}

TEST(Quirks, those_of_the_file_are_those_of_a_bucket_and_of_all) {
  FaultFile file = parse_fault_file(
      "quirks = [\"no-etags\"]\n[[bucket]]\nname = \"odd\"\nquirks = \"small-pages\"", "faults");
  file.buckets.add_quirks(quirks_of({"weak-etags"}));
  EXPECT_EQ(file.buckets.of("odd").quirks, quirks_of({"no-etags", "weak-etags", "small-pages"}));
  EXPECT_EQ(file.buckets.of("other").quirks, quirks_of({"no-etags", "weak-etags"}));
}

std::string etag_in_head(std::vector<std::string> const& quirks, std::string_view method) {
  http::Response head;
  head.headers.add("ETag", "\"ab1\"");
  spell_head(head, quirks_of(quirks), method);
  return std::string(head.headers.get("etag"));
}

TEST(Quirks, etags_are_spelled_in_many_ways) {
  EXPECT_EQ(etag_in_head({"unquoted-etags"}, "GET"), "\"ab1\"");
  EXPECT_EQ(etag_in_head({"bare-etags"}, "GET"), "ab1");
  EXPECT_EQ(etag_in_head({"weak-etags"}, "PUT"), "W/\"ab1\"");
  EXPECT_EQ(etag_in_head({"weakened-etags"}, "HEAD"), "W/\"ab1\"");
  EXPECT_EQ(etag_in_head({"weakened-etags"}, "PUT"), "\"ab1\"");
  EXPECT_EQ(etag_in_head({"suffixed-etags"}, "GET"), "\"ab1-gzip\"");
  EXPECT_EQ(etag_in_head({"upper-case-etags"}, "GET"), "\"AB1\"");
  EXPECT_EQ(listed_etag("ab1", quirks_of({"unquoted-etags"})), "ab1");
  EXPECT_EQ(listed_etag("ab1", quirks_of({"weak-etags"})), "W/\"ab1\"");
  EXPECT_EQ(listed_etag("ab1", quirks_of({"suffixed-etags"})), "\"ab1\"");
}

TEST(Quirks, a_condition_wants_a_strong_tag_with_quotes) {
  EXPECT_TRUE(can_match("\"ab1\"", quirks_of({"unquoted-etags"})));
  EXPECT_TRUE(can_match("*", quirks_of({"weak-etags"})));
  EXPECT_FALSE(can_match("ab1", quirks_of({"unquoted-etags"})));
  EXPECT_FALSE(can_match("W/\"ab1\"", quirks_of({"weakened-etags"})));
  EXPECT_FALSE(can_match("\"ab1\"", quirks_of({"weak-etags"})));
}

TEST(Quirks, only_the_head_of_an_object_loses_its_length) {
  http::Response object;
  object.headers.add("ETag", "\"ab1\"");
  object.headers.add("Content-Length", "9");
  spell_head(object, quirks_of({"chunked-bodies"}), "HEAD");
  EXPECT_EQ(object.headers.get("content-length"), "9");
  spell_head(object, quirks_of({"head-without-length"}), "HEAD");
  EXPECT_FALSE(object.headers.find("content-length"));
  http::Response listing;
  listing.headers.add("Content-Length", "9");
  spell_head(listing, quirks_of({"chunked-bodies"}), "GET");
  EXPECT_EQ(listing.headers.get("content-length"), "9");
}

TEST(Quirks, every_element_gets_the_prefix) {
  EXPECT_EQ(spell_document("<?xml?>\n<A xmlns=\"u\"><B>&lt;b&gt;</B></A>",
                           quirks_of({"namespace-prefix"})),
            "<?xml?>\n<ns2:A xmlns:ns2=\"u\"><ns2:B>&lt;b&gt;</ns2:B></ns2:A>");
}

TEST(Quirks, a_status_line_may_end_with_its_status) {
  http::Response head;
  spell_head(head, quirks_of({"short-status-line"}), "GET");
  EXPECT_TRUE(http::to_wire(head).starts_with("HTTP/1.1 200\r\n"));
}

}  // namespace
}  // namespace sandbox
