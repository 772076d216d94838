// Entries of archives are read back, in pieces of any size; each kind of damage is reported.
#include "zip/read/entry_reader.h"

#include "base/digest.h"
#include "base/error.h"
#include "zip/format.h"
#include "zip/testing/sample_archives.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <zlib.h>

namespace zip {
namespace {

using base::Error;
using base::Fault;

struct Read {
  std::string content;
  std::string refusal;
  Fault fault = Fault::internal;
};

// `bytes` reach from the local header to the archive's end.
Read read_entry(ListedEntry const& entry, std::string_view bytes, std::size_t step) {
  Read read;
  auto const take = [&read](std::string_view piece) { read.content += piece; };
  try {
    EntryReader reader(entry);
    while (!bytes.empty() && (!reader.total() || *reader.total() > 0)) {
      std::string_view const piece = bytes.substr(0, step);
      reader.feed(piece, take);
      bytes.remove_prefix(piece.size());
    }
    reader.finish();
  } catch (Error const& error) {
    read.refusal = error.what();
    read.fault = error.fault();
  }
  return read;
}

Read read_at(std::string const& archive, ListedEntry const& entry, std::size_t step = 100) {
  return read_entry(entry, std::string_view(archive).substr(entry.local_offset), step);
}

// One deflated entry "a" by zlib, its header made here.
struct Deflated {
  explicit Deflated(std::string const& content) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string data(deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(data.data());
    stream.avail_out = static_cast<uInt>(data.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    data.resize(stream.total_out);
    deflateEnd(&stream);
    entry.name = "a";
    entry.method = method_deflated;
    entry.size = content.size();
    entry.compressed_size = data.size();
    entry.crc = base::crc32(0, content);
    bytes = bytes_of(local_header_signature, 4) + bytes_of(20, 2) + bytes_of(0, 2) +
            bytes_of(method_deflated, 2) + bytes_of(0, 4) + bytes_of(entry.crc, 4) +
            bytes_of(entry.compressed_size, 4) + bytes_of(entry.size, 4) + bytes_of(1, 2) +
            bytes_of(0, 2) + "a" + data;
  }
  ListedEntry entry;
  std::string bytes;
};

TEST(EntryReader, gives_stored_content_and_stored_blocks) {
  std::vector<SampleEntry> const samples{
      {"a", "hello"}, {"empty", ""}, {"b", std::string(150'000, 'b'), Form::stored_blocks}};
  std::string const archive = sample_archive(samples);
  auto const entries = list_archive(source_of(archive)).entries;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (std::size_t const step : {1UL, 29UL, 70'000UL, 1'000'000UL}) {
      Read const read = read_at(archive, entries[i], step);
      EXPECT_EQ(read.refusal, "");
      EXPECT_EQ(read.content, samples[i].content) << samples[i].name << " by " << step;
    }
  }
}

TEST(EntryReader, inflates) {
  std::string content;
  for (std::uint64_t i = 0; i < 50'000; ++i) content += std::to_string(i * i);
  Deflated const sample(content);
  ASSERT_LT(sample.bytes.size(), content.size());
  for (std::size_t const step : {1UL, 1000UL, 10'000'000UL})
    EXPECT_EQ(read_entry(sample.entry, sample.bytes, step).content, content) << step;
  EXPECT_EQ(read_entry(Deflated("").entry, Deflated("").bytes, 10).refusal, "");
}

TEST(EntryReader, gives_no_more_than_is_listed) {
  Deflated bomb(std::string(8'000'000, '\0'));
  bomb.entry.size = 100'000;
  Read const read = read_entry(bomb.entry, bomb.bytes, 1 << 20);
  EXPECT_NE(read.refusal.find("more bytes than are listed"), std::string::npos) << read.refusal;
  EXPECT_LE(read.content.size(), 100'000U);
}

TEST(EntryReader, tells_what_is_damaged) {
  std::string content(100'000, 'x');
  for (std::size_t i = 0; i < content.size(); i += 7) content[i] = static_cast<char>(i * i);
  auto const refusal = [&](auto const& damage) {
    Deflated sample(content);
    damage(sample);
    Read const read = read_entry(sample.entry, sample.bytes, 5000);
    EXPECT_EQ(read.fault, Fault::corrupt);
    return read.refusal;
  };
  auto const says = [&](char const* words, auto const& damage) {
    std::string const message = refusal(damage);
    EXPECT_NE(message.find(words), std::string::npos) << message;
  };
  says("no local header", [](Deflated& sample) { sample.bytes[0] = 'Q'; });
  says("another entry's", [](Deflated& sample) { sample.bytes[30] = 'b'; });
  says("another entry's", [](Deflated& sample) { sample.bytes[8] = 0; });
  says("CRC-32", [](Deflated& sample) { ++sample.entry.crc; });
  says("are listed", [](Deflated& sample) { ++sample.entry.size; });
  says("ends inside it", [](Deflated& sample) { sample.bytes.pop_back(); });
  says("ends inside it", [](Deflated& sample) { sample.bytes.resize(20); });
  says("is cut", [](Deflated& sample) { --sample.entry.compressed_size; });
  says("bytes follow", [](Deflated& sample) {
    ++sample.entry.compressed_size;
    sample.bytes += 'x';
  });
  says("is damaged", [](Deflated& sample) {
    // A block has type 3, which does not exist.
    sample.bytes[31] = 7;
  });
}

TEST(EntryReader, refuses_what_it_cannot_read) {
  ListedEntry entry;
  entry.name = "a";
  entry.method = 12;
  EXPECT_EQ(read_entry(entry, "", 1).fault, Fault::bad_input);
  entry.method = method_stored;
  entry.flags = 1;
  EXPECT_EQ(read_entry(entry, "", 1).fault, Fault::bad_input);
}

}  // namespace
}  // namespace zip
