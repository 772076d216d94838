#include "archive/inspect.h"

#include "archive/tiers.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/task_group.h"
#include "s3/etag.h"
#include "s3/faults.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

bool promises_crc(s3::ListedObject const& object) {
  auto const& algorithms = object.checksum_algorithms;
  return object.checksum_type == "FULL_OBJECT" &&
         std::ranges::find(algorithms, "CRC32") != algorithms.end();
}

std::string_view folder_of(std::string_view key) {
  return key.substr(0, key.rfind('/') + 1);
}

// What to do with the selection's object `index`.
struct Finding {
  std::size_t index = 0;
  std::optional<std::uint32_t> crc;
  bool leave_out = false;
};

}  // namespace

void check_readable(s3::ObjectName const& name, s3::ObjectInfo const& object) {
  bool const is_archived = is_archive(object.storage_class) || !object.archive_status.empty();
  if (!is_archived || object.restored) return;
  std::string const& where =
      object.archive_status.empty() ? object.storage_class : object.archive_status;
  throw Error(Fault::conflict, fmt::format("{} is archived ({}): restore it first, or leave it out",
                                           s3::shown(name.bucket, name.key), where));
}

struct Inspector::State {
  State(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from)
      : store(std::move(from)), tasks(std::make_unique<net::TaskGroup>(loop)) {}

  std::shared_ptr<s3::ObjectStore> store;
  std::size_t asked = 0;
  std::vector<Finding> findings;
  std::optional<Error> failure;
  std::unique_ptr<net::TaskGroup> tasks;
};

namespace {

// An object as it was listed: of another version nothing is taken.
struct Listed {
  std::size_t index = 0;
  s3::ObjectName name;
  std::string etag;
  std::uint64_t size = 0;
};

template <class State>
net::task<void> inspect(std::shared_ptr<State> state, Listed listed) {
  std::optional<s3::ObjectInfo> object;
  try {
    object = co_await state->store->head_object(listed.name);
  } catch (Error const& error) {
    if (error.fault() == Fault::cancelled) throw;
  }
  bool const is_listed = object && object->size == listed.size &&
                         (listed.etag.empty() || s3::is_same_etag(object->etag, listed.etag));
  if (!is_listed) co_return;
  try {
    check_readable(listed.name, *object);
  } catch (Error const& error) {
    state->failure = error;
  }
  bool const ours =
      listed.name.key.ends_with(".zip") && object->metadata.contains(std::string(job_metadata));
  state->findings.push_back({listed.index, object->crc32, ours});
}

}  // namespace

Inspector::Inspector(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store,
                     Request const& request)
    : target_bucket_(request.bucket),
      target_folder_(request.target_key.empty() ? std::nullopt
                                                : std::optional(folder_of(request.target_key))),
      state_(std::make_shared<State>(loop, std::move(store))) {}

Inspector::~Inspector() {
  state_->tasks->cancel();
}

std::size_t Inspector::asked() const {
  return state_->asked;
}

bool Inspector::wants(std::string_view bucket, std::string_view prefix,
                      s3::ListedObject const& object) const {
  return (object.size >= limits::crc_head_from_bytes && promises_crc(object)) ||
         may_be_archived(object.storage_class, object.size) ||
         may_be_our_zip(bucket, prefix, object.key);
}

// Beside the new zip, or where zips go by default, unless just that folder was asked for.
bool Inspector::may_be_our_zip(std::string_view bucket, std::string_view prefix,
                               std::string_view key) const {
  if (bucket != target_bucket_ || !key.ends_with(".zip")) return false;
  std::string_view const folder = folder_of(key);
  return folder == target_folder_ ||
         (folder == default_target_folder && !prefix.starts_with(default_target_folder));
}

net::task<void> Inspector::ask(Selection const& selection, std::size_t index) {
  if (state_->asked == limits::max_inspections || state_->failure) co_return;
  ++state_->asked;
  net::TaskGroup& tasks = *state_->tasks;
  while (tasks.running() >= limits::max_gets_ahead ||
         (tasks.running() > 0 && !state_->store->has_room()))
    co_await tasks.wait_one();
  SelectedObject const& object = selection.objects[index];
  Listed listed{.index = index,
                .name = {std::string(object.bucket), std::string(object.key)},
                .etag = std::string(object.etag),
                .size = object.size};
  state_->tasks->spawn(inspect(state_, std::move(listed)));
}

net::task<void> Inspector::finish(Selection& selection, Progress& progress) {
  co_await state_->tasks->wait_all();
  if (state_->failure) throw *state_->failure;
  std::ranges::sort(state_->findings, {}, &Finding::index);
  auto finding = state_->findings.begin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < selection.objects.size(); ++i) {
    SelectedObject object = selection.objects[i];
    bool leave_out = false;
    if (finding != state_->findings.end() && finding->index == i) {
      object.crc = finding->crc;
      leave_out = finding->leave_out;
      ++finding;
    }
    if (leave_out) {
      --progress.entries_total;
      progress.bytes_total -= object.size;
    } else {
      selection.objects[kept++] = object;
    }
  }
  selection.objects.shrink(kept);
}

}  // namespace archive
