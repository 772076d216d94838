// Pages of the native API's lists: what their query asks for, and where the next one begins. Pure.
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

// The query's fields: state, createdAfter, limit, cursor. Error{bad_input} that names the field.
NativeList parse_list_query(std::string_view query, ListedThing what);

std::string cursor_of(base::UnixSeconds created_at, std::string_view id);

}  // namespace api
