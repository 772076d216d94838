#include "s3/check/store_check.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"
#include "s3/messages/etag.h"
#include "s3/messages/requests.h"

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;
using Reply = Prober::Reply;

namespace {

// Large enough for a part copied by range: AWS takes ranges only of objects over 5 MiB.
constexpr std::uint64_t source_bytes = limits::min_part_bytes + limits::MiB;
// Bytes that differ everywhere, so that a range at a wrong place is noticed.
std::string make_content(std::uint64_t size) {
  std::string content(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : content) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return content;
}

}  // namespace

StoreCheck::StoreCheck(Prober& prober, std::string const& prefix)
    : prober_(prober),
      prefix_(fmt::format("{}s3zipper-check-{}/", prefix, base::random_text(12))),
      source_content_(make_content(source_bytes)) {}

std::vector<StoreCheck::Probe> const& StoreCheck::probes() {
  using Check = StoreCheck;
  static std::vector<Probe> const table{
      {"list objects", "folders", true, &Check::list},
      {"put objects", "small zips", true, &Check::put},
      {"head objects", "single files", true, &Check::head},
      {"ranges", "reading in parallel, resuming", true, &Check::range},
      {"conditional reads", "objects that change are noticed", false, &Check::conditional_read},
      {"put if absent", "nothing is overwritten in a race", false, &Check::conditional_write},
      {"metadata", "finished jobs are recognized", true, &Check::metadata},
      {"CRC-32 of objects is checked", "uploads are checked", false, &Check::object_crc},
      {"CRC-32 of objects is told", "no second reading", false, &Check::object_crc_told},
      {"multipart uploads", "zips over 8 MiB", true, &Check::multipart},
      {"uploads are listed", "lost uploads are found", false, &Check::list_uploads},
      {"uploads are aborted", "nothing is left behind", true, &Check::abort},
      {"CRC-32 of parts is checked", "uploads are checked", false, &Check::part_crc},
      {"full-object CRC-32 of uploads", "zips carry their CRC", false, &Check::full_object_crc},
      {"copied parts", "copying inside the store", false, &Check::copy},
      {"copied ranges", "copying inside the store", false, &Check::copy_range},
      {"conditional copies", "objects that change are noticed", false, &Check::conditional_copy},
      {"CRC-32 of copied parts", "copying without reading", false, &Check::copied_part_crc},
      {"presigned links", "download links", false, &Check::presign},
      {"file names of presigned links", "download links", false, &Check::presigned_name},
  };
  return table;
}

net::task<void> StoreCheck::run(std::function<void(Finding const&)> const& tell) {
  co_await prober_.find_region();
  for (Probe const& probe : probes()) {
    Finding finding{probe.ability, probe.use, probe.needed, false, {}};
    net::task<Answer> trying = (this->*probe.run)();
    try {
      Answer const answer = co_await std::move(trying);
      finding.works = !answer;
      finding.note = answer.value_or("");
    } catch (Error const& error) {
      // The other probes need the object that this one should have put.
      if (source_etag_.empty()) throw;
      finding.note = error.what();
    }
    tell(finding);
  }
}

// ---- parts of the probes

ObjectInfo StoreCheck::object_of(Reply reply) {
  if (!object_size(reply.head)) reply.head.headers.set("Content-Length", "0");
  return parse_object(Call::head_object, reply.head);
}

// Says what is wrong if a request that must fail has not.
StoreCheck::Answer StoreCheck::must_be_refused(Reply const& reply, std::string_view what) {
  if (!reply.error) return fmt::format("{} was taken", what);
  if (reply.error->status == 501) return reply.said();
  return std::nullopt;
}

std::string StoreCheck::new_key(std::string_view name) {
  return keys_.emplace_back(fmt::format("{}{}", prefix_, name));
}

net::task<Reply> StoreCheck::put_bytes(std::string key, std::string content, PutOptions options) {
  options.content_length = content.size();
  http::Request request = s3::put_object(prober_.target(key), options);
  return prober_.send(std::move(request), std::move(content));
}

net::task<Reply> StoreCheck::read(std::string key, GetOptions options) {
  http::Request request = get_object(prober_.target(key), options);
  return prober_.send(std::move(request));
}

net::task<StoreCheck::Answer> StoreCheck::compare(std::string key, std::string content) {
  GetOptions options;
  Reply const reply = co_await read(std::move(key), std::move(options));
  if (reply.error) co_return "reading it back: " + reply.said();
  if (reply.body != content) co_return "other bytes come back";
  co_return std::nullopt;
}

// ---- objects

net::task<StoreCheck::Answer> StoreCheck::list() {
  ListOptions const options{.prefix = prefix_, .max_keys = 10};
  http::Request request = list_objects(prober_.target(), options);
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) co_return reply.said();
  parse_list_page(reply.body);
  co_return std::nullopt;
}

