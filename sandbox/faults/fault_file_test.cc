#include "sandbox/faults/fault_file.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace sandbox {
namespace {

FaultRule rule_of(std::string const& fields) {
  FaultFile const file = parse_fault_file("[[fault]]\n" + fields, "faults.toml");
  return file.rules.at(0);
}

// The error's message; empty where there is none.
std::string error_of(std::string const& text) {
  try {
    parse_fault_file(text, "faults.toml");
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::config);
    return error.what();
  }
  return "";
}

TEST(FaultFile, every_key_of_a_rule_is_read) {
  FaultRule const rule = rule_of(R"(
    name = "a storm"
    call = ["GetObject", "UploadPartCopy"]
    bucket = "photos"
    key = "2026/*.jpg"
    bytes = "100-199"
    part = 3
    skip = 2
    times = 4
    probability = 0.25
    do = "stall"
    after = "64 KiB"
    ms = 500
  )");
  EXPECT_EQ(rule.name, "a storm");
  EXPECT_EQ(rule.kind, FaultKind::stall);
  EXPECT_EQ(rule.calls, (std::vector<std::string>{"GetObject", "UploadPartCopy"}));
  EXPECT_EQ(rule.buckets, std::vector<std::string>{"photos"});
  EXPECT_EQ(rule.key, "2026/*.jpg");
  EXPECT_EQ(rule.bytes, (ByteSpan{100, 199}));
  EXPECT_EQ(rule.part, 3U);
  EXPECT_EQ(rule.skip, 2U);
  EXPECT_EQ(rule.times, 4U);
  EXPECT_EQ(rule.probability, 0.25);
  EXPECT_EQ(rule.after, 65536U);
  EXPECT_EQ(rule.time, std::chrono::milliseconds(500));
}

TEST(FaultFile, a_rule_strikes_once_unless_it_says_otherwise) {
  EXPECT_EQ(rule_of("do = \"reset\"").times, 1U);
  EXPECT_EQ(rule_of("do = \"reset\"\ntimes = 7").times, 7U);
  EXPECT_EQ(rule_of("do = \"reset\"\ntimes = 0").times, FaultRule::without_end);
  EXPECT_EQ(rule_of("do = \"reset\"\ntimes = \"all\"").times, FaultRule::without_end);
  EXPECT_EQ(rule_of("do = \"reset\"\nprobability = 0.5").times, FaultRule::without_end);
  EXPECT_EQ(rule_of("do = \"delay\"\nms = 25").times, FaultRule::without_end);
  EXPECT_EQ(rule_of("do = \"delay\"\nms = 25\ntimes = 2").times, 2U);
}

TEST(FaultFile, an_error_has_its_codes_own_status) {
  EXPECT_EQ(rule_of("do = \"error\"\ncode = \"SlowDown\"").status, 503);
  EXPECT_EQ(rule_of("do = \"error\"\ncode = \"SlowDown\"\nstatus = 429").status, 429);
  EXPECT_EQ(rule_of("do = \"error\"\ncode = \"BadGateway\"\nstatus = 502").status, 502);
}

TEST(FaultFile, a_rule_without_calls_means_those_that_it_can_work_with) {
  EXPECT_EQ(rule_of("do = \"short-body\"").calls, std::vector<std::string>{"GetObject"});
  EXPECT_EQ(rule_of("do = \"error-in-200\"").calls,
            (std::vector<std::string>{"CopyObject", "UploadPartCopy", "CompleteMultipartUpload"}));
  EXPECT_EQ(rule_of("do = \"reset\"\npart = 1").calls,
            (std::vector<std::string>{"GetObject", "HeadObject", "UploadPart", "UploadPartCopy"}));
  EXPECT_TRUE(rule_of("do = \"reset\"").calls.empty());
}

TEST(FaultFile, the_seed_is_kept_or_made) {
  EXPECT_EQ(parse_fault_file("seed = 42", "x").seed, 42U);
  EXPECT_NE(parse_fault_file("", "x").seed, parse_fault_file("", "x").seed);
}

TEST(FaultFile, buckets_may_forbid_listing_or_let_requesters_pay) {
  FaultFile const file = parse_fault_file(R"(
    [[bucket]]
    name = ["a.b", "c-d"]
    list = false
    [[bucket]]
    name = "paid"
    requester_pays = true
  )",
                                          "x");
  ASSERT_EQ(file.buckets.named.size(), 3U);
  EXPECT_FALSE(file.buckets.of("c-d").list);
  EXPECT_FALSE(file.buckets.of("a.b").requester_pays);
  EXPECT_TRUE(file.buckets.of("paid").list);
  EXPECT_TRUE(file.buckets.of("paid").requester_pays);
}

struct WrongFile {
  char const* text;
  char const* error;  // its beginning
};

