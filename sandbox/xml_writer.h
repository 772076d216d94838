// Writes the XML of S3's answers. Text is escaped; control characters become references, as S3
// writes them (XML 1.0 has no lawful form for most: clients ask for encoding-type=url).
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

class XmlWriter {
 public:
  enum class Namespace { s3, none };
  explicit XmlWriter(std::string_view root, Namespace kind = Namespace::s3);

  void open(std::string_view name);
  void close();
  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::integral auto value) {
    text(name, std::to_string(value));
  }
  void truth(std::string_view name, bool value) { text(name, value ? "true" : "false"); }
  // An element like <Grantee xmlns:xsi=…>. `attributes` is written as it stands.
  void open_with(std::string_view name, std::string_view attributes);

  std::string finish();  // closes all open elements

 private:
  void append_escaped(std::string_view value);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace sandbox
