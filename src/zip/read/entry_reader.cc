#include "zip/read/entry_reader.h"

#include "base/digest.h"
#include "base/error.h"
#include "zip/format.h"
#include "zip/names.h"
#include "zip/read/header_fields.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <zlib.h>

namespace zip {

struct EntryReader::Inflater {
  Inflater() {
    // The data is raw deflate, without zlib's header.
    base::check(inflateInit2(&stream, -MAX_WBITS) == Z_OK, "zlib must start");
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(Inflater const&) = delete;
  Inflater& operator=(Inflater const&) = delete;

  z_stream stream{};
  bool ended = false;
  std::array<char, 64 * 1024> room{};
};

EntryReader::EntryReader(ListedEntry const& entry) : entry_(entry) {
  auto const refuse = [&](std::string const& problem) {
    throw base::Error(base::Fault::bad_input,
                      fmt::format("{}: {}", shown_name(entry.name), problem));
  };
  if (entry.is_encrypted()) refuse("it is encrypted");
  if (entry.method == method_deflated) {
    inflater_ = std::make_unique<Inflater>();
  } else if (entry.method != method_stored) {
    refuse(fmt::format("its compression method {} is not known here", entry.method));
  }
}

EntryReader::~EntryReader() = default;

void EntryReader::feed(std::string_view bytes, Take const& take) {
  if (total_) {
    feed_data(bytes, take);
  } else {
    feed_header(bytes, take);
  }
}

void EntryReader::feed_header(std::string_view bytes, Take const& take) {
  header_ += bytes;
  if (header_.size() < local_header_fixed_size) return;
  if (Cursor(header_).number32() != local_header_signature)
    refuse_entry(entry_.name, "there is no local header at its place");
  LocalTexts const texts =
      local_texts(std::string_view(header_).substr(0, local_header_fixed_size));
  std::uint64_t const size =
      local_header_fixed_size + std::uint64_t{texts.name_size} + texts.extra_size;
  if (header_.size() < size) return;
  LocalHeader const header = parse_local_header(std::string_view(header_).substr(0, size));
  if (header.name != entry_.name_in_archive() || header.method != entry_.method)
    refuse_entry(entry_.name, "its local header is another entry's");
  if (entry_.compressed_size > std::numeric_limits<std::uint64_t>::max() - size)
    refuse_entry(entry_.name, "it is larger than offsets can say");
  total_ = size + entry_.compressed_size;
  data_left_ = entry_.compressed_size;
  std::string const fed = std::move(header_);
  feed_data(std::string_view(fed).substr(size), take);
}

void EntryReader::feed_data(std::string_view bytes, Take const& take) {
  bytes = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), data_left_));
  data_left_ -= bytes.size();
  if (inflater_) {
    inflate(bytes, take);
  } else {
    give(bytes, take);
  }
}

void EntryReader::inflate(std::string_view bytes, Take const& take) {
  z_stream& stream = inflater_->stream;
  while (!bytes.empty()) {
    if (inflater_->ended) refuse_entry(entry_.name, "bytes follow its deflated data");
    auto const some = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1U << 30));
    // zlib does not write there: its interface is older than const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = some;
    int result = Z_OK;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(inflater_->room.data());
      stream.avail_out = static_cast<uInt>(inflater_->room.size());
      result = ::inflate(&stream, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        refuse_entry(entry_.name, "its deflated data is damaged");
      give({inflater_->room.data(), inflater_->room.size() - stream.avail_out}, take);
    } while (result == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
    inflater_->ended = result == Z_STREAM_END;
    bytes.remove_prefix(some - stream.avail_in);
  }
}

void EntryReader::give(std::string_view content, Take const& take) {
  if (content.empty()) return;
  given_ += content.size();
  if (given_ > entry_.size) refuse_entry(entry_.name, "it has more bytes than are listed");
  crc_ = base::crc32(crc_, content);
  take(content);
}

void EntryReader::finish() {
  if (!total_ || data_left_ > 0) refuse_entry(entry_.name, "the archive ends inside it");
  if (inflater_ && !inflater_->ended) refuse_entry(entry_.name, "its deflated data is cut");
  if (given_ != entry_.size)
    refuse_entry(entry_.name,
                 fmt::format("it has {} bytes, but {} are listed", given_, entry_.size));
  if (crc_ != entry_.crc)
    refuse_entry(entry_.name, fmt::format("its bytes have the CRC-32 {:08x}, but {:08x} is listed",
                                          crc_, entry_.crc));
}

}  // namespace zip
