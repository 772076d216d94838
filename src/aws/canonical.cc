#include "aws/canonical.h"

#include "base/digest.h"
#include "base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace aws {
namespace {

// Appends `value` without white space at its ends, and with runs of spaces made one.
void append_collapsed(std::string& out, std::string_view value) {
  value = base::trim(value);
  for (std::size_t run = value.find("  "); run != std::string_view::npos; run = value.find("  ")) {
    out += value.substr(0, run + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' ', run), value.size()));
  }
  out += value;
}

base::Secret keyed(base::Secret const& key, std::string_view data) {
  base::Sha256 const code = base::hmac_sha256(base::as_bytes(key.reveal()), data);
  return base::Secret(std::string(reinterpret_cast<char const*>(code.data()), code.size()));
}

}  // namespace

std::string to_text(Scope const& scope) {
  std::string out;
  out.reserve(64);
  out.append(scope.day).append("/").append(scope.region).append("/");
  out.append(scope.service).append("/aws4_request");
  return out;
}

std::string to_text(CanonicalRequest const& request) {
  std::string out;
  out.reserve(1024);
  out.append(request.method).append("\n").append(request.path).append("\n");
  out.append(request.query).append("\n");
  for (http::Field const& line : request.headers)
    out.append(line.name).append(":").append(line.value).append("\n");
  out.append("\n").append(signed_names(request.headers)).append("\n");
  out.append(request.payload_hash);
  return out;
}

std::optional<std::string> canonical_path(std::string_view path) {
  auto const is_plain = [](char c) { return base::is_unreserved(c) || c == '/'; };
  if (std::ranges::all_of(path, is_plain)) return std::string(path);
  auto const decoded = base::percent_decode(path);
  if (!decoded) return std::nullopt;
  return base::percent_encode(*decoded, true);
}

std::string canonical_query(std::vector<http::Field> const& fields) {
  std::vector<http::Field> encoded;
  encoded.reserve(fields.size());
  for (http::Field const& field : fields)
    encoded.push_back({base::percent_encode(field.name), base::percent_encode(field.value)});
  // The fields cannot be sorted as "name=value": '=' would stand between '-' and letters.
  std::ranges::sort(encoded, {}, [](http::Field const& field) {
    return std::pair<std::string_view, std::string_view>(field.name, field.value);
  });
  std::string out;
  for (http::Field const& field : encoded) {
    if (!out.empty()) out += '&';
    out.append(field.name).append("=").append(field.value);
  }
  return out;
}

std::vector<http::Field> canonical_headers(http::Headers const& headers,
                                           std::function<bool(std::string_view)> const& wanted) {
  std::vector<http::Field> lines;
  lines.reserve(headers.size());
  for (http::Field const& line : headers) {
    std::string name = base::to_lower(line.name);
    if (!wanted(name)) continue;
    auto const same = std::ranges::find(lines, name, &http::Field::name);
    if (same == lines.end()) {
      lines.push_back({std::move(name), {}});
      append_collapsed(lines.back().value, line.value);
    } else {
      same->value += ',';
      append_collapsed(same->value, line.value);
    }
  }
  std::ranges::sort(lines, {}, &http::Field::name);
  return lines;
}

std::string signed_names(std::vector<http::Field> const& canonical) {
  std::string out;
  out.reserve(128);
  for (http::Field const& line : canonical) {
    if (!out.empty()) out += ';';
    out += line.name;
  }
  return out;
}

SigningKey derive_key(base::Secret const& secret_key, Scope const& scope) {
  base::Secret const day_key = keyed(base::Secret("AWS4" + secret_key.reveal()), scope.day);
  base::Secret const region_key = keyed(day_key, scope.region);
  base::Secret const service_key = keyed(region_key, scope.service);
  return keyed(service_key, "aws4_request");
}

std::string signature(SigningKey const& key, std::string_view amz_date, Scope const& scope,
                      std::string_view canonical_request) {
  base::Sha256 const request_hash = base::sha256(canonical_request);
  std::string to_sign;
  to_sign.reserve(256);
  to_sign.append(algorithm).append("\n").append(amz_date).append("\n");
  to_sign.append(to_text(scope)).append("\n").append(base::hex(request_hash));
  return base::hex(base::hmac_sha256(base::as_bytes(key.reveal()), to_sign));
}

}  // namespace aws
