#include "s3_objects.h"

#include "sockets.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>

#include <fmt/format.h>

namespace bench {
namespace {

constexpr std::string_view modified = "2024-01-01T00:00:00.000Z";

// Keys may need no escape in XML or in a URL: the listing writes them as they are.
void check_plain(std::string_view key) {
  bool const plain = std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '-' || c == '_';
  });
  if (!plain) fail("keys hold letters, digits, '/', '.', '-' and '_' only");
}

// The part of `key` below the round, "" if it comes before the round, nullopt if after it.
std::optional<std::string_view> below(std::string_view key, std::string_view round) {
  if (key.starts_with(round)) return key.substr(round.size());
  if (key < round) return "";
  return std::nullopt;
}

void write_object(std::string& xml, std::string_view round, Object const& object) {
  fmt::format_to(std::back_inserter(xml),
                 "<Contents><Key>{}{}</Key><LastModified>{}</LastModified>"
                 "<ETag>&quot;{}&quot;</ETag><Size>{}</Size>"
                 "<StorageClass>STANDARD</StorageClass></Contents>",
                 round, object.key, modified, object.etag, object.size);
}

}  // namespace

void Objects::add_set(std::string_view declaration) {
  std::size_t const equals = declaration.find('=');
  std::size_t const times = declaration.find('x', equals);
  if (times == std::string_view::npos) fail("a set is NAME=COUNTxBYTES");
  std::string_view const name = declaration.substr(0, equals);
  auto const count = number(declaration.substr(equals + 1, times - equals - 1), "a set's count");
  auto const size = number(declaration.substr(times + 1), "a set's bytes");
  check_plain(name);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string key = fmt::format("{}/{:07}.bin", name, i);
    std::string etag = fmt::format("{:032x}", std::hash<std::string>{}(key));
    objects_.push_back({std::move(key), std::move(etag), size});
  }
}

void Objects::add_manifest(std::string const& path) {
  std::ifstream file(path);
  if (!file) fail(path);
  Object object;
  std::string crc;
  while (file >> object.key >> object.size >> object.etag >> crc) {
    check_plain(object.key);
    objects_.push_back(object);
  }
}

void Objects::sort() {
  std::ranges::sort(objects_, {}, &Object::key);
}

Object const* Objects::find(std::string_view key) const {
  key.remove_prefix(round_of(key).size());
  auto const found = std::ranges::lower_bound(objects_, key, {}, &Object::key);
  return found != objects_.end() && found->key == key ? &*found : nullptr;
}

std::string Objects::list(std::string_view bucket, ListQuery const& query) const {
  std::string_view const round = round_of(query.prefix);
  std::string_view const prefix = std::string_view(query.prefix).substr(round.size());
  auto const after = below(std::max(query.start_after, query.continuation_token), round);
  auto next = objects_.end();
  if (after) {
    next = std::ranges::lower_bound(objects_, prefix, {}, &Object::key);
    if (!after->empty())
      next = std::max(next, std::ranges::upper_bound(objects_, *after, {}, &Object::key));
  }
  std::string contents;
  std::size_t count = 0;
  for (; next != objects_.end() && next->key.starts_with(prefix) && count < query.max_keys;
       ++next) {
    write_object(contents, round, *next);
    ++count;
  }
  bool const truncated = count > 0 && next != objects_.end() && next->key.starts_with(prefix);
  std::string token;
  if (truncated)
    token = fmt::format("<NextContinuationToken>{}{}</NextContinuationToken>", round,
                        std::prev(next)->key);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{}</Name>"
      "<Prefix>{}</Prefix><KeyCount>{}</KeyCount><MaxKeys>{}</MaxKeys>"
      "<EncodingType>url</EncodingType><IsTruncated>{}</IsTruncated>{}{}</ListBucketResult>",
      bucket, query.prefix, count, query.max_keys, truncated, token, contents);
}

std::string_view round_of(std::string_view key) {
  if (!key.starts_with('r')) return "";
  std::size_t const end = key.find_first_not_of("0123456789", 1);
  if (end == std::string_view::npos || end == 1 || key[end] != '/') return "";
  return key.substr(0, end + 1);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace bench
