// Writes an archive for other programs to read: zip/ as an executor would use it, with real bytes.
//
//   zip_sample [FILE] < ENTRIES
//
// Standard input holds the entries, each ended by a zero byte, its fields parted by tabs:
//
//   directory|stored|stored_blocks  pattern|zeros  size  modified (Unix seconds)  name
//
// The archive goes to FILE, in which zeros become holes, or to standard output. An object of the
// pattern repeats its first 131,101 bytes (a prime, so that no block size hides a shift); these are
// SHA-256(name ":0"), SHA-256(name ":1") and so on, which readers_test.py computes for itself.
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "zip/blocks.h"
#include "zip/layout.h"
#include "zip/records.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr std::uint64_t pattern_period = 131'101;
constexpr std::uint64_t chunk_bytes = 1 << 20;

// A buffered file descriptor; in a regular file zeros are skipped over.
class Output {
 public:
  Output(int descriptor, bool sparse) : descriptor_(descriptor), sparse_(sparse) {}

  void write(std::string_view bytes) {
    buffer_ += bytes;
    if (buffer_.size() >= chunk_bytes) flush();
  }

  void write_zeros(std::uint64_t count) {
    static std::string const zeros(chunk_bytes, '\0');
    if (sparse_ && count >= 4096) {
      flush();
      base::check(lseek(descriptor_, static_cast<off_t>(count), SEEK_CUR) >= 0, "lseek");
      return;
    }
    for (std::uint64_t n = 0; count > 0; count -= n) {
      n = std::min(count, chunk_bytes);
      write(std::string_view(zeros).substr(0, n));
    }
  }

  void flush() {
    std::string_view left = buffer_;
    while (!left.empty()) {
      ssize_t const written = ::write(descriptor_, left.data(), left.size());
      if (written < 0) throw base::Error(base::Fault::disconnected, "the reader went away");
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
  }

 private:
  int descriptor_;
  bool sparse_;
  std::string buffer_;
};

struct Object {
  zip::Entry entry;
  bool zeros;
};

std::string pattern_of(Object const& object) {
  std::uint64_t const size = std::min(object.entry.size, pattern_period);
  std::string pattern;
  for (int i = 0; pattern.size() < size; ++i) {
    base::Sha256 const digest = base::sha256(fmt::format("{}:{}", object.entry.name, i));
    pattern.append(reinterpret_cast<char const*>(digest.data()), digest.size());
  }
  pattern.resize(size);
  return pattern;
}

std::uint32_t crc_of(Object const& object, std::string const& pattern) {
  std::string const bytes = object.zeros ? std::string(chunk_bytes, '\0') : pattern;
  std::uint32_t crc = 0;
  for (std::uint64_t left = object.entry.size, n = 0; left > 0; left -= n) {
    n = std::min<std::uint64_t>(left, bytes.size());
    crc = base::crc32(crc, std::string_view(bytes).substr(0, n));
  }
  return crc;
}

void write_object(Output& out, Object const& object, std::string const& pattern,
                  std::uint64_t offset, std::uint64_t size) {
  if (object.zeros) return out.write_zeros(size);
  for (std::uint64_t n = 0; size > 0; offset += n, size -= n) {
    std::uint64_t const at = offset % pattern.size();
    n = std::min<std::uint64_t>(size, pattern.size() - at);
    out.write(std::string_view(pattern).substr(at, n));
  }
}

void write_data(Output& out, Object const& object, std::string const& pattern) {
  std::uint64_t const size = object.entry.size;
  if (object.entry.form == zip::Form::stored) return write_object(out, object, pattern, 0, size);
  for (std::uint64_t at = 0; at < zip::blocks_size(size);) {
    zip::BlockRun const run = zip::run_at(size, at);
    if (run.is_header) {
      out.write(run.header_bytes());
    } else {
      write_object(out, object, pattern, run.object_offset, run.size);
    }
    at += run.size;
  }
}

void write_archive(Output& out, std::vector<Object> const& objects) {
  zip::Layout layout;
  for (Object const& object : objects) layout.add(object.entry);
  layout.finish();
  std::vector<std::uint32_t> crcs(objects.size());
  std::string pattern;
  for (auto piece = layout.piece_at(0); piece; piece = layout.next(*piece)) {
    std::size_t const i = piece->entry;
    std::string record;
    switch (piece->kind) {
      case zip::PieceKind::local_header:
        pattern = pattern_of(objects[i]);
        crcs[i] = crc_of(objects[i], pattern);
        append_local_header(record, layout, i, crcs[i]);
        break;
      case zip::PieceKind::data:
        write_data(out, objects[i], pattern);
        break;
      case zip::PieceKind::descriptor:
        append_descriptor(record, layout, i, crcs[i]);
        break;
      case zip::PieceKind::central_header:
        append_central_header(record, layout, i, crcs[i]);
        break;
      case zip::PieceKind::end_records:
        append_end_records(record, layout);
        break;
    }
    out.write(record);
  }
  out.flush();
}

zip::Form form_of(std::string_view word) {
  if (word == "directory") return zip::Form::directory;
  if (word == "stored") return zip::Form::stored;
  base::check(word == "stored_blocks", "the form is one of the three");
  return zip::Form::stored_blocks;
}

// The objects' names are views into `input`.
std::vector<Object> read_objects(std::string_view input) {
  std::vector<Object> objects;
  for (std::string_view const line : base::split(input, '\0')) {
    if (line.empty()) continue;  // after the last zero byte
    std::vector<std::string_view> const fields = base::split(line, '\t');
    base::check(fields.size() == 5, "an entry has five fields");
    zip::Entry const entry{.name = fields[4],
                           .size = base::parse_uint(fields[2]).value(),
                           .modified = std::stoll(std::string(fields[3])),
                           .form = form_of(fields[0])};
    objects.push_back({entry, fields[1] == "zeros"});
  }
  return objects;
}

}  // namespace

int main(int argument_count, char** arguments) try {
  std::string const input(std::istreambuf_iterator<char>(std::cin), {});
  int descriptor = STDOUT_FILENO;
  if (argument_count > 1)
    descriptor = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  base::check(descriptor >= 0, "the file can be written");
  Output out(descriptor, argument_count > 1);
  write_archive(out, read_objects(input));
  return 0;
} catch (std::exception const& error) {
  std::fprintf(stderr, "zip_sample: %s\n", error.what());
  return 1;
}
