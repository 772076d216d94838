#include "archive/request.h"

#include "base/codec.h"
#include "base/error.h"

namespace archive {
namespace {

// Stored records say which form they have, so that a later program can read an earlier one's.
constexpr std::uint64_t form = 2;

[[noreturn]] void throw_damaged() {
  throw base::Error(base::Fault::corrupt, "a stored request is damaged");
}

// The number of one of an enum's values, or of a flag, of which `last` is the largest.
template <class Value>
Value decode_value(base::Decoder& in, Value last) {
  std::uint64_t const number = in.number();
  if (number > static_cast<std::uint64_t>(last)) throw_damaged();
  return static_cast<Value>(number);
}

}  // namespace

std::string encode(Request const& request) {
  base::Encoder out;
  out.number(form);
  out.text(request.endpoint);
  out.text(request.region);
  out.text(request.bucket);
  out.number(request.paths.size());
  for (std::string const& path : request.paths) out.text(path);
  out.number(static_cast<std::uint64_t>(request.on_missing));
  out.number(static_cast<std::uint64_t>(request.name_style));
  out.text(request.base_folder);
  out.number(static_cast<std::uint64_t>(request.name_rule));
  out.text(request.target_key);
  out.text(request.acl);
  out.number(request.presign ? 1 : 0);
  out.number(request.link_hours);
  out.number(request.exact_paths ? 1 : 0);
  out.number(request.rules.size());
  for (KeyRule const& rule : request.rules) {
    out.number(rule.include ? 1 : 0);
    out.text(rule.glob);
  }
  return out.take();
}

Request decode_request(std::string_view bytes) {
  base::Decoder in(bytes);
  if (in.number() != form)
    throw base::Error(base::Fault::corrupt,
                      "a stored request has a form that this version does not know");
  Request request;
  request.endpoint = in.text();
  request.region = in.text();
  request.bucket = in.text();
  for (std::uint64_t left = in.number(); left > 0; --left) request.paths.emplace_back(in.text());
  request.on_missing = decode_value(in, OnMissing::skip);
  request.name_style = decode_value(in, NameStyle::below_path);
  request.base_folder = in.text();
  request.name_rule = decode_value(in, zip::NameRule::exact);
  request.target_key = in.text();
  request.acl = in.text();
  request.presign = decode_value(in, true);
  request.link_hours = decode_value(in, UINT32_MAX);
  request.exact_paths = decode_value(in, true);
  for (std::uint64_t left = in.number(); left > 0; --left) {
    bool const include = decode_value(in, true);
    request.rules.push_back({include, std::string(in.text())});
  }
  if (!in.done()) throw_damaged();
  return request;
}

}  // namespace archive
