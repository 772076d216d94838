#include "archive/request.h"

#include "base/codec.h"
#include "base/error.h"

namespace archive {
namespace {

// Stored records say which form they have, so that a later program can read an earlier one's.
constexpr std::uint64_t form = 1;

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
  request.on_missing = static_cast<OnMissing>(in.number());
  request.name_style = static_cast<NameStyle>(in.number());
  request.base_folder = in.text();
  request.name_rule = static_cast<zip::NameRule>(in.number());
  request.target_key = in.text();
  request.acl = in.text();
  request.presign = in.number() != 0;
  request.link_hours = static_cast<std::uint32_t>(in.number());
  return request;
}

}  // namespace archive
