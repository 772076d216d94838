#include "sandbox/buckets/object_tags.h"

#include "base/error.h"
#include "s3/messages/attributes.h"
#include "sandbox/refusal.h"

#include <algorithm>
#include <set>

namespace sandbox {
namespace {

std::vector<http::Field> parse_tags(std::string_view text) {
  try {
    return http::parse_urlencoded(text);
  } catch (base::Error const&) {
    throw refusal("InvalidArgument", "The header 'x-amz-tagging' is not URL-encoded well.");
  }
}

}  // namespace

std::optional<http::Field> stored_tags(http::Headers const& request) {
  std::string_view const text = request.get(tagging_header);
  if (text.empty()) return std::nullopt;
  std::vector<http::Field> const tags = parse_tags(text);
  if (s3::flaw_of_tag_count(tags))
    throw refusal("BadRequest", "Object tags cannot be greater than 10");
  std::set<std::string_view> names;
  for (http::Field const& tag : tags) {
    if (auto const flaw = s3::flaw_of_tag(tag)) throw refusal("InvalidTag", "The tag " + *flaw);
    if (!names.insert(tag.name).second)
      throw refusal("InvalidArgument", "The header 'x-amz-tagging' names a tag twice.");
  }
  return http::Field{std::string(tagging_header), std::string(text)};
}

std::vector<http::Field> tags_of(std::vector<http::Field> const& headers) {
  auto const found = std::ranges::find(headers, tagging_header, &http::Field::name);
  return found == headers.end() ? std::vector<http::Field>() : http::parse_urlencoded(found->value);
}

}  // namespace sandbox
