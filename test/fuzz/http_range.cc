// A body's size on the first line, a Range header on the second.
#include "base/text.h"
#include "fuzzer.h"
#include "http/message.h"
#include "http/ranges.h"
#include "s3/messages/replies.h"

#include <fmt/format.h>

namespace {

void run(std::string_view input) {
  std::uint64_t const size = base::parse_uint(fuzz::take_line(input)).value_or(1'000);
  auto const ranges = http::parse_range(input, size);
  if (!ranges) return;
  for (base::Extent const& range : *ranges) {
    fuzz::require(range.size > 0, "a range that can be satisfied has bytes");
    fuzz::require(range.offset < size && range.size <= size - range.offset,
                  "a range lies within the body");
    // What we would answer is what we read in S3's answers.
    http::Response response;
    response.headers.add("Content-Range", fmt::format("bytes {}-{}/{}", range.offset,
                                                      range.offset + range.size - 1, size));
    auto const read = s3::content_range(response);
    fuzz::require(read && read->range == range && read->total == size,
                  "a Content-Range is read as it is written");
    std::string const one = fmt::format("bytes={}-{}", range.offset, range.offset + range.size - 1);
    auto const again = http::parse_range(one, size);
    fuzz::require(again && again->size() == 1 && again->front() == range,
                  "a range is read as it is written");
  }
}

fuzz::Registered const registered("http_range", run);

}  // namespace
