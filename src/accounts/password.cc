#include "accounts/password.h"

#include "base/error.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <new>

#include <fmt/format.h>
#include <sodium.h>

namespace accounts {
namespace {

using base::Error;
using base::Fault;

// UTF-8's continuation bytes begin no character.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

void check_password(std::string_view field, base::Secret const& password) {
  if (count_characters(password.reveal()) < least_password_characters)
    throw Error(Fault::bad_input, fmt::format("{}: a password has at least {} characters", field,
                                              least_password_characters));
  if (password.reveal().size() > most_password_bytes)
    throw Error(Fault::bad_input,
                fmt::format("{}: a password has at most {} bytes", field, most_password_bytes));
  if (!base::is_utf8(password.reveal()))
    throw Error(Fault::bad_input, fmt::format("{}: it is not UTF-8", field));
}

std::string hash_password(base::Secret const& password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  std::string const& text = password.reveal();
  if (crypto_pwhash_str(hash.data(), text.data(), text.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw std::bad_alloc();
  return hash.data();
}

bool password_matches(base::Secret const& password, std::string const& hash) {
  static std::string const nobodys = hash_password(base::Secret("a password that nobody has"));
  std::string const& text = password.reveal();
  std::string const& checked = hash.empty() ? nobodys : hash;
  bool const matches = crypto_pwhash_str_verify(checked.c_str(), text.data(), text.size()) == 0;
  return matches && !hash.empty();
}

}  // namespace accounts
