// Probes of multipart uploads and copies: the second half of store_check.h's probes.
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "s3/check/store_check.h"
#include "s3/messages/requests.h"

#include <fmt/format.h>

namespace s3 {

namespace limits = base::limits;
using base::Error;
using base::Fault;
using Reply = Prober::Reply;

namespace {

[[noreturn]] void throw_said(std::string_view call, Reply const& reply) {
  throw Error(Fault::unavailable, fmt::format("{}: {}", call, reply.said()));
}

std::string written_etag(Call call, Reply const& reply) {
  if (reply.error) throw_said(traits(call).name, reply);
  return parse_written(call, reply.head).etag;
}

}  // namespace

net::task<StoreCheck::Upload> StoreCheck::create(std::string_view name,
                                                 CreateUploadOptions options) {
  Upload upload{.key = new_key(name), .id = {}, .created = {}};
  http::Request request = create_upload(prober_.target(upload.key), options);
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) throw_said("CreateMultipartUpload", reply);
  upload.created = parse_created_upload(reply.head, reply.body);
  upload.id = upload.created.upload_id;
  uploads_.push_back(upload);
  co_return upload;
}

net::task<Reply> StoreCheck::send_part(Upload const& upload, std::uint32_t number,
                                       std::string content, std::optional<std::uint32_t> crc) {
  PartOptions const options{
      .upload_id = upload.id, .number = number, .content_length = content.size(), .crc32 = crc};
  http::Request request = upload_part(prober_.target(upload.key), options);
  return prober_.send(std::move(request), std::move(content));
}

// Sends part 1, of the least size that another part may follow; gives its ETag.
net::task<std::string> StoreCheck::first_part(Upload const& upload,
                                              std::optional<std::uint32_t> crc) {
  std::string content = source_content_.substr(0, limits::min_part_bytes);
  Reply const reply = co_await send_part(upload, 1, std::move(content), crc);
  co_return written_etag(Call::upload_part, reply);
}

net::task<Reply> StoreCheck::copy_part(Upload const& upload, CopyPartOptions options) {
  options.upload_id = upload.id;
  options.source_bucket = prober_.bucket();
  options.source_key = source_key_;
  http::Request request = s3::copy_part(prober_.target(upload.key), options);
  return prober_.send(std::move(request));
}

net::task<Reply> StoreCheck::complete(Upload const& upload, CompleteOptions options) {
  options.upload_id = upload.id;
  RequestWithBody request = complete_upload(prober_.target(upload.key), options);
  return prober_.send(std::move(request.head), std::move(request.body));
}

// ---- uploads

net::task<StoreCheck::Answer> StoreCheck::multipart() {
  CreateUploadOptions options;
  Upload const upload = co_await create("multipart", std::move(options));
  CompleteOptions parts;
  std::string etag = co_await first_part(upload, std::nullopt);
  parts.parts.push_back({.number = 1, .etag = std::move(etag)});
  std::string const content(small_content);
  Reply const second = co_await send_part(upload, 2, content, std::nullopt);
  parts.parts.push_back({.number = 2, .etag = written_etag(Call::upload_part, second)});
  http::Request request = list_parts(prober_.target(upload.key), {.upload_id = upload.id});
  Reply const listed = co_await prober_.send(std::move(request));
  if (listed.error) co_return "ListParts: " + listed.said();
  if (parse_parts_page(listed.body).parts.size() != 2)
    co_return "ListParts does not tell two parts";
  Reply const completed = co_await complete(upload, std::move(parts));
  if (completed.error) co_return "CompleteMultipartUpload: " + completed.said();
  std::string whole = source_content_.substr(0, limits::min_part_bytes) + content;
  co_return co_await compare(upload.key, std::move(whole));
}

net::task<StoreCheck::Answer> StoreCheck::list_uploads() {
  CreateUploadOptions options;
  Upload const upload = co_await create("listed", std::move(options));
  http::Request request = s3::list_uploads(prober_.target(), prefix_);
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) co_return reply.said();
  for (ListedUpload const& listed : parse_uploads_page(reply.body).uploads) {
    if (listed.upload_id == upload.id) co_return std::nullopt;
  }
  co_return "it is not in the list";
}

