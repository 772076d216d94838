#include "s3/uri.h"

#include "aws/endpoint.h"
#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>

namespace s3 {
namespace {

constexpr std::string_view scheme = "s3://";

}  // namespace

bool is_uri(std::string_view text) {
  return text.starts_with(scheme);
}

ObjectName parse_uri(std::string_view text) {
  std::string_view rest = text;
  if (is_uri(text)) rest.remove_prefix(scheme.size());
  std::string_view const bucket = rest.substr(0, rest.find('/'));
  if (!is_uri(text) || !aws::is_bucket_name(bucket)) {
    throw base::Error(base::Fault::bad_input, fmt::format("{} is not like s3://bucket/key",
                                                          base::in_quotes(std::string(text))));
  }
  rest.remove_prefix(std::min(rest.size(), bucket.size() + 1));
  return {std::string(bucket), std::string(rest)};
}

}  // namespace s3
