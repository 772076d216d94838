#include "archive/select/manifest.h"

#include "base/error.h"
#include "base/limits.h"
#include "s3/messages/faults.h"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

std::string name_of(std::string_view bucket, std::string_view key) {
  return fmt::format("manifest {}/{}", bucket, key);
}

// Unpacks a gzip file of one member or several.
class Unzipper {
 public:
  Unzipper() {
    // 16: a gzip header, and nothing else, is expected.
    base::check(::inflateInit2(&zlib_, MAX_WBITS + 16) == Z_OK, "zlib has memory");
  }
  ~Unzipper() { ::inflateEnd(&zlib_); }
  Unzipper(Unzipper const&) = delete;
  Unzipper& operator=(Unzipper const&) = delete;

  // Removes the bytes that it uses from `input`; fills `room` with content and returns its size.
  // Error{bad_input}.
  std::size_t unzip(std::string_view& input, std::span<char> room) {
    if (ended_ && !input.empty()) {
      ::inflateReset(&zlib_);  // another member
      ended_ = false;
    }
    // zlib's interface is from before const.
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    zlib_.avail_in = static_cast<uInt>(input.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(room.data());
    zlib_.avail_out = static_cast<uInt>(room.size());
    int const result = ::inflate(&zlib_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      throw Error(Fault::bad_input, "the gzip file is damaged");
    ended_ = result == Z_STREAM_END;
    input.remove_prefix(input.size() - zlib_.avail_in);
    return room.size() - zlib_.avail_out;
  }
  bool ended() const { return ended_; }

 private:
  z_stream zlib_{};
  bool ended_ = false;
};

// The plain bytes of one file, a block at a time.
class PlainFile {
 public:
  PlainFile(std::shared_ptr<s3::ObjectStore> store, std::string bucket, std::string key)
      : store_(std::move(store)), name_{std::move(bucket), std::move(key)} {}

  // Error{not_found} if there is no such object.
  net::task<void> open() {
    s3::Headed headed = co_await store_->head_object(name_);
    auto& info = headed.object;
    if (!info)
      throw Error(Fault::not_found,
                  "there is no such object" + s3::told_if_deleted(headed.is_deleted));
    etag_ = std::move(info->etag);
    size_ = info->size;
  }
  std::uint64_t size() const { return size_; }

  // The next bytes, empty at the end; good until the next call.
  net::task<std::string_view> next_block() {
    for (;;) {
      if (input_.empty() && offset_ < size_) co_await read_on();
      if (!unzipper_) {
        std::string_view const block = input_.substr(0, limits::manifest_block_bytes);
        input_.remove_prefix(block.size());
        count(block.size());
        co_return block;
      }
      bool const all_read = input_.empty();
      output_.resize(limits::manifest_block_bytes);
      output_.resize(unzipper_->unzip(input_, output_));
      count(output_.size());
      if (!output_.empty()) co_return output_;
      if (all_read && !unzipper_->ended())
        throw Error(Fault::bad_input, "the gzip file is cut short");
      if (all_read) co_return std::string_view();
    }
  }

 private:
  net::task<void> read_on() {
    bool const first = offset_ == 0;
    bytes_.resize(std::min<std::uint64_t>(size_ - offset_, limits::manifest_read_bytes));
    s3::ObjectRange const range{name_.bucket, name_.key, etag_, offset_, size_};
    s3::Landing landing{.room = bytes_};
    co_await store_->read(range, landing);
    offset_ += bytes_.size();
    input_ = bytes_;
    if (first && input_.starts_with("\x1F\x8B")) unzipper_ = std::make_unique<Unzipper>();
  }

  void count(std::size_t bytes) {
    given_ += bytes;
    if (given_ > limits::max_manifest_bytes) {
      throw Error(Fault::bad_input,
                  fmt::format("it has over {} bytes", limits::max_manifest_bytes));
    }
  }

  std::shared_ptr<s3::ObjectStore> store_;
  s3::ObjectName name_;
  std::string etag_;
  std::uint64_t size_ = 0;
  std::uint64_t offset_ = 0;  // of what has not been read
  std::uint64_t given_ = 0;
  std::string bytes_;       // as they were read
  std::string_view input_;  // what is left of them
  std::string output_;
  std::unique_ptr<Unzipper> unzipper_;
};

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [text](std::string_view end) { return text.ends_with(end); });
}

}  // namespace

