#include "archive/plan/estimate.h"

#include "base/limits.h"

namespace archive {

namespace limits = base::limits;

namespace {

std::uint64_t divided_up(std::uint64_t value, std::uint64_t by) {
  return (value + by - 1) / by;
}

// The fetcher reads in segments of one size.
std::uint64_t get_count(Plan const& plan) {
  std::uint64_t gets = 0;
  for (std::size_t i = 0; i < plan.entry_count(); ++i) {
    if (plan.entry(i).content.empty())
      gets += divided_up(plan.layout().entry(i).size, limits::segment_bytes);
  }
  return gets;
}

class Counter {
 public:
  void add(std::string_view name, std::uint64_t count, double dollars_each) {
    if (count > 0) counts_.push_back({name, count, static_cast<double>(count) * dollars_each});
  }
  std::vector<CallCount> take() { return std::move(counts_); }

 private:
  std::vector<CallCount> counts_;
};

}  // namespace

std::vector<CallCount> count_calls(Plan const& plan, LookupCalls const& lookups,
                                   std::optional<std::uint64_t> part_bytes) {
  std::uint64_t const parts =
      part_bytes ? divided_up(plan.layout().size(), *part_bytes) : std::uint64_t{0};
  bool const multipart = parts > 1;
  Counter counter;
  counter.add("ListObjectsV2", lookups.lists, dollars_per_write);
  // The finished object is asked for once.
  counter.add("HeadObject", lookups.heads + (multipart ? 1 : 0), dollars_per_read);
  counter.add("GetObject", get_count(plan), dollars_per_read);
  counter.add("PutObject", parts == 1 ? 1 : 0, dollars_per_write);
  if (multipart) {
    counter.add("CreateMultipartUpload", 1, dollars_per_write);
    counter.add("UploadPart", parts, dollars_per_write);
    counter.add("ListParts", divided_up(parts, limits::listing_page_keys), dollars_per_write);
    counter.add("CompleteMultipartUpload", 1, dollars_per_write);
  }
  return counter.take();
}

}  // namespace archive
