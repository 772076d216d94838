#include "aws/endpoint.h"

#include "base/error.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace aws {
namespace {

// The message of the bad_input that `call` throws; empty if it throws none.
template <typename Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::bad_input);
    return error.what();
  }
  return {};
}

TEST(AwsEndpoint, hosts_by_partition_and_region) {
  struct Row {
    std::string_view region;
    AwsOptions options;
    std::string_view url;
  };
  for (Row const& row : std::vector<Row>{
           {"us-east-1", {}, "https://s3.us-east-1.amazonaws.com"},
           {"", {}, "https://s3.us-east-1.amazonaws.com"},
           {"eu-central-2", {}, "https://s3.eu-central-2.amazonaws.com"},
           {"mx-central-1", {}, "https://s3.mx-central-1.amazonaws.com"},
           {"cn-north-1", {}, "https://s3.cn-north-1.amazonaws.com.cn"},
           {"us-gov-west-1", {}, "https://s3.us-gov-west-1.amazonaws.com"},
           {"us-iso-east-1", {}, "https://s3.us-iso-east-1.c2s.ic.gov"},
           {"us-isob-east-1", {}, "https://s3.us-isob-east-1.sc2s.sgov.gov"},
           {"us-isof-south-1", {}, "https://s3.us-isof-south-1.csp.hci.ic.gov"},
           {"eu-isoe-west-1", {}, "https://s3.eu-isoe-west-1.cloud.adc-e.uk"},
           {"eusc-de-east-1", {}, "https://s3.eusc-de-east-1.amazonaws.eu"},
           {"eu-west-1", {.dual_stack = true}, "https://s3.dualstack.eu-west-1.amazonaws.com"},
           {"cn-northwest-1",
            {.dual_stack = true},
            "https://s3.dualstack.cn-northwest-1.amazonaws.com.cn"},
           {"us-west-2", {.fips = true}, "https://s3-fips.us-west-2.amazonaws.com"},
           {"us-gov-east-1",
            {.dual_stack = true, .fips = true},
            "https://s3-fips.dualstack.us-gov-east-1.amazonaws.com"}}) {
    Endpoint const endpoint = aws_endpoint(row.region, row.options);
    EXPECT_EQ(to_url(endpoint), row.url);
    EXPECT_TRUE(endpoint.aws);
    EXPECT_EQ(endpoint.region, row.region.empty() ? "us-east-1" : row.region);
    EXPECT_EQ(known_abilities(endpoint).crc32_checksums, Ability::yes);
  }
}

TEST(AwsEndpoint, what_is_no_region_never_becomes_a_host) {
  for (std::string_view const region :
       {"evil.example.com/", "us-east-1.evil", "US-EAST-1", "-a", "a-", "a b", "a@b", "a:1", "\n",
        "1234567890123456789012345678901234567890123456789012345678901234"}) {
    EXPECT_NE(refusal([&] { aws_endpoint(region); }), "") << region;
    EXPECT_NE(refusal([&] { in_region(aws_endpoint("us-east-1"), region); }), "") << region;
  }
  EXPECT_NE(refusal([] { in_region(aws_endpoint("us-east-1"), ""); }), "");
}

TEST(AwsEndpoint, fips_exists_in_north_america_only) {
  EXPECT_NE(refusal([] { aws_endpoint("eu-west-1", {.fips = true}); }), "");
  EXPECT_NE(refusal([] { aws_endpoint("cn-north-1", {.fips = true}); }), "");
  EXPECT_EQ(aws_endpoint("ca-west-1", {.fips = true}).host, "s3-fips.ca-west-1.amazonaws.com");
}

TEST(CustomEndpoint, reads_urls) {
  Endpoint const local = custom_endpoint("http://127.0.0.1:9000");
  EXPECT_FALSE(local.tls);
  EXPECT_EQ(local.host, "127.0.0.1");
  EXPECT_EQ(local.port, 9000);
  EXPECT_EQ(local.region, "us-east-1");
  EXPECT_EQ(local.addressing, Addressing::path);
  EXPECT_FALSE(local.aws);
  EXPECT_EQ(known_abilities(local).crc32_checksums, Ability::unknown);
  struct Row {
    std::string_view url;
    std::string_view clean;
  };
  for (Row const& row : std::vector<Row>{
           {"https://minio.example.com/", "https://minio.example.com"},
           {"HTTPS://Minio.Example.COM", "https://minio.example.com"},
           {"http://localhost:80", "http://localhost"},
           {"https://localhost:443/", "https://localhost"},
           {"http://localhost:443", "http://localhost:443"},
           {"http://[::1]:7480/", "http://[::1]:7480"},
           {"https://x.example.com/storage/v1/s3//", "https://x.example.com/storage/v1/s3"},
           {"https://x.example.com/a%20b$", "https://x.example.com/a%20b%24"},
           {"http://minio_1:9000", "http://minio_1:9000"}}) {
    EXPECT_EQ(to_url(custom_endpoint(row.url)), row.clean);
  }
}

