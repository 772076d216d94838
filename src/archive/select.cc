#include "archive/select.h"

#include "archive/file_mapper.h"
#include "archive/inspect.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/event.h"
#include "net/task_group.h"
#include "s3/endpoint.h"
#include "zip/fingerprint_set.h"

#include <algorithm>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

Place place_of(std::string_view path, std::string_view bucket) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::size_t const slash = path.find('/');
  std::string_view const first = path.substr(0, slash);
  if (first == bucket || first == "{{bucket}}") {
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  }
  return {std::string(bucket), std::string(path)};
}

std::optional<Place> other_place_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::size_t const slash = path.find('/');
  std::string_view const first = path.substr(0, slash);
  if (!s3::is_bucket_name(first)) return std::nullopt;
  std::string_view const rest = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  return Place{std::string(first), std::string(rest)};
}

namespace {

// What a path turned out to be.
struct Found {
  Place place;
  std::optional<s3::ObjectInfo> object;
  std::optional<s3::ListPage> first_page;  // of a folder
};

// What looking in one place came to: found, nothing there, or not allowed to know.
struct Look {
  std::optional<Found> found;
  std::optional<Error> refusal;
};

// S3 calls a bucket's or key's name that it does not take bad input: a path's first segment may be
// no bucket at all.
bool is_refusal(Error const& error) {
  return error.fault() == Fault::forbidden || error.fault() == Fault::not_found ||
         error.fault() == Fault::bad_input;
}

// The shared part of all probes in flight, which may outlive the selection for a moment.
struct Probes {
  Probes(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from)
      : store(std::move(from)), done(loop) {}
  struct Probe {
    bool done = false;
    std::optional<Found> found;
    std::exception_ptr failure;
  };
  std::shared_ptr<s3::ObjectStore> store;
  net::Event done;
  std::deque<std::shared_ptr<Probe>> in_order;
  LookupCalls calls;
};

std::string folder_prefix(std::string const& key) {
  return key.empty() || key.ends_with('/') ? key : key + '/';
}

// A key without its folder; a store may list what was not asked for.
std::string_view below(std::string_view key, std::size_t folder_bytes) {
  return key.substr(std::min(folder_bytes, key.size()));
}

net::task<Look> look_for_object(Probes& probes, Place place) {
  Look look;
  try {
    s3::ObjectName name{place.bucket, place.key};
    ++probes.calls.heads;
    auto object = co_await probes.store->head_object(std::move(name));
    if (object) look.found = Found{place, std::move(object), std::nullopt};
  } catch (Error const& error) {
    // Without the permission to list, a missing key is 403, too: the listing decides.
    if (!is_refusal(error)) throw;
    look.refusal = error;
  }
  co_return look;
}

net::task<Look> look_for_folder(Probes& probes, Place place) {
  Look look;
  try {
    s3::ListOptions options{.prefix = folder_prefix(place.key),
                            .max_keys = limits::listing_page_keys};
    ++probes.calls.lists;
    s3::ListPage page = co_await probes.store->list_objects(place.bucket, std::move(options));
    // An empty bucket was found, although nothing is in it.
    if (!page.objects.empty() || place.key.empty())
      look.found = Found{place, std::nullopt, std::move(page)};
  } catch (Error const& error) {
    if (!is_refusal(error)) throw;
    look.refusal = error;
  }
  co_return look;
}

net::task<Look> look_in(Probes& probes, Place place) {
  Look look;
  if (!place.key.empty() && !place.key.ends_with('/')) {
    look = co_await look_for_object(probes, place);
    if (look.found) co_return look;
  }
  Look folder = co_await look_for_folder(probes, place);
  if (!folder.found && !folder.refusal) folder.refusal = look.refusal;
  co_return folder;
}

net::task<std::optional<Found>> find(Probes& probes, std::string path, std::string bucket) {
  Place const first = place_of(path, bucket);
  Look look = co_await look_in(probes, first);
  if (look.found) co_return std::move(look.found);
  auto const second = other_place_of(path);
  if (second && second->bucket != bucket) {
    Look other = co_await look_in(probes, *second);
    if (other.found) co_return std::move(other.found);
  }
  if (look.refusal) throw *look.refusal;
  co_return std::nullopt;
}

// Of a path that is "bucket/key" as it stands.
net::task<std::optional<Found>> find_exactly(Probes& probes, std::string path) {
  auto const place = other_place_of(path);
  if (!place) {
    throw Error(Fault::bad_input,
                fmt::format("\"{}\" does not begin with a bucket's name", zip::shown_name(path)));
  }
  Look look = co_await look_in(probes, *place);
  if (look.refusal && !look.found) throw *look.refusal;
  co_return std::move(look.found);
}

net::task<void> run_probe(std::shared_ptr<Probes> probes, std::shared_ptr<Probes::Probe> probe,
                          std::string path, std::string bucket, bool exact) {
  net::task<std::optional<Found>> finding = exact
                                                ? find_exactly(*probes, std::move(path))
                                                : find(*probes, std::move(path), std::move(bucket));
  try {
    probe->found = co_await std::move(finding);
  } catch (...) {
    probe->failure = std::current_exception();
  }
  probe->done = true;
  probes->done.notify_all();
}

class Selector {
 public:
  Selector(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store, Request request,
           Progress& progress)
      : store_(std::move(store)),
        request_(std::move(request)),
        progress_(progress),
        probes_(std::make_shared<Probes>(loop, store_)),
        inspector_(loop, store_, request_),
        tasks_(loop) {}

