#include "archive/select/select.h"

#include "archive/select/file_mapper.h"
#include "archive/select/inspect.h"
#include "archive/select/lookup.h"
#include "archive/select/manifest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/lists/fingerprint_set.h"
#include "net/task.h"
#include "s3/messages/faults.h"
#include "zip/names.h"

#include <algorithm>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

// A key without its folder; an object store may list shorter keys than were asked for.
std::string_view below(std::string_view key, std::size_t folder_bytes) {
  return key.substr(std::min(folder_bytes, key.size()));
}

std::string path_of(std::string const& bucket, std::string const& key,
                    std::string const& version_id) {
  std::string path = bucket + '/' + key;
  if (!version_id.empty()) path.append("?versionId=").append(version_id);
  return path;
}

Wanted wanted_of(Source const& source) {
  bool const folder = source.key.empty() || source.key.ends_with('/');
  bool const object = !source.version_id.empty() && !folder;
  return {.kind = object ? Wanted::Kind::object : Wanted::Kind::place,
          .text = path_of(source.bucket, source.key, source.version_id),
          .place = {source.bucket, source.key},
          .version_id = source.version_id,
          .name = source.name};
}

Wanted wanted_of(ManifestRow& row, std::string origin) {
  Wanted wanted{.kind = Wanted::Kind::object,
                .text = path_of(row.bucket, row.key, row.version_id),
                .place = {std::move(row.bucket), std::move(row.key)},
                .version_id = std::move(row.version_id),
                .name = std::move(row.name),
                .origin = std::move(origin)};
  if (row.facts) {
    s3::ObjectInfo& info = wanted.known.emplace();
    info.size = row.facts->size;
    info.etag = std::move(row.facts->etag);
    info.last_modified = row.facts->modified;
  }
  return wanted;
}

// The message for a source that matches nothing.
std::string no_match(Wanted const& wanted, std::string const& bucket) {
  std::string const path = zip::shown_name(wanted.text);
  switch (wanted.kind) {
    case Wanted::Kind::path:
      return fmt::format("\"{}\" in filePaths matches no object and no folder in the bucket {}",
                         path, bucket);
    case Wanted::Kind::exact_path:
    case Wanted::Kind::place:
      return fmt::format(
          "s3://{} is no object and no folder: there is no such key, and none begins with it and "
          "a slash",
          path);
    case Wanted::Kind::object:
      break;
  }
  return fmt::format("there is no object s3://{}", path);
}

std::uint64_t bytes_of(std::vector<KeyRule> const& rules) {
  std::uint64_t bytes = 0;
  for (KeyRule const& rule : rules) bytes += rule.glob.size();
  return bytes;
}

class Selector {
 public:
  Selector(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store, Request request,
           LiveProgress& progress, SelectionBounds bounds)
      : store_(std::move(store)),
        request_(std::move(request)),
        progress_(progress),
        bounds_(bounds),
        rule_bytes_(bytes_of(request_.rules)),
        lookups_(loop, store_, request_.bucket),
        inspector_(loop, store_, request_) {}

  net::task<Selection> run();

 private:
  net::task<void> look_ahead();
  net::task<std::optional<Wanted>> next_wanted();
  net::task<void> add_answer(Lookups::Answer answer);
  net::task<void> add(Wanted const& wanted, ObjectOrFolder found);
  void add_found_object(Wanted const& wanted, ObjectOrFolder const& found);
  void add_placeholder(ObjectOrFolder const& found, std::uint32_t rare);
  net::task<void> add_folder(ObjectOrFolder found, std::uint32_t rare);
  net::task<void> add_page(std::string const& bucket, s3::ListPage const& page,
                           std::uint16_t folder_bytes, std::uint32_t rare);
  bool have_been_matched_long(std::string_view key);
  void count_seen();
  void leave_out_by_rules(std::string_view bucket, std::string_view key);
  bool add_object(SelectedObject const& object);
  std::uint32_t add_special(Wanted const& wanted, bool is_folder);
  std::string nothing_to_zip() const;

