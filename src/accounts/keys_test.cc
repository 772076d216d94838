#include "accounts/keys.h"

#include "base/error.h"
#include "base/text.h"

#include <optional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace accounts {
namespace {

base::Secret master(char fill) {
  return base::Secret(std::string(master_key_bytes, fill));
}

Keys keys_of(std::string_view fills) {
  std::vector<base::Secret> masters;
  for (char fill : fills) masters.push_back(master(fill));
  return Keys(masters);
}

base::Fault fault_of_open(Keys const& keys, std::string_view sealed, std::string_view context) {
  try {
    keys.open(sealed, context);
  } catch (base::Error const& error) {
    return error.fault();
  }
  ADD_FAILURE() << "it opened";
  return base::Fault::internal;
}

TEST(Keys, what_is_sealed_opens_with_the_same_context_only) {
  Keys const keys = keys_of("a");
  for (std::string const& text : {std::string(), std::string("AKIA:secret"), std::string(5000, 'x'),
                                  std::string("\0\xFF\n", 3)}) {
    std::string const sealed = keys.seal(text, "job-1");
    EXPECT_EQ(sealed.size(), text.size() + 41);
    EXPECT_EQ(keys.open(sealed, "job-1").reveal(), text);
    EXPECT_EQ(fault_of_open(keys, sealed, "job-2"), base::Fault::corrupt);
    EXPECT_EQ(fault_of_open(keys, sealed, ""), base::Fault::corrupt);
  }
}

TEST(Keys, the_plaintext_does_not_stand_in_what_is_sealed_and_no_two_are_alike) {
  Keys const keys = keys_of("a");
  std::string const text = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  std::string const sealed = keys.seal(text, "job");
  EXPECT_EQ(sealed.find(text.substr(0, 8)), std::string::npos);
  EXPECT_NE(sealed, keys.seal(text, "job"));
}

TEST(Keys, a_single_flipped_bit_anywhere_is_noticed) {
  Keys const keys = keys_of("a");
  std::string const sealed = keys.seal("secret", "job");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string wrong = sealed;
    wrong[i] = static_cast<char>(wrong[i] ^ 1);
    EXPECT_EQ(fault_of_open(keys, wrong, "job"), base::Fault::corrupt) << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(fault_of_open(keys, sealed.substr(0, size), "job"), base::Fault::corrupt) << size;
  }
}

// The text was sealed by a Python program (HChaCha20 by the draft, then cryptography's
// ChaCha20Poly1305) with the third subkey and a nonce of 24 'n'.
TEST(Keys, a_text_sealed_by_another_program_opens) {
  Keys const keys = keys_of("a");
  std::optional<std::vector<std::uint8_t>> const sealed =
      base::base64_decode("AW5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubr7it5Bskkz/8zXh5hq6FASUhn4nBuo=");
  ASSERT_TRUE(sealed);
  std::string const text(sealed->begin(), sealed->end());
  EXPECT_EQ(keys.open(text, "job").reveal(), "secret");
}

TEST(Keys, after_a_rotation_the_new_key_seals_and_the_old_one_still_opens) {
  Keys const before = keys_of("a");
  Keys const during = keys_of("ba");
  Keys const after = keys_of("b");
  std::string const old_sealed = before.seal("text", "job");
  std::string const new_sealed = during.seal("text", "job");
  EXPECT_EQ(during.open(old_sealed, "job").reveal(), "text");
  EXPECT_EQ(after.open(new_sealed, "job").reveal(), "text");
  EXPECT_EQ(fault_of_open(after, old_sealed, "job"), base::Fault::corrupt);

  EXPECT_TRUE(during.secret_matches("s", before.hash_secret("s")));
  EXPECT_EQ(during.hash_secret("s"), after.hash_secret("s"));
  EXPECT_FALSE(after.secret_matches("s", before.hash_secret("s")));

  EXPECT_TRUE(during.link_matches("link", before.link_signature("link")));
  EXPECT_EQ(during.link_signature("link"), after.link_signature("link"));
  EXPECT_FALSE(after.link_matches("link", before.link_signature("link")));

  EXPECT_EQ(during.fingerprint(), after.fingerprint());
  EXPECT_TRUE(during.has_fingerprint(before.fingerprint()));
  EXPECT_FALSE(after.has_fingerprint(before.fingerprint()));
}

