// The head of an answer that has bytes of a known size: the whole, a stretch of it, or several as
// the parts of a multipart/byteranges (RFC 9110, sections 13 and 14). Pure.
#pragma once

#include "archive/plan/planned_archive.h"
#include "base/clock.h"
#include "base/extent.h"
#include "http/message.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

// The bytes that a GET is for. They never change under this ETag.
struct Served {
  std::string etag;                // with quotes
  base::UnixSeconds modified = 0;  // as strong as the ETag
  std::uint64_t size = 0;
  std::string_view type;  // the Content-Type
  std::string file_name;
};

struct Answer {
  http::Response head;
  std::vector<base::Extent> ranges;  // in the order of the answer; none: there is no body
  std::string boundary;              // of the parts; empty: there are none
};

// Whether ranges cost too much: then the whole is answered.
using CostsTooMuch = std::function<bool(std::vector<base::Extent> const&)>;

Answer answer_to(http::Request const& request, Served const& served,
                 CostsTooMuch const& costs_too_much);

// Whether too many bytes would have to be read only for CRCs that the ranges hold; each range is
// counted by itself.
bool need_many_crcs(std::vector<base::Extent> const& ranges,
                    archive::PlannedArchive const& archive);

// The texts before a part, and behind the last one.
std::string part_head(Answer const& answer, base::Extent range, Served const& served);
std::string parts_end(Answer const& answer);

// `attachment` with both forms of the name (RFC 6266): an ASCII one for old clients, and UTF-8.
std::string content_disposition(std::string_view file_name);

}  // namespace api
