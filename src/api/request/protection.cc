#include "api/request/protection.h"

#include "base/error.h"
#include "base/spelling.h"
#include "base/text.h"
#include "http/forms.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace api {
namespace {

constexpr std::array<std::string_view, 7> telling_parts{
    "password", "passwd", "passwort", "passphrase", "passcode", "encrypt", "protect"};
constexpr std::array<std::string_view, 6> telling_names{"pass",   "zippass", "pwd",
                                                        "zippwd", "pw",      "zippw"};
// Names of which a letter may be wrong.
constexpr std::array<std::string_view, 2> misspelled_names{"password", "zippassword"};

constexpr std::string_view encryption_headers = "x-amz-server-side-encryption";

// "zip_Password[]" is "zippassword".
std::string letters_of(std::string_view field) {
  std::string letters = base::to_lower(field);
  std::erase_if(letters, [](char c) { return c < 'a' || c > 'z'; });
  return letters;
}

}  // namespace

bool asks_for_protection(std::string_view field) {
  constexpr std::size_t longest = 64;  // a longer text is no field's name
  if (field.size() > longest) return false;
  std::string const letters = letters_of(field);
  return std::ranges::find(telling_names, letters) != telling_names.end() ||
         std::ranges::any_of(
             telling_parts,
             [&](std::string_view part) { return letters.find(part) != std::string::npos; }) ||
         std::ranges::any_of(misspelled_names, [&](std::string_view name) {
           return base::edit_distance(letters, name) <= 1;
         });
}

void refuse_protection(std::string_view field) {
  throw base::Error(
      base::Fault::bad_input,
      fmt::format("{}: this server makes no zips with a password; leave it out to get an open one",
                  base::to_utf8(field)));
}

void check_asks_no_protection(http::Request const& request) {
  for (http::Field const& header : request.headers) {
    if (base::to_lower(header.name).starts_with(encryption_headers)) {
      throw base::Error(base::Fault::bad_input,
                        fmt::format("{}: this call does not encrypt what it stores; POST /api/zips "
                                    "does, by target.encryption",
                                    header.name));
    }
  }
  for (http::Field const& field : http::parse_urlencoded(request.query())) {
    if (!field.value.empty() && asks_for_protection(field.name)) refuse_protection(field.name);
  }
}

}  // namespace api
