#include "http/host_name.h"

#include <string>

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(HostName, has_labels_or_is_an_address) {
  for (std::string const text :
       {"localhost", "example.com", "Example.COM.", "my-bucket.s3.eu-west-1.amazonaws.com",
        "minio_1", "xn--bcher-kva.example", "127.0.0.1", "3com.com", "1.2.3.4.example", "a.0b"})
    EXPECT_TRUE(is_host_name(text)) << text;
  EXPECT_TRUE(is_host_name(std::string(63, 'a') + ".com"));
}

TEST(HostName, is_nothing_else) {
  for (std::string const text : {"",
                                 ".",
                                 "..",
                                 "a..b",
                                 ".a",
                                 "a b",
                                 "-a.com",
                                 "a-.com",
                                 "a.-b",
                                 "a/b",
                                 "a@b",
                                 "a,b",
                                 "a*b",
                                 "b\u00FCcher.example",
                                 "10.1",
                                 "300.1.1.1",
                                 "1.2.3.4.5",
                                 "2130706433",
                                 "0x7f000001",
                                 "0x7f.0.0.1",
                                 "example.0x1",
                                 "example.123",
                                 "127.0.0.01",
                                 "::1",
                                 "[::1]"})
    EXPECT_FALSE(is_host_name(text)) << text;
  EXPECT_FALSE(is_host_name(std::string(64, 'a') + ".com"));
  std::string long_name = "a";
  while (long_name.size() <= 253) long_name += ".a";
  EXPECT_FALSE(is_host_name(long_name));
}

}  // namespace
}  // namespace http
