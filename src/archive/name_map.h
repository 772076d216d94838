// A request's fileMapper: the folders and files that go into the zip under other names.
//
//   {"paths": [{"key": "photos/2024/", "name": "trip"}, {"key": "photos/list.txt", "name": ""}]}
//
// A key is a bucket's name and a key in it. One that ends in '/' is a folder: its name takes the
// folder's place, or nothing does if the name is empty. "/" is for objects that no other key fits.
// The longest key that fits an object counts. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace archive {

class NameMap {
 public:
  // Parses the JSON file's text; "{{bucket}}" as a first segment stands for `bucket`.
  // Error{bad_input} says which of the paths is wrong, and why.
  static NameMap parse(std::string_view json, std::string_view bucket);

  bool empty() const { return names_.empty(); }
  // nullopt if no key fits. `otherwise`: the object's name without the map; the name of "/" goes in
  // front of it. Empty: the object is the folder whose name became nothing.
  std::optional<std::string> name_of(std::string_view bucket, std::string_view key,
                                     std::string_view otherwise) const;

 private:
  void add(std::string key, std::string name, std::string_view bucket);

  std::unordered_map<std::string, std::string> names_;  // by bucket/key; a folder's end in '/'
};

}  // namespace archive