ManifestFormat format_of(Manifest const& manifest) {
  if (manifest.format != ManifestFormat::by_name) return manifest.format;
  std::string_view key = manifest.key;
  if (key.substr(key.rfind('/') + 1) == "manifest.json") return ManifestFormat::inventory;
  if (key.ends_with(".gz")) key.remove_suffix(3);
  if (key.ends_with(".csv")) return ManifestFormat::csv;
  if (ends_with_any(key, {".jsonl", ".ndjson"})) return ManifestFormat::json_lines;
  throw Error(Fault::bad_input,
              fmt::format("{}: its name does not tell its format (.csv, .jsonl, .ndjson, each "
                          "perhaps with .gz, or manifest.json): give it",
                          name_of(manifest.bucket, manifest.key)));
}

struct ManifestSource::State {
  std::shared_ptr<s3::ObjectStore> store;
  Manifest manifest;
  std::string default_bucket;
  bool begun = false;
  std::optional<Inventory> inventory;
  std::deque<s3::ObjectName> files;  // still to be read; the first is at hand if `file` is set
  std::string name;                  // of the file at hand, for messages
  std::unique_ptr<PlainFile> file;
  std::unique_ptr<ManifestReader> reader;
  std::uint64_t lines_before = 0;  // of the files before

  net::task<void> begin();
  net::task<void> open_next_file();
  net::task<void> read_inventory();
  net::task<bool> read_some(std::vector<ManifestRow>& rows);
};

// An error says which file it is about, unless it does already.
namespace {
Error about(std::string const& name, Error const& error) {
  return error.message().starts_with(name) ? error : base::with_context(name, error);
}
}  // namespace

net::task<void> ManifestSource::State::begin() {
  begun = true;
  if (format_of(manifest) == ManifestFormat::inventory) {
    co_await read_inventory();
  } else {
    files.push_back({manifest.bucket, manifest.key});
  }
}

net::task<void> ManifestSource::State::read_inventory() {
  name = name_of(manifest.bucket, manifest.key);
  std::string text;
  try {
    PlainFile json(store, manifest.bucket, manifest.key);
    co_await json.open();
    if (json.size() > limits::max_inventory_manifest_bytes) {
      throw Error(Fault::bad_input, fmt::format("it has {} bytes; {} are the limit", json.size(),
                                                limits::max_inventory_manifest_bytes));
    }
    for (;;) {
      std::string_view const block = co_await json.next_block();
      if (block.empty()) break;
      text += block;
    }
  } catch (Error const& error) {
    throw about(name, error);
  }
  inventory = parse_inventory(text, name);
  std::string const bucket = inventory->bucket.empty() ? manifest.bucket : inventory->bucket;
  for (std::string const& key : inventory->files) files.push_back({bucket, key});
}

net::task<void> ManifestSource::State::open_next_file() {
  s3::ObjectName const& next = files.front();
  name = name_of(next.bucket, next.key);
  file = std::make_unique<PlainFile>(store, next.bucket, next.key);
  co_await file->open();
  ManifestTerms terms{name, default_bucket};
  if (inventory) {
    reader = read_inventory_file(std::move(terms), inventory->columns);
  } else if (format_of(manifest) == ManifestFormat::csv) {
    reader = read_csv(std::move(terms));
  } else {
    reader = read_json_lines(std::move(terms));
  }
}

// False if there are no more rows.
net::task<bool> ManifestSource::State::read_some(std::vector<ManifestRow>& rows) {
  if (!file) {
    if (files.empty()) co_return false;
    co_await open_next_file();
  }
  std::string_view const block = co_await file->next_block();
  bool const ended = block.empty();
  if (ended) {
    reader->finish(rows);
  } else {
    reader->feed(block, rows);
  }
  if (lines_before + reader->lines() > limits::max_manifest_lines)
    throw Error(Fault::bad_input, fmt::format("it has over {} lines: split it, or zip a folder",
                                              limits::max_manifest_lines));
  if (ended) {
    lines_before += reader->lines();
    files.pop_front();
    file.reset();
  }
  co_return true;
}

ManifestSource::ManifestSource(std::shared_ptr<s3::ObjectStore> store, Request const& request)
    : state_(std::make_unique<State>()) {
  state_->store = std::move(store);
  state_->manifest = request.manifest;
  state_->default_bucket = request.bucket;
}

ManifestSource::~ManifestSource() = default;

net::task<std::vector<ManifestRow>> ManifestSource::next() {
  std::vector<ManifestRow> rows;
  if (!state_->begun) co_await state_->begin();
  try {
    for (bool more = true; more && rows.empty();) {
      more = co_await state_->read_some(rows);
      co_await net::yield();  // other work waits while lines are read
    }
  } catch (Error const& error) {
    throw about(state_->name, error);
  }
  co_return rows;
}

std::string ManifestSource::place_of(ManifestRow const& row) const {
  return fmt::format("{} line {}", state_->name, row.line);
}

}  // namespace archive
