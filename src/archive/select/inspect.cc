#include "archive/select/inspect.h"

#include "archive/select/own_zips.h"
#include "archive/select/tiers.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/task_group.h"
#include "s3/messages/etag.h"
#include "s3/messages/faults.h"

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

std::string path_of(std::string_view bucket, std::string_view key) {
  return std::string(bucket).append("/").append(key);
}

// Whether the error is an answer about the object; others say nothing of it.
bool is_refusal(Fault fault) {
  return fault == Fault::forbidden || fault == Fault::not_found || fault == Fault::bad_input ||
         fault == Fault::gone;
}

// The answer about the selection's object `index`.
struct Finding {
  std::size_t index = 0;
  std::optional<std::uint32_t> crc;
  bool is_own_zip = false;
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

struct Inspecting {
  Inspecting(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> from, std::string made_of)
      : store(std::move(from)), sources(std::move(made_of)), tasks(loop) {}

  std::shared_ptr<s3::ObjectStore> store;
  std::string const sources;  // by which own zips are known; empty: none is looked for
  std::size_t asked = 0;
  std::vector<Finding> findings;
  std::optional<Error> failure;
  net::TaskGroup tasks;
};

namespace {

// An object as it was listed: another version of it counts only if it is an own zip.
struct Listed {
  std::size_t index = 0;
  s3::ObjectName name;
  std::string etag;
  std::uint64_t size = 0;
};

bool is_own_zip(Inspecting const& state, std::string_view key, s3::ObjectInfo const& object) {
  if (state.sources.empty() || !may_be_own_zip(key)) return false;
  auto const mark = object.metadata.find(std::string(sources_metadata));
  return mark != object.metadata.end() && mark->second == state.sources;
}

net::task<void> inspect(std::shared_ptr<Inspecting> state, Listed listed) {
  s3::Headed headed;
  try {
    headed = co_await state->store->head_object(listed.name);
  } catch (Error const& error) {
    // Without an answer an earlier zip might go in this time, and stay out the next.
    bool const must_know = !state->sources.empty() && may_be_own_zip(listed.name.key);
    if (must_know && !is_refusal(error.fault())) state->failure = error;
  }
  auto const& object = headed.object;
  if (!object) co_return;
  bool const own = is_own_zip(*state, listed.name.key, *object);
  bool const same = object->size == listed.size &&
                    (listed.etag.empty() || s3::is_same_etag(object->etag, listed.etag));
  if (!own && !same) co_return;
  try {
    if (!own) check_readable(listed.name, *object);
  } catch (Error const& error) {
    state->failure = error;
  }
  state->findings.push_back({listed.index, same ? object->crc32 : std::nullopt, own});
}

}  // namespace

Inspector::Inspector(net::Executor const& loop, std::shared_ptr<s3::ObjectStore> store,
                     Request const& request)
    : leaves_own_zips_out_(request.own_zips == OwnZips::exclude),
      state_(loop, std::move(store), leaves_own_zips_out_ ? sources_digest(request) : "") {}

Inspector::~Inspector() = default;

std::size_t Inspector::asked() const {
  return state_->asked;
}

bool Inspector::wants(s3::ListedObject const& object) {
  if (is_archive(object.storage_class)) return true;
  if (leaves_own_zips_out_ && may_be_own_zip(object.key)) return true;
  bool const has_crc = object.size >= limits::crc_head_from_bytes && promises_crc(object);
  bool const is_worth_it = has_crc || may_be_archived(object.storage_class, object.size);
  return is_worth_it && inspections_++ < limits::max_inspections;
}

void Inspector::keep(std::string_view bucket, std::string_view key) {
  kept_.insert(base::fingerprint(path_of(bucket, key)));
}

net::task<void> Inspector::ask(Selection const& selection, std::size_t index) {
  if (state_->failure) co_return;
  ++state_->asked;
  net::TaskGroup& tasks = state_->tasks;
  while (tasks.running() >= limits::max_gets_ahead ||
         (tasks.running() > 0 && !state_->store->has_room()))
    co_await tasks.wait_one();
  SelectedObject const& object = selection.objects[index];
  Listed listed{.index = index,
                .name = {std::string(object.bucket), std::string(object.key)},
                .etag = std::string(object.etag),
                .size = object.size};
  state_->tasks.spawn(inspect(state_.shared(), std::move(listed)));
}

net::task<void> Inspector::finish(Selection& selection, LiveProgress& progress) {
  co_await state_->tasks.wait_all();
  if (state_->failure) throw *state_->failure;
  std::ranges::sort(state_->findings, {}, &Finding::index);
  auto finding = state_->findings.begin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < selection.objects.size(); ++i) {
    SelectedObject object = selection.objects[i];
    bool own_zip = false;
    if (finding != state_->findings.end() && finding->index == i) {
      object.crc = finding->crc;
      own_zip = finding->is_own_zip;
      ++finding;
    }
    std::string path = own_zip ? path_of(object.bucket, object.key) : "";
    if (own_zip && !kept_.contains(base::fingerprint(path))) {
      selection.left_out.own_zips.push_back(std::move(path));
      --progress.entries_total;
      progress.bytes_total -= object.size;
    } else {
      selection.objects[kept++] = object;
    }
  }
  selection.objects.shrink(kept);
}

}  // namespace archive
