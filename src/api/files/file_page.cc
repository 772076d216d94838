#include "api/files/file_page.h"

#include "api/request/json_object.h"
#include "api/request/loose_values.h"
#include "base/service_limits.h"
#include "base/text.h"
#include "http/forms.h"
#include "zip/names.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

std::size_t parse_limit(std::string_view text) {
  auto const number = loose_count(text);
  if (!number || *number < 1 || *number > limits::largest_file_page)
    refuse_field("limit",
                 fmt::format("must be a whole number from 1 to {}", limits::largest_file_page));
  return static_cast<std::size_t>(*number);
}

[[noreturn]] void refuse_cursor() {
  refuse_field("cursor", "is none that this server has given");
}

// "<place>-<name in base64, as it may stand in a URL>"
FileQuery::Place parse_cursor(std::string_view text) {
  std::size_t const dash = text.find('-');
  if (dash == std::string_view::npos) refuse_cursor();
  auto const place = base::parse_uint(text.substr(0, dash));
  std::string name(text.substr(dash + 1));
  std::ranges::replace(name, '-', '+');
  std::ranges::replace(name, '_', '/');
  name.append((4 - name.size() % 4) % 4, '=');
  auto const bytes = base::base64_decode(name);
  if (!place || !bytes) refuse_cursor();
  return {std::string(bytes->begin(), bytes->end()), static_cast<std::size_t>(*place)};
}

std::string parse_search(std::string const& text) {
  if (text.size() > limits::max_file_search_bytes)
    refuse_field("search", fmt::format("may have {} bytes at most", limits::max_file_search_bytes));
  return text;
}

// An item of a page. A folder has the place of no entry, so that it counts once.
struct Item {
  std::string_view name;
  std::size_t place = 0;
  bool is_folder = false;
  auto operator<=>(Item const&) const = default;
};

// Keeps the first items of all that it is shown.
class First {
 public:
  First(std::size_t count, std::optional<FileQuery::Place> const& after)
      : count_(count), after_(after) {}

  void see(Item const& item) {
    if (after_ && !is_behind(item)) return;
    if (items_.size() == count_ && !(item < *items_.rbegin())) return;
    items_.insert(item);
    if (items_.size() > count_) items_.erase(std::prev(items_.end()));
  }
  std::set<Item> const& items() const { return items_; }

 private:
  bool is_behind(Item const& item) const {
    if (item.name != after_->name) return item.name > after_->name;
    return item.place > after_->place;
  }

  std::size_t const count_;
  std::optional<FileQuery::Place> const& after_;
  std::set<Item> items_;
};

void see_level(archive::Contents const& contents, std::string_view prefix, First& first) {
  std::string_view last_folder;
  for (std::size_t place = 0; place < contents.size(); ++place) {
    std::string_view const name = contents[place].name;
    if (!name.starts_with(prefix)) continue;
    std::size_t const slash = name.find('/', prefix.size());
    if (slash == std::string_view::npos) {
      // The folder that the prefix means is no item of itself.
      bool const is_prefix = name == prefix && name.ends_with('/');
      if (!is_prefix) first.see({name, place, false});
      continue;
    }
    std::string_view const folder = name.substr(0, slash + 1);
    if (folder == last_folder) continue;  // entries of one folder mostly come in a row
    last_folder = folder;
    first.see({folder, 0, true});
  }
}

void see_found(archive::Contents const& contents, FileQuery const& query, First& first) {
  std::string const wanted = zip::caseless(query.search);
  for (std::size_t place = 0; place < contents.size(); ++place) {
    std::string_view const name = contents[place].name;
    if (!name.starts_with(query.prefix)) continue;
    std::string const rest = zip::caseless(name.substr(query.prefix.size()));
    if (rest.find(wanted) != std::string::npos) first.see({name, place, false});
  }
}

}  // namespace

FileQuery parse_file_query(std::string_view query) {
  FileQuery asked;
  asked.limit = limits::default_file_page;
  for (http::Field const& field : http::parse_urlencoded(query)) {
    if (field.name == "prefix") {
      asked.prefix = field.value;
    } else if (field.name == "search") {
      asked.search = parse_search(field.value);
    } else if (field.name == "limit") {
      asked.limit = field.value.empty() ? asked.limit : parse_limit(field.value);
    } else if (field.name == "cursor") {
      if (!field.value.empty()) asked.after = parse_cursor(field.value);
    } else {
      refuse_field("the query", fmt::format("has no field {}", base::in_quotes(field.name)));
    }
  }
  return asked;
}

std::string cursor_of(FileQuery::Place const& place) {
  std::string name = base::base64(base::as_bytes(place.name));
  std::ranges::replace(name, '+', '-');
  std::ranges::replace(name, '/', '_');
  while (name.ends_with('=')) name.pop_back();
  return fmt::format("{}-{}", place.place, name);
}

FilePage choose_page(archive::Contents const& contents, FileQuery const& query) {
  First first(query.limit + 1, query.after);
  if (query.search.empty()) {
    see_level(contents, query.prefix, first);
  } else {
    see_found(contents, query, first);
  }
  FilePage page;
  Item last;
  std::size_t left = query.limit;
  for (Item const& item : first.items()) {
    if (left-- == 0) {
      page.next = {std::string(last.name), last.place};
      break;
    }
    last = item;
    if (item.is_folder) {
      page.folders.emplace_back(item.name);
    } else {
      page.entries.push_back(item.place);
    }
  }
  return page;
}

}  // namespace api