  std::shared_ptr<s3::ObjectStore> store_;
  Request request_;
  LiveProgress& progress_;
  SelectionBounds const bounds_;
  std::uint64_t seen_count_ = 0;  // objects, taken or left out
  std::uint64_t const rule_bytes_;
  std::uint64_t matched_bytes_ = 0;  // rules' times keys', since others had their turn
  Selection selection_;
  base::FingerprintSet seen_;
  Lookups lookups_;
  Inspector inspector_;
  std::size_t next_path_ = 0;
  std::size_t next_source_ = 0;
  std::unique_ptr<ManifestSource> manifest_;
  std::vector<ManifestRow> rows_;
  std::size_t next_row_ = 0;
  bool all_begun_ = false;
};

net::task<Selection> Selector::run() {
  if (!request_.file_mapper.empty())
    selection_.names = co_await read_file_mapper(store_, request_.file_mapper, request_.bucket);
  if (!request_.manifest.key.empty())
    manifest_ = std::make_unique<ManifestSource>(store_, request_);
  for (;;) {
    co_await look_ahead();
    if (lookups_.empty()) break;
    Lookups::Answer answer = co_await lookups_.take();
    co_await add_answer(std::move(answer));
  }
  co_await inspector_.finish(selection_, progress_);
  if (selection_.objects.empty()) throw Error(Fault::not_found, nothing_to_zip());
  selection_.calls = lookups_.calls();
  selection_.calls.heads += inspector_.asked();
  co_return std::move(selection_);
}

std::string Selector::nothing_to_zip() const {
  LeftOut const& left_out = selection_.left_out;
  std::size_t const own_zips = left_out.own_zips.size();
  if (own_zips > 0) {
    std::string const others =
        left_out.excluded == 0
            ? ""
            : fmt::format(", and {} that the include and exclude rules do not take",
                          left_out.excluded);
    return fmt::format(
        "nothing to zip: what was found is {} earlier zips of the same sources, or what this zip "
        "is "
        "written to (s3://{}){}; ownZips=include takes earlier zips",
        own_zips, zip::shown_name(left_out.own_zips.front()), others);
  }
  if (left_out.excluded > 0) {
    return fmt::format(
        "nothing to zip: {} objects were found, and the include and exclude rules "
        "take none of them",
        left_out.excluded);
  }
  bool const only_paths = request_.sources.empty() && !manifest_ && !request_.exact_paths;
  if (!only_paths) return "nothing to zip: no object was found";
  return fmt::format("nothing to zip: none of the filePaths matches an object in the bucket {}",
                     request_.bucket);
}

// Sources are looked up ahead of those that are added, so that a list of 100,000 files does not
// take 100,000 round trips one after the other.
net::task<void> Selector::look_ahead() {
  while (!all_begun_ && lookups_.has_room()) {
    std::optional<Wanted> wanted = co_await next_wanted();
    if (wanted) {
      lookups_.begin(std::move(*wanted));
    } else {
      all_begun_ = true;
    }
  }
}

net::task<std::optional<Wanted>> Selector::next_wanted() {
  if (next_path_ < request_.paths.size()) {
    Wanted::Kind const kind = request_.exact_paths ? Wanted::Kind::exact_path : Wanted::Kind::path;
    co_return Wanted{.kind = kind, .text = request_.paths[next_path_++]};
  }
  if (next_source_ < request_.sources.size()) co_return wanted_of(request_.sources[next_source_++]);
  if (!manifest_) co_return std::nullopt;
  if (next_row_ == rows_.size()) {
    next_row_ = 0;
    rows_ = co_await manifest_->next();
  }
  if (rows_.empty()) co_return std::nullopt;
  ManifestRow& row = rows_[next_row_++];
  co_return wanted_of(row, manifest_->place_of(row));
}