// Puts the object that the other probes read and copy.
net::task<StoreCheck::Answer> StoreCheck::put() {
  std::string const key = new_key("source");
  PutOptions options;
  Reply const reply = co_await put_bytes(key, source_content_, std::move(options));
  if (reply.error) {
    Attempt const attempt{Call::put_object, prober_.bucket(), key, ""};
    throw make_error(attempt, *reply.error);
  }
  source_key_ = key;
  source_etag_ = parse_written(Call::put_object, reply.head).etag;
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::head() {
  http::Request request = head_object(prober_.target(source_key_));
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) co_return reply.said();
  // Zips need neither size nor time: a GET tells the size, and the time is an entry's date only.
  auto const size = object_size(reply.head);
  if (size && *size != source_bytes) co_return fmt::format("it tells {} bytes", *size);
  if (!is_same_etag(reply.head.headers.get("etag"), source_etag_))
    co_return "it tells another ETag than PutObject did";
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::range() {
  GetOptions options;
  options.range = base::Extent{limits::MiB + 1, 1000};
  Reply const reply = co_await read(source_key_, options);
  if (reply.error) co_return reply.said();
  if (reply.head.status != 206) co_return fmt::format("it answers {}", reply.head.status);
  auto const sent = content_range(reply.head);
  if (!sent || sent->range != *options.range || sent->total != source_bytes)
    co_return "its Content-Range is wrong";
  if (reply.body != source_content_.substr(limits::MiB + 1, 1000))
    co_return "other bytes come back";
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::conditional_read() {
  GetOptions options;
  options.range = base::Extent{0, 10};
  options.if_match = wrong_etag;
  Reply const other = co_await read(source_key_, options);
  if (auto const problem = must_be_refused(other, "If-Match of another ETag")) co_return problem;
  if (other.head.status != 412) co_return other.said();
  options.if_match = source_etag_;
  Reply const same = co_await read(source_key_, options);
  if (same.error) co_return "If-Match of its own ETag: " + same.said();
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::conditional_write() {
  std::string const key = new_key("absent");
  PutOptions options;
  options.only_if_absent = true;
  std::string const content(small_content);
  Reply const first = co_await put_bytes(key, content, options);
  if (first.error) co_return first.said();
  Reply const second = co_await put_bytes(key, content, options);
  co_return must_be_refused(second, "a second object of the same key");
}

net::task<StoreCheck::Answer> StoreCheck::metadata() {
  std::string const key = new_key("metadata");
  PutOptions options;
  options.attributes.content_type = "application/zip";
  options.attributes.metadata = {{"s3zipper-job", "check"}};
  Reply const written = co_await put_bytes(key, std::string(small_content), options);
  if (written.error) co_return written.said();
  http::Request request = head_object(prober_.target(key));
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) co_return reply.said();
  ObjectInfo const object = object_of(reply);
  auto const mark = object.metadata.find("s3zipper-job");
  if (mark == object.metadata.end() || mark->second != "check") co_return "it is not kept";
  if (object.content_type != "application/zip") co_return "the Content-Type is not kept";
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::object_crc() {
  std::string const content(small_content);
  PutOptions options;
  options.crc32 = base::crc32(0, content);
  std::string const key = new_key("crc");
  Reply const right = co_await put_bytes(key, content, options);
  if (right.error) co_return right.said();
  checked_key_ = key;
  options.crc32 = wrong_crc;
  std::string const wrong_key = new_key("wrong-crc");
  Reply const wrong = co_await put_bytes(wrong_key, content, options);
  co_return must_be_refused(wrong, "a wrong checksum");
}

net::task<StoreCheck::Answer> StoreCheck::object_crc_told() {
  if (checked_key_.empty()) co_return "objects with a checksum are refused";
  HeadOptions const options{.version_id = {}, .checksum_mode = true};
  http::Request request = head_object(prober_.target(checked_key_), options);
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) co_return reply.said();
  auto const crc = object_of(reply).crc32;
  if (crc == base::crc32(0, small_content)) co_return std::nullopt;
  if (crc) co_return "a wrong one is told";
  bool const untyped = reply.head.headers.find("x-amz-checksum-crc32").has_value();
  co_return untyped ? "without x-amz-checksum-type FULL_OBJECT" : "not told";
}

// ---- links

net::task<StoreCheck::Answer> StoreCheck::presign() {
  http::Request request = get_object(prober_.target(source_key_));
  Reply const reply = co_await prober_.send_presigned(std::move(request));
  if (reply.error) co_return reply.said();
  if (reply.body != source_content_) co_return "other bytes come back";
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::presigned_name() {
  constexpr std::string_view name = "attachment; filename=\"a b.zip\"";
  GetOptions options;
  options.response_content_disposition = name;
  http::Request request = get_object(prober_.target(source_key_), options);
  Reply const reply = co_await prober_.send_presigned(std::move(request));
  if (reply.error) co_return reply.said();
  if (reply.head.headers.get("content-disposition") != name) co_return "ignored";
  co_return std::nullopt;
}

// ---- afterwards

// An object or upload that is gone already counts as removed.
net::task<void> StoreCheck::remove(http::Request request, std::string what,
                                   std::vector<std::string>& left) {
  try {
    Reply const reply = co_await prober_.send(std::move(request));
    if (reply.error && reply.error->status != 404) left.push_back(what + ": " + reply.said());
  } catch (Error const& error) {
    left.push_back(what + ": " + error.what());
  }
}

net::task<std::vector<std::string>> StoreCheck::clean_up() {
  std::vector<std::string> left;
  // Only the store's list has an upload whose id did not reach us; not every store has a list.
  try {
    http::Request request = s3::list_uploads(prober_.target(), prefix_);
    Reply const reply = co_await prober_.send(std::move(request));
    if (!reply.error) {
      for (ListedUpload const& upload : parse_uploads_page(reply.body).uploads)
        uploads_.push_back({upload.key, upload.upload_id, {}});
    }
  } catch (Error const& error) {
    left.push_back(fmt::format("the list of uploads: {}", error.what()));
  }
  for (Upload const& upload : uploads_) {
    http::Request request = abort_upload(prober_.target(upload.key), upload.id);
    std::string what = fmt::format("the upload {} to {}", upload.id, upload.key);
    co_await remove(std::move(request), std::move(what), left);
  }
  for (std::string const& key : keys_) {
    http::Request request = delete_object(prober_.target(key));
    co_await remove(std::move(request), shown(prober_.bucket(), key), left);
  }
  co_return left;
}

}  // namespace s3