  net::task<Selection> run();

 private:
  void start_probes();
  net::task<void> add(std::string const& path, std::optional<Found> found);
  net::task<void> add_folder(Found found);
  net::task<void> add_page(std::string const& bucket, s3::ListPage const& page,
                           std::uint16_t folder_bytes);
  bool add_object(SelectedObject const& object);
  std::string nothing_to_zip() const;
  std::string no_match(std::string_view path) const;

  std::shared_ptr<s3::ObjectStore> store_;
  Request request_;
  Progress& progress_;
  Selection selection_;
  zip::FingerprintSet seen_;
  std::shared_ptr<Probes> probes_;
  Inspector inspector_;
  net::TaskGroup tasks_;
  std::size_t next_probe_ = 0;
  std::uint64_t refused_ = 0;  // by the rules
};

net::task<Selection> Selector::run() {
  if (!request_.file_mapper.empty())
    selection_.names = co_await read_file_mapper(store_, request_.file_mapper, request_.bucket);
  for (std::string const& path : request_.paths) {
    start_probes();
    std::shared_ptr<Probes::Probe> const probe = probes_->in_order.front();
    while (!probe->done) co_await probes_->done.wait();
    probes_->in_order.pop_front();
    if (probe->failure) std::rethrow_exception(probe->failure);
    co_await add(path, std::move(probe->found));
  }
  co_await inspector_.finish(selection_, progress_);
  if (selection_.objects.empty()) throw Error(Fault::not_found, nothing_to_zip());
  selection_.calls = probes_->calls;
  selection_.calls.heads += inspector_.asked();
  co_return std::move(selection_);
}

std::string Selector::nothing_to_zip() const {
  if (refused_ > 0) {
    return fmt::format(
        "nothing to zip: {} objects were found, and the include and exclude rules "
        "take none of them",
        refused_);
  }
  if (request_.exact_paths) return "nothing to zip: no object was found";
  return fmt::format("nothing to zip: none of the filePaths matches an object in the bucket {}",
                     request_.bucket);
}

// What to say of a path that matches nothing.
std::string Selector::no_match(std::string_view path) const {
  if (request_.exact_paths) {
    return fmt::format(
        "s3://{} is no object and no folder: there is no such key, and none begins "
        "with it and a slash",
        zip::shown_name(path));
  }
  return fmt::format("\"{}\" in filePaths matches no object and no folder in the bucket {}",
                     zip::shown_name(path), request_.bucket);
}

// Paths are looked up ahead of the one that is added, so that a list of 100,000 files does not
// take 100,000 round trips one after the other.
void Selector::start_probes() {
  auto const may_start = [this] {
    std::size_t const ahead = probes_->in_order.size();
    return ahead == 0 || (ahead < limits::max_gets_ahead && store_->has_room());
  };
  while (next_probe_ < request_.paths.size() && may_start()) {
    auto probe = std::make_shared<Probes::Probe>();
    probes_->in_order.push_back(probe);
    tasks_.spawn(run_probe(probes_, probe, request_.paths[next_probe_++], request_.bucket,
                           request_.exact_paths));
  }
}

net::task<void> Selector::add(std::string const& path, std::optional<Found> found) {
  if (!found) {
    if (request_.on_missing == OnMissing::skip) {
      selection_.missing.push_back(path);
      co_return;
    }
    throw Error(Fault::not_found, no_match(path));
  }
  if (!found->object) {
    co_await add_folder(std::move(*found));
    co_return;
  }
  s3::ObjectInfo const& info = *found->object;
  std::string const& key = found->place.key;
  std::size_t const folder_bytes = key.rfind('/') + 1;  // 0 where there is no slash
  if (!takes(request_.rules, std::string_view(key).substr(folder_bytes))) {
    ++refused_;
    co_return;
  }
  check_readable({found->place.bucket, key}, info);
  bool const relative = request_.name_style == NameStyle::below_path;
  add_object({.bucket = found->place.bucket,
              .key = key,
              .etag = info.etag,
              .size = info.size,
              .modified = info.last_modified.value_or(0),
              .crc = info.crc32,
              .folder_bytes = static_cast<std::uint16_t>(relative ? folder_bytes : 0)});
}

net::task<void> Selector::add_folder(Found found) {
  std::string const prefix = folder_prefix(found.place.key);
  auto const folder_bytes = static_cast<std::uint16_t>(prefix.size());
  s3::ListPage page = std::move(*found.first_page);
  co_await add_page(found.place.bucket, page, folder_bytes);
  while (page.is_truncated) {
    s3::ListOptions options{.prefix = prefix,
                            .continuation_token = page.next_continuation_token,
                            .max_keys = limits::listing_page_keys};
    ++probes_->calls.lists;
    page = co_await store_->list_objects(found.place.bucket, std::move(options));
    co_await add_page(found.place.bucket, page, folder_bytes);
  }
}

net::task<void> Selector::add_page(std::string const& bucket, s3::ListPage const& page,
                                   std::uint16_t folder_bytes) {
  for (s3::ListedObject const& object : page.objects) {
    if (!takes(request_.rules, below(object.key, folder_bytes))) {
      ++refused_;
      continue;
    }
    bool const added = add_object({.bucket = bucket,
                                   .key = object.key,
                                   .etag = object.etag,
                                   .size = object.size,
                                   .modified = object.last_modified.value_or(0),
                                   .crc = std::nullopt,
                                   .folder_bytes = folder_bytes});
    std::string_view const prefix = std::string_view(object.key).substr(0, folder_bytes);
    if (added && inspector_.wants(bucket, prefix, object))
      co_await inspector_.ask(selection_, selection_.objects.size() - 1);
  }
}

// False for what does not go in.
bool Selector::add_object(SelectedObject const& object) {
  // The zip of an earlier run of this very request must not go into the next one.
  if (is_output(request_, object.bucket, object.key)) return false;
  if (request_.paths.size() > 1) {
    std::string identity(object.bucket);
    identity += '/';  // which no bucket's name holds
    identity += object.key;
    if (!seen_.insert(zip::fingerprint(identity))) return false;
  }
  SelectedObject kept = object;
  // One bucket after another: the last one's name serves all of its objects.
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
                            Progress& progress) {
  net::Executor const loop = co_await net::this_loop();
  Selector selector(loop, std::move(store), std::move(request), progress);
  co_return co_await selector.run();
}

}  // namespace archive
