#include "api/files/unpacking.h"

#include "base/service_limits.h"
#include "net/take.h"

#include <algorithm>
#include <string_view>

namespace api {

namespace limits = base::limits;

Unpacking::Unpacking(archive::ArchiveBytes const& bytes, archive::ContentEntry const& entry,
                     base::Budget& budget, net::BlockingPool& pool)
    : bytes_(bytes),
      entry_(archive::listed(entry)),
      reader_(entry_),
      budget_(budget),
      pool_(pool) {}

// All bytes of the entry have been fed; some behind it may have been read along.
bool Unpacking::is_over() const {
  std::uint64_t const fed = read_ - (packed_.size() - fed_);
  return reader_.total() && fed >= *reader_.total();
}

net::task<std::string> Unpacking::next() {
  std::string content;
  while (content.size() < limits::unpacked_piece_bytes && !is_over()) {
    if (fed_ == packed_.size()) co_await read_more();
    auto const feeding = [&] { feed(content); };
    co_await pool_.run(feeding);
  }
  if (content.empty()) reader_.finish();
  co_return content;
}

net::task<void> Unpacking::read_more() {
  std::uint64_t const most = limits::least_segment_bytes;
  if (memory_.bytes() == 0)
    memory_ = co_await net::take(budget_, most + limits::unpacked_piece_bytes);
  std::uint64_t const at = entry_.local_offset + read_;
  std::uint64_t wanted = std::min(most, bytes_.size - std::min(at, bytes_.size));
  if (reader_.total()) wanted = std::min(wanted, *reader_.total() - read_);
  if (wanted == 0) reader_.finish();  // throws: the archive ends inside the entry
  packed_.resize(wanted);
  co_await bytes_.read(at, std::span<char>(packed_));
  read_ += wanted;
  fed_ = 0;
}

void Unpacking::feed(std::string& content) {
  zip::EntryReader::Take const take = [&content](std::string_view piece) { content += piece; };
  while (fed_ < packed_.size() && content.size() < limits::unpacked_piece_bytes) {
    std::string_view const step =
        std::string_view(packed_).substr(fed_, limits::unpacked_step_bytes);
    reader_.feed(step, take);
    fed_ += step.size();
  }
}

}  // namespace api
