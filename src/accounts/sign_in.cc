#include "accounts/sign_in.h"

#include "base/digest.h"
#include "base/random.h"

namespace accounts {

base::Secret new_token() {
  constexpr std::size_t characters = 43;  // 256 bits
  return base::Secret(base::random_text(characters));
}

std::string hash_token(std::string_view token) {
  base::Sha256 const hash = base::sha256(token);
  return {hash.begin(), hash.end()};
}

}  // namespace accounts
