#include "accounts/account.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace accounts {

Account new_account(std::string_view name, base::UnixSeconds now) {
  check_name("name", name);
  Account account;
  account.id = base::random_uuid();
  account.name = name;
  account.created_at = now;
  return account;
}

void check_name(std::string_view field, std::string_view name) {
  bool const usable = !name.empty() && base::trim(name) == name && base::is_utf8(name) &&
                      std::none_of(name.begin(), name.end(), base::is_control);
  if (!usable) {
    throw base::Error(base::Fault::bad_input,
                      fmt::format("{}: a name is printable UTF-8 text, not empty, with no space at "
                                  "its ends",
                                  field));
  }
  if (name.size() > base::limits::max_account_name_bytes) {
    throw base::Error(base::Fault::bad_input,
                      fmt::format("{}: {} bytes; a name has at most {}", field, name.size(),
                                  base::limits::max_account_name_bytes));
  }
}

}  // namespace accounts
