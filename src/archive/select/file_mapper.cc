#include "archive/select/file_mapper.h"

#include "archive/select/lookup.h"
#include "base/error.h"
#include "base/limits.h"
#include "s3/messages/faults.h"

#include <fmt/format.h>

namespace archive {

namespace limits = base::limits;
using base::Error;
using base::Fault;

namespace {

struct File {
  Place place;
  s3::ObjectInfo info;
};

struct FileLookup {
  std::optional<File> file;
  bool is_deleted = false;
};

net::task<FileLookup> look_in(s3::ObjectStore& store, Place place) {
  FileLookup look;
  if (place.key.empty()) co_return look;
  s3::ObjectName name{place.bucket, place.key};
  s3::Headed headed = co_await store.head_object(std::move(name));
  look.is_deleted = headed.is_deleted;
  if (headed.object) look.file = File{std::move(place), *std::move(headed.object)};
  co_return look;
}

net::task<std::string> read_text(s3::ObjectStore& store, File const& file) {
  if (file.info.size > limits::max_file_mapper_bytes) {
    throw Error(Fault::bad_input, fmt::format("it has {} bytes; {} are the limit", file.info.size,
                                              limits::max_file_mapper_bytes));
  }
  std::string text(file.info.size, '\0');
  s3::ObjectRange const range{file.place.bucket, file.place.key, file.info.etag, 0, text.size()};
  s3::Landing landing{.room = text};
  co_await store.read(range, landing);
  co_return text;
}

}  // namespace

net::task<NameMap> read_file_mapper(std::shared_ptr<s3::ObjectStore> store, std::string path,
                                    std::string bucket) {
  Place const first = place_of(path, bucket);
  FileLookup look = co_await look_in(*store, first);
  auto const second = other_place_of(path);
  if (!look.file && second && second->bucket != bucket) {
    FileLookup other = co_await look_in(*store, *second);
    look.file = std::move(other.file);
    look.is_deleted = look.is_deleted || other.is_deleted;
  }
  std::optional<File> const& file = look.file;
  if (!file) {
    throw Error(Fault::not_found, fmt::format("fileMapper: there is no object {}{}",
                                              s3::shown(first.bucket, first.key),
                                              s3::told_if_deleted(look.is_deleted)));
  }
  try {
    std::string const text = co_await read_text(*store, *file);
    co_return NameMap::parse(text, bucket);
  } catch (Error const& error) {
    throw base::with_context("fileMapper " + s3::shown(file->place.bucket, file->place.key), error);
  }
}

}  // namespace archive
