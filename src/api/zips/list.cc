#include "api/zips/list.h"

#include "api/request/json_object.h"
#include "api/request/loose_values.h"
#include "api/state_names.h"
#include "base/limits.h"
#include "base/service_limits.h"
#include "base/text.h"
#include "http/forms.h"

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

store::JobState parse_state(std::string_view text) {
  for (store::JobState const state : store::all_job_states) {
    if (native_name(state) == text) return state;
  }
  refuse_field("state", "must be one of: pending, running, retrying, succeeded, failed, cancelled");
}

std::size_t parse_limit(std::string_view text) {
  auto const number = loose_count(text);
  if (!number || *number < 1 || *number > limits::largest_list_page)
    refuse_field("limit",
                 fmt::format("must be a whole number from 1 to {}", limits::largest_list_page));
  return static_cast<std::size_t>(*number);
}

store::ListQuery::Place parse_cursor(std::string_view text) {
  std::size_t const dash = text.find('-');
  auto const created_at = base::parse_uint(text.substr(0, dash));
  if (dash == std::string_view::npos || !created_at || *created_at > INT64_MAX)
    refuse_field("cursor", "is none that this server has given");
  return {static_cast<base::UnixSeconds>(*created_at), std::string(text.substr(dash + 1))};
}

std::string parse_search(std::string const& text) {
  if (text.size() > limits::max_list_search_bytes)
    refuse_field("search", fmt::format("is longer than {} bytes", limits::max_list_search_bytes));
  return text;
}

base::UnixSeconds parse_time(std::string_view field, std::string_view text) {
  auto const time = base::parse_rfc3339(text);
  if (!time) refuse_field(field, "must be a time such as 2026-11-22T12:00:00Z");
  return *time;
}

}  // namespace

NativeList parse_list_query(std::string_view query, ListedThing what) {
  NativeList list;
  list.page.limit = limits::default_list_page;
  for (http::Field const& field : http::parse_urlencoded(query)) {
    if (field.name == "state" && what == ListedThing::zips) {
      list.state = parse_state(field.value);
    } else if (field.name == "createdAfter") {
      list.page.created_from = parse_time(field.name, field.value);
    } else if (field.name == "limit") {
      list.page.limit = parse_limit(field.value);
    } else if (field.name == "search") {
      list.page.search = parse_search(field.value);
    } else if (field.name == "cursor") {
      list.page.after = parse_cursor(field.value);
    } else {
      refuse_field("the query", fmt::format("has no field {}", base::in_quotes(field.name)));
    }
  }
  return list;
}

std::string cursor_of(base::UnixSeconds created_at, std::string_view id) {
  return fmt::format("{}-{}", created_at, id);
}

}  // namespace api
