#include "s3/messages/xml_reply.h"

#include "base/error.h"
#include "base/text.h"

#include <fmt/format.h>

namespace s3 {

void refuse_reply(Call call, std::string_view problem) {
  throw base::Error(base::Fault::corrupt, fmt::format("{}: {}", traits(call).name, problem));
}

namespace {

// Removes the prefixes of namespaces from names: <ns2:Key> is a <Key>.
class WithoutPrefixes final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& node) override {
    std::string_view const name = node.name();
    std::size_t const colon = name.find(':');
    if (colon != std::string_view::npos) node.set_name(std::string(name.substr(colon + 1)).c_str());
    return true;
  }
};

}  // namespace

bool load_xml(pugi::xml_document& document, std::string_view body) {
  // A key of nothing but spaces is lost without this flag, like white space between tags.
  unsigned const flags = pugi::parse_default | pugi::parse_ws_pcdata_single;
  auto const result = document.load_buffer(body.data(), body.size(), flags, pugi::encoding_utf8);
  if (result.status != pugi::status_ok) return false;
  WithoutPrefixes walker;
  document.traverse(walker);
  return true;
}

std::string text_of(pugi::xml_node node) {
  std::string out;
  for (pugi::xml_node const piece : node.children()) {
    if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) out += piece.value();
  }
  return out;
}

XmlReply::XmlReply(Call call, std::string_view body, char const* root_name) : call_(call) {
  body = base::trim(body);
  if (body.empty()) refuse_reply(call, "the reply has no body");
  if (!load_xml(document_, body)) refuse_reply(call, "the reply is not well-formed XML");
  root_ = document_.document_element();
  std::string_view const name = root_.name();
  if (name != root_name)
    refuse_reply(call,
                 fmt::format("the reply is a {}, not a {}", base::in_quotes(name), root_name));
}

std::string XmlReply::text(pugi::xml_node parent, char const* name) const {
  return text_of(parent.child(name));
}

std::string XmlReply::required_text(pugi::xml_node parent, char const* name) const {
  std::string out = text(parent, name);
  if (out.empty()) refuse_reply(call_, fmt::format("the reply has no {}", name));
  return out;
}

std::uint64_t XmlReply::required_number(pugi::xml_node parent, char const* name) const {
  std::string const value = required_text(parent, name);
  auto const number = base::parse_uint(base::trim(value));
  if (!number)
    refuse_reply(call_,
                 fmt::format("the reply's {} is no number: {}", name, base::in_quotes(value)));
  return *number;
}

bool XmlReply::required_flag(pugi::xml_node parent, char const* name) const {
  std::string const value = base::to_lower(base::trim(required_text(parent, name)));
  if (value != "true" && value != "false")
    refuse_reply(call_, fmt::format("the reply's {} is neither true nor false", name));
  return value == "true";
}

}  // namespace s3
