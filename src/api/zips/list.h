// Pages of the native API's lists: the query that asks for one, and the cursor of the next. Pure.
#pragma once

#include "store/store.h"

#include <optional>
#include <string>
#include <string_view>

namespace api {

struct NativeList {
  store::ListQuery page;
  std::optional<store::JobState> state;
};

enum class ListedThing { zips, streams };  // only zips have a state to ask for

// Reads the query's fields: state, createdAfter, search, limit, cursor. Error{bad_input} that names
// the field.
NativeList parse_list_query(std::string_view query, ListedThing what);

std::string cursor_of(base::UnixSeconds created_at, std::string_view id);

}  // namespace api
