#include "api/links/answer.h"

#include "archive/deliver/walk.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/text.h"
#include "http/conditions.h"
#include "http/ranges.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

namespace api {

namespace limits = base::limits;

namespace {

constexpr std::size_t boundary_length = 40;

http::Validators validators(Served const& served) {
  return {.etag = served.etag, .modified = served.modified};
}

std::string content_range(base::Extent range, std::uint64_t size) {
  return fmt::format("bytes {}-{}/{}", range.offset, range.end() - 1, size);
}

http::Response head_of(Served const& served) {
  http::Response head;
  head.headers.add("Accept-Ranges", "bytes");
  head.headers.add("ETag", served.etag);
  head.headers.add("Last-Modified", base::http_date(served.modified));
  // Proxies on the way must neither compress nor keep the bytes.
  head.headers.add("Cache-Control", "private, no-transform");
  return head;
}

Answer without_body(Served const& served, int status) {
  Answer answer{.head = head_of(served), .ranges = {}, .boundary = {}};
  answer.head.status = status;
  if (status == 416)
    answer.head.headers.add("Content-Range", fmt::format("bytes */{}", served.size));
  return answer;
}

// The stretches that the request asks for, those of them that are there. nullopt: it asks for the
// whole, also by a Range that is not understood, or is for another version of the bytes.
std::optional<std::vector<base::Extent>> asked_ranges(http::Request const& request,
                                                      Served const& served) {
  auto const range = request.headers.find("range");
  if (!range || request.method != "GET") return std::nullopt;  // section 14.2: GET only
  if (!http::if_range_holds(request.headers, validators(served))) return std::nullopt;
  auto const ranges = http::parse_range(*range, served.size);
  if (!ranges) return std::nullopt;
  return http::coalesce(*ranges);
}

// Makes the answer one of several ranges.
void make_multipart(Answer& answer, Served const& served) {
  answer.boundary = base::random_text(boundary_length);
  std::uint64_t length = parts_end(answer).size();
  for (base::Extent const& range : answer.ranges)
    length += part_head(answer, range, served).size() + range.size;
  answer.head.headers.add("Content-Type", "multipart/byteranges; boundary=" + answer.boundary);
  answer.head.headers.add("Content-Length", std::to_string(length));
}

}  // namespace

std::string part_head(Answer const& answer, base::Extent range, Served const& served) {
  return fmt::format("\r\n--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n", answer.boundary,
                     served.type, content_range(range, served.size));
}

std::string parts_end(Answer const& answer) {
  return fmt::format("\r\n--{}--\r\n", answer.boundary);
}

Answer answer_to(http::Request const& request, Served const& served,
                 CostsTooMuch const& costs_too_much) {
  auto const status = http::failed_condition(request.headers, validators(served));
  if (status) return without_body(served, *status);
  auto ranges = asked_ranges(request, served);
  if (ranges && ranges->empty()) return without_body(served, 416);
  if (ranges && costs_too_much(*ranges)) ranges.reset();
  Answer answer{.head = head_of(served),
                .ranges = ranges.value_or(std::vector<base::Extent>{{0, served.size}}),
                .boundary = {}};
  http::Headers& headers = answer.head.headers;
  headers.add("Content-Disposition", content_disposition(served.file_name));
  if (ranges) answer.head.status = 206;
  if (answer.ranges.size() > 1) {
    make_multipart(answer, served);
    return answer;
  }
  base::Extent const one = answer.ranges.front();
  headers.add("Content-Type", std::string(served.type));
  headers.add("Content-Length", std::to_string(one.size));
  if (ranges) headers.add("Content-Range", content_range(one, served.size));
  return answer;
}

bool need_many_crcs(std::vector<base::Extent> const& ranges,
                    archive::PlannedArchive const& archive) {
  std::uint64_t reads = 0;
  for (base::Extent const& range : ranges) {
    reads += archive::reads_for_crcs(archive, {range.offset, range.size}, limits::max_crc_reads);
    if (reads > limits::max_crc_reads) return true;
  }
  return false;
}

std::string content_disposition(std::string_view file_name) {
  std::string ascii;
  for (char const c : file_name) {
    bool const plain = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
    ascii += plain ? c : '_';
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii,
                     base::percent_encode(file_name));
}

}  // namespace api
