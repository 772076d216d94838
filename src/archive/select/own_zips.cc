#include "archive/select/own_zips.h"

#include "archive/select/lookup.h"
#include "base/codec.h"
#include "base/digest.h"
#include "base/text.h"

#include <algorithm>
#include <span>

namespace archive {

namespace {

constexpr std::string_view digest_version = "s3zipper sources 1";
constexpr std::size_t digest_bytes = 16;

// "bucket/key" without the slash that a folder may be asked for with.
std::string without_slash(std::string place) {
  if (place.ends_with('/')) place.pop_back();
  return place;
}

std::string text_of(Request const& request, std::string const& path) {
  if (request.exact_paths) return without_slash(path);
  Place const place = place_of(path, request.bucket);
  return without_slash(place.bucket + '/' + place.key);
}

std::string text_of(Source const& source) {
  std::string text = without_slash(source.bucket + '/' + source.key);
  if (!source.version_id.empty()) text.append(1, '\0').append(source.version_id);
  return text;
}

}  // namespace

std::string sources_digest(Request const& request) {
  std::vector<std::string> sources;
  for (std::string const& path : request.paths) sources.push_back(text_of(request, path));
  for (Source const& source : request.sources) sources.push_back(text_of(source));
  std::ranges::sort(sources);
  auto const twice = std::ranges::unique(sources);
  sources.erase(twice.begin(), twice.end());

  base::Encoder out;
  out.text(digest_version);
  out.number(sources.size());
  for (std::string const& source : sources) out.text(source);
  out.text(request.manifest.key.empty() ? "" : request.manifest.bucket);
  out.text(request.manifest.key);
  for (KeyRule const& rule : request.rules) {
    out.number(rule.include ? 1 : 0);
    out.text(rule.glob);
  }
  base::Sha256 const hash = base::sha256(out.take());
  return base::hex(std::span(hash).first(digest_bytes));
}

bool may_be_own_zip(std::string_view key) {
  constexpr std::string_view extension = ".zip";
  return key.size() >= extension.size() &&
         base::equals_ignoring_case(key.substr(key.size() - extension.size()), extension);
}

}  // namespace archive
