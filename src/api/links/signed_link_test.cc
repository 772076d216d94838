#include "api/links/signed_link.h"

#include <gtest/gtest.h>

namespace api {
namespace {

constexpr std::string_view path = "/z/KEYKEYKEYKEYKEYKEY12/photos/trip%201.zip";
constexpr std::string_view query =
    "prefix=2024%2FGr%C3%BC%C3%9Fe+%26%20more%2F&exp=1900000000&sig=abc";

SignedLink const link{.user_key = "KEYKEYKEYKEYKEYKEY12",
                      .bucket = "photos",
                      .prefix = "2024/Grüße & more/",
                      .manifest = "",
                      .file_name = "trip 1.zip",
                      .expires_at = 1'900'000'000,
                      .signature = "abc"};

TEST(SignedLink, is_read_from_path_and_query) {
  EXPECT_EQ(parse_signed_link(path, query), link);
  // The order of the fields makes no difference.
  EXPECT_EQ(
      parse_signed_link(path, "sig=abc&exp=1900000000&prefix=2024/Gr%c3%bc%c3%9fe%20%26%20more/"),
      link);
  SignedLink whole_bucket = link;
  whole_bucket.prefix.clear();
  EXPECT_EQ(parse_signed_link(path, "exp=1900000000&sig=abc"), whole_bucket);
}

TEST(SignedLink, a_manifest_takes_the_place_of_the_prefix) {
  SignedLink listed = link;
  listed.prefix.clear();
  listed.manifest = "lists/a.csv";
  EXPECT_EQ(parse_signed_link(path, "manifest=lists/a.csv&exp=1900000000&sig=abc"), listed);
  EXPECT_EQ(text_to_sign(listed),
            "s3zipper-link-1\nKEYKEYKEYKEYKEYKEY12\nphotos\nmanifest=lists/a.csv\n"
            "trip 1.zip\n1900000000");
}

TEST(SignedLink, what_becomes_of_earlier_zips_is_signed_where_it_is_said) {
  std::string const more = std::string(query) + "&ownZips=include";
  SignedLink taking = link;
  taking.own_zips = "include";
  EXPECT_EQ(parse_signed_link(path, more), taking);
  EXPECT_EQ(text_to_sign(taking), text_to_sign(link) + "\nownZips=include");
  EXPECT_EQ(parse_signed_link(path, std::string(query) + "&ownZips=all"), std::nullopt);
  EXPECT_EQ(parse_signed_link(path, std::string(query) + "&ownZips="), std::nullopt);
  EXPECT_EQ(parse_signed_link(path, more + "&ownZips=include"), std::nullopt);
}

// The signature was computed by Python's hmac.
TEST(SignedLink, is_signed_as_documented) {
  EXPECT_EQ(text_to_sign(link),
            "s3zipper-link-1\nKEYKEYKEYKEYKEYKEY12\nphotos\nprefix=2024/Grüße & more/\n"
            "trip 1.zip\n1900000000");
  base::Secret const secret(std::string("secret-of-thirty-six-characters-long"));
  EXPECT_EQ(sign_link(link, secret),
            "370a62bc505a7f8d9d907c67d5075681532af4ae20780ea11f7bb31bab5cadeb");
}

TEST(SignedLink, what_could_be_read_in_two_ways_is_none) {
  for (std::string_view const wrong :
       {"/z/KEY/photos", "/z/KEY/photos/a.zip/", "/z/KEY/photos/b/a.zip", "/z//photos",
        "/z/KEY/photos/a.tar", "/z/KEY/photos/.zip", "/z/KEY/photos/a%2Fb.zip",
        "/z/KEY/photos/a%5Cb.zip", "/z/KEY/photos/a%0Ab.zip", "/z/KEY/photos/a%ZZ.zip",
        "/z/KEY/photos/a%FF.zip", "/z/KEY/ph%2Fotos/a.zip", "/z/K%0AEY/photos/a.zip",
        "/stream/KEY/photos/a.zip"})
    EXPECT_EQ(parse_signed_link(wrong, query), std::nullopt) << wrong;
  for (std::string_view const wrong : {"",
                                       "exp=1900000000",
                                       "sig=abc",
                                       "exp=&sig=abc",
                                       "exp=1900000000&sig=",
                                       "exp=01900000000&sig=abc",
                                       "exp=+1900000000&sig=abc",
                                       "exp=-1&sig=abc",
                                       "exp=99999999999999999999&sig=abc",
                                       "exp=1900000000&sig=abc&sig=abc",
                                       "prefix=a&prefix=b&exp=1900000000&sig=abc",
                                       "prefix=a%0Ab&exp=1900000000&sig=abc",
                                       "prefix=%FF&exp=1900000000&sig=abc",
                                       "prefix=%&exp=1900000000&sig=abc",
                                       "manifest=a&prefix=b&exp=1900000000&sig=abc",
                                       "manifest=a&prefix=&exp=1900000000&sig=abc",
                                       "manifest=&exp=1900000000&sig=abc",
                                       "manifest=a&manifest=a&exp=1900000000&sig=abc",
                                       "manifest=a%0Ab&exp=1900000000&sig=abc",
                                       "Exp=1900000000&sig=abc"})
    EXPECT_EQ(parse_signed_link(path, wrong), std::nullopt) << wrong;
  for (std::string const field : {"prefix=", "manifest="})
    EXPECT_EQ(parse_signed_link(path, "exp=1&sig=a&" + field + std::string(1025, 'a')),
              std::nullopt);
  EXPECT_EQ(parse_signed_link("/z/KEY/photos/" + std::string(252, 'a') + ".zip", query),
            std::nullopt);
}

}  // namespace
}  // namespace api
