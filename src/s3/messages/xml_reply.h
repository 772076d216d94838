// An XML body from a store: parsed, its root checked, its fields read. Only replies.cc and
// error_reply.cc use it. A missing field that must be there throws Error{corrupt} naming the call
// and the field.
#pragma once

#include "s3/messages/calls.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace s3 {

// Throws Error{corrupt}: "GetObject: <problem>".
[[noreturn]] void refuse_reply(Call call, std::string_view problem);

class XmlReply {
 public:
  XmlReply(Call call, std::string_view body, char const* root_name);

  pugi::xml_node root() const { return root_; }
  // The texts of child elements; a missing one is empty.
  std::string text(pugi::xml_node parent, char const* name) const;
  std::string required_text(pugi::xml_node parent, char const* name) const;  // not empty
  std::uint64_t required_number(pugi::xml_node parent, char const* name) const;
  bool required_flag(pugi::xml_node parent, char const* name) const;

 private:
  Call call_;
  pugi::xml_document document_;
  pugi::xml_node root_;
};

// The text of a node, all its pieces joined.
std::string text_of(pugi::xml_node node);

// Parses without validating; false if the body is not well-formed.
bool load_xml(pugi::xml_document& document, std::string_view body);

}  // namespace s3