net::task<void> Selector::add_answer(Lookups::Answer answer) {
  Wanted const& wanted = answer.wanted;
  try {
    if (answer.failure) std::rethrow_exception(answer.failure);
    if (answer.found) {
      co_await add(wanted, std::move(*answer.found));
    } else if (request_.on_missing == OnMissing::skip) {
      selection_.left_out.missing.push_back(wanted.text);
    } else {
      throw Error(Fault::not_found,
                  no_match(wanted, request_.bucket) + s3::told_if_deleted(answer.is_deleted));
    }
  } catch (Error const& error) {
    if (wanted.origin.empty()) throw;
    throw base::with_context(wanted.origin, error);
  }
}

// An object and a folder of one name are both taken; an empty object is the folder's placeholder.
net::task<void> Selector::add(Wanted const& wanted, ObjectOrFolder found) {
  bool const is_placeholder = found.object && found.first_page && found.object->size == 0;
  if (found.object && !is_placeholder) add_found_object(wanted, found);
  if (!found.first_page) co_return;
  if (!wanted.version_id.empty()) {
    throw Error(Fault::bad_input, fmt::format("s3://{} is a folder: only an object has versions",
                                              zip::shown_name(wanted.text)));
  }
  std::uint32_t const rare = add_special(wanted, true);
  if (is_placeholder) add_placeholder(found, rare);
  co_await add_folder(std::move(found), rare);
}

void Selector::add_found_object(Wanted const& wanted, ObjectOrFolder const& found) {
  s3::ObjectInfo const& info = *found.object;
  std::string const& key = found.place.key;
  std::size_t const folder_bytes = key.rfind('/') + 1;  // 0 if there is no slash
  count_seen();
  if (!takes(request_.rules, std::string_view(key).substr(folder_bytes))) {
    leave_out_by_rules(found.place.bucket, key);
    return;
  }
  check_readable({found.place.bucket, key}, info);
  bool const relative = request_.name_style == NameStyle::below_path;
  bool const added =
      add_object({.bucket = found.place.bucket,
                  .key = key,
                  .etag = info.etag,
                  .size = info.size,
                  .modified = info.last_modified.value_or(0),
                  .crc = info.crc32,
                  .folder_bytes = static_cast<std::uint16_t>(relative ? folder_bytes : 0),
                  .rare = add_special(wanted, false)});
  // Its folder, or a path before it, has brought the object in already.
  if (!added) inspector_.keep(found.place.bucket, key);
}

// The placeholder is named and left out like the folder's own key, "photos/".
void Selector::add_placeholder(ObjectOrFolder const& found, std::uint32_t rare) {
  count_seen();
  if (!takes(request_.rules, "")) {
    leave_out_by_rules(found.place.bucket, found.place.key);
    return;
  }
  s3::ObjectInfo const& info = *found.object;
  add_object({.bucket = found.place.bucket,
              .key = found.place.key,
              .etag = info.etag,
              .size = 0,
              .modified = info.last_modified.value_or(0),
              .crc = info.crc32,
              .folder_bytes = static_cast<std::uint16_t>(found.place.key.size() + 1),
              .is_placeholder = true,
              .rare = rare});
}

// 0 if `wanted` names neither a version nor a name.
std::uint32_t Selector::add_special(Wanted const& wanted, bool is_folder) {
  if (wanted.version_id.empty() && wanted.name.empty()) return 0;
  selection_.rare_fields.push_back({.version_id = selection_.texts.store(wanted.version_id),
                                    .name = selection_.texts.store(wanted.name),
                                    .is_folder = is_folder});
  return static_cast<std::uint32_t>(selection_.rare_fields.size());
}

net::task<void> Selector::add_folder(ObjectOrFolder found, std::uint32_t rare) {
  std::string const prefix = folder_prefix(found.place.key);
  auto const folder_bytes = static_cast<std::uint16_t>(prefix.size());
  s3::ListPage page = std::move(*found.first_page);
  co_await add_page(found.place.bucket, page, folder_bytes, rare);
  while (page.is_truncated) {
    s3::ListOptions options{.prefix = prefix,
                            .continuation_token = page.next_continuation_token,
                            .so_far = page.so_far,
                            .max_keys = limits::listing_page_keys};
    ++lookups_.calls().lists;
    page = co_await store_->list_objects(found.place.bucket, std::move(options));
    co_await add_page(found.place.bucket, page, folder_bytes, rare);
  }
}

