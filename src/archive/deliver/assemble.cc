#include "archive/deliver/assemble.h"

#include "archive/deliver/parts.h"
#include "archive/select/own_zips.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "s3/messages/faults.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

std::uint64_t choose_part_bytes(std::uint64_t archive_bytes) {
  std::uint64_t const least = (archive_bytes + limits::max_parts - 1) / limits::max_parts;
  std::uint64_t const whole_mib = (least + limits::MiB - 1) / limits::MiB * limits::MiB;
  return std::max(limits::default_part_bytes, whole_mib);
}

namespace {

// The state that uploads in flight share with the assembly, which may end before them.
struct Sending {
  std::shared_ptr<s3::ObjectStore> store;
  s3::ObjectName target;
  std::string upload_id;
  bool with_crc = false;
  std::map<std::uint32_t, s3::ListedPart> done;
};

class Assembler {
 public:
  explicit Assembler(Assembly assembly)
      : job_(std::move(assembly)),
        archive_bytes_(job_.archive->plan.layout().size()),
        part_count_(
            static_cast<std::uint32_t>((archive_bytes_ + job_.part_bytes - 1) / job_.part_bytes)),
        sending_(std::make_shared<Sending>()) {
    sending_->store = job_.store;
    sending_->target = job_.target;
  }

  net::task<void> run();

 private:
  net::task<bool> resume();
  net::task<void> create();
  net::task<void> abort_lost_uploads();
  net::task<void> deliver(PartsSink::Upload upload);
  net::task<std::set<std::uint32_t>> deliver_once(std::vector<base::Extent> wanted,
                                                  PartsSink::Upload upload, LiveProgress* progress);
  void check_parts_fit() const;
  net::task<void> check_parts();
  net::task<void> complete();
  net::task<bool> target_is_ours();
  std::vector<base::Extent> missing() const;
  std::vector<base::Extent> stretches(std::function<bool(std::uint32_t number)> const&) const;
  s3::Attributes attributes() const;
  bool has_right_size(s3::ListedPart const& part) const;

