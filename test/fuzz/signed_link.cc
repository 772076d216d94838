// The path of a signed link on the first line, the query behind it: what is taken for a link has
// one text to be signed, of six lines, and is the same link when it is written anew.
#include "api/links/signed_link.h"

#include "base/text.h"
#include "fuzzer.h"

#include <algorithm>

namespace {

void run(std::string_view input) {
  std::string_view const path = fuzz::take_line(input);
  auto const link = api::parse_signed_link(path, input);
  if (!link) return;
  std::string const text = api::text_to_sign(*link);
  fuzz::require(std::ranges::count(text, '\n') == 5, "no value looks like two");
  fuzz::require(base::is_utf8(text), "what is signed is a text");
  std::string const again = "/z/" + base::percent_encode(link->user_key) + "/" +
                            base::percent_encode(link->bucket) + "/" +
                            base::percent_encode(link->file_name);
  std::string const selection = link->manifest.empty()
                                    ? "&prefix=" + base::percent_encode(link->prefix)
                                    : "&manifest=" + base::percent_encode(link->manifest);
  std::string const query = "exp=" + std::to_string(link->expires_at) +
                            "&sig=" + base::percent_encode(link->signature) + selection;
  fuzz::require(api::parse_signed_link(again, query) == link, "it comes back");
}

fuzz::Registered const registered("signed_link", run);

}  // namespace
