#include "s3/messages/listing_check.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "s3/messages/faults.h"

#include <fmt/format.h>

namespace s3 {
namespace {

struct Place {
  ListOptions const& options;
  std::string_view bucket;

  [[noreturn]] void refuse(std::string_view problem) const {
    throw base::Error(base::Fault::corrupt,
                      fmt::format("the store's listing of {} cannot be right: {}",
                                  shown(bucket, options.prefix), problem));
  }

  void check(KeyOrder& order, std::string_view key) const {
    if (!key.starts_with(options.prefix))
      refuse(fmt::format("it tells {}, which does not begin so", base::in_quotes(key)));
    std::string const before = order.last();
    if (order.take(key)) return;
    if (key == before) refuse(fmt::format("it tells {} twice", base::in_quotes(key)));
    refuse(fmt::format("it tells {} behind {}: it goes back, or repeats itself",
                       base::in_quotes(key), base::in_quotes(before)));
  }
};

}  // namespace

void check_page(ListPage& page, ListOptions const& options, std::string_view bucket) {
  Place const place{options, bucket};
  page.so_far = options.so_far;
  for (ListedObject const& object : page.objects) place.check(page.so_far.keys, object.key);
  for (std::string const& prefix : page.common_prefixes)
    place.check(page.so_far.common_prefixes, prefix);
  if (!page.is_truncated) return;
  if (page.next_continuation_token == options.continuation_token)
    place.refuse("its continuation token repeats");
  bool const is_empty = page.objects.empty() && page.common_prefixes.empty();
  page.so_far.empty_pages = is_empty ? page.so_far.empty_pages + 1 : 0;
  if (page.so_far.empty_pages > base::limits::max_empty_pages)
    place.refuse(fmt::format("{} pages in a row hold nothing, and there are to be more",
                             page.so_far.empty_pages));
}

}  // namespace s3
