// A name and its value: a line of a header (a field, in RFC 9110's words), or one of a form's.
#pragma once

#include <string>

namespace http {

struct Field {
  std::string name;
  std::string value;
  bool operator==(Field const&) const = default;
};

}  // namespace http