net::task<void> Selector::add_page(std::string const& bucket, s3::ListPage const& page,
                                   std::uint16_t folder_bytes, std::uint32_t rare) {
  for (s3::ListedObject const& object : page.objects) {
    count_seen();
    if (have_been_matched_long(object.key)) co_await net::yield();
    if (!takes(request_.rules, below(object.key, folder_bytes))) {
      leave_out_by_rules(bucket, object.key);
      continue;
    }
    bool const added = add_object({.bucket = bucket,
                                   .key = object.key,
                                   .etag = object.etag,
                                   .size = object.size,
                                   .modified = object.last_modified.value_or(0),
                                   .crc = std::nullopt,
                                   .folder_bytes = folder_bytes,
                                   .rare = rare});
    if (added && inspector_.wants(object))
      co_await inspector_.ask(selection_, selection_.objects.size() - 1);
  }
}

// Whether it is other work's turn before this key, too, is matched: globs that match nearly take
// their length for each byte of a key.
bool Selector::have_been_matched_long(std::string_view key) {
  matched_bytes_ += rule_bytes_ * key.size();
  if (matched_bytes_ < limits::matched_bytes_in_a_row) return false;
  matched_bytes_ = 0;
  return true;
}

void Selector::count_seen() {
  if (++seen_count_ <= bounds_.objects_seen) return;
  throw Error(Fault::too_large,
              fmt::format("over {} objects were found: name folders with fewer of them",
                          bounds_.objects_seen));
}

void Selector::leave_out_by_rules(std::string_view bucket, std::string_view key) {
  LeftOut& left_out = selection_.left_out;
  if (++left_out.excluded <= limits::max_left_out_told)
    left_out.excluded_told.push_back(std::string(bucket).append("/").append(key));
}

// False if the object does not go in.
bool Selector::add_object(SelectedObject const& object) {
  if (manifest_ || request_.paths.size() + request_.sources.size() > 1) {
    std::string identity(object.bucket);
    identity += '/';  // which no bucket's name holds
    identity += object.key;
    if (object.rare > 0) {
      // Another version is another object; and an object that is asked for under two names goes in
      // twice.
      RareFields const& rare = selection_.rare_fields[object.rare - 1];
      identity.append(1, '\0').append(rare.version_id).append(1, '\0').append(rare.name);
    }
    if (!seen_.insert(base::fingerprint(identity))) return false;
  }
  // An object that this zip is written to cannot go into it.
  if (is_output(request_, object.bucket, object.key)) {
    selection_.left_out.own_zips.push_back(
        std::string(object.bucket).append("/").append(object.key));
    return false;
  }
  if (selection_.objects.size() == bounds_.entries) {
    throw Error(Fault::too_large,
                fmt::format("the selection has over {} objects: split it", bounds_.entries));
  }
  SelectedObject kept = object;
  // Objects come one bucket after another: its name is stored once for all of them.
  auto& objects = selection_.objects;
  bool const same = !objects.empty() && objects.back().bucket == object.bucket;
  kept.bucket = same ? objects.back().bucket : selection_.texts.store(object.bucket);
  kept.key = selection_.texts.store(object.key);
  kept.etag = selection_.texts.store(object.etag);
  objects.push_back(kept);
  ++progress_.entries_total;
  progress_.bytes_total += object.size;
  return true;
}

}  // namespace

net::task<Selection> select(std::shared_ptr<s3::ObjectStore> store, Request request,
                            LiveProgress& progress, SelectionBounds bounds) {
  net::Executor const loop = co_await net::this_loop();
  Selector selector(loop, std::move(store), std::move(request), progress, bounds);
  co_return co_await selector.run();
}

}  // namespace archive