TEST(Keys, link_signatures_are_32_hex_digits_of_this_text) {
  Keys const keys = keys_of("a");
  std::string const signature = keys.link_signature("zipper_s3_1");
  EXPECT_EQ(signature.size(), 32U);
  EXPECT_EQ(signature.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_TRUE(keys.link_matches("zipper_s3_1", signature));
  EXPECT_FALSE(keys.link_matches("zipper_s3_2", signature));
  EXPECT_FALSE(keys.link_matches("zipper_s3_1", signature.substr(1)));
  EXPECT_FALSE(keys.link_matches("zipper_s3_1", ""));
}

TEST(Keys, no_purpose_shares_its_subkey_with_another) {
  Keys const keys = keys_of("a");
  std::span<std::uint8_t const> const token = keys.token_key(0);
  std::string const master_text = master('a').reveal();
  std::set<std::string> const all{keys.hash_secret("x").substr(0, 16), keys.link_signature("x"),
                                  std::string(token.begin(), token.end()), keys.fingerprint(),
                                  master_text};
  EXPECT_EQ(all.size(), 5U);
}

// Texts in a database must open with the next version of the program, too. The values are Python's,
// hashlib.blake2b: crypto_kdf is BLAKE2b with the id as salt and "s3zipper" as person.
TEST(Keys, derivation_and_hashes_do_not_change) {
  Keys const keys = keys_of("a");
  EXPECT_EQ(keys.fingerprint(), "c6a2cc8d5d208134");
  EXPECT_EQ(keys.link_signature("link"), "d6a69f42eca5b79bcfccb280fb034ec9");
  EXPECT_EQ(base::hex(base::as_bytes(keys.hash_secret("x"))),
            "7887564b6620b973cfab7b729ea1a5b10f0cbc57cfea5a595e7d1ea3cecd75b2");
  EXPECT_EQ(base::hex(keys.token_key(0)),
            "be0b92db73208f2276fce70c959b99200a11d234bf7c4e02618cccf12cc18b1a");
}

TEST(Keys, master_keys_of_another_length_or_none_at_all_are_refused) {
  EXPECT_THROW(keys_of(""), base::Error);
  std::vector<base::Secret> const masters{base::Secret(std::string(31, 'a'))};
  EXPECT_THROW(Keys{masters}, base::Error);
}

TEST(Keys, a_retired_key_checks_secrets_and_links_and_does_nothing_else) {
  auto const keys_of = [](char letter) {
    base::Secret const key(std::string(master_key_bytes, letter));
    return Keys(std::span(&key, 1));
  };
  Keys const old = keys_of('o');
  Keys fresh = keys_of('n');
  std::string const hash = old.hash_secret("secret");
  std::string const link = old.link_signature("link");
  EXPECT_FALSE(fresh.secret_matches("secret", hash));
  fresh.add_retired(old.fingerprint(), old.retired_part(old.fingerprint()));
  EXPECT_TRUE(fresh.secret_matches("secret", hash));
  EXPECT_FALSE(fresh.secret_matches("other", hash));
  EXPECT_TRUE(fresh.link_matches("link", link));
  EXPECT_NE(fresh.hash_secret("secret"), hash);
  EXPECT_FALSE(fresh.has_fingerprint(old.fingerprint()));
  EXPECT_THROW(fresh.open(old.seal("text", "context"), "context"), base::Error);
  EXPECT_THROW(fresh.retired_part(old.fingerprint()), base::Error);
  EXPECT_THROW(fresh.add_retired("other", base::Secret("short")), base::Error);
}

}  // namespace
}  // namespace accounts
