#include "sandbox/faults/quirky_answer.h"

#include "base/text.h"
#include "http/no_reason.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace sandbox {
namespace {

std::string_view without_quotes(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
    etag = etag.substr(1, etag.size() - 2);
  return etag;
}

// `reads`: the answer is to a GET or HEAD, whose ETags proxies touch.
std::string spelled_etag(std::string_view etag, Quirks const& quirks, bool reads) {
  std::string bare(without_quotes(etag));
  if (reads && quirks.has(Quirk::upper_case_etags)) {
    for (char& c : bare) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (reads && quirks.has(Quirk::suffixed_etags)) bare += "-gzip";
  if (quirks.has(Quirk::bare_etags)) return bare;
  bool const is_weak =
      quirks.has(Quirk::weak_etags) || (reads && quirks.has(Quirk::weakened_etags));
  return fmt::format("{}\"{}\"", is_weak ? "W/" : "", bare);
}

}  // namespace

void spell_head(http::Response& head, Quirks const& quirks, std::string_view method) {
  bool const reads = method == "GET" || method == "HEAD";
  if (auto const etag = head.headers.find("etag"))
    head.headers.set("ETag", spelled_etag(*etag, quirks, reads));
  if (quirks.has(Quirk::no_last_modified)) head.headers.remove("last-modified");
  if (quirks.has(Quirk::no_region_header)) head.headers.remove("x-amz-bucket-region");
  if (quirks.has(Quirk::short_status_line)) head.reason = http::no_reason;
  bool const tells_object = head.status < 300 && head.headers.find("etag");
  bool const unframed = (method == "GET" && quirks.has(Quirk::chunked_bodies)) ||
                        (method == "HEAD" && quirks.has(Quirk::head_without_length));
  if (tells_object && unframed) head.headers.remove("content-length");
}

std::string spell_document(std::string document, Quirks const& quirks) {
  if (!quirks.has(Quirk::namespace_prefix)) return document;
  constexpr std::string_view declaration = " xmlns=\"";
  std::string out;
  bool declared = false;
  for (std::size_t at = 0; at < document.size(); ++at) {
    if (!declared && std::string_view(document).substr(at).starts_with(declaration)) {
      out += " xmlns:ns2=\"";
      at += declaration.size() - 1;
      declared = true;
      continue;
    }
    out += document[at];
    if (document[at] != '<' || at + 1 == document.size() || document[at + 1] == '?') continue;
    if (document[at + 1] == '/') out += document[++at];
    out += "ns2:";
  }
  return out;
}

std::string listed_etag(std::string_view etag, Quirks const& quirks) {
  if (quirks.has(Quirk::unquoted_etags) || quirks.has(Quirk::bare_etags)) return std::string(etag);
  return fmt::format("{}\"{}\"", quirks.has(Quirk::weak_etags) ? "W/" : "", etag);
}

bool can_match(std::string_view if_match, Quirks const& quirks) {
  if_match = base::trim(if_match);
  if (if_match == "*") return true;
  // A weak tag matches none (RFC 9110, 13.1.1); a tag without quotes is no tag.
  bool const is_tag = if_match.size() >= 2 && if_match.front() == '"' && if_match.back() == '"';
  return is_tag && !quirks.has(Quirk::weak_etags);
}

}  // namespace sandbox
