// What the entry of an object is called, before names are kept apart (zip::NameSet): by the
// request's own name for it, else by the name style and the file mapper, then made safe. Every
// object gets a name: no key, however odd, keeps the others from being zipped. Pure.
#pragma once

#include "archive/request.h"
#include "archive/selection.h"

#include <cstdint>
#include <string>

namespace archive {

struct EntryName {
  std::string name;  // empty where the object needs no entry: the requested folder itself, in names
                     // relative to it
  std::uint8_t changes = 0;  // of name_change
};

// Objects of the selection that its placeholders are known of: mark_placeholders() comes first.
EntryName entry_name(SelectedObject const& object, Request const& request,
                     Selection const& selection);

// An empty object beside the files of a folder of its name ("photos" beside "photos/a.jpg") is what
// some programs keep a folder by: marks all of them.
void mark_placeholders(Selection& selection);

}  // namespace archive
