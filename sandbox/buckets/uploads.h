// The unfinished multipart uploads of one bucket. On disk each is a folder uploads/ID with a file
// that describes it and one file per part. A part's file name holds its MD5 and CRC-32, so that the
// part and these values appear in one rename.
//
// Thread-safe. All calls block. Errors are S3's.
#pragma once

#include "base/clock.h"
#include "http/message.h"
#include "sandbox/buckets/data_files.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace sandbox {

struct UploadPart {
  std::uint64_t size = 0;
  std::string md5;  // hex: the ETag
  std::uint32_t crc32 = 0;
  base::UnixSeconds modified = 0;
  std::string name;  // of the file, below the hidden folder
};

struct Upload {
  std::string id;
  std::string key;
  base::UnixSeconds initiated = 0;
  std::vector<http::Field> headers;  // of the object to be
  std::string checksum_type;         // of CRC32: COMPOSITE or FULL_OBJECT; empty: none asked for
  std::map<std::uint32_t, UploadPart> parts;
  bool completing = false;
};

class Uploads {
 public:
  // `in_use` names the files that objects consist of; others that belong to no upload are removed.
  Uploads(std::filesystem::path hidden, std::set<std::string> const& in_use);

  std::string create(Upload upload);  // gives it id and time
  // Takes the file at `source` as the part; an earlier part with this number is removed.
  void put_part(std::string const& key, std::string const& id, std::uint32_t number,
                std::filesystem::path const& source, UploadPart part);
  Upload find(std::string const& key, std::string const& id) const;
  std::vector<Upload> list() const;  // by key, then id; without parts
  void abort(std::string const& key, std::string const& id);

  // An upload that is being completed takes no other call.
  Upload begin_completion(std::string const& key, std::string const& id);
  void give_up_completion(std::string const& id);
  // Ends the upload and removes its files but the `kept` ones.
  void end_completion(std::string const& id, std::set<std::string> const& kept);

 private:
  Upload& locked(std::string const& key, std::string const& id);
  void load(std::string const& id, std::set<std::string> const& in_use);
  std::filesystem::path folder(std::string const& id) const { return hidden_ / "uploads" / id; }

  std::filesystem::path const hidden_;
  mutable std::mutex mutex_;
  std::map<std::string, Upload> uploads_;
};

}  // namespace sandbox
