// The objects that s3_like pretends to hold, and their listing as S3 would write it.
//
// Every key may be asked for with a round before it ("r7/small/000001.bin" is "small/000001.bin"),
// so that each measurement finds objects that no server has seen before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Object {
  std::string key;
  std::string etag;  // without quotes
  std::uint64_t size = 0;
};

// The query fields by which S3 splits a listing; all texts are decoded.
struct ListQuery {
  std::string prefix;
  std::string start_after;
  std::string continuation_token;
  std::size_t max_keys = 1000;
};

class Objects {
 public:
  // `declaration` is "NAME=COUNTxBYTES", for NAME/0000000.bin and so on.
  void add_set(std::string_view declaration);

  // The file at `path` has a line "KEY SIZE ETAG CRC" for each object.
  void add_manifest(std::string const& path);

  // The caller sorts after the last addition.
  void sort();

  Object const* find(std::string_view key) const;
  std::string list(std::string_view bucket, ListQuery const& query) const;

 private:
  std::vector<Object> objects_;
};

// "r7/" if the text begins with such a round, else "".
std::string_view round_of(std::string_view key);

std::string percent_decoded(std::string_view text);

}  // namespace bench
