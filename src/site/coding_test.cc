#include "site/coding.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace site {
namespace {

TEST(Coding, what_the_client_likes_most_and_of_equals_the_smaller) {
  Offered const all{.gzip = true, .brotli = true};
  struct Case {
    char const* list;
    Coding wanted;
  };
  for (Case const& one : std::vector<Case>{
           {"", Coding::identity},
           {"gzip, deflate, br, zstd", Coding::brotli},
           {"br, gzip", Coding::brotli},
           {"gzip, deflate", Coding::gzip},
           {"GZIP", Coding::gzip},
           {"x-gzip", Coding::gzip},
           {"deflate", Coding::identity},
           {"br;q=0.5, gzip;q=0.8", Coding::gzip},
           {"br;q=0, gzip;q=0.1", Coding::gzip},
           {"*", Coding::brotli},
           {"*;q=0.5, br;q=0", Coding::gzip},
           {"gzip, *;q=0", Coding::gzip},
           {"identity, gzip;q=0.5", Coding::identity},
           {"identity;q=0.5, gzip", Coding::gzip},
           {"identity", Coding::identity},
           {"br;q=0, gzip;q=0", Coding::identity},
           {"identity;q=0, *;q=0", Coding::identity},
       })
    EXPECT_EQ(choose(one.list, all), one.wanted) << one.list;
}

TEST(Coding, only_what_there_is) {
  EXPECT_EQ(choose("br, gzip", {.gzip = true}), Coding::gzip);
  EXPECT_EQ(choose("br, gzip", {.brotli = true}), Coding::brotli);
  EXPECT_EQ(choose("gzip", {.brotli = true}), Coding::identity);
  EXPECT_EQ(choose("*", {}), Coding::identity);
}

std::string inflated(std::string packed) {
  std::string out(100'000, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Coding, gzip_is_read_back) {
  std::string long_text;
  for (int i = 0; i < 2000; ++i) long_text += "<p>" + std::to_string(i * i) + "</p>\n";
  for (std::string const& text : {std::string(), std::string("<"), long_text})
    EXPECT_EQ(inflated(gzip(text)), text);
  EXPECT_LT(gzip(long_text).size(), long_text.size() / 2);
}

}  // namespace
}  // namespace site