TEST(CustomEndpoint, refuses_bad_urls_and_names_them) {
  for (std::string_view const url : {"",
                                     "minio.example.com",
                                     "ftp://x",
                                     "http:/x",
                                     "http://",
                                     "https:///bucket",
                                     "http://a b",
                                     "http://x:0",
                                     "http://x:65536",
                                     "http://x:",
                                     "http://x:9a",
                                     "http://[::1",
                                     "http://[::1]9",
                                     "http://[xyz]",
                                     "http://[::1::2]",
                                     "http://a..b",
                                     "http://a-.b",
                                     "http://10.1",
                                     "http://2130706433:9000",
                                     "http://300.1.1.1",
                                     "http://[127.0.0.1]",
                                     "http://x..y",
                                     "http://-x",
                                     "http://x?a=1",
                                     "http://x#f",
                                     "http://x/%zz",
                                     "http://x\r\nHost: y",
                                     "http://exämple.com"}) {
    std::string const message = refusal([&] { custom_endpoint(url); });
    EXPECT_NE(message.find(std::string(url.substr(0, 7))), std::string::npos) << url;
    EXPECT_NE(message, "") << url;
  }
}

TEST(CustomEndpoint, quotes_what_is_no_utf8) {
  for (std::string const& text : {std::string("h\xFF\xFF\xFF\x9D\x31.\xA6\xF0x"),
                                  std::string("http://\xF0x"), std::string("\xC3")}) {
    try {
      custom_endpoint(text);
      FAIL() << text;
    } catch (base::Error const& error) {
      EXPECT_TRUE(base::is_utf8(error.what())) << error.what();
    }
    EXPECT_THROW(in_region(custom_endpoint("http://h"), text), base::Error);
  }
}

TEST(CustomEndpoint, a_password_in_a_url_is_not_repeated) {
  std::string const message = refusal([] { custom_endpoint("https://me:hunter2@example.com"); });
  EXPECT_NE(message, "");
  EXPECT_EQ(message.find("hunter2"), std::string::npos);
}

TEST(CustomEndpoint, takes_a_region_that_can_stand_in_a_credential) {
  EXPECT_EQ(custom_endpoint("http://x", {.region = "default"}).region, "default");
  EXPECT_EQ(custom_endpoint("http://x", {.region = "Region_1.a"}).region, "Region_1.a");
  EXPECT_NE(refusal([] { custom_endpoint("http://x", {.region = "a/b"}); }), "");
  EXPECT_NE(refusal([] { custom_endpoint("http://x", {.region = "a, b"}); }), "");
}

TEST(CustomEndpoint, knows_the_hosts_of_aws) {
  EXPECT_EQ(custom_endpoint("https://s3.eu-west-1.amazonaws.com"), aws_endpoint("eu-west-1"));
  EXPECT_EQ(custom_endpoint("https://s3.amazonaws.com/"), aws_endpoint("us-east-1"));
  EXPECT_EQ(custom_endpoint("https://s3.cn-north-1.amazonaws.com.cn"), aws_endpoint("cn-north-1"));
  EXPECT_EQ(custom_endpoint("https://s3-fips.dualstack.us-east-1.amazonaws.com"),
            aws_endpoint("us-east-1", {.dual_stack = true, .fips = true}));
  EXPECT_EQ(custom_endpoint("https://s3.eu-west-1.amazonaws.com", {.region = "us-east-2"}),
            aws_endpoint("us-east-2"));
  Endpoint const plain = custom_endpoint("http://s3.eu-west-1.amazonaws.com:8080");
  EXPECT_EQ(to_url(plain), "http://s3.eu-west-1.amazonaws.com:8080");

  // An interface endpoint in a VPC: AWS, but its host is not made from the region.
  Endpoint const vpc = custom_endpoint(
      "https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com", {.region = "us-east-1"});
  EXPECT_TRUE(vpc.aws);
  EXPECT_EQ(in_region(vpc, "us-east-2").host, vpc.host);

  EXPECT_FALSE(custom_endpoint("https://s3.eu-west-1.notamazonaws.com").aws);
  EXPECT_FALSE(custom_endpoint("https://amazonaws.com").aws);
  EXPECT_FALSE(custom_endpoint("https://s3.amazonaws.com.evil.example").aws);
}

TEST(Endpoint, follows_a_bucket_to_its_region) {
  Endpoint const fips = aws_endpoint("us-east-1", {.dual_stack = true, .fips = true});
  EXPECT_EQ(in_region(fips, "us-west-2"),
            aws_endpoint("us-west-2", {.dual_stack = true, .fips = true}));
  Endpoint const swift = in_region(custom_endpoint("http://127.0.0.1:9000"), "RegionOne");
  EXPECT_EQ(swift.host, "127.0.0.1");
  EXPECT_EQ(swift.region, "RegionOne");
}

