#include "sandbox/buckets/content.h"

#include "base/limits.h"

#include <algorithm>
#include <fcntl.h>
#include <string_view>
#include <vector>

namespace sandbox {
namespace {

constexpr std::size_t computed_buffer_bytes = 256 * base::limits::KiB;

File open_extent(DataFiles const& data, DataFiles::Extent const& extent) {
  std::filesystem::path const path = data.path(extent);
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw_file_error("open", path.native());
  return file;
}

net::task<void> send_computed(Wire& wire, Object const& object, base::Extent range) {
  VirtualContent const content(object.seed, object.size);
  std::vector<char> buffer(std::min<std::uint64_t>(range.size, computed_buffer_bytes));
  while (range.size > 0) {
    std::size_t const count = std::min<std::uint64_t>(range.size, buffer.size());
    content.fill(range.offset, std::span(buffer).first(count));
    std::string_view const pieces[] = {{buffer.data(), count}};
    co_await wire.write(pieces);
    range.offset += count;
    range.size -= count;
  }
}

net::task<void> send_extents(Wire& wire, net::BlockingPool& pool, std::shared_ptr<DataFiles> data,
                             base::Extent range) {
  for (DataFiles::Extent const& extent : data->extents()) {
    if (range.size == 0) co_return;
    if (range.offset >= extent.size) {
      range.offset -= extent.size;
      continue;
    }
    auto const open = [&data, &extent] { return open_extent(*data, extent); };
    File const file = co_await pool.get(open);
    std::uint64_t const count = std::min(range.size, extent.size - range.offset);
    co_await wire.write_file(file.get(), range.offset, count);
    range = base::Extent(0, range.size - count);
  }
}

}  // namespace

net::task<void> send_content(Wire& wire, net::BlockingPool& pool, Opened const& opened,
                             base::Extent range) {
  Object const& object = *opened.object;
  if (object.place == Place::file)
    co_await wire.write_file(opened.file.get(), range.offset, range.size);
  if (object.place == Place::data) co_await send_extents(wire, pool, object.data, range);
  if (object.place == Place::computed) co_await send_computed(wire, object, range);
}

ContentReader::ContentReader(Opened const& opened) : opened_(opened) {
  if (opened.object->place == Place::computed)
    computed_.emplace(opened.object->seed, opened.object->size);
}

void ContentReader::read(std::uint64_t offset, std::span<char> into) {
  if (computed_) return computed_->fill(offset, into);
  if (opened_.object->place == Place::file) return read_exactly(opened_.file, offset, into);
  read_extents(offset, into);
}

void ContentReader::read_extents(std::uint64_t offset, std::span<char> into) {
  auto const& extents = opened_.object->data->extents();
  for (std::size_t i = 0; i < extents.size() && !into.empty(); ++i) {
    if (offset >= extents[i].size) {
      offset -= extents[i].size;
      continue;
    }
    if (!extent_file_ || open_extent_ != i) {
      extent_file_ = open_extent(*opened_.object->data, extents[i]);
      open_extent_ = i;
    }
    std::size_t const count = std::min<std::uint64_t>(into.size(), extents[i].size - offset);
    read_exactly(extent_file_, offset, into.first(count));
    into = into.subspan(count);
    offset = 0;
  }
}

}  // namespace sandbox
