#include "archive/name_map.h"

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace archive {

namespace json = boost::json;

namespace {

constexpr std::string_view root = "/";
constexpr std::string_view bucket_placeholder = "{{bucket}}/";

[[noreturn]] void refuse(std::string const& message) {
  throw base::Error(base::Fault::bad_input, message);
}

json::array const& list_of_paths(json::value const& parsed) {
  json::value const* const paths =
      parsed.is_object() ? parsed.get_object().if_contains("paths") : nullptr;
  if (paths == nullptr || !paths->is_array())
    refuse("it must be an object with a list \"paths\" of {\"key\": …, \"name\": …}");
  return paths->get_array();
}

std::string text_of(json::value const& path, std::size_t index, std::string_view name) {
  json::value const* const found = path.is_object() ? path.get_object().if_contains(name) : nullptr;
  if (found == nullptr || !found->is_string())
    refuse(fmt::format("paths[{}] has no text \"{}\"", index, name));
  return std::string(found->get_string());
}

}  // namespace

NameMap NameMap::parse(std::string_view text, std::string_view bucket) {
  json::value const parsed = base::parse_json(text, "the file");
  NameMap map;
  json::array const& paths = list_of_paths(parsed);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::string key = text_of(paths[i], i, "key");
    std::string name = text_of(paths[i], i, "name");
    if (key.empty()) refuse(fmt::format("paths[{}]: \"key\" is empty; \"/\" is the root", i));
    if (!key.ends_with('/') && name.empty())
      refuse(fmt::format("paths[{}]: a file needs a \"name\"", i));
    map.add(std::move(key), std::move(name), bucket);
  }
  return map;
}

void NameMap::add(std::string key, std::string name, std::string_view bucket) {
  if (key != root && key.starts_with('/')) key.erase(0, 1);
  if (key.starts_with(bucket_placeholder))
    key.replace(0, bucket_placeholder.size(), std::string(bucket) + '/');
  bool const folder = key.ends_with('/');
  if (folder && !name.empty() && !name.ends_with('/')) name += '/';
  names_.insert_or_assign(std::move(key), std::move(name));
}

std::optional<std::string> NameMap::name_of(std::string_view bucket, std::string_view key,
                                            std::string_view otherwise) const {
  if (names_.empty()) return std::nullopt;
  std::string source(bucket);
  source.append("/").append(key);
  if (auto const exact = names_.find(source); exact != names_.end()) return exact->second;
  for (std::string folder = source;;) {
    std::size_t const slash = folder.rfind('/', folder.size() - 2);
    if (folder.size() < 2 || slash == std::string::npos) break;
    folder.resize(slash + 1);
    if (auto const found = names_.find(folder); found != names_.end())
      return found->second + source.substr(folder.size());
  }
  if (auto const found = names_.find(std::string(root)); found != names_.end())
    return found->second + std::string(otherwise);
  return std::nullopt;
}

}  // namespace archive
