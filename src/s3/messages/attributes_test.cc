#include "s3/messages/attributes.h"

#include <gtest/gtest.h>

namespace s3 {
namespace {

TEST(Attributes, storage_classes_have_a_form) {
  for (std::string_view const fine : {"", "STANDARD", "GLACIER_IR", "COLD-2"})
    EXPECT_EQ(flaw_of_storage_class(fine), std::nullopt) << fine;
  EXPECT_TRUE(flaw_of_storage_class("standard"));
  EXPECT_TRUE(flaw_of_storage_class("A B"));
  EXPECT_TRUE(flaw_of_storage_class(std::string(65, 'A')));
}

TEST(Attributes, tags_are_as_s3_takes_them) {
  auto const flaw = [](std::string name, std::string value) {
    return flaw_of_tag({std::move(name), std::move(value)}).value_or("");
  };
  EXPECT_EQ(flaw("team", "blue"), "");
  EXPECT_EQ(flaw("a+-=._:/@ b", ""), "");
  // Characters are counted, not bytes.
  std::string umlauts;
  for (int i = 0; i < 128; ++i) umlauts += "ü";
  EXPECT_EQ(flaw(umlauts, umlauts + umlauts), "");
  EXPECT_NE(flaw(umlauts + "x", ""), "");
  EXPECT_NE(flaw("a", umlauts + umlauts + "x"), "");
  EXPECT_NE(flaw("", "a"), "");
  EXPECT_NE(flaw("aws:a", "a"), "");
  EXPECT_NE(flaw("a&b", "a"), "");
  EXPECT_NE(flaw("a", "a\nb"), "");
  EXPECT_NE(flaw("a", "\xFF"), "");
  std::vector<http::Field> const tags(10, {"a", "b"});
  EXPECT_EQ(flaw_of_tag_count(tags), std::nullopt);
  EXPECT_EQ(flaw_of_tag_count(std::vector<http::Field>(11, {"a", "b"})), "has more than 10 tags");
}

TEST(Attributes, metadata_is_ascii_of_2_KiB) {
  EXPECT_EQ(flaw_of_metadata({"a-b_1", "any ~ text"}), std::nullopt);
  EXPECT_TRUE(flaw_of_metadata({"", "a"}));
  EXPECT_TRUE(flaw_of_metadata({"a b", "a"}));
  EXPECT_TRUE(flaw_of_metadata({"a", ""}));
  EXPECT_TRUE(flaw_of_metadata({"a", "ü"}));
  EXPECT_TRUE(flaw_of_metadata({"a", "b\r\nc"}));
  std::vector<http::Field> lines{{"a", std::string(2047, 'x')}};
  EXPECT_EQ(flaw_of_metadata_size(lines), std::nullopt);
  lines.push_back({"b", "y"});
  EXPECT_EQ(flaw_of_metadata_size(lines), "makes names and values 2050 bytes; 2048 are S3's limit");
}

TEST(Attributes, keys_are_for_kms) {
  EXPECT_EQ(flaw_of_encryption_type("AES256"), std::nullopt);
  EXPECT_EQ(flaw_of_encryption_type("aws:kms:dsse"), std::nullopt);
  EXPECT_TRUE(flaw_of_encryption_type("aes256"));
  EXPECT_EQ(flaw_of_kms_key_id({"aws:kms", "alias/zips", false}), std::nullopt);
  EXPECT_TRUE(flaw_of_kms_key_id({"AES256", "alias/zips", false}));
  EXPECT_TRUE(flaw_of_kms_key_id({"aws:kms", "a\nb", false}));
  EXPECT_TRUE(flaw_of_kms_key_id({"aws:kms", std::string(2049, 'a'), false}));
  EXPECT_EQ(flaw_of_bucket_key({"aws:kms", "", true}), std::nullopt);
  EXPECT_TRUE(flaw_of_bucket_key({"aws:kms:dsse", "", true}));
  EXPECT_EQ(flaw_of_bucket_key({"AES256", "", false}), std::nullopt);
}

}  // namespace
}  // namespace s3