  Assembly job_;
  std::uint64_t const archive_bytes_;
  std::uint32_t const part_count_;
  std::shared_ptr<Sending> sending_;
};

net::task<void> send_part(std::shared_ptr<Sending> sending, Part part) {
  s3::PartOptions options{.upload_id = sending->upload_id,
                          .number = part.number,
                          .content_length = part.body.size(),
                          .crc32 = std::nullopt};
  if (sending->with_crc) options.crc32 = part.crc;
  std::string_view const body[] = {part.body};
  co_await sending->store->upload_part(sending->target, std::move(options), body);
}

net::task<void> put_whole(std::shared_ptr<s3::ObjectStore> store, std::shared_ptr<Stop> stop,
                          s3::ObjectName target, s3::PutOptions options, Part part) {
  options.content_length = part.body.size();
  options.crc32 = part.crc;
  std::string_view const body[] = {part.body};
  Unbroken const unbroken(std::move(stop));
  co_await store->put_object(std::move(target), std::move(options), body);
}

net::task<void> Assembler::run() {
  if (part_count_ == 1 && job_.upload_id.empty()) {
    s3::PutOptions options;
    options.attributes = attributes();
    auto const put = [store = job_.store, stop = job_.stop, target = job_.target,
                      options](Part const& part) {
      return put_whole(store, stop, target, options, part);
    };
    co_await deliver(put);
    co_return;
  }
  if (!job_.upload_id.empty()) {
    bool const whole = co_await resume();
    if (whole) co_return;
  }
  if (sending_->upload_id.empty()) co_await create();
  auto const send = [sending = sending_](Part const& part) { return send_part(sending, part); };
  co_await deliver(send);
  co_await check_parts();
  co_await complete();
}

// Finds out how far the earlier attempt came; true if it had made the whole object.
net::task<bool> Assembler::resume() {
  auto const parts = co_await job_.store->list_parts(job_.target, job_.upload_id);
  if (!parts) {
    // Complete may have succeeded just before the earlier attempt was killed.
    co_return co_await target_is_ours();
  }
  for (s3::ListedPart const& part : *parts) {
    if (has_right_size(part)) sending_->done.emplace(part.number, part);
  }
  if (sending_->done.empty()) {
    // The upload has no part to keep, and nothing tells whether it checks CRCs: a fresh one is
    // simpler.
    co_await job_.store->abort_upload(job_.target, job_.upload_id);
    co_return false;
  }
  sending_->upload_id = job_.upload_id;
  sending_->with_crc = sending_->done.begin()->second.crc32.has_value();
  co_return false;
}

net::task<void> Assembler::create() {
  s3::CreateUploadOptions options;
  options.attributes = attributes();
  options.crc32 = true;
  Unbroken const unbroken(job_.stop);
  s3::CreatedUpload const upload = co_await job_.store->create_upload(job_.target, options);
  sending_->upload_id = upload.upload_id;
  // An object store that checks CRCs repeats the algorithm; the others get no CRCs.
  sending_->with_crc = base::equals_ignoring_case(upload.checksum_algorithm, "CRC32");
  std::exception_ptr failure;
  try {
    co_await job_.keep_upload(upload.upload_id);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) {
    // No later attempt knows an upload whose id was not kept: it is aborted here.
    co_await job_.store->abort_upload(job_.target, upload.upload_id);
    std::rethrow_exception(failure);
  }
  if (upload.maybe_twice || job_.begun_before) co_await abort_lost_uploads();
}

// Aborts uploads that were created for this job, but whose id did not reach us. The job's id in the
// key tells that only this job writes there; under a key that the user chose, an upload may be
// another program's.
net::task<void> Assembler::abort_lost_uploads() {
  if (job_.target.key.find(job_.job_id) == std::string::npos) co_return;
  try {
    co_await job_.store->abort_other_uploads(job_.target, sending_->upload_id);
  } catch (Error const& error) {
    // The credentials may lack the right to list uploads, and the zip does not need it.
    base::log_warning(fmt::format("job {}: {}", job_.job_id, error.what()));
  }
}

s3::Attributes Assembler::attributes() const {
  s3::Attributes attributes = job_.attributes;
  attributes.content_type = "application/zip";
  attributes.metadata.push_back({std::string(job_metadata), job_.job_id});
  attributes.metadata.push_back({std::string(sources_metadata), job_.sources});
  return attributes;
}

// Parts that were dropped on the way are made by another walk: by then all CRCs are known, so that
// each of them fills in one go.
net::task<void> Assembler::deliver(PartsSink::Upload upload) {
  check_parts_fit();
  std::vector<base::Extent> wanted = missing();
  LiveProgress* progress = job_.progress;
  while (!wanted.empty()) {
    std::set<std::uint32_t> const dropped = co_await deliver_once(wanted, upload, progress);
    wanted = stretches([&](std::uint32_t number) { return dropped.contains(number); });
    progress = nullptr;  // their bytes are counted already
  }
}

net::task<std::set<std::uint32_t>> Assembler::deliver_once(std::vector<base::Extent> wanted,
                                                           PartsSink::Upload upload,
                                                           LiveProgress* progress) {
  bool const is_small = archive_bytes_ <= job_.parts->reserve_bytes();
  PartMemory memory{
      .budget = job_.parts,
      .urgency = is_small ? base::Budget::Urgency::urgent : base::Budget::Urgency::can_wait,
      .payer = job_.account_id};
  net::Executor const loop = co_await net::this_loop();
  PartsSink sink(loop, archive_bytes_, job_.part_bytes, std::move(memory), std::move(upload));
  Delivery delivery{.archive = job_.archive,
                    .wanted = std::move(wanted),
                    .store = job_.store,
                    .budget = job_.blocks,
                    .progress = progress,
                    .keep_crcs = job_.keep_crcs};
  co_await stream(std::move(delivery), sink);
  co_return co_await sink.finish();
}

void Assembler::check_parts_fit() const {
  std::uint64_t const part = std::min(job_.part_bytes, archive_bytes_);
  if (part <= job_.parts->total_bytes()) return;
  throw Error(Fault::too_large,
              fmt::format("a zip of {} is uploaded in parts of {}, for which memory.budget is too "
                          "small: it must be {} at least",
                          base::human_size(archive_bytes_), base::human_size(part),
                          base::human_size(2 * part)));
}

std::vector<base::Extent> Assembler::missing() const {
  return stretches([this](std::uint32_t number) { return !sending_->done.contains(number); });
}

// The stretches of the archive that the wanted parts hold.
std::vector<base::Extent> Assembler::stretches(
    std::function<bool(std::uint32_t number)> const& is_wanted) const {
  std::vector<base::Extent> found;
  for (std::uint32_t number = 1; number <= part_count_; ++number) {
    if (!is_wanted(number)) continue;
    base::Extent const part = part_extent(number, archive_bytes_, job_.part_bytes);
    if (!found.empty() && found.back().end() == part.offset) {
      found.back().size += part.size;
    } else {
      found.push_back(part);
    }
  }
  return found;
}

bool Assembler::has_right_size(s3::ListedPart const& part) const {
  return part.number >= 1 && part.number <= part_count_ &&
         part.size == part_extent(part.number, archive_bytes_, job_.part_bytes).size;
}

// The parts at S3 must be those that were sent: their sizes are checked before Complete makes an
// object of them.
net::task<void> Assembler::check_parts() {
  auto const parts = co_await job_.store->list_parts(job_.target, sending_->upload_id);
  std::string const name = s3::shown(job_.target.bucket, job_.target.key);
  if (!parts) throw Error(Fault::conflict, name + ": the upload was aborted by somebody else");
  sending_->done.clear();
  for (s3::ListedPart const& part : *parts) {
    if (!has_right_size(part)) {
      throw Error(Fault::corrupt, fmt::format("{}: the store has {} bytes of part {}", name,
                                              part.size, part.number));
    }
    sending_->done.emplace(part.number, part);
  }
  if (sending_->done.size() == part_count_) co_return;
  throw Error(Fault::corrupt, fmt::format("{}: the store has {} of {} parts", name,
                                          sending_->done.size(), part_count_));
}

net::task<void> Assembler::complete() {
  s3::CompleteOptions options{.upload_id = sending_->upload_id, .parts = {}};
  for (auto const& [number, part] : sending_->done) {
    options.parts.push_back({number, part.etag, part.crc32});
  }
  Unbroken const unbroken(job_.stop);
  std::optional<Error> failure;
  try {
    co_await job_.store->complete_upload(job_.target, std::move(options));
  } catch (Error const& error) {
    // A Complete whose answer was lost and that was tried again finds no upload any more.
    if (error.fault() != Fault::not_found) throw;
    failure = error;
  }
  try {
    bool const there = co_await target_is_ours();
    if (there) co_return;
  } catch (Error const& error) {
    // The credentials may write but not read; S3 has said that the object is complete.
    if (error.fault() != Fault::forbidden || failure) throw;
    co_return;
  }
  if (failure) throw *failure;
  throw Error(Fault::corrupt, fmt::format("{}: the finished object is not the one that was sent",
                                          s3::shown(job_.target.bucket, job_.target.key)));
}

net::task<bool> Assembler::target_is_ours() {
  s3::Headed const headed = co_await job_.store->head_object(job_.target);
  auto const& object = headed.object;
  if (!object || object->size != archive_bytes_) co_return false;
  auto const mark = object->metadata.find(std::string(job_metadata));
  co_return mark != object->metadata.end() && mark->second == job_.job_id;
}

}  // namespace

net::task<void> assemble(Assembly assembly) {
  Assembler assembler(std::move(assembly));
  co_await assembler.run();
}

}  // namespace archive
