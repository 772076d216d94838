#include "sandbox/xml_writer.h"

#include "base/text.h"

#include <fmt/format.h>

namespace sandbox {

XmlWriter::XmlWriter(std::string_view root, Namespace kind) {
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  bool const named = kind == Namespace::s3;
  open_with(root, named ? "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"" : "");
}

void XmlWriter::open(std::string_view name) {
  open_with(name, "");
}

void XmlWriter::open_with(std::string_view name, std::string_view attributes) {
  out_.append("<").append(name);
  if (!attributes.empty()) out_.append(" ").append(attributes);
  out_ += '>';
  open_.emplace_back(name);
}

void XmlWriter::close() {
  out_.append("</").append(open_.back()).append(">");
  open_.pop_back();
}

void XmlWriter::text(std::string_view name, std::string_view value) {
  out_.append("<").append(name).append(">");
  append_escaped(value);
  out_.append("</").append(name).append(">");
}

std::string XmlWriter::finish() {
  while (!open_.empty()) close();
  return std::move(out_);
}

void XmlWriter::append_escaped(std::string_view value) {
  std::string repaired;
  if (!base::is_utf8(value)) value = repaired = base::to_utf8(value);
  for (char const c : value) {
    if (c == '<') {
      out_ += "&lt;";
    } else if (c == '>') {
      out_ += "&gt;";
    } else if (c == '&') {
      out_ += "&amp;";
    } else if (c == '"') {
      out_ += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      out_ += fmt::format("&#x{:X};", static_cast<unsigned>(c));
    } else {
      out_ += c;
    }
  }
}

}  // namespace sandbox