net::task<StoreCheck::Answer> StoreCheck::abort() {
  CreateUploadOptions options;
  Upload const upload = co_await create("aborted", std::move(options));
  http::Request aborting = abort_upload(prober_.target(upload.key), upload.id);
  Reply const aborted = co_await prober_.send(std::move(aborting));
  if (aborted.error) co_return aborted.said();
  http::Request asking = list_parts(prober_.target(upload.key), {.upload_id = upload.id});
  Reply const asked = co_await prober_.send(std::move(asking));
  if (!asked.error) co_return "ListParts still finds it";
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::part_crc() {
  CreateUploadOptions options;
  options.crc32 = true;
  Upload const upload = co_await create("part-crc", std::move(options));
  std::string const content(small_content);
  Reply const wrong = co_await send_part(upload, 1, content, wrong_crc);
  if (auto const problem = must_be_refused(wrong, "a wrong checksum")) co_return problem;
  Reply const right = co_await send_part(upload, 1, content, base::crc32(0, content));
  if (right.error) co_return right.said();
  if (!base::equals_ignoring_case(upload.created.checksum_algorithm, "CRC32"))
    co_return "CreateMultipartUpload does not repeat the algorithm";
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::full_object_crc() {
  CreateUploadOptions options;
  options.crc32 = true;
  options.checksum_type = ChecksumType::full_object;
  Upload const upload = co_await create("full-object-crc", std::move(options));
  std::string const content = source_content_.substr(0, limits::min_part_bytes);
  std::uint32_t const crc = base::crc32(0, content);
  std::string etag = co_await first_part(upload, crc);
  CompleteOptions parts;
  parts.parts.push_back({.number = 1, .etag = std::move(etag), .crc32 = crc});
  parts.crc32 = crc;
  Reply const completed = co_await complete(upload, std::move(parts));
  if (completed.error) co_return completed.said();
  HeadOptions const mode{.version_id = {}, .checksum_mode = true};
  http::Request request = head_object(prober_.target(upload.key), mode);
  Reply const reply = co_await prober_.send(std::move(request));
  if (reply.error) co_return reply.said();
  if (object_of(reply).crc32 == crc) co_return std::nullopt;
  std::string_view const told = reply.head.headers.get("x-amz-checksum-crc32");
  co_return told.empty() ? "not told" : fmt::format("another one is told: {}", told);
}

// ---- copies

net::task<StoreCheck::Answer> StoreCheck::finish_copy(Upload upload, CompletedPart copied,
                                                      std::string copied_content) {
  std::string const content(small_content);
  Reply const second = co_await send_part(upload, 2, content, std::nullopt);
  CompleteOptions parts;
  parts.parts.push_back(std::move(copied));
  parts.parts.push_back({.number = 2, .etag = written_etag(Call::upload_part, second)});
  Reply const completed = co_await complete(upload, std::move(parts));
  if (completed.error) co_return "CompleteMultipartUpload: " + completed.said();
  std::string whole = copied_content + content;
  co_return co_await compare(upload.key, std::move(whole));
}

net::task<StoreCheck::Answer> StoreCheck::copy() {
  CreateUploadOptions options;
  Upload const upload = co_await create("copy", std::move(options));
  CopyPartOptions part;
  Reply const reply = co_await copy_part(upload, std::move(part));
  if (reply.error) co_return reply.said();
  CompletedPart copied{.number = 1, .etag = parse_copied_part(reply.body).etag};
  co_return co_await finish_copy(upload, std::move(copied), source_content_);
}

net::task<StoreCheck::Answer> StoreCheck::copy_range() {
  CreateUploadOptions options;
  Upload const upload = co_await create("copy-range", std::move(options));
  CopyPartOptions part;
  part.source_range = base::Extent{1000, limits::min_part_bytes};
  Reply const reply = co_await copy_part(upload, std::move(part));
  if (reply.error) co_return reply.said();
  CompletedPart copied{.number = 1, .etag = parse_copied_part(reply.body).etag};
  std::string content = source_content_.substr(1000, limits::min_part_bytes);
  co_return co_await finish_copy(upload, std::move(copied), std::move(content));
}

net::task<StoreCheck::Answer> StoreCheck::conditional_copy() {
  CreateUploadOptions options;
  Upload const upload = co_await create("conditional-copy", std::move(options));
  CopyPartOptions part;
  part.source_if_match = wrong_etag;
  Reply const other = co_await copy_part(upload, part);
  if (auto const problem = must_be_refused(other, "a copy of another ETag")) co_return problem;
  if (other.error->status != 412) co_return other.said();
  part.source_if_match = source_etag_;
  Reply const same = co_await copy_part(upload, part);
  if (same.error) co_return same.said();
  co_return std::nullopt;
}

net::task<StoreCheck::Answer> StoreCheck::copied_part_crc() {
  CreateUploadOptions options;
  options.crc32 = true;
  Upload const upload = co_await create("copied-crc", std::move(options));
  CopyPartOptions part;
  part.source_range = base::Extent{1000, limits::min_part_bytes};
  Reply const reply = co_await copy_part(upload, std::move(part));
  if (reply.error) co_return reply.said();
  auto crc = parse_copied_part(reply.body).crc32;
  if (!crc) {
    http::Request request = list_parts(prober_.target(upload.key), {.upload_id = upload.id});
    Reply const listed = co_await prober_.send(std::move(request));
    if (listed.error) co_return "ListParts: " + listed.said();
    PartsPage const page = parse_parts_page(listed.body);
    if (!page.parts.empty()) crc = page.parts.front().crc32;
  }
  if (!crc) co_return "not told";
  std::string const content = source_content_.substr(1000, limits::min_part_bytes);
  if (crc != base::crc32(0, content)) co_return "a wrong one is told";
  co_return std::nullopt;
}

}  // namespace s3
