// A page of the files of a zip: the query that asks for one, and the choice of what it has. Pure.
//
// Files and folders come in one order, that of their names' bytes, whatever the order in the zip:
// so each page is made by one walk over all entries, which keeps no more than the page, and the
// next page goes on behind the last name of the one before. A walk takes some 50 ms for 1,000,000
// entries, with `search` some 200 ms.
#pragma once

#include "archive/read/contents.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

struct FileQuery {
  std::string prefix;
  // In any case; empty: the entries directly below the prefix, and the folders. Else all entries
  // below it that have this text in the rest of their names.
  std::string search;
  std::size_t limit = 0;  // of files and folders together
  // The last item of the page before: its name, and its place among the zip's entries, as a foreign
  // zip may have a name twice.
  struct Place {
    std::string name;
    std::size_t place = 0;
    auto operator<=>(Place const&) const = default;
  };
  std::optional<Place> after = std::nullopt;
};

// Reads the query's fields: prefix, search, limit, cursor. Error{bad_input} that names the field.
FileQuery parse_file_query(std::string_view query);

std::string cursor_of(FileQuery::Place const& place);

struct FilePage {
  std::vector<std::size_t> entries;      // places in the contents
  std::vector<std::string> folders;      // whole names, each with a slash at its end
  std::optional<FileQuery::Place> next;  // the last item, if more follow
};

FilePage choose_page(archive::Contents const& contents, FileQuery const& query);

}  // namespace api
