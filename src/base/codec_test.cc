#include "base/codec.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Codec, values_come_back) {
  Encoder encoder;
  for (std::uint64_t const value :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, UINT64_MAX})
    encoder.number(value);
  for (std::int64_t const value : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX})
    encoder.signed_number(value);
  encoder.text("");
  encoder.text("key\0with zero");
  std::string const bytes = encoder.take();
  Decoder decoder(bytes);
  EXPECT_EQ(decoder.number(), 0U);
  EXPECT_EQ(decoder.number(), 127U);
  EXPECT_EQ(decoder.number(), 128U);
  EXPECT_EQ(decoder.number(), UINT64_MAX);
  EXPECT_EQ(decoder.signed_number(), 0);
  EXPECT_EQ(decoder.signed_number(), -1);
  EXPECT_EQ(decoder.signed_number(), INT64_MIN);
  EXPECT_EQ(decoder.signed_number(), INT64_MAX);
  EXPECT_EQ(decoder.text(), "");
  EXPECT_EQ(decoder.text(), "key\0with zero");
  EXPECT_TRUE(decoder.done());
}

TEST(Codec, a_cut_record_is_an_error_at_every_cut) {
  Encoder encoder;
  encoder.number(300);
  encoder.text("hello");
  std::string const bytes = encoder.take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Decoder decoder(std::string_view(bytes).substr(0, size));
    EXPECT_THROW(
        {
          decoder.number();
          decoder.text();
        },
        Error)
        << size;
  }
}

TEST(Codec, a_number_of_more_than_64_bits_is_an_error) {
  std::string const nine(9, '\xFF');
  EXPECT_EQ(Decoder(nine + '\1').number(), UINT64_MAX);
  EXPECT_THROW(Decoder(nine + '\2').number(), Error);
  EXPECT_THROW(Decoder(nine + '\x81' + '\0').number(), Error);
}

}  // namespace
}  // namespace base
