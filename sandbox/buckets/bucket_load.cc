#include "sandbox/buckets/bucket_load.h"

#include "sandbox/plain_path.h"

#include <system_error>
#include <utility>

namespace sandbox {
namespace {

namespace fs = std::filesystem;

// The records of one key: its journal lines, oldest first, and its plain file.
struct History {
  std::vector<std::optional<Object>> records;
  std::optional<FileStamp> file;
};
using Histories = std::map<std::string, History, std::less<>>;

bool describes(Object const& object, FileStamp const& file) {
  return object.place == Place::file && object.stamp == file;
}

bool is_whole(Object const& object) {
  return object.place == Place::computed ||
         (object.place == Place::data && object.data->all_exist());
}

// A plain file is the object, whatever the journal says, described by the last line that fits it; a
// file that no line fits was put there by hand. Without a plain file the last change that was
// carried through counts: a line whose file never came belongs to a put that was cut off.
std::optional<Object> judge(History const& history) {
  for (auto record = history.records.rbegin(); record != history.records.rend(); ++record) {
    if (history.file) {
      if (*record && describes(**record, *history.file)) return *record;
    } else if (!*record || is_whole(**record)) {
      return *record;
    }
  }
  if (history.file) return object_of_file(*history.file);
  return std::nullopt;
}

Histories collect(Journal& journal, FolderScan& scan, fs::path const& hidden,
                  Index const& virtual_objects, std::size_t& line_count) {
  Histories histories;
  for (auto const& [key, object] : virtual_objects) histories[key].records.emplace_back(*object);
  for (std::string const& line : journal.read()) {
    ++line_count;
    auto record = parse_record(line, hidden);
    if (record) histories[record->key].records.push_back(std::move(record->object));
  }
  FolderScan::Listener listener;
  listener.gone = [](std::string const&) {};
  listener.changed = [&](std::string const& prefix, std::vector<FolderEntry> const& entries) {
    for (FolderEntry const& entry : entries) {
      std::string const key = prefix + entry.name;
      if (!entry.is_folder && is_plain_path(key)) histories[key].file = entry.stamp;
    }
  };
  scan.run(listener);
  return histories;
}

void remove_unused_data(fs::path const& hidden, std::set<std::string> const& in_use) {
  std::error_code ignored;
  for (fs::directory_entry const& entry : fs::directory_iterator(hidden / "data")) {
    std::string const name = "data/" + entry.path().filename().native();
    if (!in_use.contains(name)) fs::remove(entry.path(), ignored);
  }
}

// Lines for the present state only; objects of files put by hand need no line.
std::string compact_text(Index const& index, Index const& virtual_objects) {
  std::string text;
  for (auto const& [key, object] : index) {
    bool const by_hand =
        object->place == Place::file && object->etag == object_of_file(object->stamp).etag;
    auto const given = virtual_objects.find(key);
    bool const is_given = given != virtual_objects.end() && object->place == Place::computed &&
                          given->second->etag == object->etag;
    if (!by_hand && !is_given) text += put_line(key, *object);
  }
  for (auto const& [key, object] : virtual_objects) {
    if (!index.contains(key)) text += delete_line(key);
  }
  return text;
}

}  // namespace

Index load_index(Journal& journal, FolderScan& scan, fs::path const& hidden,
                 Index const& virtual_objects) {
  std::size_t line_count = 0;
  Histories const histories = collect(journal, scan, hidden, virtual_objects, line_count);
  Index index;
  std::size_t recorded_count = 0;
  for (auto const& [key, history] : histories) {
    std::optional<Object> object = judge(history);
    if (!object) continue;
    if (!history.records.empty()) ++recorded_count;
    index.emplace_hint(index.end(), key, std::make_shared<Object const>(*std::move(object)));
  }
  remove_unused_data(hidden, files_in_use(index));
  constexpr std::size_t slack_lines = 1000;
  if (line_count > 2 * recorded_count + slack_lines)
    journal.rewrite(compact_text(index, virtual_objects));
  return index;
}

std::set<std::string> files_in_use(Index const& index) {
  std::set<std::string> names;
  for (auto const& [key, object] : index) {
    if (!object->data) continue;
    for (DataFiles::Extent const& extent : object->data->extents()) names.insert(extent.name);
  }
  return names;
}

}  // namespace sandbox
