// The name of an object's entry, before names are kept apart (zip::NameSet): the request's own name
// for it, else that by the name style and the file mapper, then made safe. Every object gets a
// name: no key, however odd, keeps the others from being zipped. Pure.
#pragma once

#include "archive/request.h"
#include "archive/selection.h"

#include <cstdint>
#include <string>

namespace archive {

struct EntryName {
  std::string name;  // empty if the object needs no entry: the requested folder itself, in names
                     // relative to it
  std::uint8_t changes = 0;  // of name_change
};

// `object` is one of the selection's; mark_placeholders() comes first.
EntryName entry_name(SelectedObject const& object, Request const& request,
                     Selection const& selection);

// Marks all placeholders: some programs keep a folder by an empty object of its name, beside its
// files ("photos" beside "photos/a.jpg").
void mark_placeholders(Selection& selection);

}  // namespace archive