TEST(Target, virtual_host_and_path_style) {
  Endpoint const aws = aws_endpoint("eu-west-1");
  Target const in_host = target_of(aws, "my-bucket", "a/b.txt");
  EXPECT_EQ(in_host.host, "my-bucket.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(in_host.connect_host, in_host.host);
  EXPECT_EQ(in_host.host_header, in_host.host);
  EXPECT_EQ(in_host.path, "/a/b.txt");
  EXPECT_EQ(target_of(aws, "my-bucket").path, "/");
  EXPECT_EQ(to_url(in_host), "https://my-bucket.s3.eu-west-1.amazonaws.com/a/b.txt");

  // The certificate is for *.s3.eu-west-1.amazonaws.com; old buckets have names beyond DNS.
  for (std::string_view const bucket : {"my.bucket", "My_Bucket", "UPPER"}) {
    Target const target = target_of(aws, bucket, "k");
    EXPECT_EQ(target.host, "s3.eu-west-1.amazonaws.com") << bucket;
    EXPECT_EQ(target.path, "/" + std::string(bucket) + "/k");
    EXPECT_EQ(target_of(aws, bucket).path, "/" + std::string(bucket));
  }

  Endpoint const local = custom_endpoint("http://127.0.0.1:9000");
  Target const path_style = target_of(local, "my-bucket", "k");
  EXPECT_EQ(path_style.host_header, "127.0.0.1:9000");
  EXPECT_EQ(path_style.path, "/my-bucket/k");
  Endpoint const ip =
      custom_endpoint("http://[::1]:9000", {.addressing = Addressing::virtual_host});
  EXPECT_EQ(target_of(ip, "my-bucket", "k").host, "::1");
  EXPECT_EQ(target_of(ip, "my-bucket", "k").host_header, "[::1]:9000");
  EXPECT_EQ(target_of(ip, "my-bucket", "k").path, "/my-bucket/k");

  Endpoint named =
      custom_endpoint("http://s3.localhost:7480", {.addressing = Addressing::virtual_host});
  named.connect_host = "127.0.0.1";
  Target const dotted = target_of(named, "my.bucket", "k");
  EXPECT_EQ(dotted.host_header, "my.bucket.s3.localhost:7480");
  EXPECT_EQ(dotted.connect_host, "127.0.0.1");
  EXPECT_EQ(dotted.path, "/k");

  Endpoint const below = custom_endpoint("https://x.example.com/storage/v1/s3");
  EXPECT_EQ(target_of(below, "my-bucket", "k").path, "/storage/v1/s3/my-bucket/k");
}

TEST(Target, keys_survive_byte_for_byte) {
  struct Row {
    std::string_view key;
    std::string_view path;
  };
  Endpoint const local = custom_endpoint("http://127.0.0.1:9000");
  for (Row const& row : std::vector<Row>{{"a//b", "/bkt/a//b"},
                                         {"/lead", "/bkt//lead"},
                                         {"dir/", "/bkt/dir/"},
                                         {"x/../y/./z", "/bkt/x/../y/./z"},
                                         {"..", "/bkt/.."},
                                         {"a+b c%41", "/bkt/a%2Bb%20c%2541"},
                                         {"?q=1&r#f", "/bkt/%3Fq%3D1%26r%23f"},
                                         {"\x01\x7F\n", "/bkt/%01%7F%0A"},
                                         {"ü\\", "/bkt/%C3%BC%5C"},
                                         {"-._~", "/bkt/-._~"}}) {
    EXPECT_EQ(target_of(local, "bkt", row.key).path, row.path);
  }
}

TEST(Names, of_buckets) {
  for (std::string_view const name : {"abc", "a.b-c", "A_b", "123"})
    EXPECT_TRUE(is_bucket_name(name));
  for (std::string_view const name : {"", "ab", "a/b", "a b", "a:b", "ünï", "a\nb"})
    EXPECT_FALSE(is_bucket_name(name)) << name;
  EXPECT_TRUE(is_bucket_name(std::string(255, 'a')));
  EXPECT_FALSE(is_bucket_name(std::string(256, 'a')));

  for (std::string_view const name : {"abc", "a.b-c", "1.2.3", "1.2.3.4a", "0ab"})
    EXPECT_TRUE(is_dns_bucket_name(name)) << name;
  for (std::string_view const name :
       {"ab", "A-b", "a_b", "-ab", "ab-", "a..b", ".ab", "ab.", "a-.b", "1.2.3.4"})
    EXPECT_FALSE(is_dns_bucket_name(name)) << name;
  EXPECT_TRUE(is_dns_bucket_name(std::string(63, 'a')));
  EXPECT_FALSE(is_dns_bucket_name(std::string(64, 'a')));
}

TEST(Names, of_objects) {
  EXPECT_TRUE(is_key("a"));
  EXPECT_TRUE(is_key("\x01 ü/../"));
  EXPECT_TRUE(is_key(std::string(1024, 'a')));
  EXPECT_FALSE(is_key(""));
  EXPECT_FALSE(is_key(std::string(1025, 'a')));
  EXPECT_FALSE(is_key("\xFF"));
}

}  // namespace
}  // namespace aws