TEST(FaultFile, what_is_wrong_is_named_by_rule_and_key) {
  WrongFile const wrong[] = {
      {"seed = -1", "faults.toml: seed: must be from 0"},
      {"sead = 1", "faults.toml: sead: there is no such key"},
      {"fault = 1", "faults.toml: fault: must be [[fault]]"},
      {"\n= 1", "faults.toml: line 2: "},
      {"[[fault]]", "faults.toml: fault 1: do: must be one of error, reset, stall"},
      {"[[fault]]\ndo = \"reset\"\n[[fault]]\ndo = \"explode\"", "faults.toml: fault 2: do: "},
      {"[[fault]]\nname = \"x\"\ndo = 1", "faults.toml: fault 1 (\"x\"): do: must be a text"},
      {"[[fault]]\ndo = \"reset\"\nms = 5",
       "faults.toml: fault 1: ms: a fault that does \"reset\" has no such key"},
      {"[[fault]]\ndo = \"reset\"\nskip = -1", "faults.toml: fault 1: skip: "},
      {"[[fault]]\ndo = \"reset\"\nskip = \"2\"",
       "faults.toml: fault 1: skip: must be a whole number"},
      {"[[fault]]\ndo = \"reset\"\nprobability = 0.0", "faults.toml: fault 1: probability: "},
      {"[[fault]]\ndo = \"reset\"\nprobability = 1.5", "faults.toml: fault 1: probability: "},
      {"[[fault]]\ndo = \"reset\"\ncall = \"GetObjekt\"",
       "faults.toml: fault 1: call: there is no call \"GetObjekt\""},
      {"[[fault]]\ndo = \"reset\"\ncall = []", "faults.toml: fault 1: call: must be a text or"},
      {"[[fault]]\ndo = \"reset\"\nbucket = \"A/b\"", "faults.toml: fault 1: bucket: "},
      {"[[fault]]\ndo = \"reset\"\nbytes = \"9-1\"", "faults.toml: fault 1: bytes: must be as"},
      {"[[fault]]\ndo = \"cut\"\nafter = -1", "faults.toml: fault 1: after: must be a number of"},
      {"[[fault]]\ndo = \"error\"", "faults.toml: fault 1: code: is missing"},
      {"[[fault]]\ndo = \"error\"\ncode = \"Own\"", "faults.toml: fault 1: status: is missing"},
      {"[[fault]]\ndo = \"error\"\ncode = \"Own\"\nstatus = 200",
       "faults.toml: fault 1: status: must be from 300 to 599"},
      {"[[fault]]\ndo = \"delay\"", "faults.toml: fault 1: ms: is missing"},
      {"[[fault]]\ndo = \"rate\"", "faults.toml: fault 1: bytes_per_second: is missing"},
      {"[[fault]]\ndo = \"wrong-size\"\nby = 0", "faults.toml: fault 1: by: must not be 0"},
      {"[[fault]]\nname = \"x\"\ndo = \"reset\"\n[[fault]]\nname = \"x\"\ndo = \"reset\"",
       "faults.toml: fault 2: name: \"x\" is taken"},
      {"[[fault]]\nname = \"\"\ndo = \"reset\"", "faults.toml: fault 1: name: must not be empty"},
      {"[[bucket]]\nlist = false", "faults.toml: bucket 1: name: is missing"},
      {"[[bucket]]\nname = \"abc\"\nlist = 0", "faults.toml: bucket 1: list: must be true or"},
      {"[[bucket]]\nname = \"abc\"\npays = true", "faults.toml: bucket 1: pays: a bucket has no"},
  };
  for (WrongFile const& one : wrong)
    EXPECT_TRUE(error_of(one.text).starts_with(one.error)) << error_of(one.text);
}

TEST(FaultFile, a_rule_that_can_never_work_is_named) {
  WrongFile const wrong[] = {
      {"do = \"error-in-200\"\ncall = \"GetObject\"", "do: can never work with the call GetObject"},
      {"do = \"cut\"\ncall = \"HeadObject\"", "do: can never work with the call HeadObject"},
      {"do = \"reset\"\nafter = 1\ncall = \"PutObject\"",
       "after: can never work with the call PutObject"},
      {"do = \"vanish\"\ncall = \"ListObjectsV2\"", "do: can never work with the call ListObj"},
      {"do = \"reset\"\nkey = \"k\"\ncall = \"HeadBucket\"", "key: can never work with the call"},
      {"do = \"reset\"\npart = 1\ncall = \"PutObject\"", "part: can never work with the call Put"},
      {"do = \"reset\"\nbytes = \"0-1\"\ncall = \"PutObject\"", "bytes: can never work with the"},
      {"do = \"reset\"\nbucket = \"b-1\"\ncall = \"ListBuckets\"", "bucket: can never work with"},
      {"do = \"change\"\nbytes = \"0-1\"", "bytes: goes not together with"},
      {"do = \"white-space\"\nms = 5\npart = 1\nkey = \"k\"\nafter = 1",
       "after: a fault that does"},
  };
  for (WrongFile const& one : wrong) {
    std::string const error = error_of(std::string("[[fault]]\n") + one.text);
    EXPECT_TRUE(error.starts_with(std::string("faults.toml: fault 1: ") + one.error)) << error;
  }
}

}  // namespace
}  // namespace sandbox
