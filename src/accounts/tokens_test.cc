#include "accounts/tokens.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <jwt.h>

namespace accounts {
namespace {

constexpr base::UnixSeconds now = 1'800'000'000;
constexpr base::UnixSeconds day = 24 * 3600;

Keys keys_of(std::string_view fills) {
  std::vector<base::Secret> masters;
  for (char fill : fills) masters.emplace_back(std::string(master_key_bytes, fill));
  return Keys(masters);
}

TokenClaims claims_of_key() {
  return {.account_id = "a2f0c0de-0000-4000-8000-000000000001", .user_key = "key", .generation = 3};
}

std::string base64url(std::string_view text) {
  std::string out = base::base64(base::as_bytes(text));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}

// A token made without libjwt, signed rightly whatever it says.
std::string signed_token(Keys const& keys, std::string_view header, std::string_view claims) {
  std::string const text = base64url(header) + "." + base64url(claims);
  base::Sha256 const mac = base::hmac_sha256(keys.token_key(0), text);
  return text + "." + base64url({reinterpret_cast<char const*>(mac.data()), mac.size()});
}

constexpr char header[] = R"({"alg":"HS256","typ":"JWT"})";

std::string claims_text(base::UnixSeconds expiry) {
  return fmt::format(R"({{"sub":"x","key":"k","gen":1,"iat":{},"exp":{}}})", now, expiry);
}

std::string refusal(std::string_view token, Keys const& keys, base::UnixSeconds time = now) {
  try {
    check_token(token, keys, time);
  } catch (base::Error const& error) {
    EXPECT_EQ(error.fault(), base::Fault::unauthorized);
    return std::string(error.message());
  }
  return "accepted";
}

TEST(Tokens, a_token_names_its_account_key_and_generation) {
  Keys const keys = keys_of("k");
  std::string const token = issue_token(claims_of_key(), keys, now);
  TokenClaims const expected = claims_of_key();
  EXPECT_EQ(check_token(token, keys, now), expected);
}

// The form that clients may look into, and a signature that libjwt did not make.
TEST(Tokens, a_token_is_a_jwt_signed_with_hmac_sha256) {
  Keys const keys = keys_of("k");
  std::string const expected = signed_token(
      keys, header,
      R"({"exp":1800086400,"gen":3,"iat":1800000000,"key":"key","sub":"a2f0c0de-0000-4000-8000-000000000001"})");
  EXPECT_EQ(issue_token(claims_of_key(), keys, now), expected);
}

// The times are far from the machine's own, on both sides: the clock that counts is the argument.
TEST(Tokens, a_token_lives_for_24_hours) {
  Keys const keys = keys_of("k");
  for (base::UnixSeconds start : {base::UnixSeconds{1000}, base::UnixSeconds{9'000'000'000}}) {
    std::string const token = issue_token(claims_of_key(), keys, start);
    EXPECT_EQ(refusal(token, keys, start), "accepted");
    EXPECT_EQ(refusal(token, keys, start + day - 1), "accepted");
    EXPECT_EQ(refusal(token, keys, start + day),
              "the token has expired; get a new one from /gentoken");
    EXPECT_EQ(refusal(token, keys, start + 1000 * day),
              "the token has expired; get a new one from /gentoken");
  }
}

TEST(Tokens, what_is_no_token_is_called_malformed) {
  Keys const keys = keys_of("k");
  std::string const good = signed_token(keys, header, claims_text(now + 1));
  ASSERT_EQ(refusal(good, keys), "accepted");
  std::vector<std::string> const wrong{"",
                                       ".",
                                       "..",
                                       "...",
                                       "a.b",
                                       "a.b.",
                                       ".b.c",
                                       "a..c",
                                       "a.b.c.d",
                                       "Bearer " + good,
                                       good + " ",
                                       good + ".",
                                       good + "=",
                                       good + std::string(1, '\0'),
                                       good + std::string("\0x", 2),
                                       good + "\n",
                                       std::string(5000, 'a') + ".b.c",
                                       std::string(1 << 20, '.')};
  for (std::string const& token : wrong) {
    EXPECT_EQ(refusal(token, keys), "the token is malformed; get one from /gentoken") << token;
  }
}

TEST(Tokens, rightly_signed_claims_that_lack_something_are_malformed) {
  Keys const keys = keys_of("k");
  for (char const* claims :
       {"{}", R"({"key":"k","gen":1,"exp":1900000000})", R"({"sub":"x","gen":1,"exp":1900000000})",
        R"({"sub":"x","key":"k","exp":1900000000})", R"({"sub":"x","key":"k","gen":1})",
        R"({"sub":7,"key":"k","gen":1,"exp":1900000000})",
        R"({"sub":"x","key":7,"gen":1,"exp":1900000000})",
        R"({"sub":"x","key":"k","gen":0,"exp":1900000000})",
        R"({"sub":"x","key":"k","gen":-1,"exp":1900000000})",
        R"({"sub":"x","key":"k","gen":"1","exp":1900000000})",
        R"({"sub":"x","key":"k","gen":4294967297,"exp":1900000000})"}) {
    EXPECT_EQ(refusal(signed_token(keys, header, claims), keys),
              "the token is malformed; get one from /gentoken")
        << claims;
  }
  EXPECT_NE(
      refusal(signed_token(keys, header, R"({"sub":"x","key":"k","gen":1,"exp":"1900000000"})"),
              keys),
      "accepted");
  EXPECT_NE(refusal(signed_token(keys, header, "not json"), keys), "accepted");
  EXPECT_NE(refusal(signed_token(keys, header, "[1]"), keys), "accepted");
}

TEST(Tokens, forged_tokens_are_refused) {
  Keys const keys = keys_of("k");
  constexpr char wrong_signature[] = "the token's signature is wrong; get a new one from /gentoken";
  std::string const good = issue_token(claims_of_key(), keys, now);
  EXPECT_EQ(refusal(issue_token(claims_of_key(), keys_of("x"), now), keys), wrong_signature);

  std::string other_claims = good;
  std::string const later = issue_token(claims_of_key(), keys, now + day);
  std::size_t const first = good.find('.');
  std::size_t const last = good.rfind('.');
  other_claims.replace(first, last - first, later, first, last - first);
  EXPECT_EQ(refusal(other_claims, keys), wrong_signature);

  EXPECT_EQ(refusal(good.substr(0, good.size() - 1), keys), wrong_signature);
  EXPECT_EQ(refusal(good + "A", keys), wrong_signature);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(refusal(flipped, keys), "accepted") << i;
  }
}

TEST(Tokens, an_unsigned_token_is_refused_whatever_stands_in_its_place) {
  Keys const keys = keys_of("k");
  std::string const claims = base64url(claims_text(now + 1));
  for (char const* none : {R"({"alg":"none"})", R"({"typ":"JWT","alg":"None"})",
                           R"({"alg":"NONE"})", R"({})", R"({"alg":null})", R"({"alg":""})"}) {
    std::string const text = base64url(none) + "." + claims;
    EXPECT_NE(refusal(text + ".", keys), "accepted") << none;
    EXPECT_NE(refusal(text + ".AAAA", keys), "accepted") << none;
    EXPECT_NE(refusal(signed_token(keys, none, claims_text(now + 1)), keys), "accepted") << none;
  }
}

// The token is signed with the right key by libjwt itself: only the algorithm is wrong.
TEST(Tokens, other_algorithms_are_refused_even_with_our_key) {
  Keys const keys = keys_of("k");
  std::span<std::uint8_t const> const key = keys.token_key(0);
  for (auto [algorithm, accepted] :
       {std::pair{JWT_ALG_HS256, true}, {JWT_ALG_HS384, false}, {JWT_ALG_HS512, false}}) {
    jwt_t* token = nullptr;
    ASSERT_EQ(jwt_new(&token), 0);
    ASSERT_EQ(jwt_set_alg(token, algorithm, key.data(), static_cast<int>(key.size())), 0);
    ASSERT_EQ(jwt_add_grants_json(token, claims_text(now + 1).c_str()), 0);
    char* text = jwt_encode_str(token);
    ASSERT_NE(text, nullptr);
    EXPECT_EQ(refusal(text, keys) == "accepted", accepted) << jwt_alg_str(algorithm);
    std::free(text);
    jwt_free(token);
  }
  for (char const* algorithm : {"RS256", "ES256", "RS512", "HS256 ", "XX"}) {
    std::string const other = fmt::format(R"({{"typ":"JWT","alg":"{}"}})", algorithm);
    EXPECT_NE(refusal(signed_token(keys, other, claims_text(now + 1)), keys), "accepted")
        << algorithm;
  }
}

TEST(Tokens, after_a_rotation_of_master_keys_old_tokens_still_count) {
  Keys const before = keys_of("a");
  Keys const during = keys_of("ba");
  std::string const old_token = issue_token(claims_of_key(), before, now);
  std::string const new_token = issue_token(claims_of_key(), during, now);
  EXPECT_EQ(refusal(old_token, during), "accepted");
  EXPECT_EQ(refusal(new_token, keys_of("b")), "accepted");
  EXPECT_NE(refusal(old_token, keys_of("b")), "accepted");
  EXPECT_NE(refusal(new_token, before), "accepted");
}

class Standing : public testing::Test {
 protected:
  std::string of(TokenClaims const& claims, base::UnixSeconds time = now) const {
    try {
      check_current(claims, key_, account_, time);
    } catch (base::Error const& error) {
      EXPECT_EQ(error.fault(), base::Fault::unauthorized);
      return std::string(error.message());
    }
    return "current";
  }

  std::optional<Account> account_ = Account{.id = claims_of_key().account_id, .name = "a"};
  std::optional<UserKey> key_ =
      UserKey{.user_key = "key", .account_id = claims_of_key().account_id, .generation = 3};
};

TEST_F(Standing, a_token_ends_with_the_secret_that_it_was_given_for) {
  EXPECT_EQ(of(claims_of_key()), "current");
  renew_secret(*key_, std::chrono::seconds(60), keys_of("k"), now);
  EXPECT_EQ(of(claims_of_key(), now + 59), "current");
  constexpr char renewed[] = "the key's secret was renewed; get a new token from /gentoken";
  EXPECT_EQ(of(claims_of_key(), now + 60), renewed);
  TokenClaims next = claims_of_key();
  next.generation = 4;
  EXPECT_EQ(of(next, now + 60), "current");
  renew_secret(*key_, std::chrono::seconds(0), keys_of("k"), now);
  EXPECT_EQ(of(next), renewed);
}

TEST_F(Standing, a_token_ends_with_its_key_and_its_account) {
  constexpr char gone[] =
      "the token's key was revoked, or its account deleted; get a new token from /gentoken";
  TokenClaims others = claims_of_key();
  others.account_id = "b";
  EXPECT_EQ(of(others), gone);
  account_->disabled = true;
  EXPECT_EQ(of(claims_of_key()), "the token's account is disabled");
  account_->disabled = false;
  key_->account_id = "b";
  EXPECT_EQ(of(claims_of_key()), gone) << "the key is another account's";
  key_.reset();
  EXPECT_EQ(of(claims_of_key()), gone);
}

}  // namespace
}  // namespace accounts
