#include "http/forms.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <optional>

#include <fmt/format.h>

namespace http {
namespace {

using base::Error;
using base::Fault;

std::string decoded(std::string_view text) {
  auto value = base::form_decode(text);
  if (!value) throw Error(Fault::bad_input, "the form body has a '%' without two hex digits");
  return *std::move(value);
}

void check_count(std::vector<Field> const& fields) {
  if (fields.size() < base::limits::max_form_fields) return;
  throw Error(Fault::too_large,
              fmt::format("the form has over {} fields", base::limits::max_form_fields));
}

// The value of `name` in a header like: form-data; name="x"; filename="a;b.txt"
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos) {
    header.remove_prefix(at + 1);
    header = base::trim(header);
    std::size_t const equals = header.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string_view const key = base::trim(header.substr(0, equals));
    header = base::trim(header.substr(equals + 1));
    std::string value;
    if (header.starts_with('"')) {
      std::size_t i = 1;
      for (; i < header.size() && header[i] != '"'; ++i) {
        if (header[i] == '\\' && i + 1 < header.size()) ++i;
        value += header[i];
      }
      if (i == header.size()) return std::nullopt;
      header.remove_prefix(i + 1);
    } else {
      value = base::trim(header.substr(0, header.find(';')));
    }
    if (base::equals_ignoring_case(key, name)) return value;
    at = header.find(';');
  }
  return std::nullopt;
}

// The name of the part whose header lines are `head`.
std::string part_name(std::string_view head) {
  for (std::string_view line : base::split(head, '\n')) {
    std::size_t const colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (!base::equals_ignoring_case(base::trim(line.substr(0, colon)), "content-disposition"))
      continue;
    if (auto name = parameter(line.substr(colon + 1), "name")) return *name;
  }
  throw Error(Fault::bad_input, "a part of the multipart body has no name");
}

}  // namespace

std::vector<Field> parse_urlencoded(std::string_view text) {
  std::vector<Field> fields;
  while (!text.empty()) {
    std::size_t const end = text.find('&');
    std::string_view const pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    check_count(fields);
    std::size_t const equals = pair.find('=');
    std::string_view const value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    fields.push_back({decoded(pair.substr(0, equals)), decoded(value)});
  }
  return fields;
}

std::vector<Field> parse_multipart(std::string_view content_type, std::string_view body) {
  auto const boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70)
    throw Error(Fault::bad_input, "the multipart Content-Type has no usable boundary");
  std::string const delimiter = "\r\n--" + *boundary;
  std::vector<Field> fields;
  // The first delimiter stands at the start of the body, or behind a preamble (RFC 2046, 5.1.1).
  std::size_t at = 0;
  if (!body.starts_with(std::string_view(delimiter).substr(2))) {
    at = body.find(delimiter);
    if (at == std::string_view::npos)
      throw Error(Fault::bad_input, "the multipart body does not hold its boundary");
    at += 2;
  }
  at += delimiter.size() - 2;
  while (body.substr(at, 2) != "--") {
    std::size_t const head = body.find("\r\n", at);  // the boundary line may end in white space
    std::size_t const head_end =
        head == std::string_view::npos ? head : body.find("\r\n\r\n", head);
    if (head_end == std::string_view::npos)
      throw Error(Fault::bad_input, "the multipart body is cut in a part's header");
    std::size_t const end = body.find(delimiter, head_end + 2);
    if (end == std::string_view::npos)
      throw Error(Fault::bad_input, "the multipart body is cut: its last boundary is missing");
    check_count(fields);
    std::size_t const start = head_end + 4;
    std::string_view const value = end < start ? "" : body.substr(start, end - start);
    fields.push_back({part_name(body.substr(head, head_end - head)), std::string(value)});
    at = end + delimiter.size();
  }
  return fields;
}

std::string media_type(std::string_view content_type) {
  return base::to_lower(base::trim(content_type.substr(0, content_type.find(';'))));
}

}  // namespace http
