// The owner of all buckets and objects of the sandbox.
#pragma once

#include "sandbox/xml_writer.h"

#include <string_view>

namespace sandbox {

inline constexpr std::string_view owner_id =
    "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";

inline void write_owner(XmlWriter& xml, std::string_view element = "Owner") {
  xml.open(element);
  xml.text("ID", owner_id);
  xml.text("DisplayName", "sandbox");
  xml.close();
}

}  // namespace sandbox
